"""How a venue begins, and that a beginning that fails leaves nothing."""

from __future__ import annotations

import base64
import getpass
import io
import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from billing.price_checks import check
from pos.errors import (
    FolderTakenError,
    NoOwnerError,
    OwnerKeyPlaceError,
    PosError,
    SettingsInvalidError,
    TimezoneDiffersError,
)
from pos.founding import Founded, Plan, found
from pos.settings import read_venue_file
from privacy.counter_secrets import CounterSecrets
from privacy.errors import OwnerKeyFileError, PassphraseEmptyError, PrivacyError, SecretStoreError
from privacy.owner_key import OwnerKey
from privacy.secret_stores import PassphraseStore
from records import migrations
from records.clock import SimulatedClock
from records.notes import verify_note
from staff.errors import PinTooWeakError, StaffError, StaffNameError
from tests.conftest import MONDAY_EVENING, REPOSITORY
from tests.pos.conftest import Terminal
from tests.pos.counter.venues import CHEAP, DEMO, STAFF

PRICES = (DEMO / "prices.toml").read_text(encoding="utf-8")
VENUE = (DEMO / "venue.toml").read_text(encoding="utf-8")


def plan(tmp_path: Path, *, venue: str = VENUE, prices: str = PRICES) -> Plan:
    checked = check(prices)
    assert checked.prices is not None
    return Plan(
        folder=tmp_path / "venue",
        venue=read_venue_file(venue, path="venue.toml"),
        venue_path="venue.toml",
        prices=checked.prices,
        staff=STAFF[:2],
        owner_key_path=tmp_path / "key" / "owner-key.pem",
        owner_passphrase="owner words",
        counter_passphrase="counter words",
        clock=SimulatedClock(MONDAY_EVENING),
        product="mingjia test",
        costs=CHEAP,
    )


def founded_in(tmp_path: Path) -> Founded:
    (tmp_path / "key").mkdir()
    return found(plan(tmp_path))


def entries(folder: Path) -> list[dict[str, Any]]:
    connection = sqlite3.connect(folder / "records.db")
    rows = connection.execute("SELECT entry FROM journal ORDER BY seq").fetchall()
    connection.close()
    return [json.loads(entry) for (entry,) in rows]


def test_the_first_entries_tell_the_venue_its_keys_its_people_and_its_prices(tmp_path: Path) -> None:
    founded = founded_in(tmp_path)
    written = entries(tmp_path / "venue")
    assert [entry["type"] for entry in written] == [
        "log.started",
        "venue.changed",
        *["key.added"] * 16,
        *["staff.added"] * 2,
        "prices.published",
    ]
    started, changed, published = written[0], written[1], written[-1]
    assert started["body"] == {"product": "mingjia test", "schema": migrations.HEAD, "previous": None}
    assert changed["body"]["settings"] == read_venue_file(VENUE, path="").settings.to_json()
    assert {entry["log"] for entry in written} == {founded.origin}
    assert {(entry["actor"], entry["clk"], entry["till"]) for entry in written} == {("system", "simulated", "desk-1")}
    assert published["body"]["list"] == founded.publication.number == 1
    assert published["body"]["effective"] == "2026-11-23T19:00:00"
    staff = [entry["body"] for entry in written if entry["type"] == "staff.added"]
    assert staff == [{"staff": "s1", "role": "owner"}, {"staff": "s2", "role": "manager"}]  # Never a name.


def test_keys_are_introduced_before_the_first_head_and_sign_it(tmp_path: Path) -> None:
    founded = founded_in(tmp_path)
    bodies = [entry["body"] for entry in entries(tmp_path / "venue") if entry["type"] == "key.added"]
    assert [body["use"] for body in bodies] == [
        "checkpoint",
        "checkpoint",
        "registration-signature",
        "owner",
        *["registration-seal"] * 12,
    ]
    assert tuple(body["vkey"] for body in bodies[:2]) == founded.vkeys
    assert (
        verify_note(founded.checkpoint, founded.vkeys)
        == f"{founded.origin}\n21\n" + founded.checkpoint.split("\n")[2] + "\n"
    )
    assert [body["month"] for body in bodies[4:]][:3] == ["2026-11", "2026-12", "2027-01"]
    assert {(body["use"], body["algorithm"]) for body in bodies[2:]} == {
        ("registration-signature", "Ed25519"),
        ("owner", "Ed25519"),
        ("registration-seal", "P-256"),
    }
    owner = OwnerKey.load(tmp_path / "key" / "owner-key.pem", "owner words")
    raw = owner.signing_key.public_key().public_bytes_raw()
    assert base64.b64decode(bodies[3]["public"]).endswith(raw)


