"""`mingjia prices board` and `prices posted`: the board on the wall, and somebody's word that it hangs there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pos.cli.context import Context
from pos.cli.parser import CommandParser, acts_for_person
from pos.errors import WrongUseError

if TYPE_CHECKING:
    from billing.price_list import PriceList
    from billing.publication import Publication
    from pos.board.board import Board
    from pos.board.composing import Draft, Hanger, Posting
    from pos.board.forms import Form
    from pos.settings import Settings


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    drawing = parser.command("board", help=_("the price board: for the wall, a page, a terminal"), run=board)
    drawing.add_argument(
        "file", metavar="prices.toml", nargs="?", help=_("a draft, shown as a draft; else the list in force")
    )
    drawing.add_argument("--list", type=int, metavar=_("NUMBER"), help=_("a published list by its number"))
    drawing.add_argument(
        "--format",
        choices=["terminal", "text", "html", "pdf"],
        help=_("its form; else by the name of --out, else terminal"),
    )
    drawing.add_argument("--out", metavar=_("FILE"), help=_("where it is written; left out: standard output"))
    drawing.add_argument("--paper", choices=["a4", "a3"], default="a4", help=_("the sheet of a PDF; a4 if left out"))
    drawing.add_argument("--font", metavar=_("FILE"), help=_("a font with Chinese letters, for a PDF"))
    posting = parser.command("posted", help=_("confirm that a list's board hangs where customers read it"), run=posted)
    posting.add_argument("--list", type=int, metavar=_("NUMBER"), help=_("which list; else the one in force"))
    acts_for_person(posting)


def board(context: Context) -> int:
    """Lay out a draft's board, or a published list's."""
    from pos.board.forms import Form, written
    from pos.board.sheet import Paper

    arguments = context.arguments
    if arguments.file is not None and arguments.list is not None:
        raise WrongUseError(message=context.say("a draft has no number: name a file or --list, not both"))
    out = None if arguments.out is None else Path(arguments.out)
    form = _form(context, out)
    if out is None and form is Form.PDF:
        raise WrongUseError(message=context.say("say with --out where the board is written"))
    drawn = _published(context) if arguments.file is None else _draft(context)
    if out is None:
        _show(context, drawn, form)
        return 0
    font = None if arguments.font is None else Path(arguments.font)
    out.write_bytes(written(drawn, form, paper=Paper[arguments.paper.upper()], font=font))
    answer = {"board": str(out), "format": form.value, "hash": drawn.sha256, "mark": drawn.mark or None}
    context.answer(answer, [context.say("The board is written to {path}.", path=out)])
    return 0


def posted(context: Context) -> int:
    """Write down that a list's board was seen on the wall (REQ-P-6b)."""
    from billing import board_postings, publication
    from records.repeating import repeated
    from staff.roles import Operation, require

    with context.venue() as venue:
        member = context.sign_in(venue)
        require(Operation.BOARD_CONFIRM, member.role)

        @repeated
        def confirm() -> Publication:
            with venue.records.begin(actor=member.staff) as work:
                number = context.arguments.list
                if number is None:
                    number = publication.in_force(work.connection, work.now).number
                confirmed = board_postings.confirm(work, number)
                work.commit()
            return confirmed

        published = confirm()
    answer = {"list": published.number, "hash": published.sha256}
    sentence = context.say("It is written down that the board of list {number} hangs.", number=published.number)
    context.answer(answer, [sentence])
    return 0


def hanger_of(settings: Settings, *, is_demo: bool) -> Hanger:
    """Say where a board hangs."""
    from pos.board.composing import Hanger

    return Hanger(name=settings.name, complaint_phone=settings.complaint_phone, is_demo=is_demo)


