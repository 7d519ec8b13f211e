"""PostgreSQL as the records' home: what the program's role may do, what is noticed, and how desks take turns.

Attacks are raw SQL as the program's role; what only an owner can try is in the guards' tests.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import sqlalchemy as sa

from records import database, guards, key_store, migrations, passwords
from records.carried import constraints_of, is_carried, name_of
from records.clock import SimulatedClock
from records.errors import (
    OutcomeUnknownError,
    OvertakenError,
    PasswordError,
    PlaceInvalidError,
    RefusedByGuardError,
    StoreDeniedError,
    StoreLostError,
)
from records.folder import VenueFolder, open_server
from records.place import ServerPlace, read_place
from records.repeating import repeated
from records.schema import Kind, journal, kind_of, metadata, venue_settings
from records.unit_of_work import Records, UnitOfWork
from tests.attacks import shell_at
from tests.conftest import import_all_tables
from tests.keyrings import MemoryKeyring
from tests.servers import ON_A_SERVER, OWNER, PROGRAM, SCHEMA, Home, database_of

import_all_tables()
pytestmark = ON_A_SERVER

PROTECTED = sorted(t.name for t in metadata.sorted_tables if kind_of(t) is not Kind.STATE)
BLIND = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
GROWING = sorted(t.name for t in metadata.sorted_tables if kind_of(t) in {Kind.JOURNAL, Kind.FACT})


@pytest.fixture
def place(folder: VenueFolder) -> ServerPlace:
    found = folder.place
    assert found is not None
    return found


@pytest.fixture
def other_desk(records: Records, place: ServerPlace) -> Iterator[Records]:
    """A second desk on the same books."""
    engine = open_server(replace(place, desk="desk-2"))
    yield replace(records, engine=engine, till="desk-2")
    engine.dispose()


def record(work: UnitOfWork, number: int) -> None:
    entry = work.entry("venue.changed", {"settings": number})
    work.insert(venue_settings, {"version": number, "settings": "{}"}, entry=entry)


def seqs(records: Records) -> list[int]:
    with records.reading() as connection:
        return list(connection.execute(sa.select(journal.c.seq).order_by(journal.c.seq)).scalars())


def test_the_frozen_schema_is_the_declared_one(home: Home, place: ServerPlace) -> None:
    assert home.server is not None
    owner = home.server.owner_of(place)
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA declared")
        connection.exec_driver_sql("SET search_path = declared")
        metadata.create_all(connection)

    def described(schema: str) -> dict[str, set[tuple[Any, ...]]]:
        with owner.connect() as connection:
            named = {"schema": schema}
            told: dict[str, set[tuple[Any, ...]]] = {}
            for query in (_COLUMNS, _CONSTRAINTS, _INDEXES):
                for table, *facts in connection.exec_driver_sql(query, named):
                    told.setdefault(table, set()).add(tuple(str(fact).replace(f"{schema}.", "") for fact in facts))
            return told

    frozen, declared = described(SCHEMA), described("declared")
    frozen.pop("alembic_version")
    for table in metadata.sorted_tables:
        carried = {name_of(one) for one in constraints_of(table) if is_carried(table, one)}
        declared[table.name] = {fact for fact in declared[table.name] if fact[0] not in carried}
    assert frozen == declared
    owner.dispose()


_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = %(schema)s
"""
_CONSTRAINTS = """
SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
WHERE r.relnamespace = %(schema)s::regnamespace
"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s"


@contextmanager
def as_program(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def test_the_programs_role_changes_no_fact(engine: sa.Engine) -> None:
    for name in GROWING:
        column = next(iter(metadata.tables[name].columns)).name
        for attack in (
            f"UPDATE {name} SET {column} = {column}",
            f"DELETE FROM {name}",
            f"TRUNCATE {name}",
            f"INSERT INTO {name} SELECT * FROM {name} ON CONFLICT ({column}) DO UPDATE SET {column} = NULL",
            f"SELECT * FROM {name} FOR UPDATE",
        ):
            with as_program(engine) as connection, pytest.raises(sa.exc.ProgrammingError) as refused:
                connection.exec_driver_sql(attack)
            assert "permission denied" in str(refused.value) or "no unique or exclusion" in str(refused.value)


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "DROP TRIGGER guard_journal_insert ON journal",
        f"CREATE OR REPLACE FUNCTION guard_journal_insert() {BLIND}",
        "ALTER TABLE deposits DROP CONSTRAINT ck_deposits_amount",
        "DROP TABLE journal",
        "CREATE TABLE journal2 (x int)",
        "SET session_replication_role = replica",
        f"SET ROLE {OWNER}",
        "UPDATE open_visits SET visit_id = 'x'",
        "INSERT INTO journal_head VALUES (1, 0)",
        "DELETE FROM journal_head",
        "UPDATE registrations SET person_id = 'x'",
        "UPDATE alembic_version SET version_num = '0'",
    ],
)
def test_the_programs_role_takes_no_protection_away(engine: sa.Engine, attack: str) -> None:
    with as_program(engine) as connection, pytest.raises(sa.exc.DBAPIError, match=r"permission denied|must be owner"):
        connection.exec_driver_sql(attack)


def test_a_table_of_the_same_name_blinds_no_guard(records: Records) -> None:
    """Guards look into the venue's schema alone, whatever a session puts before it."""
    with database.writing(records.engine) as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE journal (seq bigint, entry_id text)")
        connection.exec_driver_sql(f"SET search_path = pg_temp, {SCHEMA}")
        attack = f"INSERT INTO {SCHEMA}.journal VALUES (0, 'e', 't', 'd', 0, '', ''), (9, 'f', 't', 'd', 0, '', '')"
        with pytest.raises(sa.exc.IntegrityError, match="guard_journal_gap"):
            connection.exec_driver_sql(attack)


