"""Raw SQL against every protected table, as an owner with the file and a database tool would try it.

The tables are listed from the schema of the database itself, so that a new one without a guard fails here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from records import database, guards, migrations
from records.schema import Kind, kind_of, metadata
from tests.conftest import import_all_tables
from tests.servers import ON_A_FILE

import_all_tables()
PROTECTED = sorted(t.name for t in metadata.sorted_tables if kind_of(t) is not Kind.STATE)
GROWING = sorted(t.name for t in metadata.sorted_tables if kind_of(t) in {Kind.JOURNAL, Kind.FACT})
PERSONAL = sorted(t.name for t in metadata.sorted_tables if kind_of(t) is Kind.PERSONAL)


@pytest.fixture(scope="module")
def attacked_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has one row in each table, put there before the guards stood."""
    path = tmp_path_factory.mktemp("attacked") / database.DATABASE_NAME
    database.create_file(path)
    engine = database.open_engine(path)
    migrations.migrate(engine, metadata)
    raw = sqlite3.connect(path, isolation_level=None)
    for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for table in metadata.sorted_tables:
        raw.execute(f"DELETE FROM {table.name}")  # The head's one row is the migration's.
        insert(raw, table, row(table, 1), "INSERT")
    raw.close()
    with engine.begin() as connection:
        guards.install(connection, metadata)
    engine.dispose()
    return path