class BoardFile:
    """The board that a command leaves behind beside what it does: `--board PATH` of `publish` and `init`.

    Entering writes it as a draft, beside its place, before anything is published: where a font is missing or a folder
    cannot be written, nothing is. `publish` puts the list's own board into place.
    """

    def __init__(self, context: Context, prices: PriceList, hanger: Hanger) -> None:
        from pos.board.forms import form_of

        self._context = context
        self._prices = prices
        self._hanger = hanger
        self._path = None if context.arguments.board is None else Path(context.arguments.board)
        self._form = None if self._path is None else form_of(self._path)
        if self._path is not None and self._form is None:
            message = context.say("the board's file is named .pdf, .html or .txt, not {path}", path=self._path)
            raise WrongUseError(message=message)

    def __enter__(self) -> Self:
        self._write(_draft_now())
        return self

    def __exit__(self, *_error: object) -> None:
        if self._path is not None:
            self._beside(self._path).unlink(missing_ok=True)

    def publish(self, published: Publication) -> list[str]:
        """Put the board of the published list into place; returns what a person is to do next, in sentences."""
        from pos.board.composing import Posting

        say, number = self._context.say, published.number
        if self._path is None:
            made = say("Print its board: mingjia prices board --list {number} --out board.pdf", number=number)
        else:
            self._write(Posting(number=number, effective=published.effective))
            self._beside(self._path).replace(self._path)
            made = say("Its board is {path}: print it and hang it up.", path=self._path)
        return [made, say("Once it hangs: mingjia prices posted --list {number} --as NAME", number=number)]

    def to_json(self) -> dict[str, str]:
        """Name the file, if there is one."""
        return {} if self._path is None else {"board": str(self._path)}

    def _write(self, status: Posting | Draft) -> None:
        from pos.board.composing import compose
        from pos.board.forms import written

        if self._path is None or self._form is None:
            return
        drawn = compose(self._prices, self._context.language, status=status, hanger=self._hanger)
        self._beside(self._path).write_bytes(written(drawn, self._form))

    @staticmethod
    def _beside(path: Path) -> Path:
        return path.with_name(f".{path.name}.draft")


def takes_board(parser: CommandParser) -> None:
    """Add `--board`: the new list's board is written too."""
    _ = parser.words
    parser.add_argument("--board", metavar=_("FILE"), help=_("write the list's board too: a .pdf, .html or .txt"))


def _form(context: Context, out: Path | None) -> Form:
    from pos.board.forms import Form, form_of

    if context.arguments.format is not None:
        return Form(context.arguments.format)
    by_name = None if out is None else form_of(out)
    if out is not None and by_name is None:
        raise WrongUseError(message=context.say("say the board's form with --format"))
    return by_name or Form.TERMINAL


def _draft(context: Context) -> Board:
    """The board of a file; with `--data` under the venue's name."""
    from billing.promotion_checks import PriceHistory
    from pos.board.composing import NO_HOUSE, compose
    from pos.cli.init import read_prices

    path = Path(context.arguments.file)
    if not context.names_data:
        return compose(read_prices(path), context.language, status=_draft_now(), hanger=NO_HOUSE)
    from billing.price_history import RecordedPrices

    with context.books() as books:
        history: PriceHistory = RecordedPrices(connection=books.connection)
        hanger = hanger_of(books.settings, is_demo=books.clock.is_simulated)
        return compose(read_prices(path, history=history), context.language, status=_draft_now(), hanger=hanger)


def _draft_now() -> Draft:
    from pos.board.composing import Draft
    from records.clock import SystemClock

    return Draft(drawn_up=SystemClock().read().at)


def _published(context: Context) -> Board:
    from billing import publication
    from pos.board.composing import Posting, compose

    with context.books() as books:
        number = context.arguments.list
        if number is None:
            found = publication.in_force(books.connection, books.clock.read().at)
        else:
            found = publication.load(books.connection, number)
        hanger = hanger_of(books.settings, is_demo=books.clock.is_simulated)
    posting = Posting(number=found.number, effective=found.effective)
    return compose(found.prices, context.language, status=posting, hanger=hanger)


def _show(context: Context, drawn: Board, form: Form) -> None:
    from pos.board.forms import Form, written

    if form is Form.TERMINAL and not context.is_json:
        from pos.board.text import terminal_text

        width = min(shutil.get_terminal_size((100, 24)).columns, 120)
        has_colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        text = terminal_text(drawn, width=width, has_colours=has_colours)
    else:
        text = written(drawn, form).decode()
    answer = {"format": form.value, "hash": drawn.sha256, "mark": drawn.mark or None, "text": text}
    context.answer(answer, text.splitlines())