def test_every_guard_stands_and_so_does_every_grant(engine: sa.Engine) -> None:
    with database.snapshot(engine) as connection:
        assert guards.missing(connection, metadata) == []
        triggers = set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars())
    assert {f"guard_{name}_truncate" for name in PROTECTED} <= triggers
    assert {f"guard_{name}_{event}" for name in GROWING for event in ("update", "delete")} <= triggers


def test_the_records_keep_what_they_acknowledge(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "read committed"


def test_entries_stay_whole_as_long_as_a_page_holds_them(home: Home, records: Records, place: ServerPlace) -> None:
    """Nobody packs an entry while every desk waits; also where the tables are of the version before."""
    assert home.server is not None
    packed = "SELECT length(entry) > 2500, pg_column_compression(entry) IS NOT NULL FROM journal ORDER BY seq"
    for number, size in enumerate((3_000, 20_000)):
        with records.begin() as work:
            work.entry("venue.changed", {"settings": number, "long": "x" * size})
            work.commit()
    with records.reading() as connection:
        assert [tuple(row) for row in connection.exec_driver_sql(packed)] == [(True, False), (True, True)]
    options = "SELECT reloptions FROM pg_class WHERE oid IN ('journal'::regclass, 'print_jobs'::regclass)"
    owner = home.server.owner_of(place)
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE journal RESET (toast_tuple_target)")
        connection.exec_driver_sql("ALTER TABLE print_jobs RESET (toast_tuple_target)")
        for statement in migrations.ddl("0007", "postgresql"):
            connection.exec_driver_sql(statement)
        assert list(connection.exec_driver_sql(options).scalars()) == [["toast_tuple_target=8160"]] * 2
    owner.dispose()


def test_an_error_keeps_the_row_to_itself(engine: sa.Engine) -> None:
    row = {"secret": "110101199003070011"}
    with as_program(engine) as connection, pytest.raises(sa.exc.IntegrityError) as failed:
        connection.exec_driver_sql("INSERT INTO orders (order_id) VALUES (%(secret)s)", row)
    assert "110101199003070011" not in str(failed.value)


def test_desks_write_side_by_side_and_the_log_is_one(records: Records, other_desk: Records) -> None:
    with records.begin() as first:
        record(first, 1)
        with other_desk.begin() as second:
            record(second, 2)
            assert second.commit().seqs == (0,)
        assert first.commit().seqs == (1,)
    assert seqs(records) == [0, 1]


def test_one_desks_programs_take_turns(records: Records) -> None:
    """Readings of one desk stand in the log in the order in which they were taken."""
    with records.begin() as work:  # A desk's first entry makes the row that the next ones hold.
        record(work, 0)
        work.commit()
    ended = threading.Event()

    def second() -> None:
        with records.begin() as work:
            assert ended.is_set()
            record(work, 2)
            work.commit()

    with records.begin() as first:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        record(first, 1)
        ended.set()
        first.commit()
    thread.join(10)
    assert seqs(records) == [0, 1, 2]


def test_who_began_before_a_change_of_prices_begins_anew(records: Records, other_desk: Records) -> None:
    def overtaken() -> None:
        with records.begin() as work:
            record(work, 1)
            with other_desk.begin(alone=True) as changing:
                record(changing, 2)
                changing.commit()
            work.commit()

    with pytest.raises(OvertakenError):
        overtaken()
    assert seqs(records) == [0]


def test_a_repeated_operation_finds_what_the_first_left(records: Records, other_desk: Records) -> None:
    tries: list[int] = []

    @repeated
    def write() -> int:
        with records.begin() as work:
            tries.append(len(tries))
            if len(tries) < 3:
                with other_desk.begin(alone=True) as changing:
                    record(changing, 10 + len(tries))
                    changing.commit()
            record(work, 1)
            return work.commit().seqs[0]

    assert write() == 2
    assert len(tries) == 3


def test_the_same_key_at_two_desks_is_one_who_comes_second(records: Records, other_desk: Records) -> None:
    def clash() -> None:
        with records.begin() as work:
            with other_desk.begin() as other:
                record(other, 1)
                other.commit()
            record(work, 1)
            work.commit()

    with pytest.raises(OvertakenError):
        clash()


def lose_connection(server_connection: psycopg.Connection[Any], work: UnitOfWork) -> None:
    driver = work.connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    server_connection.execute("SELECT pg_terminate_backend(%s, 60000)", [driver.info.backend_pid])


def test_a_lost_connection_leaves_no_trace(home: Home, records: Records, place: ServerPlace) -> None:
    assert home.server is not None

    def lost() -> None:
        with records.begin() as work, home.server.superuser(database_of(place)) as superuser:  # type: ignore[union-attr]  # Asserted above.
            record(work, 1)
            lose_connection(superuser, work)
            work.commit()

    with pytest.raises(StoreLostError):
        lost()
    assert seqs(records) == []
    with records.begin() as work:
        record(work, 1)
        assert work.commit().seqs == (0,)


@pytest.mark.parametrize("has_arrived", [True, False])
def test_an_answer_lost_at_the_commit_is_found_out(
    home: Home, records: Records, place: ServerPlace, monkeypatch: pytest.MonkeyPatch, *, has_arrived: bool
) -> None:
    """The connection goes in the middle of COMMIT; only the server knows whether it was before or after."""
    assert home.server is not None
    superuser = home.server.superuser(database_of(place))
    with records.begin() as work:
        record(work, 1)
        commit = work.connection.commit

        def commit_and_lose() -> None:
            if has_arrived:
                commit()
                driver = work.connection.connection.driver_connection
                assert isinstance(driver, psycopg.Connection)
                driver.close()
                raise psycopg.OperationalError("the server closed the connection")
            lose_connection(superuser, work)
            commit()

        monkeypatch.setattr(work.connection, "commit", commit_and_lose)
        if has_arrived:
            assert work.commit().seqs == (0,)
        else:
            with pytest.raises(StoreLostError):
                work.commit()
    superuser.close()
    assert seqs(records) == ([0] if has_arrived else [])


def test_what_nobody_can_find_out_is_said_so(
    home: Home, records: Records, place: ServerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.server is not None
    monkeypatch.setattr("records.repeating.PATIENCE_SECONDS", 0.2)
    superuser = home.server.superuser(database_of(place))
    with records.begin() as work:
        record(work, 1)
        lose_connection(superuser, work)
        monkeypatch.setattr(database, "writing", _server_is_away)
        monkeypatch.setattr(work, "_seal", lambda: None)
        with pytest.raises((OutcomeUnknownError, StoreLostError)):
            work.commit()
    superuser.close()


def _server_is_away(_engine: sa.Engine) -> NoReturn:
    raise StoreLostError


def test_guards_refuse_in_their_own_words(records: Records) -> None:
    def leave_a_gap() -> None:
        with records.begin() as work:
            row = {"seq": 5, "entry_id": "x", "type": "t", "biz_day": "d", "wall": work.now, "entry": b"", "leaf": b""}
            work.execute(journal.insert(), row)

    def change() -> None:
        with records.begin() as work:
            work.execute(journal.update().values(type="t"))

    with pytest.raises(RefusedByGuardError) as refused:
        leave_a_gap()
    assert refused.value.guard == "guard_journal_gap"
    with pytest.raises(RefusedByGuardError) as refused:
        change()
    assert refused.value.guard == "grants"


def test_the_superuser_without_foreign_keys_still_meets_the_guards(home: Home, folder: VenueFolder) -> None:
    with shell_at(home, folder.path) as shell:
        for name in PROTECTED:
            with pytest.raises(psycopg.IntegrityError, match=f"guard_{name}_truncate"):
                shell.execute(f"TRUNCATE {name} CASCADE")


def test_a_wrong_password_is_told_from_a_server_that_is_away(place: ServerPlace, tmp_path: Path) -> None:
    nowhere = replace(place, url="postgresql+psycopg://mingjia_test@127.0.0.1:9/none")
    with pytest.raises(StoreLostError), database.snapshot(open_server(nowhere)):
        pass
    nobody = replace(place, url=place.url.replace(PROGRAM, "nobody_of_this_name"))
    with pytest.raises(StoreDeniedError), database.snapshot(open_server(nobody)):
        pass
    (tmp_path / "absent").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"url": "postgresql+psycopg://u:secret@host/db"}, "password"),
        ({"url": "postgresql+psycopg://u@host/db?password=secret"}, "password"),
        ({"url": "postgresql+psycopg://u@host/db?sslpassword=secret"}, "password"),
        ({"url": "sqlite:///x"}, "url"),
        ({"url": "postgresql+psycopg://host"}, "url"),
        ({"schema": "x; DROP"}, "schema"),
        ({"desk": "Desk 1"}, "desk"),
    ],
)
def test_a_place_with_a_password_or_sql_in_it_is_refused(
    place: ServerPlace, changes: dict[str, str], problem: str
) -> None:
    with pytest.raises(PlaceInvalidError) as refused:
        replace(place, **changes)  # type: ignore[arg-type]  # The parameters' table is of strings.
    assert refused.value.problem == problem


