"""All rows of one database into another, and the proof that they arrived.

The owner copies into tables that have no guards yet, in the transaction that sets the guards up. Values go as the
drivers have them: both databases keep integers, texts and bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from records.carried import require_kept

_BATCH_ROWS: Final = 2_000
_MODULUS: Final = 2**256


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """How many rows a table has, and a sum over the hashes of all of them, in whichever order they are read."""

    rows: int
    digest: str


def copy_rows(source: sa.Connection, target: sa.Connection, metadata: sa.MetaData) -> None:
    """Copy every table's rows from SQLite to a PostgreSQL schema that is new. Raises RefusedByGuardError."""
    for table in metadata.sorted_tables:
        target.execute(table.delete())  # What a migration put in stands in the source, too.
        columns = ", ".join(column.name for column in table.columns)
        cursor = target.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copying:
            for row in _rows(source, table):
                copying.write_row(row)
        cursor.close()
    target.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # No table changes while a reference still waits.
    require_kept(target, metadata)


def contents(connection: sa.Connection, metadata: sa.MetaData) -> dict[str, Content]:
    """Return what every table holds, to be compared with what another database holds."""
    return {table.name: _content(connection, table) for table in metadata.sorted_tables}


def _content(connection: sa.Connection, table: sa.Table) -> Content:
    rows = total = 0
    for row in _rows(connection, table):
        rows += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")
    return Content(rows=rows, digest=f"{total % _MODULUS:064x}")


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(column.name for column in table.columns)
    result = connection.execution_options(stream_results=True).exec_driver_sql(f"SELECT {columns} FROM {table.name}")  # noqa: S608  # Names of our own schema.
    for batch in result.yield_per(_BATCH_ROWS).partitions():
        yield from (tuple(row) for row in batch)
