"""`mingjia demo`: a simulated venue, at its desk where there is a terminal; else it lives its days by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pos.cli.context import Context
from pos.cli.parser import CommandParser
from pos.errors import FolderTakenError, WrongUseError

if TYPE_CHECKING:
    from pos.tui.desk.services import DeskServices

DEFAULT_VISITS = 30
DEFAULT_SEED = 1


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    parser.add_argument("--script", action="store_true", help=_("play business days without a keyboard"))
    parser.add_argument("--dir", metavar=_("DIR"), help=_("where everything is put; else a new temporary folder"))
    parser.add_argument("--visits", type=int, default=DEFAULT_VISITS, metavar="N", help=_("how many visits"))
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N", help=_("the same seed, the same day"))
    parser.set_defaults(run=show_demo)


def show_demo(context: Context) -> int:
    """Open the desk of a simulated evening; without a terminal, or with `--script`, play the scripted days."""
    from pos.cli.desk import has_terminal

    if context.arguments.script or context.is_json or not has_terminal():
        return play_demo(context)
    return _sit_at_desk(context)


def _sit_at_desk(context: Context) -> int:
    from pos.cli.desk import work_at

    folder = _folder(context.arguments.dir)

    @contextmanager
    def opened() -> Iterator[DeskServices]:
        from pos.demo.card_screen import hand
        from pos.demo.evening import evening
        from pos.tui.desk.opening import opened_desk

        with evening(folder) as there:
            clerks = " · ".join(f"{one.name} {one.pin}" for one in there.secret.staff)
            hint = context.say("Demo; nobody here is real. Names and PINs: {clerks}. F12 lays cards.", clerks=clerks)
            with opened_desk(
                there.folder,
                passphrase=lambda: there.secret.counter_passphrase,
                language=context.language,
                words=context.words,
                clock=there.clock,
                more_actions=(hand(there.lay_card),),
                hint=hint,
            ) as desk:
                yield desk

    status = work_at(context, opened, theme="dark")
    context.answer({}, [context.say("Everything lies in {folder}: venue, receipts, secrets.toml.", folder=folder)])
    return status


def play_demo(context: Context) -> int:
    """Play the scripted days and say where everything lies; 1 if the export did not verify."""
    from pos.demo.scripted import Demo, play

    arguments = context.arguments
    if arguments.visits < 1:
        raise WrongUseError(message=context.say("a demo has at least one visit"))
    folder = _folder(arguments.dir)

    def write(line: str) -> None:
        if not context.is_json:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    demo = Demo(folder=folder, visits=arguments.visits, seed=arguments.seed, words=context.words, write=write)
    answer = play(demo)
    lines = [
        "",
        context.say(
            "{visits} visits, {sales} sales, {refused} turned away; {receipts} slips on paper.",
            visits=answer["visits"],
            sales=answer["sales"],
            refused=len(answer["refused"]),
            receipts=len(answer["receipts"]),
        ),
        context.say("Everything lies in {folder}: venue, receipts, bundle.zip, secrets.toml.", folder=folder),
    ]
    context.answer(answer, lines)
    return 0 if answer["verified"] else 1


def _folder(asked: str | None) -> Path:
    if asked is None:
        import tempfile

        return Path(tempfile.mkdtemp(prefix="mingjia-demo-"))
    folder = Path(asked)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTakenError(folder=str(folder))
    return folder
