"""The command line's grammar: argparse, in the reader's language, importing a group's file when it is chosen."""

from __future__ import annotations

import argparse
import gettext
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import Any, NoReturn

from pos.errors import WrongUseError
from pos.languages import DOMAIN, LOCALE_FOLDER, Language, Words, noted, words_of

ARGPARSE_SAYS = (
    noted("usage: "),
    noted("positional arguments"),
    noted("options"),
    noted("show this help message and exit"),
    noted("argument %(argument_name)s: %(message)s"),
    noted("unrecognized arguments: %s"),
    noted("the following arguments are required: %s"),
    noted("one of the arguments %s is required"),
    noted("not allowed with argument %s"),
    noted("expected one argument"),
    noted("expected at most one argument"),
    noted("expected at least one argument"),
    noted("ignored explicit argument %r"),
    noted("invalid choice: %(value)r (choose from %(choices)s)"),
    noted("invalid %(type)s value: %(value)r"),
)
"""What argparse looks up in the process's text domain: noted here, so that the catalogues hold it."""


_NOT_A_DATE = noted("{text} is not a date like 2026-11-23")
_NOT_A_NUMBER = noted("{text} is not a whole number")


class CommandParser(argparse.ArgumentParser):
    """A parser that knows its language, raises WrongUseError, and takes the options of every command."""

    def __init__(self, *, words: Words, is_top: bool = False, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)
        self.words = words
        self.register("type", int, _whole_number)
        self._commands: argparse._SubParsersAction[CommandParser] | None = None
        _add_common_options(self, words, is_top=is_top)

    def error(self, message: str) -> NoReturn:
        """Raise WrongUseError with argparse's words."""
        raise WrongUseError(message=message, command=self.prog)

    def command(self, name: str, *, help: str, run: Callable[..., int] | None = None) -> CommandParser:  # noqa: A002  # argparse's word.
        """Add a command below this one; `run` takes a Context and returns the exit status."""
        added = self._below().add_parser(name, help=help, description=help, words=self.words)
        added.set_defaults(command=added.prog)
        if run is not None:
            added.set_defaults(run=run)
        return added

    def may_stand_alone(self) -> None:
        """Let this command run without one of those below it."""
        self._below().required = False

    def group(self, name: str, *, help: str, module: str) -> None:  # noqa: A002  # argparse's word.
        """Add a group whose commands `module` knows; it is imported when the group is chosen."""
        added = self._below().add_parser(name, help=help, description=help, words=self.words)
        added.set_defaults(command=added.prog)
        added.fill_from(module)

    def fill_from(self, module: str) -> None:
        """Have `module.add_commands(self)` called when this parser is first used."""
        self._module: str | None = module

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, after filling in what belongs to this group."""
        module, self._module = getattr(self, "_module", None), None
        if module is not None:
            import_module(module).add_commands(self)
        if "--as" not in self._option_string_actions:
            _add_person(self, self, is_top=False, is_shown=False)
        return super().parse_known_args(args, namespace)

    def _below(self) -> argparse._SubParsersAction[CommandParser]:
        if self._commands is None:
            self._commands = self.add_subparsers(
                metavar=self.words("COMMAND"), dest=argparse.SUPPRESS, required=True, parser_class=CommandParser
            )
        return self._commands


class VersionAction(argparse.Action):
    """Prints the installed version; looked up only when asked, for that takes a while."""

    def __init__(self, option_strings: Sequence[str], **settings: Any) -> None:
        settings.pop("dest")  # There is nothing to keep.
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **settings)

    def __call__(self, parser: argparse.ArgumentParser, *_parsed: Any, **_more: Any) -> None:
        """Print and end."""
        from importlib.metadata import version

        sys.stdout.write(f"mingjia {version('mingjia')}\n")
        parser.exit()


def parser_in(language: Language, program: str) -> CommandParser:
    """Return the top parser; argparse's own words are in the catalogue too."""
    # The only way that argparse offers to be translated: the process's text domain and language.
    os.environ["LANGUAGE"] = language.value
    gettext.bindtextdomain(DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(DOMAIN)
    return CommandParser(prog=program, words=words_of(language), is_top=True)


def day(text: str) -> date:
    """Read a date of the command line (argparse's `type`)."""
    from members.written_dates import read_date

    try:
        return read_date(text)
    except ValueError:
        raise argparse.ArgumentTypeError(gettext.gettext(_NOT_A_DATE).format(text=text)) from None


def _whole_number(text: str) -> int:
    """Read a number of the command line, in place of argparse's `int`, whose refusal names the type."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(gettext.gettext(_NOT_A_NUMBER).format(text=text)) from None


def takes_days(parser: CommandParser, *, required: bool = True) -> None:
    """Add `--from` and `--to`: business days, both included (`from_day`, `to_day`)."""
    _ = parser.words
    for name, help_ in (("--from", _("the first business day: 2026-11-23")), ("--to", _("the last one"))):
        parser.add_argument(name, dest=f"{name[2:]}_day", type=day, required=required, metavar=_("DATE"), help=help_)


def acts_for_person(parser: CommandParser) -> None:
    """Show `--as` and `--pin-file` in the command's help: it acts for a person (`Context.sign_in`)."""
    _add_person(parser, parser.add_argument_group(parser.words("who acts")), is_top=False)


def takes_approval(parser: CommandParser) -> None:
    """Add `--approve` and `--approve-pin-file`: a second person (`Context.approver`)."""
    _ = parser.words
    second = parser.add_argument_group(_("second person"))
    second.add_argument("--approve", metavar=_("NAME"), help=_("the second person, who approves"))
    second.add_argument("--approve-pin-file", metavar=_("FILE"), help=_("the second person's PIN file"))


def opens_sealed(parser: CommandParser) -> None:
    """Add `--key` and `--passphrase-file`: the owner's key (`Context.owner_key`)."""
    _ = parser.words
    owner = parser.add_argument_group(_("the owner's key"))
    owner.add_argument("--key", metavar=_("FILE"), help=_("the owner's key file"))
    owner.add_argument("--passphrase-file", metavar=_("FILE"), help=_("the file of the key's passphrase"))


def _add_common_options(parser: CommandParser, words: Words, *, is_top: bool) -> None:
    _ = words
    # Below the top a default would overwrite what stands before the command.
    absent: Any = None if is_top else argparse.SUPPRESS
    everywhere = parser.add_argument_group(_("for every command"))
    everywhere.add_argument("--data", metavar=_("DIR"), default=absent, help=_("the venue's data folder"))
    everywhere.add_argument("--lang", metavar="zh_CN|en", choices=[*Language], default=absent, help=_("the language"))
    everywhere.add_argument(
        "--json", action="store_true", default=False if is_top else absent, help=_("answer in JSON")
    )
    everywhere.add_argument(
        "--secrets", metavar=_("FILE"), default=absent, help=_("a secrets file that answers every question")
    )
    if is_top:
        _add_person(parser, everywhere, is_top=True)


def _add_person(
    parser: CommandParser, group: argparse._ActionsContainer, *, is_top: bool, is_shown: bool = True
) -> None:
    """Every command takes these, so that a script may pass them to all; one that needs nobody asks for no PIN."""
    _ = parser.words
    # Below the top a default would overwrite what stands before the command.
    absent: Any = None if is_top else argparse.SUPPRESS
    name, file = _("the person who acts"), _("the PIN's or password's file; else MINGJIA_PIN, else a question")
    if not is_shown:
        name = file = argparse.SUPPRESS
    group.add_argument("--as", dest="acting", metavar=_("NAME"), default=absent, help=name)
    group.add_argument("--pin-file", metavar=_("FILE"), default=absent, help=file)
