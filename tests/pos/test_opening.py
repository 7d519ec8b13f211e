"""Opening a venue: whose clock, which keys, and what it mends."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pos.bootstrap import Venue, open_books, open_venue, read_settings
from pos.changing_settings import change_settings
from pos.device_settings import read_devices
from pos.mending import mend
from pos.notices import GuardsRestored
from pos.settings import read_venue_file
from privacy.errors import PassphraseWrongError, RecipientsRefusedError, SecretStoreError
from privacy.owner_key import OwnerKey
from records import migrations
from records.clock import Clock, SimulatedClock, SystemClock
from records.errors import ClockKindError, DamagedError, NotAVenueError, SchemaTooNewError
from records.folder import VenueFolder
from records.schema import journal, metadata
from staff.errors import RoleRefusedError
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import DEMO, PASSPHRASE, found_venue, member


@pytest.fixture
def folder(shop_template: Path, tmp_path: Path) -> VenueFolder:
    """A venue whose hours pass by command; its last entry is of 19:00 on a Monday."""
    path = tmp_path / "venue"
    shutil.copytree(shop_template / "venue", path)
    return VenueFolder(path=path, reserve_bytes=65536)


@contextmanager
def opened(folder: VenueFolder, clock: Clock | None = None) -> Iterator[Venue]:
    with open_venue(folder, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        yield venue


def entries(venue: Venue) -> list[dict[str, Any]]:
    with venue.records.reading() as connection:
        rows = connection.execute(sa.select(journal.c.entry).order_by(journal.c.seq)).scalars()
        return [json.loads(row) for row in rows]


def write_something(venue: Venue) -> None:
    with venue.records.begin() as work:
        work.entry("print.resolved", {"job": "a" * 16, "outcome": "cancelled"})
        work.commit()


def test_a_simulated_venue_goes_on_from_its_last_entry(folder: VenueFolder) -> None:
    with opened(folder, SimulatedClock(MONDAY_EVENING + timedelta(hours=5))) as venue:
        write_something(venue)
    with opened(folder) as venue:
        now = venue.records.clock.read()
        assert now.discipline == "simulated"
        assert timedelta(0) <= now.at - (MONDAY_EVENING + timedelta(hours=5)) < timedelta(minutes=1)
        write_something(venue)
        assert {entry["clk"] for entry in entries(venue)} == {"simulated"}


def test_a_simulated_venue_never_becomes_real(folder: VenueFolder) -> None:
    with pytest.raises(ClockKindError), opened(folder, SystemClock()):
        pass


def test_a_real_venue_is_never_simulated(tmp_path: Path) -> None:
    found_venue(tmp_path / "venue", SystemClock())
    folder = VenueFolder(path=tmp_path / "venue", reserve_bytes=65536)
    with pytest.raises(ClockKindError), opened(folder, SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))):
        pass
    with opened(folder) as venue:
        assert not venue.records.clock.is_simulated


def test_the_wrong_passphrase_opens_nothing(folder: VenueFolder) -> None:
    with pytest.raises(PassphraseWrongError), open_venue(folder, passphrase=lambda: "guess"):
        pass


def test_reading_needs_no_passphrase_and_writes_nothing(folder: VenueFolder) -> None:
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    with open_books(folder) as books:
        assert books.settings.name == read_venue_file((DEMO / "venue.toml").read_text("utf-8"), path="").settings.name
        assert books.origin.startswith("mingjia/")
        with pytest.raises(sa.exc.OperationalError):
            books.connection.execute(sa.text("DELETE FROM staff_attempts"))
    assert {name: (folder.path / name).read_bytes() for name in before} == before


def test_a_swapped_list_of_owner_keys_is_refused(folder: VenueFolder) -> None:
    """Whoever exchanged it could read every later registration."""
    mine = OwnerKey.create(
        site=json.loads((folder.path / "recipients.json").read_text())["site"], first_month=MONDAY_EVENING.date()
    )
    (folder.path / "recipients.json").write_text(mine.recipients().to_json(), encoding="ascii")
    with pytest.raises(RecipientsRefusedError), opened(folder):
        pass


def test_a_missing_list_of_owner_keys_is_refused(folder: VenueFolder) -> None:
    (folder.path / "recipients.json").unlink()
    with pytest.raises(RecipientsRefusedError), opened(folder):
        pass


def test_secrets_cut_short_are_damaged(folder: VenueFolder) -> None:
    path = folder.path / "counter-secrets"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SecretStoreError), opened(folder):
        pass


def test_a_missing_guard_stands_again_and_is_in_the_journal(folder: VenueFolder) -> None:
    connection = sqlite3.connect(folder.database)
    connection.execute("DROP TRIGGER guard_postings_no_delete")
    connection.execute("DROP TRIGGER guard_journal_no_update")
    connection.commit()
    connection.close()
    missing = {"guard_postings_no_delete", "guard_journal_no_update"}
    with opened(folder) as venue:
        (notice,) = venue.notices
        assert isinstance(notice, GuardsRestored)
        assert set(notice.missing) == missing
        written = entries(venue)[-1]
        assert (written["type"], written["actor"], set(written["body"]["missing"])) == (
            "guards.restored",
            "system",
            missing,
        )
    with opened(folder) as venue:
        assert venue.notices == ()
        assert entries(venue)[-1]["type"] == "guards.restored"  # Nothing is said twice.


def test_a_migration_is_in_the_journal_even_if_the_program_died_in_between(
    folder: VenueFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    founded = migrations.HEAD
    with opened(folder) as venue:
        monkeypatch.setattr(migrations, "HEAD", "9998")
        mend(venue.records, venue.reserve)
        mend(venue.records, venue.reserve)
        told = [entry["body"] for entry in entries(venue) if entry["type"] == "schema.migrated"]
    assert told == [{"from": founded, "to": "9998"}]


def test_a_newer_programs_folder_is_refused(folder: VenueFolder) -> None:
    connection = sqlite3.connect(folder.database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(SchemaTooNewError), opened(folder):
        pass


def test_a_folder_without_a_venue_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotAVenueError), opened(VenueFolder(path=tmp_path)):
        pass


def test_a_database_without_an_entry_is_no_venue(tmp_path: Path) -> None:
    folder = VenueFolder(path=tmp_path / "begun", reserve_bytes=65536)
    folder.found(metadata).dispose()
    with pytest.raises(NotAVenueError) as caught, opened(folder):
        pass
    assert caught.value.folder == str(folder.path)


def test_a_file_that_is_no_database_is_damaged(folder: VenueFolder) -> None:
    folder.database.write_bytes(b"all gone" * 1000)
    with pytest.raises(DamagedError), opened(folder):
        pass


@pytest.mark.parametrize("table", ["venue_settings", "log_shards", "public_keys"])
def test_a_venue_without_its_first_facts_is_damaged(folder: VenueFolder, table: str) -> None:
    connection = sqlite3.connect(folder.database)
    connection.execute(f"DROP TRIGGER guard_{table}_no_delete")
    connection.execute(f"DELETE FROM {table}")  # Our own schema.
    connection.commit()
    connection.close()
    with pytest.raises(DamagedError), opened(folder):
        pass


def test_a_missing_reserve_is_built_again_without_a_word(folder: VenueFolder) -> None:
    folder.release_reserve()
    with opened(folder) as venue:
        assert folder.has_reserve()
        assert venue.notices == ()
        assert entries(venue)[-1]["type"] == "prices.published"


def test_a_store_that_was_full_recovers_by_an_entry(folder: VenueFolder) -> None:
    with opened(folder) as venue:
        venue.reserve.give_up()
        assert not folder.has_reserve()
        assert venue.reserve.has_room()
        written = [(entry["type"], sorted(entry["body"])) for entry in entries(venue)[-2:]]
    assert [type_ for type_, _body in written] == ["store.filled", "store.recovered"]
    assert {tuple(keys) for _type, keys in written} == {("free_bytes",)}


def new_settings(**changes: str) -> str:
    text = (DEMO / "venue.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        text = "\n".join(f"{old} = {new}" if line.startswith(f"{old} = ") else line for line in text.split("\n"))
    return text


def test_new_settings_are_an_entry_and_count_at_once(folder: VenueFolder) -> None:
    with opened(folder) as venue:
        given = read_venue_file(new_settings(name='"新店"', venue_code='"44010410000999"'), path="")
        change_settings(venue, given, by=member(venue, "li"), path="")
        assert venue.settings.name == "新店"
        write_something(venue)
        changed, after = entries(venue)[-2:]
    assert (changed["type"], changed["actor"], changed["body"]["settings"]["name"]) == ("venue.changed", "s1", "新店")
    assert after["venue"] == "44010410000999"


def test_settings_that_are_in_force_already_make_no_entry(folder: VenueFolder) -> None:
    with opened(folder) as venue:
        size = len(entries(venue))
        given = read_venue_file(new_settings() + "\n[devices]\nprinter = 'file:paper'\n", path="")
        change_settings(venue, given, by=member(venue, "li"), path="")
        assert len([e for e in entries(venue) if e["type"] != "system.booted"]) == size
    assert read_devices(folder.path).printer == "file:paper"


def test_only_the_owner_changes_settings(folder: VenueFolder) -> None:
    with opened(folder) as venue, pytest.raises(RoleRefusedError):
        change_settings(venue, read_venue_file(new_settings(), path=""), by=member(venue, "wang"), path="")


def test_a_running_desk_follows_settings_that_another_program_changed(folder: VenueFolder) -> None:
    with opened(folder) as desk:
        with opened(folder) as other:
            given = read_venue_file(new_settings(day_starts='"00:00"', venue_code='"44010410000777"'), path="")
            change_settings(other, given, by=member(other, "li"), path="")
        write_something(desk)
        written = entries(desk)[-1]
        assert (written["venue"], desk.settings.day_starts) == ("44010410000777", 0)
        with desk.records.reading() as connection:
            version, settings = read_settings(connection)
        assert (version, settings) == (2, desk.settings)
