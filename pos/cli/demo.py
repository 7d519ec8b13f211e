"""`mingjia demo`: a simulated venue lives through its days before one's eyes."""

from __future__ import annotations

import sys
from pathlib import Path

from pos.cli.context import Context
from pos.cli.parser import CommandParser
from pos.errors import FolderTakenError, WrongUseError

DEFAULT_VISITS = 30
DEFAULT_SEED = 1


def add_commands(parser: CommandParser) -> None:
    """Describe the command."""
    _ = parser.words
    parser.add_argument("--script", action="store_true", help=_("play business days without a keyboard"))
    parser.add_argument("--dir", metavar=_("DIR"), help=_("where everything is put; else a new temporary folder"))
    parser.add_argument("--visits", type=int, default=DEFAULT_VISITS, metavar="N", help=_("how many visits"))
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N", help=_("the same seed, the same day"))
    parser.set_defaults(run=play_demo)


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
