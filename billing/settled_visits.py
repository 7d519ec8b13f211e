"""The visits that were settled in a period, as their entries tell them, to be rated again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from billing.tables import settlements
from records.schema import journal
from records.statements import Prepared

_BATCH_ROWS: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class SettledVisit:
    """The body of a `visit.settled` (docs/journal-format.md §6) and its wall clock."""

    body: Mapping[str, Any]
    at: datetime


def settled_between(
    connection: sa.Connection, first: date, last: date, *, progress: Callable[[int, int], None] | None = None
) -> Iterator[SettledVisit]:
    """Yield what was settled on the business days `first … last`, in the order of the journal.

    What is held does not grow with the period. `progress` is told, after each, how many of how many are done.
    """
    days = {"first": first.isoformat(), "last": last.isoformat()}
    count: int = connection.execute(_COUNT, days).scalar_one()
    for done, row in enumerate(connection.execute(_BETWEEN, days).yield_per(_BATCH_ROWS), start=1):
        yield _settled(row)
        if progress is not None:
            progress(done, count)


def settled_visit(connection: sa.Connection, visit_id: str) -> SettledVisit | None:
    """Find the settlement of a visit."""
    row = _OF_VISIT.one(connection, visit=visit_id)
    return None if row is None else _settled(row)


def _settled(row: Any) -> SettledVisit:
    return SettledVisit(body=json.loads(row.entry)["body"], at=row.wall)


_between = sa.and_(
    journal.c.biz_day.between(sa.bindparam("first", type_=sa.Text), sa.bindparam("last", type_=sa.Text)),
    # No plain comparison: SQLite would take the index of types, and read the settlements of all years.
    journal.c.type.concat("") == "visit.settled",
)
_COUNT: Final = sa.select(sa.func.count()).select_from(journal).where(_between)
_BETWEEN: Final = sa.select(journal.c.entry, journal.c.wall).where(_between).order_by(journal.c.seq)
_OF_VISIT: Final = Prepared(
    sa.select(journal.c.entry, journal.c.wall)
    .join(settlements, settlements.c.entry_id == journal.c.entry_id)
    .where(settlements.c.visit_id == sa.bindparam("visit", type_=sa.Text))
)
