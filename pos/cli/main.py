"""The command `mingjia`: finds the command, runs it, answers for every error in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pos.cli.context import Context
from pos.cli.parser import CommandParser, VersionAction, parser_in
from pos.errors import FileTroubleError, OutputTroubleError, WrongUseError
from pos.languages import Language, language_of, words_of

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2

_OURS: Final = frozenset({"pos", "billing", "members", "privacy", "hardware", "records", "staff", "compliance"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 refused or a finding, 2 wrong use."""
    words = list(sys.argv[1:] if argv is None else argv)
    _write_utf_8()
    language = language_of(_value_of("--lang", words), os.environ)
    context = Context(arguments=None, language=language, words=words_of(language), is_json="--json" in words)
    try:
        context.arguments = _parser(language).parse_args(words)
        return _run(context)
    except SystemExit as end:  # argparse's way to end after --help.
        return end.code if isinstance(end.code, int) else REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # Whoever read our output has gone.
        _stop_writing()
        return REFUSED
    except OutputTroubleError as error:
        _stop_writing()
        return _answer_for(error, context)
    except Exception as error:  # noqa: BLE001  # The last resort: a person at the counter gets a sentence, not a traceback.
        return _answer_for(error, context)


def _run(context: Context) -> int:
    try:
        return int(context.arguments.run(context))
    except WrongUseError as error:
        error.command = error.command or context.arguments.command
        raise


def _parser(language: Language) -> CommandParser:
    parser = parser_in(language, "mingjia")
    _ = parser.words
    parser.description = _("Cashier, billing and compliance for one internet café.")
    parser.add_argument("--version", action=VersionAction, help=_("show the program's version"))
    parser.group("init", help=_("create a venue"), module="pos.cli.init")
    parser.group("venue", help=_("show or change the venue's settings"), module="pos.cli.venue")
    parser.group("staff", help=_("the people who work here"), module="pos.cli.staff")
    parser.group("prices", help=_("price lists: check, quote, publish, compare"), module="pos.cli.prices")
    parser.group("shift", help=_("open, read and close the shift; cash in and out"), module="pos.cli.shifts")
    parser.group("visit", help=_("seats: open, move, pause, settle"), module="pos.cli.visits")
    parser.group("seat", help=_("seats out of use"), module="pos.cli.seats")
    parser.group("sale", help=_("sell goods and services"), module="pos.cli.sales")
    parser.group("refund", help=_("give money back for what was paid"), module="pos.cli.refunds")
    parser.group("stock", help=_("goods: received, counted, written off"), module="pos.cli.stock")
    parser.group("goods", help=_("find what is on sale"), module="pos.cli.goods")
    parser.group("outage", help=_("pause all seats for a power cut and the like"), module="pos.cli.outages")
    parser.group("receipt", help=_("slips: list, copies, doubtful ones"), module="pos.cli.receipts")
    parser.group("journal", help=_("the journal's head, and its check"), module="pos.cli.journal")
    parser.group("export", help=_("write the proof of some business days"), module="pos.cli.export")
    parser.group("verify", help=_("check such a proof"), module="pos.cli.verify")
    parser.group("watch", help=_("signs that something is wrong at the counter"), module="pos.cli.watch")
    parser.group("move-to-postgres", help=_("move the records to a server, for further desks"), module="pos.cli.move")
    parser.group("migrate", help=_("bring a server's tables to this version, as their owner"), module="pos.cli.migrate")
    parser.group("doctor", help=_("examine the data folder"), module="pos.cli.doctor")
    parser.group("devices", help=_("read, print and simulate devices"), module="pos.cli.device_commands")
    parser.group("desk", help=_("the clerk's screens; further desks"), module="pos.cli.desk")
    parser.group("demo", help=_("a day in a simulated venue"), module="pos.cli.demo")
    return parser


def _answer_for(error: Exception, context: Context) -> int:
    if os.environ.get("MINGJIA_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and error.filename is not None and not _is_ours(error):
        error = _file_trouble(error)
    try:
        context.refuse(error)
    except OSError:  # Neither can the refusal be written. The exit status is all that is left to say.
        _stop_writing()
    return WRONG_USE if isinstance(error, WrongUseError) else REFUSED


def _stop_writing() -> None:
    # Python would complain once more when it flushes at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_ours(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in _OURS


def _file_trouble(error: OSError) -> FileTroubleError:
    problems: dict[type[OSError], str] = {
        FileNotFoundError: "missing",
        PermissionError: "denied",
        FileExistsError: "exists",
        IsADirectoryError: "is-a-folder",
        NotADirectoryError: "not-a-folder",
    }
    path = os.fsdecode(error.filename)
    folder = Path(path).parent
    if isinstance(error, FileNotFoundError) and not folder.is_dir():
        return FileTroubleError(path=str(folder), problem="folder-missing")
    return FileTroubleError(path=path, problem=problems.get(type(error), "refused"))


def _value_of(option: str, words: Sequence[str]) -> str | None:
    """Find a value before the grammar is built in its language."""
    for place, word in enumerate(words):
        if word == option:
            return next(iter(words[place + 1 :]), None)
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


def _write_utf_8() -> None:
    # A service may have closed them; what is said then goes nowhere, and what is done is done.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # Open until the end.
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # Open until the end.
    # What is piped is UTF-8 on every system; a terminal keeps its own encoding. Neither may fail on a character.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
