"""The data folder: what it refuses to be, who holds it, and the room it keeps."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from records import migrations
from records.errors import AlreadyOpenError, DamagedError, NotAVenueError, SchemaTooNewError
from records.folder import VenueFolder
from records.schema import metadata
from records.unit_of_work import Records
from tests.attacks import shell_at
from tests.servers import ON_A_FILE, Home


def test_a_folder_without_records_is_no_venue(tmp_path: Path) -> None:
    with pytest.raises(NotAVenueError):
        VenueFolder(path=tmp_path).open()


def test_a_database_of_something_else_is_no_venue(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'records.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE something (x)")
    engine.dispose()
    with pytest.raises(NotAVenueError):
        VenueFolder(path=tmp_path).open()


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100])
def test_a_file_that_is_no_database_is_damaged(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "records.db").write_bytes(damage)
    with pytest.raises(DamagedError):
        VenueFolder(path=tmp_path).open()


@ON_A_FILE
def test_a_torn_database_is_damaged(folder: VenueFolder) -> None:
    whole = folder.database.read_bytes()
    folder.database.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(DamagedError):
        folder.open()


def test_a_later_schema_is_not_touched(home: Home, folder: VenueFolder) -> None:
    with shell_at(home, folder.path) as shell:
        shell.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNewError):
        folder.open()


@ON_A_FILE
def test_an_existing_venue_is_not_founded_again(folder: VenueFolder) -> None:
    with pytest.raises(FileExistsError):
        folder.found(metadata)


@ON_A_FILE
@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access lists, not modes")
def test_only_the_owner_can_read_the_records(folder: VenueFolder, records: Records) -> None:
    with records.begin() as work:
        work.entry("venue.changed", {})
        work.commit()
    written = [p for p in folder.path.iterdir() if p.name.startswith("records.db")]
    assert len(written) == 3  # the database, -wal and -shm
    assert {stat.S_IMODE(p.stat().st_mode) for p in written} == {0o600}


@ON_A_FILE
def test_the_settings_that_keep_what_is_acknowledged_are_on(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "recursive_triggers")
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
    assert values == ["wal", 2, 1, 1, 1]


def test_a_read_only_opening_cannot_write(folder: VenueFolder) -> None:
    engine = folder.open_read_only()
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
        connection.exec_driver_sql("UPDATE journal_head SET epoch = 9")
    engine.dispose()


def test_values_never_stand_in_errors(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as failed:
        connection.execute(sa.text("SELECT :secret FROM nowhere"), {"secret": "110101199003070011"})
    assert "110101199003070011" not in str(failed.value)


def test_a_second_desk_is_refused_while_the_first_works(folder: VenueFolder) -> None:
    script = (
        "import pathlib, sys\n"
        "from records.errors import AlreadyOpenError\n"
        "from records.folder import VenueFolder\n"
        "try:\n"
        "    with VenueFolder(path=pathlib.Path(sys.argv[1])).held_by_desk(): print('held')\n"
        "except AlreadyOpenError: print('refused')"
    )
    command = [sys.executable, "-c", script, str(folder.path)]
    with folder.held_by_desk():
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "refused"
        with pytest.raises(AlreadyOpenError), folder.held_by_desk():
            pass
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "held"


def test_the_reserve_takes_real_room_and_comes_back(folder: VenueFolder) -> None:
    assert folder.has_reserve()
    folder.release_reserve()
    assert not folder.has_reserve()
    assert folder.restore_reserve()
    status = folder.reserve.stat()
    assert status.st_size == folder.reserve_bytes
    if os.name == "posix":
        assert status.st_blocks * 512 >= folder.reserve_bytes


def test_no_reserve_is_built_where_there_is_no_room(folder: VenueFolder) -> None:
    greedy = VenueFolder(path=folder.path, reserve_bytes=folder.free_bytes())
    assert not greedy.restore_reserve()


@ON_A_FILE
def test_the_frozen_schema_is_the_declared_one(engine: sa.Engine) -> None:
    declared = sa.create_engine("sqlite://")
    metadata.create_all(declared)
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' ORDER BY name"

    def schema(which: sa.Engine) -> dict[str, list[str]]:
        with which.connect() as connection:
            return {row.name: parts(row.sql) for row in connection.exec_driver_sql(query)}

    def parts(sql: str) -> list[str]:
        """Columns, constraints and options; a column that a later revision added stands behind the older ones."""
        return sorted(re.split(r", (?![^(]*\))", " ".join(sql.split()).replace("( ", ", ").replace(" )", ", ")))

    frozen = schema(engine)
    frozen.pop("alembic_version")
    assert frozen == schema(declared)
    declared.dispose()


@ON_A_FILE
def test_key_columns_stand_first_so_that_the_integrity_check_reads_the_others_right(engine: sa.Engine) -> None:
    inspector = sa.inspect(engine)
    for table in metadata.sorted_tables:
        if not table.dialect_options["sqlite"]["with_rowid"]:
            names = [column["name"] for column in inspector.get_columns(table.name)]
            keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert set(names[: len(keys)]) == set(keys), table.name


def test_the_schema_is_of_the_newest_version(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert migrations.version_of(connection) == migrations.HEAD
