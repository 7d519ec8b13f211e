"""A cashier's command starts fast: what is heavy is loaded by the command that needs it, and by no other."""

import subprocess
import sys

import pytest

from tests.repository.sources import ROOT

HEAVY = ("alembic", "cryptography", "escpos", "keyring", "serial", "sqlalchemy", "textual")

# The exit status is not looked at here: what was loaded is the question.
PROGRAM = """
import sys
from pos.cli.main import main
main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), sep="\\n", file=sys.stderr)
"""


def loaded_by(*words: str) -> set[str]:
    """The top-level modules in memory after one command, in an interpreter of its own."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], cwd=ROOT, capture_output=True, check=True, text=True, encoding="utf-8"
    )
    return set(run.stderr.splitlines())


def test_what_is_loaded_is_seen() -> None:
    assert {"pos", "argparse"} <= loaded_by("--help")


@pytest.mark.parametrize(
    "words", [("--help",), ("visit", "--help"), ("prices", "check", "--help"), ("--lang", "en", "--help")]
)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded_by(*words) & set(HEAVY) == set()


def test_a_price_list_is_checked_without_a_database_or_keys() -> None:
    heavy = loaded_by("prices", "check", str(ROOT / "tests" / "billing" / "winter.toml")) & set(HEAVY)
    assert heavy == set()
