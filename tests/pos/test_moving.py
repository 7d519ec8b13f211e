"""From a file to a server: everything goes along or nothing does, and what is broken off is run again."""

from __future__ import annotations

import shutil
from typing import NoReturn

import pytest
import sqlalchemy as sa

from pos.bootstrap import open_books, open_venue
from pos.errors import MoveRefusedError
from pos.moving import _require_sound
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from records.schema import journal, metadata
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import PASSPHRASE, cash, counter_of, found_venue, goods, seat_someone
from tests.pos.streets import Street
from tests.servers import PROGRAM


def test_the_move_takes_everything_along_and_marks_the_original(street: Street) -> None:
    venue = street.path / "one"
    clock = SimulatedClock(MONDAY_EVENING, boot="test-boot")
    found_venue(venue, clock)
    with open_venue(VenueFolder(path=venue), passphrase=lambda: PASSPHRASE, clock=clock) as opened:
        counter = counter_of(opened, "chen")
        counter.shifts.open(float_fen=20_000)
        visit = seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
        counter.sales.order(visit, [goods("cola-330")], request=new_id())
    moved = street.ask("one", "move-to-postgres", "--as", "li", *street.reached)
    assert moved["original"].endswith("records.db.moved")
    assert street.ask("one", "doctor")["ok"]
    assert street.ask("one", "journal", "verify")["findings"] == []
    assert [one["seat"] for one in street.ask("one", "visit", "list", "--as", "chen")["visits"]] == ["A01"]
    assert street.refused("one", "move-to-postgres", "--as", "li", *street.reached)[0] == "move-refused"
    left = street.path / "left"
    left.mkdir()
    shutil.copy(moved["original"], left / "records.db")
    assert street.refused("left", "staff", "list")[0] == "moved"


@pytest.mark.parametrize("option", ["--database", "--database-owner-url"])
def test_a_role_that_is_not_let_in_moves_nothing(street: Street, option: str) -> None:
    found_venue(street.path / "one", SimulatedClock(MONDAY_EVENING))
    move = ["move-to-postgres", "--as", "li", *street.reached]
    place = street.server.place(street.database_name, user="nobody_of_this_name")
    code, message = street.refused("one", *move, option, place.url)
    assert code == "store-denied"
    assert "nobody_of_this_name" in message
    assert (street.path / "one" / "records.db").exists()
    assert not (street.path / "one" / "database.toml").exists()
    assert street.ask("one", *move)["rows"] > 0


def test_a_role_that_owns_nothing_cannot_be_given_as_the_owners(street: Street) -> None:
    found_venue(street.path / "one", SimulatedClock(MONDAY_EVENING))
    as_owner = ["--database-owner-url", street.server.place(street.database_name).url]
    move = ["move-to-postgres", "--as", "li", *street.reached]
    assert street.refused("one", *move, *as_owner)[0] == "not-owner"
    street.ask("one", *move)
    code, message = street.refused("one", "migrate", *as_owner)
    assert code == "not-owner"
    assert PROGRAM in message
    assert "--database-owner-url is needed" in street.run("one", "migrate").err


@pytest.mark.parametrize("broken_off_at", ["records.moving.copy_rows", "pos.moving._compare", "pos.moving._mark"])
def test_a_move_that_is_broken_off_is_done_by_running_it_again(
    street: Street, broken_off_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_venue(street.path / "one", SimulatedClock(MONDAY_EVENING))
    move = ["move-to-postgres", "--as", "li", *street.reached]
    with monkeypatch.context() as patched:
        # A power cut cleans nothing up.
        patched.setattr("records.server._drop", lambda *_: None)
        patched.setattr("records.server.drop", lambda *_: None)
        patched.setattr(broken_off_at, _power_cut)
        assert street.run("one", *move).status == 1
    # Work goes on in between, on whichever side the folder is.
    street.ask("one", "shift", "open", "--float", "20000", "--as", "chen")
    assert street.ask("one", *move)["original"].endswith("records.db.moved")
    assert street.ask("one", "doctor")["ok"]
    assert street.ask("one", "journal", "verify")["findings"] == []


def test_a_move_that_is_broken_off_at_the_very_end_is_still_written_down(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_venue(street.path / "one", SimulatedClock(MONDAY_EVENING))
    move = ["move-to-postgres", "--as", "li", *street.reached]
    with monkeypatch.context() as patched:
        patched.setattr("pos.moving._note", _power_cut)
        assert street.run("one", *move).status == 1
    assert street.ask("one", *move)["rows"] > 0
    with open_books(VenueFolder(path=street.path / "one")) as books:
        types = books.connection.execute(sa.select(journal.c.type)).scalars().all()
    assert types.count("books.moved") == 1
    assert street.refused("one", *move)[0] == "move-refused"


def test_records_in_use_on_a_server_are_not_replaced_by_an_older_copy(street: Street) -> None:
    found_venue(street.path / "one", SimulatedClock(MONDAY_EVENING))
    shutil.copytree(street.path / "one", street.path / "copy")
    assert street.ask("one", "move-to-postgres", "--as", "li", *street.reached)
    assert street.refused("copy", "move-to-postgres", "--as", "li", *street.reached)[0] == "schema-taken"
    assert street.ask("one", "doctor")["ok"]


def _power_cut(*_arguments: object, **_options: object) -> NoReturn:
    raise ConnectionAbortedError


def test_records_that_are_not_sound_stay_where_they_are(street: Street) -> None:
    import sqlite3

    venue = street.path / "one"
    found_venue(venue, SimulatedClock(MONDAY_EVENING))
    connection = sqlite3.connect(venue / "records.db")
    connection.execute("UPDATE account_balances SET balance_fen = 7")
    connection.execute("INSERT INTO account_balances VALUES ('cash/desk-1', 7)")
    connection.commit()
    connection.close()
    with pytest.raises(MoveRefusedError):
        _require_sound(VenueFolder(path=venue))
    assert street.refused("one", "move-to-postgres", "--as", "li", *street.reached)[0] == "move-refused"
    assert (venue / "records.db").exists()
    assert metadata.tables
