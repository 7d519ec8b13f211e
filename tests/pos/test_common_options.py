"""Options that every command takes, before it or after it, so that a script may pass them to all."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from pos.cli.main import _parser
from pos.cli.parser import CommandParser
from pos.languages import Language
from tests.pos.conftest import Shop

COMMON = ("--data", "--lang", "--json", "--secrets", "--as", "--pin-file")


def commands(parser: CommandParser, *names: str) -> Iterator[tuple[str, ...]]:
    """Every command by its words."""
    module = getattr(parser, "_module", None)
    if module is not None:
        parser._module = None
        import_module(module).add_commands(parser)
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield names
    for action in below:
        for name, command in action.choices.items():
            yield from commands(command, *names, name)


@pytest.mark.parametrize("words", list(commands(_parser(Language.EN))), ids=" ".join)
def test_every_command_takes_the_common_options(words: tuple[str, ...]) -> None:
    parser = _parser(Language.EN)
    for word in words:
        below = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
        parser = below.choices[word]
        module = getattr(parser, "_module", None)
        if module is not None:
            import_module(module).add_commands(parser)
            parser._module = None
    given = ["--data", "d", "--lang", "en", "--json", "--secrets", "s", "--as", "li", "--pin-file", "p"]
    required = [
        action for action in parser._actions if action.required or (not action.option_strings and action.nargs is None)
    ]
    for action in required:
        action.required = False
        if not action.option_strings:
            action.nargs = "?"
    for group in parser._mutually_exclusive_groups:
        group.required = False
    parsed, unknown = parser.parse_known_args(given)
    assert unknown == []
    assert (parsed.data, parsed.secrets, parsed.acting, parsed.pin_file) == ("d", "s", "li", "p")


@pytest.mark.parametrize(
    "words", [("prices", "history"), ("staff", "list"), ("journal", "verify"), ("journal", "head")]
)
def test_a_command_that_needs_nobody_asks_nobody(shop: Shop, tmp_path: Path, words: tuple[str, ...]) -> None:
    nobody = ("--as", "nobody", "--pin-file", tmp_path / "missing")
    assert shop.run("--json", *words, *nobody).status == 0
    assert shop.run("--json", *nobody, *words).status == 0


def test_who_acts_may_stand_before_the_command(shop: Shop) -> None:
    assert shop.ask("--as", "chen", "shift", "open", "--float", "0")["shift"] == 1
    assert shop.run("--json", "shift", "close", "--counted", "0").error["code"] == "person-needed"
