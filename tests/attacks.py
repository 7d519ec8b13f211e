"""Somebody with a SQL shell and every right there is: the file itself, or the server's superuser."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from records.database import DATABASE_NAME
from records.folder import VenueFolder
from records.schema import metadata
from tests.servers import SCHEMA, Home, database_of

REFUSED: Final = (sqlite3.IntegrityError, psycopg.IntegrityError)


@dataclass(frozen=True, kw_only=True)
class Shell:
    """A connection whose foreign keys are off; each statement is committed by itself."""

    connection: Any
    is_server: bool

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement with `?` for its values."""
        if self.is_server:
            return self.connection.execute(statement.replace("?", "%s"), values)
        return self.connection.execute(statement, values)

    def insert(self, table: str, **row: Any) -> None:
        """Insert a row; without an entry it is of one that does not exist yet."""
        if "entry_id" in metadata.tables[table].columns:
            row.setdefault("entry_id", "e" * 26)
            self.mark(row["entry_id"])
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        self.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))

    def mark(self, entry_id: str) -> None:
        """Announce an entry, as whoever writes rows of it does first."""
        if self.execute("SELECT 1 FROM entry_marks WHERE entry_id = ?", (entry_id,)).fetchone() is None:
            self.execute("INSERT INTO entry_marks (entry_id) VALUES (?)", (entry_id,))

    def drop_guard(self, table: str, name: str, event: str) -> None:
        """Take a guard away; on the server it goes with the others of its table and event."""
        if self.is_server:
            self.execute(f"DROP TRIGGER IF EXISTS guard_{table}_{event.lower()} ON {table}")
        else:
            self.execute(f"DROP TRIGGER guard_{table}_{name}")


@contextmanager
def shell_at(home: Home, folder: Path) -> Iterator[Shell]:
    """Open a shell on a venue's records."""
    place = VenueFolder(path=folder).place
    if place is None:
        connection: Any = sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = OFF")
    else:
        assert home.server is not None
        connection = home.server.superuser(database_of(place))
        connection.execute(f"SET search_path = {SCHEMA}")
        connection.execute("SET session_replication_role = replica")
    try:
        yield Shell(connection=connection, is_server=place is not None)
    finally:
        connection.close()
