"""A server with an empty database, and the desks that come to work on it, each from a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from records.clock import SystemClock
from tests.pos.counter.venues import DEMO, PASSPHRASE, STAFF, found_venue
from tests.servers import Server

if TYPE_CHECKING:
    from tests.pos.conftest import Answer, Terminal


@dataclass(frozen=True, kw_only=True)
class Street:
    """A server with an empty database, and a folder for what comes."""

    terminal: Terminal
    server: Server
    database_name: str
    path: Path

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.toml"

    @property
    def reached(self) -> list[str | Path]:
        """The options that name the server."""
        way_in, password_file = self.server.way_in(self.database_name), self.server.password_file
        return [
            "--database",
            way_in.url,
            "--database-password-file",
            password_file,
            "--database-owner-url",
            way_in.owner_url,
            "--database-owner-password-file",
            password_file,
        ]

    def run(self, folder: str, *words: str | Path) -> Answer:
        return self.terminal.run("--data", self.path / folder, "--secrets", self.secrets, *words)

    def ask(self, folder: str, *words: str | Path) -> Any:
        answer = self.run(folder, "--json", *words)
        assert answer.status == 0, answer
        return answer.json

    def refused(self, folder: str, *words: str | Path) -> Any:
        answer = self.run(folder, "--json", *words)
        assert answer.status == 1, answer
        return answer.error["code"], answer.error["message"]

    def join(self, name: str, folder: str) -> Any:
        """Let a desk join, through its file."""
        file = self.path / f"{name}.enrol"
        words: list[str | Path] = ["--passphrase-file", self.secrets]  # Its first line is as good a passphrase as any.
        self.ask("one", "desk", "add", name, "--as", "li", "--out", file, *words)
        enrolling: list[str | Path] = ["desk", "enrol", file, *words, "--secret-store", "passphrase"]
        return self.ask(folder, *enrolling, "--database-password-file", self.server.password_file)


@contextmanager
def street_of(server: Server, tmp_path: Path, terminal: Terminal) -> Iterator[Street]:
    """A street for one test."""
    people = [f'[[staff]]\nname = "{one.name}"\nrole = "{one.role}"\npin = "{one.pin}"\n' for one in STAFF]
    head = f'owner_passphrase = "owner passphrase for tests"\ncounter_passphrase = "{PASSPHRASE}"\n'
    (tmp_path / "secrets.toml").write_text(head + "".join(people), encoding="utf-8")
    name = server.create()
    yield Street(terminal=terminal, server=server, database_name=name, path=tmp_path)
    server.drop(name)


def found(street: Street, *more: str | Path) -> Any:
    """Found the venue with `init`, whose secrets are as dear as real ones."""
    return street.terminal.run(
        "init",
        street.path / "one",
        *("--venue", DEMO / "venue.toml", "--prices", DEMO / "prices.toml", "--secrets", street.secrets),
        *("--owner-key", street.path / "owner.pem", "--secret-store", "passphrase", *more),
    )


def found_cheaply(street: Street) -> None:
    """Found the venue as `init` does, where the founding is not the question."""
    found_venue(street.path / "one", SystemClock(), server=street.server.way_in(street.database_name))