def test_secrets_rest_under_their_passphrases_and_nowhere_else(tmp_path: Path) -> None:
    founded_in(tmp_path)
    secrets = PassphraseStore(folder=tmp_path / "venue", passphrase="counter words").load()
    with pytest.raises(PrivacyError):
        PassphraseStore(folder=tmp_path / "venue", passphrase="other words").load()
    kept = [path.read_bytes() for path in (tmp_path / "venue").iterdir() if path.name != "reserve"]
    for secret in (secrets.pin_pepper, secrets.checkpoint_ed25519, secrets.registration_index.secret):
        assert not any(secret in data for data in kept)
    assert not any(b"owner words" in data or b"counter words" in data for data in kept)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps files by access lists")
def test_nobody_else_may_read_the_folder(tmp_path: Path) -> None:
    founded_in(tmp_path)
    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in (tmp_path / "venue", tmp_path / "venue" / "records.db", tmp_path / "venue" / "counter-secrets")
    }
    assert modes == {"venue": 0o700, "records.db": 0o600, "counter-secrets": 0o600}
    assert (tmp_path / "key" / "owner-key.pem").stat().st_mode & 0o777 == 0o600


def test_an_empty_folder_may_become_a_venue(tmp_path: Path) -> None:
    (tmp_path / "venue").mkdir()
    founded_in(tmp_path)
    assert (tmp_path / "venue" / "records.db").is_file()


def test_the_start_slip_names_the_log_and_its_keys(tmp_path: Path) -> None:
    founded = founded_in(tmp_path)
    slip = "".join(line.strip() for line in founded.slip_lines)
    assert founded.origin in slip
    assert all(vkey in slip for vkey in founded.vkeys)


def without_owner(made: Plan) -> Plan:
    return replace(made, staff=STAFF[1:])


def weak_pin(made: Plan) -> Plan:
    return replace(made, staff=(STAFF[0], replace(STAFF[1], pin="1234")))


def same_name(made: Plan) -> Plan:
    return replace(made, staff=(STAFF[0], replace(STAFF[1], name=STAFF[0].name)))


def key_inside(made: Plan) -> Plan:
    return replace(made, owner_key_path=made.folder / "owner-key.pem")


def key_nowhere(made: Plan) -> Plan:
    return replace(made, owner_key_path=made.folder.parent / "no such folder" / "owner-key.pem")


def no_owner_passphrase(made: Plan) -> Plan:
    return replace(made, owner_passphrase="")


def no_counter_passphrase(made: Plan) -> Plan:
    return replace(made, counter_passphrase="")


class FullStore:
    """A key store that takes nothing."""

    def save(self, counter_secrets: CounterSecrets) -> None:
        del counter_secrets
        raise SecretStoreError(store="system", problem="locked")

    def load(self) -> CounterSecrets:
        raise SecretStoreError(store="system", problem="missing")


def locked_store(made: Plan) -> Plan:
    return replace(made, system_store=lambda _site: FullStore())


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (without_owner, NoOwnerError),
        (weak_pin, PinTooWeakError),
        (same_name, StaffNameError),
        (key_inside, OwnerKeyPlaceError),
        (key_nowhere, OwnerKeyFileError),
        (no_owner_passphrase, PassphraseEmptyError),
        (no_counter_passphrase, PassphraseEmptyError),
        (locked_store, SecretStoreError),
    ],
)
def test_a_founding_that_fails_leaves_nothing(
    tmp_path: Path, spoil: Any, error: type[PosError | StaffError | PrivacyError]
) -> None:
    (tmp_path / "key").mkdir()
    with pytest.raises(error):
        found(spoil(plan(tmp_path)))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["key"]