@pytest.fixture
def raw(attacked_template: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A foreign connection: foreign keys off, recursive triggers off, checks off."""
    path = tmp_path / "copy.db"
    with sqlite3.connect(attacked_template) as source, sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    target.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()


def row(table: sa.Table, number: int) -> dict[str, object]:
    """Return a row whose every value is made from `number`; the entry of row 1 is the one that is written."""
    values: dict[str, object] = {}
    for column in table.columns:
        name = str(column.type.compile(dialect=sqlite.dialect()))
        values[column.name] = {"INTEGER": number, "TEXT": f"x{number}", "BLOB": bytes([number])}[name]
    return values


def insert(raw: sqlite3.Connection, table: sa.Table, values: dict[str, object], how: str, tail: str = "") -> None:
    marks = ", ".join("?" * len(values))
    raw.execute(f"{how} INTO {table.name} ({', '.join(values)}) VALUES ({marks}) {tail}", list(values.values()))


def content(raw: sqlite3.Connection, table: sa.Table) -> list[tuple[object, ...]]:
    return raw.execute(f"SELECT * FROM {table.name}").fetchall()


def unique_keys(raw: sqlite3.Connection, table: sa.Table) -> list[list[str]]:
    """Ask the database itself, so that a key the schema module forgot is attacked too."""
    keys = [[c.name for c in table.primary_key.columns]]
    for _seq, name, is_unique, _origin, _partial in raw.execute(f"PRAGMA index_list({table.name})").fetchall():
        if is_unique:
            keys.append([column for _s, _c, column in raw.execute(f"PRAGMA index_info({name})").fetchall()])
    return keys


def test_every_table_of_the_database_is_known_and_guarded(raw: sqlite3.Connection) -> None:
    found = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found - {"alembic_version"} == {table.name for table in metadata.sorted_tables}
    triggers = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for table in metadata.sorted_tables:
        if kind_of(table) is Kind.STATE:
            continue
        expected = {f"guard_{table.name}_no_replace_{number}" for number in range(len(guards._unique_keys(table)))}
        expected.add(f"guard_{table.name}_no_update")
        personal = kind_of(table) is Kind.PERSONAL
        expected.add(f"guard_{table.name}_{'no_early_delete' if personal else 'no_delete'}")
        if kind_of(table) is not Kind.JOURNAL:
            expected.add(f"guard_{table.name}_entry_written")
        assert expected <= triggers


def test_protected_tables_have_no_hidden_rowid(raw: sqlite3.Connection) -> None:
    for name in PROTECTED:
        sql = raw.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        key = list(metadata.tables[name].primary_key.columns)
        assert "STRICT" in sql
        assert "WITHOUT ROWID" in sql or (len(key) == 1 and f"{key[0].name} INTEGER NOT NULL" in sql), name


@pytest.mark.parametrize("name", PROTECTED)
def test_no_row_is_replaced_by_any_unique_key(raw: sqlite3.Connection, name: str) -> None:
    table = metadata.tables[name]
    before = content(raw, table)
    first, second = row(table, 1), row(table, 2)
    for key in unique_keys(raw, table):
        values = {**second, **{column: first[column] for column in key}}
        target = ", ".join(key)
        changed = next((c for c in values if c not in key), key[0])
        for how, tail in (
            ("INSERT OR REPLACE", ""),
            ("REPLACE", ""),
            ("INSERT", f"ON CONFLICT ({target}) DO UPDATE SET {changed} = excluded.{changed}"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="guard_"):
                insert(raw, table, values, how, tail)
    assert content(raw, table) == before


@pytest.mark.parametrize("alias", ["rowid", "oid", "_rowid_"])
@pytest.mark.parametrize("name", PROTECTED)
def test_no_row_is_replaced_by_rowid(raw: sqlite3.Connection, name: str, alias: str) -> None:
    table = metadata.tables[name]
    before = content(raw, table)
    key = next(iter(table.primary_key.columns)).name
    values = {(alias if column == key else column): value for column, value in row(table, 2).items()}
    marks = ", ".join("?" * len(values))
    # A table WITHOUT ROWID has no such column; elsewhere the integer primary key is the rowid.
    with pytest.raises((sqlite3.OperationalError, sqlite3.IntegrityError), match=rf"no column named {alias}|guard_"):
        raw.execute(f"REPLACE INTO {name} ({', '.join(values)}) VALUES ({marks})", [*{**values, alias: 1}.values()])
    assert content(raw, table) == before


@pytest.mark.parametrize("name", GROWING)
def test_no_fact_is_changed_or_deleted(raw: sqlite3.Connection, name: str) -> None:
    table = metadata.tables[name]
    before = content(raw, table)
    for column, value in row(table, 2).items():
        for how in ("UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"):
            with pytest.raises(sqlite3.IntegrityError, match="guard_"):
                raw.execute(f"{how} {name} SET {column} = ?", (value,))
    with pytest.raises(sqlite3.IntegrityError, match="guard_"):
        raw.execute(f"DELETE FROM {name}")
    assert content(raw, table) == before


@pytest.mark.parametrize("name", [n for n in PROTECTED if kind_of(metadata.tables[n]) is not Kind.JOURNAL])
def test_no_row_joins_an_entry_that_is_written(raw: sqlite3.Connection, name: str) -> None:
    table = metadata.tables[name]
    values = {**row(table, 2), "entry_id": "x1"}
    with pytest.raises(sqlite3.IntegrityError, match="guard_"):
        insert(raw, table, values, "INSERT")


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_data_changes_only_where_re_wrapping_needs_it(raw: sqlite3.Connection, name: str) -> None:
    table = metadata.tables[name]
    for column, value in row(table, 2).items():
        if column in table.info["changeable"]:
            raw.execute(f"UPDATE {name} SET {column} = ?", (value,))
        else:
            with pytest.raises(sqlite3.IntegrityError, match="guard_"):
                raw.execute(f"UPDATE {name} SET {column} = ?", (value,))


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_data_goes_only_after_its_day(raw: sqlite3.Connection, name: str) -> None:
    record_id = content_column(raw, name, "record_id")
    due = content_column(raw, name, "erasable_from")
    raw.execute("DROP TRIGGER guard_erasures_no_delete")  # To set the erasure's row anew for each try.
    for other_id, erased_on in ((None, ""), ("another record", due), (record_id, "w9")):
        raw.execute("DELETE FROM erasures")
        if other_id is not None:
            raw.execute("INSERT INTO erasures VALUES (?, ?, 'e')", (other_id, erased_on))
        with pytest.raises(sqlite3.IntegrityError, match="guard_"):
            raw.execute(f"DELETE FROM {name}")
    raw.execute("DELETE FROM erasures")
    raw.execute("INSERT INTO erasures VALUES (?, ?, 'e')", (record_id, due))
    raw.execute(f"DELETE FROM {name}")
    assert raw.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


def content_column(raw: sqlite3.Connection, name: str, column: str) -> str:
    value: str = raw.execute(f"SELECT {column} FROM {name}").fetchone()[0]
    return value


@pytest.mark.parametrize(
    ("trigger", "attack"),
    [
        ("guard_venue_settings_no_update", "UPDATE venue_settings SET settings = 'y'"),
        ("guard_venue_settings_no_delete", "DELETE FROM venue_settings"),
        ("guard_venue_settings_no_replace_0", "REPLACE INTO venue_settings VALUES (1, 'y', 'e9')"),
        ("guard_venue_settings_entry_written", "INSERT INTO venue_settings VALUES (9, 'y', 'x1')"),
        ("guard_journal_gap", "INSERT INTO journal VALUES (9, 'e9', 't', 'd', 0, x'00', x'00')"),
    ],
)
def test_without_its_guard_an_attack_would_succeed(raw: sqlite3.Connection, trigger: str, attack: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=trigger):
        raw.execute(attack)
    raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute(attack)


@ON_A_FILE
def test_a_missing_or_weakened_guard_is_found_and_restored(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_journal_no_delete")
        connection.exec_driver_sql("DROP TRIGGER guard_journal_gap")
        connection.exec_driver_sql(
            "CREATE TRIGGER guard_journal_gap BEFORE INSERT ON journal WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
        lost = ["guard_journal_gap", "guard_journal_no_delete"]
        assert sorted(guards.missing(connection, metadata)) == lost
        assert sorted(guards.install(connection, metadata)) == lost
        assert guards.missing(connection, metadata) == []
