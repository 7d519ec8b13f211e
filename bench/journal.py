"""Whether a long journal is slower to append to than a short one: one signed entry a commit, the two taking turns."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench.books import Books, open_books
from bench.figure import Figure, Runs
from records import database
from records.ids import new_id
from records.journal import Appending, Draft, Entry, Stamp, read_tail

SHORT, LONG = 1_000, 1_000_000
APPENDS = 400
WARM_UP = 40
_BATCH = 20_000


def figures() -> Iterator[Figure]:
    """Append to both journals in turn, so that both meet the same disk."""
    with open_books() as short, open_books() as long:
        fill(short, SHORT)
        fill(long, LONG)
        short_seconds, long_seconds = [], []
        for _ in range(APPENDS):
            short_seconds.append(_append(short))
            long_seconds.append(_append(long))
    base, grown = Runs(seconds=tuple(short_seconds[WARM_UP:])), Runs(seconds=tuple(long_seconds[WARM_UP:]))
    yield Figure(
        name="journal_append_at_1e6_entries",
        value=grown.median * 1e3,
        unit="ms",
        floor=base.median * 1e3,
        bound=1.2,
        spread=grown.spread(1e3),
    )


def _append(books: Books) -> float:
    start = time.perf_counter()
    with books.records.begin(actor="s1") as work:
        work.entry("shift.read", {"shift": 1, "job": new_id()})
        work.when_sealed(lambda _sealed: None)
        work.commit()
    return time.perf_counter() - start


def fill(books: Books, size: int) -> None:
    """Make the journal `size` entries long, by the product's own bytes and nodes, in large transactions."""
    records = books.records
    reading = records.clock.read()
    stamp = Stamp(
        origin=records.signer.origin,
        venue_code=records.venue_code,
        till=records.till,
        actor="s1",
        reading=reading,
        biz_day=records.days.day_of(reading.at).isoformat(),
    )
    with database.writing(records.engine) as connection:
        appending = Appending.after(read_tail(connection))
    while appending.seq < size:
        for _ in range(min(_BATCH, size - appending.seq)):
            seq = appending.seq  # Random ids would take a fifth of the time, and are not what is measured.
            body = {"shift": 1, "job": f"{seq:016}"}
            appending.append(Draft.of(Entry(id=f"{seq:026}", type="shift.read", body=body), stamp))
        with database.writing(records.engine) as connection:
            appending.write_nodes(connection)
            appending.write_entries(connection)
            connection.commit()
        appending.rows.clear()
        appending.nodes.clear()
