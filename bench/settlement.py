"""How long a settlement takes, paper aside: the counter's own operation against a bare transaction of as many rows."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from bench.books import Books, open_books, seat
from bench.figure import Figure, Runs
from billing.tenders import Tender, TenderKind
from pos.counter.settlement import Settlements
from records.ids import new_id

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
        floor = _Floor(books, _rows_written(books, settlements, visit_ids.pop()))
        settled, bare = [], []
        for visit_id in visit_ids:
            settle = partial(settlements.settle, visit_id, GIVEN, request=new_id())
            settled.append(_seconds(settle))
            bare.append(_seconds(floor.write))
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


def _rows_written(books: Books, settlements: Settlements, visit_id: str) -> list[int]:
    """The sizes of the rows that one settlement inserts, changes and deletes."""
    raw = books.raw_connection()
    before = raw.total_changes
    settled = settlements.settle(visit_id, GIVEN, request=new_id())
    count = raw.total_changes - before
    entry = raw.execute("SELECT length(entry) FROM journal WHERE seq = ?", (settled.seq,)).fetchone()[0]
    document = raw.execute("SELECT length(document) FROM print_jobs WHERE job_id = ?", (settled.job_id,)).fetchone()[0]
    note = raw.execute("SELECT length(note) FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()[0]
    large = [entry, document, note]
    return large + [_SMALL_ROW_BYTES] * (count - len(large))


_SMALL_ROW_BYTES = 100
_TABLES = 11
"""What a settlement touches: settlements, tenders, postings, receipts, account_balances, open_visits, print_jobs,
print_attempts, journal, tree_nodes, checkpoints."""


class _Floor:
    """As many rows of the same sizes into as many tables, inserted through the driver alone, as durable."""

    def __init__(self, books: Books, sizes: Sequence[int]) -> None:
        self._connection = sqlite3.connect(books.folder / "floor.db", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        for number in range(_TABLES):
            self._connection.execute(f"CREATE TABLE rows_{number} (id INTEGER PRIMARY KEY, facts BLOB)")
        self._rows = [
            (f"INSERT INTO rows_{number % _TABLES} (facts) VALUES (?)", os.urandom(size))  # noqa: S608  # Names of our own.
            for number, size in enumerate(sizes)
        ]

    def write(self) -> None:
        """Insert the rows in one transaction."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        for statement, facts in self._rows:
            run(statement, (facts,))
        run("COMMIT")
