"""Facts without an entry, and facts that say something else than their entry (I-1, I-2; `doctor`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billing.list_errors import ListInvalidError
from billing.posted_rows import posted_rows
from billing.price_checks import read_canonical
from billing.price_tables import price_lists
from billing.wall_clock import WallClock, second_of
from compliance.facts_told import FACTS, FactsTold, Row, Told
from records.clock import instant_of
from records.schema import Kind, journal, kind_of

_NOT_SHOWN: Final = object()


def facts_without_entry(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[str]:
    """Yield `table: n` for tables with rows whose entry does not exist."""
    for table in metadata.sorted_tables:
        if kind_of(table) not in {Kind.FACT, Kind.PERSONAL}:
            continue
        orphans = sa.select(sa.func.count()).select_from(table).where(~_has_entry(table))
        count = connection.execute(orphans).scalar_one()
        if count:
            yield f"{table.name}: {count}"


def _has_entry(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.exists().where(journal.c.entry_id == table.c.entry_id)


def facts_differing(connection: sa.Connection) -> Iterator[str]:
    """Yield `table: entry n` for each entry that does not have exactly the rows it tells."""
    clock = WallClock(_timezone(connection))
    for facts in FACTS:
        yield from (f"{facts.table.name}: {seq}" for seq in _differing(connection, facts, clock))


def _differing(connection: sa.Connection, facts: FactsTold, clock: WallClock) -> Iterator[int]:
    """Walk told rows and stored rows side by side, both by entry."""
    stored = _Stored(connection, facts.table, clock)
    for entry in connection.execute(_ENTRIES, {"types": sorted(facts.types)}).yield_per(1000):
        yield from stored.entries_before(entry.seq)  # Rows of an entry that tells of none.
        if not _are_same(_told_rows(facts, entry.entry, clock), stored.rows_of(entry.seq)):
            yield entry.seq
    yield from stored.entries_before(None)


def _timezone(connection: sa.Connection) -> str:
    """Return the time zone of the settings in force, by the journal's word."""
    newest = connection.execute(_NEWEST_SETTINGS).scalar_one_or_none()
    return str(json.loads(newest)["body"]["settings"]["timezone"]) if newest is not None else "UTC"


def _told_rows(facts: FactsTold, entry: bytes, clock: WallClock) -> Sequence[Row] | None:
    """Return the rows that an entry tells of; None for what is no entry of its type."""
    try:
        return facts.rows(_told(json.loads(entry), clock))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _told(entry: dict[str, Any], clock: WallClock) -> Told:
    at = clock.text(second_of(instant_of(entry["wall"] // 1000 * 1000)))
    return Told(type=entry["type"], body=entry["body"], till=entry["till"], at=at)


def _are_same(told: Sequence[Row] | None, rows: Sequence[Row]) -> bool:
    if told is None or len(told) != len(rows):
        return False
    columns = sorted(told[0]) if told else []
    return _sorted(told, columns) == _sorted(rows, columns)


def _sorted(rows: Sequence[Row], columns: Sequence[str]) -> list[tuple[str, ...]]:
    return sorted(tuple(repr(row.get(column, _NOT_SHOWN)) for column in columns) for row in rows)


class _Stored:
    """A table's rows in the order of their entries, as they would stand in a body."""

    def __init__(self, connection: sa.Connection, table: sa.Table, clock: WallClock) -> None:
        query = sa.select(journal.c.seq, *(column.label(f"c_{column.name}") for column in table.columns))
        query = query.select_from(table.join(journal, journal.c.entry_id == table.c.entry_id)).order_by(journal.c.seq)
        self._rows = iter(connection.execute(query).yield_per(1000))
        self._names = [column.name for column in table.columns]
        self._table, self._clock = table, clock
        self._next = next(self._rows, None)

    def entries_before(self, seq: int | None) -> Iterator[int]:
        """Yield, once each, the entries before `seq` (None: all that are left) that have rows; takes those rows."""
        last: int | None = None
        while self._next is not None and (seq is None or self._next.seq < seq):
            if self._next.seq != last:
                last = self._next.seq
                yield last
            self._next = next(self._rows, None)

    def rows_of(self, seq: int) -> list[Row]:
        """Take the rows of one entry."""
        rows: list[Row] = []
        while self._next is not None and self._next.seq == seq:
            rows.append({name: self._shown(name, getattr(self._next, f"c_{name}")) for name in self._names})
            self._next = next(self._rows, None)
        return rows

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._clock.text(second_of(value.replace(microsecond=0)))  # An entry tells whole seconds.
        if self._table is price_lists and name == "canonical":
            return hashlib.sha256(value.encode()).hexdigest()
        return value


def posted_differing(connection: sa.Connection) -> Iterator[str]:
    """Yield `table: list n` for lists whose posted prices and savings are not those of the list."""
    for published in connection.execute(sa.select(price_lists.c.number, price_lists.c.canonical)):
        try:
            prices = read_canonical(published.canonical.encode())
        except ListInvalidError:
            yield f"{price_lists.name}: list {published.number}"
            continue
        for table, posted in posted_rows(prices).items():
            columns = [column for column in table.columns if column.name not in {"list", "entry_id"}]
            found = connection.execute(sa.select(*columns).where(table.c.list == published.number)).mappings().all()
            if not _are_same(posted, [dict(row) for row in found]):
                yield f"{table.name}: list {published.number}"


_ENTRIES = (
    sa.select(journal.c.seq, journal.c.entry)
    .where(journal.c.type.in_(sa.bindparam("types", expanding=True)))
    .order_by(journal.c.seq)
)
_NEWEST_SETTINGS = (
    sa.select(journal.c.entry).where(journal.c.type == "venue.changed").order_by(journal.c.seq.desc()).limit(1)
)
