"""How long a settlement takes, paper aside: the counter's own operation against a bare transaction of as many rows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import sqlalchemy as sa

from bench.books import Books, open_books, seat
from bench.figure import Figure, Runs
from billing.tenders import Tender, TenderKind
from pos.counter.settlement import Settlements
from records import migrations
from records.ids import new_id
from records.merkle import Frontier
from records.schema import metadata

VISITS = 300
WARM_UP = 20
GIVEN = (Tender(kind=TenderKind.CASH, fen=5_000),)


def figures() -> Iterator[Figure]:
    """Settle visits of three lines (two of time, one of goods), each followed by the bare transaction."""
    with open_books() as books:
        visit_ids = seat(books, VISITS)
        settlements = Settlements(till=books.till)
        for visit_id in visit_ids:
            settlements.show(visit_id)
        floor = _Floor(books, settlements, visit_ids.pop())
        settled, bare = [], []
        for visit_id in visit_ids:
            settle = partial(settlements.settle, visit_id, GIVEN, request=new_id())
            settled.append(_seconds(settle))
            bare.append(floor.write())
    product, plain = Runs(seconds=tuple(settled[WARM_UP:])), Runs(seconds=tuple(bare[WARM_UP:]))
    yield Figure(
        name="settlement",
        value=product.median * 1e3,
        unit="ms",
        floor=plain.median * 1e3,
        bound=6,
        spread=product.spread(1e3),
    )
    yield Figure(
        name="settlement_p95", value=product.percentile(95) * 1e3, unit="ms", bound=10, spread=product.spread(1e3)
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class _Floor:
    """The same rows into the same tables through the driver alone, as durable: no guard, no foreign key, no check.

    What a settlement changes or deletes is inserted too, so that as many rows are written.
    """

    def __init__(self, books: Books, settlements: Settlements, visit_id: str) -> None:
        self._connection = sqlite3.connect(books.folder / "floor.db", isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "ignore_check_constraints = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        for revision in migrations.revisions():
            for statement in migrations.ddl(revision, "sqlite"):
                self._connection.execute(statement)
        raw = books.raw_connection()
        before = raw.total_changes
        held = list(_rows(raw, "open_visits", "visit_id", visit_id))
        settled = settlements.settle(visit_id, GIVEN, request=new_id())
        changed = raw.total_changes - before
        self._rows = [*held, *_rows(raw, "desk_clocks", "1", 1), *_rows_of_entry(raw, settled.seq)]
        # Balances are moved, not inserted; here they are rows.
        self._rows += list(_rows(raw, "account_balances", "1", 1))[: changed - len(self._rows)]
        assert len(self._rows) == changed, "every row of a settlement is known"

    def write(self) -> float:
        """Insert the rows under fresh keys in one transaction, and return the seconds that it took."""
        rows = [(row.statement, row.fresh()) for row in self._rows]
        run = self._connection.execute
        start = time.perf_counter()
        run("BEGIN IMMEDIATE")
        for statement, values in rows:
            run(statement, values)
        run("COMMIT")
        return time.perf_counter() - start


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    statement: str
    values: tuple[Any, ...]
    keys: frozenset[int]

    def fresh(self) -> list[Any]:
        """The same values, but for new ones in unique keys."""
        return [_fresh(value) if place in self.keys else value for place, value in enumerate(self.values)]


_NUMBERS = count(1_000_000)


def _fresh(value: object) -> object:
    return new_id() if isinstance(value, str) else next(_NUMBERS)


def _rows_of_entry(raw: sqlite3.Connection, seq: int) -> Iterator[_Row]:
    [[entry_id]] = raw.execute("SELECT entry_id FROM journal WHERE seq = ?", (seq,)).fetchall()
    job_id = raw.execute("SELECT job_id FROM settlements WHERE entry_id = ?", (entry_id,)).fetchone()[0]
    for table in ("settlements", "tenders", "postings", "receipts", "print_jobs", "journal"):
        yield from _rows(raw, table, "entry_id", entry_id)
    yield from _rows(raw, "print_attempts", "job_id", job_id)
    yield from _rows(raw, "checkpoints", "size", seq + 1)
    for node in Frontier(seq, [b""] * seq.bit_count()).append(b""):
        yield from list(_rows(raw, "tree_nodes", "level", node.level))[-1:]


def _rows(raw: sqlite3.Connection, table: str, column: str, value: object) -> Iterator[_Row]:
    cursor = raw.execute(f"SELECT * FROM {table} WHERE {column} = ?", (value,))  # noqa: S608  # Names of our own schema.
    names = [name for name, *_ in cursor.description]
    statement = f"INSERT INTO {table} VALUES ({', '.join('?' for _ in names)})"  # noqa: S608  # The same.
    unique = {column.name for key in _unique_keys(metadata.tables[table]) for column in key}
    keys = frozenset(place for place, name in enumerate(names) if name in unique)
    for values in cursor:
        yield _Row(statement=statement, values=tuple(values), keys=keys)


def _unique_keys(table: sa.Table) -> Iterator[Iterable[sa.Column[Any]]]:
    yield table.primary_key.columns
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield constraint.columns