def test_a_place_is_read_as_it_was_written(place: ServerPlace, tmp_path: Path, clock: SimulatedClock) -> None:
    del clock
    place.write(tmp_path)
    assert read_place(tmp_path) == place
    assert (tmp_path / "database.toml").stat().st_mode & 0o077 == 0
    told = (tmp_path / "database.toml").read_text(encoding="utf-8")
    assert told.startswith('database = "postgresql+psycopg://')
    for wrong in (
        told.replace("database =", "url ="),
        told + "sslmode = 1\n",
        "database = 1\n",
        told + "desk = true\n",
    ):
        (tmp_path / "database.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(PlaceInvalidError):
            read_place(tmp_path)


def test_a_password_is_read_from_a_file_that_nobody_else_may_read(place: ServerPlace, tmp_path: Path) -> None:
    file = tmp_path / "password"
    with pytest.raises(PasswordError) as missing:
        replace(place, password_file=file).password()
    file.write_bytes(b"word with spaces \r\nsecond line\n")
    file.chmod(0o600)
    assert replace(place, password_file=file).password() == "word with spaces "
    file.chmod(0o604)
    with pytest.raises(PasswordError) as opened:
        replace(place, password_file=file).password()
    file.chmod(0o600)
    file.write_bytes(b"\xff\n")
    with pytest.raises(PasswordError) as binary:
        replace(place, password_file=file).password()
    assert [error.value.problem for error in (missing, opened, binary)] == ["file", "file-open", "file"]


def test_a_password_is_read_from_the_systems_key_store_at_each_connection(
    place: ServerPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = MemoryKeyring()
    monkeypatch.setattr(key_store, "system_backend", lambda: keyring)
    stored = replace(place, password_file=None, is_password_stored=True)
    stored.write(tmp_path)
    assert read_place(tmp_path) == stored
    with pytest.raises(PasswordError) as missing:
        stored.password()
    passwords.keep_in_key_store(place.url, "first")
    passwords.keep_in_key_store(place.url, "second")
    assert stored.password() == "second"
    keyring.is_locked = True
    with pytest.raises(PasswordError) as locked:
        stored.password()
    monkeypatch.setattr(key_store, "system_backend", lambda: None)
    with pytest.raises(PasswordError) as none:
        stored.password()
    assert [error.value.problem for error in (missing, locked, none)] == ["not-stored", "store", "no-store"]
    with pytest.raises(PlaceInvalidError):
        replace(place, is_password_stored=True)  # It names a file, too.
