"""Seats out of use (停用): a broken computer is not sold, and the books say who took it out of use and why.

Only a free seat is taken out; whoever sits there moves first. Nobody sits down on one, nobody moves to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from billing.reasons import SeatReason, reason_of
from billing.seat_tables import seat_closures, seat_reopenings
from billing.tables import open_visits
from billing.visit_errors import SeatInUseError, SeatOutOfUseError, SeatTakenError
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatOutOfUse:
    """A seat that is out of use, and since when."""

    seat: str
    closed_at: datetime
    reason: SeatReason


def close(work: UnitOfWork, seat: str, *, reason: str) -> SeatOutOfUse:
    """Take a free seat out of use. Raises UnknownReasonError, SeatOutOfUseError or SeatTakenError."""
    why = reason_of(SeatReason, reason)
    require_in_use(work.connection, seat)
    taken = _ON_SEAT.one(work.connection, seat=seat)
    if taken is not None:
        raise SeatTakenError(seat=seat, visit_id=taken.visit_id)
    number = (_NEWEST.one(work.connection).newest or 0) + 1
    row = {"number": number, "seat": seat, "closed_at": work.now, "reason": why.value}
    work.insert(seat_closures, row, entry=work.entry("seat.closed", {"seat": seat, "reason": why.value}))
    return SeatOutOfUse(seat=seat, closed_at=work.now, reason=why)


def reopen(work: UnitOfWork, seat: str) -> None:
    """Put a seat in use again. Raises SeatInUseError."""
    row = _CLOSED.one(work.connection, seat=seat)
    if row is None:
        raise SeatInUseError(seat=seat)
    entry = work.entry("seat.reopened", {"seat": seat})
    work.insert(seat_reopenings, {"number": row.number, "reopened_at": work.now}, entry=entry)


def require_in_use(connection: sa.Connection, seat: str) -> None:
    """Raise SeatOutOfUseError where nobody may sit."""
    row = _CLOSED.one(connection, seat=seat)
    if row is not None:
        raise SeatOutOfUseError(seat=seat, since=row.closed_at, reason=row.reason)


def out_of_use(connection: sa.Connection) -> Mapping[str, SeatOutOfUse]:
    """Every seat that is out of use, by its label."""
    return {
        row.seat: SeatOutOfUse(seat=row.seat, closed_at=row.closed_at, reason=SeatReason(row.reason))
        for row in _ALL_CLOSED.rows(connection)
    }


_STILL_CLOSED = (
    sa.select(seat_closures)
    .outerjoin(seat_reopenings, seat_reopenings.c.number == seat_closures.c.number)
    .where(seat_reopenings.c.number.is_(None))
)
_ALL_CLOSED = Prepared(_STILL_CLOSED.order_by(seat_closures.c.seat))
_CLOSED = Prepared(_STILL_CLOSED.where(seat_closures.c.seat == sa.bindparam("seat")))
_NEWEST = Prepared(sa.select(sa.func.max(seat_closures.c.number).label("newest")))
_ON_SEAT = Prepared(sa.select(open_visits.c.visit_id).where(open_visits.c.seat == sa.bindparam("seat")))
