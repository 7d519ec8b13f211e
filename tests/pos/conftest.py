"""A venue on which commands are run as people run them, but without a process for each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pos.cli.main import main
from records.clock import SimulatedClock
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import PASSPHRASE, STAFF, found_venue
from tests.pos.streets import Street, street_of
from tests.servers import Home, Server


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error's object; there must be one."""
        return self.json["error"]


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """Where commands are typed. Nobody answers questions there."""

    capture: pytest.CaptureFixture[str]

    def run(self, *words: str | Path) -> Answer:
        """Run `mingjia` with these words."""
        self.capture.readouterr()
        status = main([str(word) for word in words])
        said = self.capture.readouterr()
        assert "Traceback" not in said.out + said.err
        return Answer(status=status, out=said.out, err=said.err)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A founded venue and its secrets, at the terminal."""

    terminal: Terminal
    folder: Path
    secrets: Path
    owner_key: Path

    def run(self, *words: str | Path) -> Answer:
        """Run a command on the venue, with every question answered."""
        return self.terminal.run("--data", self.folder, "--secrets", self.secrets, *words)

    def ask(self, *words: str | Path) -> Any:
        """Run a command that must succeed and return its JSON."""
        answer = self.run("--json", *words)
        assert answer.status == 0, answer
        return answer.json


@pytest.fixture(autouse=True)
def nobody_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the developer's decides anything; LANGUAGE, which a run sets, goes back afterwards."""
    for name in ("MINGJIA_DATA", "MINGJIA_PIN", "MINGJIA_COUNTER_PASSPHRASE_FILE", "MINGJIA_DEBUG", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("MINGJIA_LANG", "en")


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capture=capsys)


@pytest.fixture(scope="session")
def shop_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded venue, its owner's key and a secrets file beside it, made once."""
    path = tmp_path_factory.mktemp("shop")
    found_venue(path / "venue", SimulatedClock(MONDAY_EVENING))
    people = [f'[[staff]]\nname = "{one.name}"\nrole = "{one.role}"\npin = "{one.pin}"\n' for one in STAFF]
    head = f'owner_passphrase = "owner passphrase for tests"\ncounter_passphrase = "{PASSPHRASE}"\n'
    (path / "secrets.toml").write_text(head + "".join(people), encoding="utf-8")
    return path


@pytest.fixture
def shop(home: Home, shop_template: Path, tmp_path: Path, terminal: Terminal) -> Shop:
    """A shop of this test's own."""
    path = tmp_path / "shop"
    shutil.copytree(shop_template, path, ignore=shutil.ignore_patterns("venue"))
    return Shop(
        terminal=terminal,
        folder=home.settle(shop_template / "venue", path / "venue"),
        secrets=path / "secrets.toml",
        owner_key=path / "owner-key.pem",
    )


@pytest.fixture
def street(server: Server, tmp_path: Path, terminal: Terminal) -> Iterator[Street]:
    """An empty database on a server, and folders for desks."""
    with street_of(server, tmp_path, terminal) as street:
        yield street
