"""A venue on a server from its founding or its move on: two desks, one journal, one proof."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from billing.tables import visits
from billing.visit_errors import SeatTakenError
from members.repository import sealed_registration
from pos.bootstrap import open_venue
from pos.counter.errors import IdRefusedError
from privacy.errors import SealedDataError
from privacy.opening import Opener
from privacy.owner_key import OwnerKey
from privacy.registration_keys import registration_keys
from privacy.sealing import Field
from records import database, key_store
from records.errors import SchemaTooNewError
from records.folder import VenueFolder
from tests.keyrings import MemoryKeyring
from tests.pos.counter.venues import DEMO, PASSPHRASE, cash, counter_of, seat_someone
from tests.pos.streets import Street, found, found_cheaply


def test_a_venue_is_founded_on_a_server_and_two_desks_settle_into_one_proof(street: Street) -> None:
    assert found(street, *street.reached).status == 0
    assert not (street.path / "one" / "records.db").exists()
    assert "for-tests" not in (street.path / "one" / "database.toml").read_text(encoding="utf-8")
    joined = street.join("bar", "two")
    assert joined["desk"] == "bar"
    assert street.refused("three", "desk", "enrol", street.path / "bar.enrol", "--passphrase-file", street.secrets)[
        0
    ] in {"desk-name", "store-denied"}
    shifts = [street.ask(desk, "shift", "open", "--float", "20000", "--as", "chen")["shift"] for desk in ("one", "two")]
    assert shifts == [1, 2]
    sold = [
        street.ask(desk, "sale", "--item", "cola-330=1", "--tender", "cash=1000", "--as", "chen")["receipt"]
        for desk in ("two", "one", "two")
    ]
    assert sold == [1, 2, 3]
    closed = [
        street.ask(desk, "shift", "close", "--counted", fen, "--reason", "unknown", "--as", "chen")
        for desk, fen in (("one", "20400"), ("two", "20800"))
    ]
    assert [(one["z"], one["difference_fen"]) for one in closed] == [(1, 0), (2, 0)]
    assert street.ask("two", "journal", "verify")["findings"] == []
    assert street.ask("one", "doctor")["ok"]
    entries = [entry for entry in keys_of(street) if entry["body"]["use"] == "checkpoint"]
    assert [entry["till"] for entry in entries] == ["desk-1", "desk-1", "bar", "bar"]


def keys_of(street: Street) -> list[Any]:
    import json

    engine = VenueFolder(path=street.path / "one").open()
    with database.snapshot(engine) as connection:
        query = sa.text("SELECT entry FROM journal WHERE type = 'key.added' ORDER BY seq")
        found_entries = [json.loads(bytes(entry)) for entry in connection.execute(query).scalars()]
    engine.dispose()
    return found_entries


def test_a_founding_that_fails_leaves_nothing_on_the_server(street: Street) -> None:
    (street.path / "owner.pem").mkdir()  # Where the owner's key should go.
    assert found(street, *street.reached).status != 0
    with street.server.superuser(street.database_name) as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'venue%'").fetchall()
    connection.close()
    assert left == []


def test_a_password_in_the_address_is_refused_before_anything_is_asked(street: Street) -> None:
    answer = found(street, "--database", "postgresql+psycopg://u:secret@h/d", "--database-owner-url", "x", "--json")
    assert (answer.status, answer.error["code"]) == (1, "database-invalid")
    assert "secret" not in answer.out + answer.err


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """The system's key store of this computer."""
    found_keyring = MemoryKeyring()
    monkeypatch.setattr(key_store, "system_backend", lambda: found_keyring)
    return found_keyring


def database_toml(street: Street, folder: str) -> dict[str, Any]:
    return tomllib.loads((street.path / folder / "database.toml").read_text(encoding="utf-8"))


