"""A founding or a joining that was killed: what it left is no venue's, and goes with the next attempt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pos import drafts
from tests.conftest import REPOSITORY
from tests.pos.conftest import Terminal
from tests.pos.counter.venues import DEMO, PASSPHRASE
from tests.pos.streets import Street, found_cheaply

_KILLED = """
import os, signal, sys
from pos import drafts
from pos.cli.main import main
drafts.take_place = lambda draft, folder: os.kill(os.getpid(), signal.SIGKILL)
sys.exit(main(sys.argv[1:]))
"""
_PEOPLE = '[[staff]]\nname = "li"\nrole = "owner"\npin = "135790"\n'

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def killed(*words: str | Path) -> None:
    """Run a command that is killed when its folder is whole and about to get its name."""
    command = [sys.executable, "-c", _KILLED, *map(str, words)]
    done = subprocess.run(command, cwd=REPOSITORY, check=False)  # Our own program.
    assert done.returncode == -9


def founding(path: Path, *more: str | Path) -> list[str | Path]:
    head = f'owner_passphrase = "owner words"\ncounter_passphrase = "{PASSPHRASE}"\n'
    (path / "secrets.toml").write_text(head + _PEOPLE, encoding="utf-8")
    return [
        *("init", path / "venue", "--venue", DEMO / "venue.toml", "--prices", DEMO / "prices.toml"),
        *("--secrets", path / "secrets.toml", "--owner-key", path / "owner.pem", "--secret-store", "passphrase"),
        *more,
    ]


def hidden(path: Path) -> list[str]:
    return sorted(one.name.partition("-")[0] for one in path.iterdir() if one.name.startswith("."))


def test_a_founding_that_was_killed_is_cleared_by_the_next(tmp_path: Path, terminal: Terminal) -> None:
    killed(*founding(tmp_path))
    assert hidden(tmp_path) == [".venue.founding", ".venue.making"]
    key = (tmp_path / "owner.pem").read_bytes()
    answer = terminal.run(*founding(tmp_path))
    assert answer.status == 0, answer
    assert "What an earlier founding of this folder left" in answer.err
    assert hidden(tmp_path) == []
    assert (tmp_path / "owner.pem").read_bytes() != key
    assert terminal.run("--data", tmp_path / "venue", "doctor").status == 0


def test_another_venues_key_stays_where_it_is(tmp_path: Path, terminal: Terminal) -> None:
    killed(*founding(tmp_path))
    key = (tmp_path / "owner.pem").read_text(encoding="ascii").replace("site: ", "site: A", 1)
    (tmp_path / "owner.pem").write_text(key, encoding="ascii")
    answer = terminal.run(*founding(tmp_path, "--json"))
    assert answer.error["code"] == "owner-key-file"
    assert (tmp_path / "owner.pem").read_text(encoding="ascii") == key


def test_a_founding_that_goes_on_is_left_alone(tmp_path: Path, terminal: Terminal) -> None:
    killed(*founding(tmp_path))
    with drafts.held(tmp_path / "venue"):
        answer = terminal.run(*founding(tmp_path, "--json"))
    assert (answer.status, answer.error["code"]) == (1, "folder-in-making")
    assert hidden(tmp_path) == [".venue.founding"]


def schemas(street: Street) -> list[Any]:
    with street.server.superuser(street.database_name) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'venue%'").fetchall()
    connection.close()
    return found


def test_on_a_server_its_tables_go_with_it(street: Street) -> None:
    killed(*founding(street.path, *street.reached))
    [left] = schemas(street)
    answer = street.terminal.run(*founding(street.path))  # Of a venue on a file: the server is not named.
    assert answer.status == 1, answer
    assert (schemas(street), ".venue.founding" in hidden(street.path)) == ([left], True)
    assert street.terminal.run(*founding(street.path, *street.reached)).status == 0
    assert hidden(street.path) == []
    [now] = schemas(street)
    assert now != left


def test_a_joining_that_was_killed_leaves_no_secrets(street: Street) -> None:
    found_cheaply(street)
    file = street.path / "bar.enrol"
    words: list[str | Path] = ["--passphrase-file", street.secrets]
    street.ask("one", "desk", "add", "bar", "--as", "li", "--out", file, *words)
    enrolling = ["desk", "enrol", file, *words, "--secret-store", "passphrase"]
    enrolling += ["--database-password-file", street.server.password_file]
    killed("--data", street.path / "two", "--secrets", street.secrets, *enrolling)
    assert hidden(street.path) == [".two.joining", ".two.making"]
    assert street.join("bar-2", "two")["desk"] == "bar-2"
    assert hidden(street.path) == []
