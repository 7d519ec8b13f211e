"""`mingjia prices history`, `show` and `diff`: which list counts when, what it says, and what another one changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli.context import Context
from pos.cli.instants import instant_in
from pos.cli.parser import CommandParser
from pos.errors import WrongUseError
from pos.languages import noted

if TYPE_CHECKING:
    from billing.price_list import PriceList
    from billing.publication import Publication
    from pos.bootstrap import VenueBooks


def add_commands(parser: CommandParser) -> None:
    """Describe the commands."""
    _ = parser.words
    parser.command("history", help=_("every published list"), run=history)
    showing = parser.command("show", help=_("a published list"), run=show)
    showing.add_argument(
        "number", type=int, nargs="?", metavar=_("NUMBER"), help=_("its number; else the one in force")
    )
    which = showing.add_mutually_exclusive_group()
    which.add_argument("--list", type=int, metavar=_("NUMBER"), help=_("its number, as an option"))
    which.add_argument("--at", metavar=_("INSTANT"), help=_("the list that counts, or will, at an instant"))
    which.add_argument("--hash", metavar=_("CODE"), help=_("the list of a board's code or a receipt's digits"))
    comparing = parser.command("diff", help=_("what differs between two lists"), run=diff)
    comparing.add_argument(
        "before", metavar=_("LIST"), nargs="?", help=_("a list's number, or a file; else the one in force")
    )
    comparing.add_argument(
        "after", metavar=_("LIST"), nargs="?", help=_("a list's number, or a file; else the next to count")
    )


class State(StrEnum):
    """Whether a list counts."""

    OVER = "over"
    IN_FORCE = "in-force"
    COMING = "coming"


_STATES = {State.OVER: noted("over"), State.IN_FORCE: noted("in force"), State.COMING: noted("coming")}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Listed:
    """A published list among the others: `until` a later one counts; `posted_at` its board was first seen hanging."""

    published: Publication
    until: datetime | None
    state: State
    posted_at: datetime | None

    def to_json(self, timezone: tzinfo) -> dict[str, Any]:
        """Answer as `history` and `show` do."""
        return {
            "number": self.published.number,
            "hash": self.published.sha256,
            "effective": _local(self.published.effective, timezone),
            "until": None if self.until is None else _local(self.until, timezone),
            "state": self.state.value,
            "title": self.published.title,
            "posted": None if self.posted_at is None else _local(self.posted_at, timezone),
        }


def history(context: Context) -> int:
    """List every publication, oldest first."""
    with context.books() as books:
        lists = list(_listed(books))
        timezone = books.settings.days.timezone
    context.answer(
        {"lists": [listed.to_json(timezone) for listed in lists]},
        [_line(context, listed, timezone) for listed in lists],
    )
    return 0


def show(context: Context) -> int:
    """Show one list: with `--json` in canonical form, else as its board."""
    import json

    from pos.board.composing import Posting, compose
    from pos.board.text import plain_text
    from pos.cli.price_board import hanger_of

    with context.books() as books:
        listed = _asked(context, books)
        timezone = books.settings.days.timezone
        hanger = hanger_of(books.settings, is_demo=books.clock.is_simulated)
    found = listed.published
    board = compose(
        found.prices,
        context.language,
        status=Posting(number=found.number, effective=found.effective),
        hanger=hanger,
    )
    answer = {**listed.to_json(timezone), "prices": json.loads(found.canonical)}
    context.answer(answer, [*_headings(context, listed, timezone), *plain_text(board).splitlines()])
    return 0


def diff(context: Context) -> int:
    """Say what differs; without lists between the one in force and the next, or the one before."""
    from billing.price_changes import changes_between, to_json
    from pos.price_change_words import change_lines

    before, after = _compared(context)
    changes = [one for change in changes_between(before, after) for one in to_json(change)]
    lines = change_lines(before, after, context.words)
    if not lines:
        same = noted("The lists are the same.")
        lines = [context.say(same if before.sha256 == after.sha256 else noted("Nothing differs but the order."))]
    context.answer({"changes": changes}, lines)
    return 0


def named_prices(context: Context, name: str) -> PriceList:
    """Read a list that is named by its number, or by its file."""
    from billing import publication
    from pos.cli.init import read_prices

    if not name.isdecimal():
        return read_prices(Path(name))
    with context.books() as books:
        return publication.load(books.connection, int(name)).prices


def _compared(context: Context) -> tuple[PriceList, PriceList]:
    before, after = context.arguments.before, context.arguments.after
    if before is not None and after is not None:
        return named_prices(context, before), named_prices(context, after)
    with context.books() as books:
        lists = sorted(_listed(books), key=lambda listed: listed.published.effective)
    place = next((place for place, listed in enumerate(lists) if listed.state is State.IN_FORCE), 0)
    in_force = lists[place].published.prices
    if before is not None:
        return named_prices(context, before), in_force
    if place + 1 < len(lists):
        return in_force, lists[place + 1].published.prices
    return lists[max(place - 1, 0)].published.prices, in_force


def _listed(books: VenueBooks) -> Iterator[_Listed]:
    """Every list by its number, with what the others make of it."""
    from billing import board_postings, publication

    now = books.clock.read().at
    published = publication.history(books.connection)
    effectives = sorted(one.effective for one in published)
    posted = board_postings.first_posted(books.connection)
    for one in published:
        until = next((instant for instant in effectives if instant > one.effective), None)
        if one.effective > now:
            state = State.COMING
        else:
            state = State.OVER if until is not None and until <= now else State.IN_FORCE
        yield _Listed(published=one, until=until, state=state, posted_at=posted.get(one.number))


def _asked(context: Context, books: VenueBooks) -> _Listed:
    from billing import publication

    arguments = context.arguments
    if arguments.number is not None and (arguments.list, arguments.at, arguments.hash) != (None, None, None):
        raise WrongUseError(message=context.say("name the list once"))
    number = arguments.number if arguments.list is None else arguments.list
    if arguments.hash is not None:
        number = _number_of_hash(books, arguments.hash)
    elif number is None:
        at = instant_in(context, arguments.at, books.settings.days.timezone, option="--at")
        number = publication.in_force(books.connection, books.clock.read().at if at is None else at).number
    publication.load(books.connection, number)  # Or it is refused: there is none.
    return next(listed for listed in _listed(books) if listed.published.number == number)


def _number_of_hash(books: VenueBooks, given: str) -> int:
    from billing import publication
    from billing.list_errors import UnknownListHashError
    from pos.board.mark import sha256_of

    wanted = sha256_of(given)
    found = [one.number for one in publication.history(books.connection) if wanted and one.sha256.startswith(wanted)]
    if not found:
        raise UnknownListHashError(given=given)
    return found[-1]  # One that was published again is the same list.


def _local(instant: datetime, timezone: tzinfo) -> str:
    return instant.astimezone(timezone).isoformat(timespec="seconds")


def _line(context: Context, listed: _Listed, timezone: tzinfo) -> str:
    found = listed.published
    sign = "▶" if listed.state is State.IN_FORCE else " "
    state = context.words(_STATES[listed.state])
    posted = context.words("board confirmed") if listed.posted_at else context.words("board not confirmed")
    effective = f"{found.effective.astimezone(timezone):%Y-%m-%d %H:%M:%S}"
    return f"{sign}{found.number:>4}  {effective}  {state} · {posted}  {found.title}  {found.sha256}"


def _headings(context: Context, listed: _Listed, timezone: tzinfo) -> Iterator[str]:
    say, found = context.say, listed.published
    effective = f"{found.effective.astimezone(timezone):%Y-%m-%d %H:%M:%S}"
    if listed.until is None:
        yield say(
            "List {number}, {state}: counts from {effective} on.",
            number=found.number,
            state=context.words(_STATES[listed.state]),
            effective=effective,
        )
    else:
        yield say(
            "List {number}, {state}: counts from {effective} until {until}.",
            number=found.number,
            state=context.words(_STATES[listed.state]),
            effective=effective,
            until=f"{listed.until.astimezone(timezone):%Y-%m-%d %H:%M:%S}",
        )
    yield found.sha256
    if listed.posted_at is None:
        yield say(
            "Nobody has confirmed yet that its board hangs: mingjia prices posted --list {number} --as NAME",
            number=found.number,
        )
    else:
        at = f"{listed.posted_at.astimezone(timezone):%Y-%m-%d %H:%M:%S}"
        yield say("Its board was seen hanging at {at}.", at=at)