def test_passwords_rest_in_the_systems_key_store_and_the_address_in_the_settings(
    street: Street, keyring: MemoryKeyring
) -> None:
    place = street.server.place(street.database_name)
    settings = (DEMO / "venue.toml").read_text(encoding="utf-8")
    (street.path / "venue.toml").write_text(f'database = "{place.url}"\n{settings}', encoding="utf-8")
    secrets = street.secrets.read_text(encoding="utf-8")
    street.secrets.write_text(f'database_password = "for-tests"\n{secrets}', encoding="utf-8")
    founded = street.terminal.run(
        "init",
        street.path / "one",
        *("--venue", street.path / "venue.toml", "--prices", DEMO / "prices.toml", "--secrets", street.secrets),
        *("--owner-key", street.path / "owner.pem", "--secret-store", "passphrase", *street.reached[4:]),
        "--database-password-keystore",
    )
    assert founded.status == 0, founded
    assert set(keyring.items.values()) == {"for-tests"}
    settled: list[str | Path] = ["--venue", street.path / "venue.toml", "--prices", DEMO / "prices.toml"]
    assert street.run("other", "init", street.path / "other", *settled).status == 2, "the owner's way in is missing"
    kept = database_toml(street, "one")
    assert (kept["database"], kept["desk"], kept["password_keystore"]) == (place.url, "desk-1", True)
    assert street.ask("one", "venue", "show")["database"] == place.url
    # The journal tells of the venue, not of its computers.
    assert "database" not in street.ask("one", "venue", "show")["settings"]
    street.ask("one", "venue", "apply", street.path / "venue.toml", "--as", "li")
    (street.path / "venue.toml").write_text(
        f'database = "{place.url.replace("/mingjia_", "/other_")}"\n{settings}', encoding="utf-8"
    )
    assert street.refused("one", "venue", "apply", street.path / "venue.toml", "--as", "li")[0] == "database-differs"
    # The second desk goes its own way to the same server, and reads its password in a file; then in its key store.
    street.ask(
        "one", "desk", "add", "bar", "--as", "li", "--out", street.path / "bar", "--passphrase-file", street.secrets
    )
    enrolling: list[str | Path] = ["desk", "enrol", street.path / "bar", "--passphrase-file", street.secrets]
    own_way = sa.make_url(place.url).update_query_dict({"connect_timeout": "3"}).render_as_string()
    enrolling += ["--secret-store", "passphrase", "--database", own_way]
    street.ask("two", *enrolling, "--database-password-file", street.server.password_file)
    assert database_toml(street, "two")["password_file"] == str(street.server.password_file)
    changed = street.ask("two", "desk", "password", "--database-password-keystore")
    assert changed == {"desk": "bar", "password": "key-store"}
    assert database_toml(street, "two").get("password_file") is None
    assert len(keyring.items) == 2
    assert street.ask("two", "journal", "verify")["findings"] == []


def test_a_password_that_does_not_let_in_changes_nothing(street: Street) -> None:
    found_cheaply(street)
    before = database_toml(street, "one")
    (street.path / "wrong").touch(mode=0o644)
    command: list[str | Path] = ["desk", "password", "--database-password-file", street.path / "wrong"]
    assert street.refused("one", *command)[0] == "database-password"
    assert database_toml(street, "one") == before
    assert street.run("one", "desk", "password").status == 2
    assert street.refused("nowhere", *command)[0] == "not-a-venue"


def test_without_a_key_store_nobody_is_asked_for_a_password(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_store, "system_backend", lambda: None)
    reached = [*street.reached[:2], *street.reached[4:]]
    answer = found(street, "--database-password-keystore", *reached, "--json")
    assert (answer.status, answer.error["code"]) == (1, "database-password")
    assert "no system key store" in answer.error["message"]
    assert not (street.path / "one").exists()


def test_a_password_in_the_settings_or_at_the_second_desk_is_refused_and_never_written(street: Street) -> None:
    found_cheaply(street)
    place = street.server.place(street.database_name)
    bad = place.url.replace("mingjia_test@", "mingjia_test:for-tests@")
    settings = (DEMO / "venue.toml").read_text(encoding="utf-8")
    (street.path / "venue.toml").write_text(f'database = "{bad}"\n{settings}', encoding="utf-8")
    answer = street.run("one", "--json", "venue", "apply", street.path / "venue.toml", "--as", "li")
    assert [problem["code"] for problem in answer.error["problems"]] == ["password-in-address"]
    street.ask(
        "one", "desk", "add", "bar", "--as", "li", "--out", street.path / "bar", "--passphrase-file", street.secrets
    )
    enrolling: list[str | Path] = ["desk", "enrol", street.path / "bar", "--passphrase-file", street.secrets]
    assert street.refused("two", *enrolling, "--database", bad)[0] == "database-invalid"
    assert street.refused("one", "desk", "password", "--database", bad)[0] == "database-invalid"
    moving = ["move-to-postgres", "--as", "li", "--database", bad, *street.reached[4:]]
    assert street.refused("left", *moving)[0] == "database-invalid"
    written = [path for path in street.path.rglob("*") if path.is_file() and path.name != "venue.toml"]
    assert not any(b"for-tests" in path.read_bytes() for path in written)