def test_a_folder_that_holds_something_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    (tmp_path / "venue").mkdir()
    (tmp_path / "venue" / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(FolderTakenError):
        found(plan(tmp_path))
    assert [path.name for path in (tmp_path / "venue").iterdir()] == ["photo.jpg"]


def test_a_venue_is_not_founded_twice_and_no_owner_key_is_overwritten(tmp_path: Path) -> None:
    founded_in(tmp_path)
    before = (tmp_path / "key" / "owner-key.pem").read_bytes()
    with pytest.raises(FolderTakenError):
        found(plan(tmp_path))
    with pytest.raises(OwnerKeyFileError):
        found(replace(plan(tmp_path), folder=tmp_path / "second"))
    assert (tmp_path / "key" / "owner-key.pem").read_bytes() == before
    assert not (tmp_path / "second").exists()


def test_list_and_venue_have_one_time_zone(tmp_path: Path) -> None:
    with pytest.raises(TimezoneDiffersError):
        found(plan(tmp_path, venue=VENUE.replace("Asia/Shanghai", "Asia/Urumqi")))


def test_seats_stand_in_zones_of_the_list(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalidError) as caught:
        found(plan(tmp_path, venue=VENUE.replace('zone = "hall"', 'zone = "attic"', 1)))
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.where)) == ("unknown-zone", "seats[1].zone")


def test_init_founds_a_real_venue_in_one_command(tmp_path: Path) -> None:
    """With the real cost of passphrases and PINs, the real clock, a process of its own, and a printer's file."""
    venue = VENUE.split("[devices]")[0] + f"[devices]\nprinter = 'file:{(tmp_path / 'paper').as_posix()}'\n"
    (tmp_path / "venue.toml").write_text(venue, encoding="utf-8")
    (tmp_path / "prices.toml").write_text(PRICES, encoding="utf-8")
    (tmp_path / "secrets.toml").write_text(
        'owner_passphrase = "a"\ncounter_passphrase = "b"\n[[staff]]\nname = "li"\nrole = "owner"\npin = "628194"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pos.cli.main", "--json", "init", "shop", "--secret-store", "passphrase"]
    files = ["--venue", "venue.toml", "--prices", "prices.toml", "--secrets", "secrets.toml", "--board", "board.html"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [*command, *files], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["owner_key"] == "owner-key.pem"
    assert (tmp_path / "owner-key.pem").is_file()
    assert answer["secret_store"] == "passphrase"
    assert answer["board"] == "board.html"
    assert "MJP1:1:" in (tmp_path / "board.html").read_text(encoding="utf-8")
    assert [vkey.split("+")[0] for vkey in answer["vkeys"]] == [answer["origin"]] * 2
    assert {entry["clk"] for entry in entries(tmp_path / "shop")} <= {"synced", "free"}
    assert "账本起始单".encode("gb18030") in (tmp_path / "paper").read_bytes()


class Person(io.StringIO):
    """Somebody at the terminal."""

    def isatty(self) -> bool:
        return True


def test_init_asks_for_what_no_file_says_and_twice_for_what_is_chosen(
    tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ["628194", "628194", "owner words", "oner words", "owner words", "owner words", "counter", "counter"]
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return typed.pop(0)

    monkeypatch.setattr(getpass, "getpass", answer)
    monkeypatch.setattr(sys, "stdin", Person("li\n"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "venue.toml").write_text(VENUE, encoding="utf-8")
    (tmp_path / "prices.toml").write_text(PRICES, encoding="utf-8")
    files = ("--venue", "venue.toml", "--prices", "prices.toml", "--secret-store", "passphrase")
    done = terminal.run("init", "shop", *files)
    assert done.status == 0, done.err
    assert typed == []
    assert len(asked) == 8
    assert "These are not the same." in done.err
    assert OwnerKey.load(tmp_path / "owner-key.pem", "owner words").site
    listed = terminal.run("--data", "shop", "staff", "list", "--json").json
    assert listed == {"staff": [{"name": "li", "role": "owner", "active": True}]}


def test_init_asks_nobody_before_it_knows_that_it_can_begin(
    tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Person(""))
    monkeypatch.setattr(getpass, "getpass", pytest.fail)
    (tmp_path / "owner-key.pem").write_text("mine", encoding="utf-8")
    files = ("--venue", DEMO / "venue.toml", "--prices", DEMO / "prices.toml")
    key = ("--owner-key", tmp_path / "owner-key.pem")
    assert terminal.run("init", tmp_path / "shop", *files, *key, "--json").error["code"] == "owner-key-file"
