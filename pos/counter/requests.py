"""Requests that come twice: what the journal says of the first time.

Whoever asks for something that costs money chooses an id for it beforehand (`records.ids.new_id`). An answer that got
lost is had again by asking again with the same id; nothing is done a second time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from billing.order_tables import orders
from billing.refund_tables import refunds
from billing.tables import reductions, sales, settlements, shifts, visits
from pos.counter.errors import RequestReusedError
from pos.counter.tables import print_jobs
from records.schema import journal
from records.statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """An entry of the journal as it was written: its number, its body, its wall clock."""

    seq: int
    body: Mapping[str, Any]
    at: datetime


def of_job(connection: sa.Connection, request: str, *, type_: str, **same: str) -> Recorded | None:
    """Find the entry that queued the slip `request`; None if this was never asked before.

    Raises RequestReusedError where that entry is of another type, or says something else of the keys `same`.
    """
    return _recorded(connection, _OF_JOB, request, type_=type_, same=same)


def look_ahead(connection: sa.Connection, request: str) -> None:
    """Let the question of `of_job` travel with others."""
    _OF_JOB.ahead(connection, wanted=request)


def of_visit(connection: sa.Connection, request: str, **same: str) -> Recorded | None:
    """Find the entry that opened the visit `request`; as `of_job`."""
    return _recorded(connection, _OF_VISIT, request, type_="visit.opened", same=same)


def of_order(connection: sa.Connection, request: str, **same: str) -> Recorded | None:
    """Find the entry that made the order `request`; as `of_job`."""
    return _recorded(connection, _OF_ORDER, request, type_="order.added", same=same)


def of_sale(connection: sa.Connection, request: str) -> Recorded | None:
    """Find the entry that made the sale `request`."""
    return _recorded(connection, _OF_SALE, request, type_="sale.settled", same={})


def settlement_of(connection: sa.Connection, visit_id: str) -> Recorded | None:
    """Find the entry that settled a visit, if it is settled."""
    return _recorded(connection, _OF_SETTLEMENT, visit_id, type_="visit.settled", same={})


def of_refund(connection: sa.Connection, request: str, **same: str) -> Recorded | None:
    """Find the entry that gave the refund `request`; as `of_job`."""
    return _recorded(connection, _OF_REFUND, request, type_="refund.given", same=same)


def of_overcharge(connection: sa.Connection, request: str, **same: str) -> Recorded | None:
    """Find the entry that gave the overcharge `request` back; as `of_job`."""
    return _recorded(connection, _OF_REFUND, request, type_="overcharge.refunded", same=same)


def of_reduction(connection: sa.Connection, request: str, **same: str) -> Recorded | None:
    """Find the entry that gave the reduction `request`; as `of_job`."""
    return _recorded(connection, _OF_REDUCTION, request, type_="reduction.given", same=same)


def float_of(connection: sa.Connection, shift: int) -> int:
    """Return the float that a shift was opened with, closed or not."""
    float_fen: int = connection.execute(sa.select(shifts.c.float_fen).where(shifts.c.number == shift)).scalar_one()
    return float_fen


def _recorded(
    connection: sa.Connection, entry_of: Prepared, wanted: str, *, type_: str, same: Mapping[str, str]
) -> Recorded | None:
    row = entry_of.one(connection, wanted=wanted)
    if row is None:
        return None
    body = json.loads(row.entry)["body"]
    if row.type != type_ or any(body.get(key) != said for key, said in same.items()):
        raise RequestReusedError(request=wanted)
    return Recorded(seq=row.seq, body=body, at=row.wall)


def _entry_of(column: sa.Column[Any]) -> Prepared:
    """The entry that made the row of a table in which a column has the wanted value."""
    return Prepared(
        sa.select(journal.c.seq, journal.c.type, journal.c.wall, journal.c.entry)
        .join(column.table, column.table.c.entry_id == journal.c.entry_id)
        .where(column == sa.bindparam("wanted"))
    )


_OF_JOB = _entry_of(print_jobs.c.job_id)
_OF_VISIT = _entry_of(visits.c.visit_id)
_OF_ORDER = _entry_of(orders.c.order_id)
_OF_SALE = _entry_of(sales.c.sale_id)
_OF_REFUND = _entry_of(refunds.c.refund_id)
_OF_REDUCTION = _entry_of(reductions.c.reduction_id)
_OF_SETTLEMENT = _entry_of(settlements.c.visit_id)