def test_a_seat_and_a_customer_taken_at_another_desk_are_refused_in_words(street: Street) -> None:
    found_cheaply(street)
    street.join("bar", "two")
    folders = [VenueFolder(path=street.path / name) for name in ("one", "two")]
    with (
        open_venue(folders[0], passphrase=lambda: PASSPHRASE) as first,
        open_venue(folders[1], passphrase=lambda: PASSPHRASE) as second,
    ):
        here, there = counter_of(first, "chen"), counter_of(second, "chen")
        for counter in (here, there):
            counter.shifts.open(float_fen=20_000)
        seat_someone(here, "adult-a", "A01", deposit=cash(2000))
        with pytest.raises(SeatTakenError):
            seat_someone(there, "adult-b", "A01")
        with pytest.raises(IdRefusedError) as refused:
            seat_someone(there, "adult-a", "A02")
        assert refused.value.reason == "same-person"
        assert {bill.visit.seat for bill in there.seats.running()} == {"A01"}
        # Slips wait for their own desk's printer.
        with second.records.reading() as connection:
            waiting = sa.text("SELECT DISTINCT till FROM print_attempts")
            assert set(connection.execute(waiting).scalars()) == {"desk-1"}


def test_the_owner_opens_what_either_desk_sealed_and_nothing_that_a_stranger_signed(street: Street) -> None:
    found_cheaply(street)
    street.join("bar", "two")
    owner = OwnerKey.load(street.path / "owner-key.pem", "owner passphrase for tests")
    sealed = []
    for folder, who, seat in (("one", "adult-a", "A01"), ("two", "adult-b", "A02")):
        with open_venue(VenueFolder(path=street.path / folder), passphrase=lambda: PASSPHRASE) as venue:
            counter = counter_of(venue, "chen")
            counter.shifts.open(float_fen=0)
            visit = seat_someone(counter, who, seat)
            with venue.records.reading() as connection:
                keys = registration_keys(connection)
                check = connection.execute(sa.select(visits.c.check_id).where(visits.c.visit_id == visit)).scalar_one()
                sealed.append(sealed_registration(connection, check))
    assert len(keys) == 2
    opener = Opener(site=owner.site, owner=owner, desks=keys)
    names = {opener.open(one)[Field.NAME].value.reveal() for one in sealed}
    assert len(names) == 2
    for number, desk in enumerate(keys):
        alone = Opener(site=owner.site, owner=owner, desks=(desk,))
        assert alone.open(sealed[number])
        with pytest.raises(SealedDataError):
            alone.open(sealed[1 - number])
    with pytest.raises(SealedDataError):
        Opener(site=owner.site, owner=owner, desks=()).open(sealed[0])


def test_the_owner_sets_protections_up_again_and_the_journal_says_so(street: Street) -> None:
    found_cheaply(street)
    place = VenueFolder(path=street.path / "one").place
    assert place is not None
    with street.server.superuser(street.database_name) as connection:
        connection.execute(f"DROP TRIGGER guard_postings_update ON {place.schema}.postings")
    connection.close()
    answer = street.run("one", "shift", "open", "--float", "0", "--as", "chen")
    assert answer.status == 0
    assert "guard_postings_update" in answer.err
    assert not street.ask("one", "venue", "show").get("error")
    migrated = street.ask("one", "migrate", *street.reached[4:])
    assert migrated["restored"] == ["guard_postings_update"]
    assert street.ask("one", "doctor")["ok"]
    assert street.ask("one", "journal", "verify")["findings"] == []


def test_a_desk_of_an_older_version_writes_nothing_into_what_a_newer_one_changed(street: Street) -> None:
    found_cheaply(street)
    folder = VenueFolder(path=street.path / "one")
    place = folder.place
    assert place is not None
    with open_venue(folder, passphrase=lambda: PASSPHRASE) as venue:
        counter = counter_of(venue, "chen")
        counter.shifts.open(float_fen=0)
        with street.server.superuser(street.database_name) as connection:
            # As `migrate` leaves it: the version, and the entry of a unit that stood alone.
            connection.execute(f"UPDATE {place.schema}.alembic_version SET version_num = '9999'")
            connection.execute(f"UPDATE {place.schema}.journal_head SET epoch = epoch + 1")
        connection.close()
        with pytest.raises(SchemaTooNewError):
            seat_someone(counter, "adult-a", "A01")
    assert street.refused("one", "migrate", *street.reached[4:])[0] == "schema-too-new"
