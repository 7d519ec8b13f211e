"""Outages (停电, 断网): the venue pauses all running visits at once, and nobody pays for the time (P-4).

A customer's own pause ends where the outage begins, so that no time is paused twice. While an outage lasts no visit
opens, pauses or resumes; moving, selling, settling and closing time go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from billing import repository
from billing.publication import in_force
from billing.reasons import OutageReason, reason_of
from billing.tables import outage_ends, outages
from billing.visit_errors import NoOutageError, OutageRunningError
from billing.visit_log import add_row, catch_up, record
from billing.visit_record import EventKind, Visit, VisitEvent
from billing.wall_clock import second_of
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """An outage that has not ended."""

    number: int
    began_at: datetime
    reason: OutageReason


def begin_outage(work: UnitOfWork, *, reason: str) -> list[Visit]:
    """Pause every running visit. Raises OutageRunningError or UnknownReasonError."""
    why = reason_of(OutageReason, reason)
    refuse_during_outage(work)
    at = _instant(work)
    running = [_without_own_pause(work, visit, at) for visit in _running(work, at)]
    entry = work.entry("outage.began", _body(work, running, at, why))
    row = {
        "number": (_NEWEST.one(work.connection).newest or 0) + 1,
        "began_at": at,
        "reason": why.value,
    }
    work.insert(outages, row, entry=entry)
    return [add_row(work, visit, VisitEvent(kind=EventKind.OUTAGE_BEGAN, at=at), entry) for visit in running]


def _without_own_pause(work: UnitOfWork, visit: Visit, at: datetime) -> Visit:
    if visit.pause is None:
        return visit
    return record(work, visit, VisitEvent(kind=EventKind.RESUMED, at=at))


def end_outage(work: UnitOfWork) -> list[Visit]:
    """Let every visit run on that the outage paused. Raises NoOutageError."""
    outage = running_outage(work.connection)
    if outage is None:
        raise NoOutageError
    at = max(_instant(work), outage.began_at)
    paused = [visit for visit in _running(work, at) if visit.pause is not None]
    entry = work.entry("outage.ended", _body(work, paused, at, outage.reason))
    work.insert(outage_ends, {"number": outage.number, "ended_at": at}, entry=entry)
    return [add_row(work, visit, VisitEvent(kind=EventKind.OUTAGE_ENDED, at=at), entry) for visit in paused]


def _instant(work: UnitOfWork) -> datetime:
    """Now, or the last event of all running visits where the clock was set back: they share one instant."""
    running = (visit for visit in repository.load_open_visits(work.connection) if visit.end is None)
    return max([work.now, *(visit.last_event_at for visit in running)])


def _running(work: UnitOfWork, at: datetime) -> list[Visit]:
    caught_up = [catch_up(work, visit, at) for visit in repository.load_open_visits(work.connection)]
    return [visit for visit in caught_up if visit.end is None]


def _body(work: UnitOfWork, paused: Sequence[Visit], at: datetime, reason: OutageReason) -> dict[str, object]:
    # Every list has the venue's time zone; without a visit it is that of the list in force.
    prices = paused[0].prices if paused else in_force(work.connection, work.now).prices
    return {
        "visits": [visit.visit_id for visit in paused],
        "at": prices.clock.text(second_of(at)),
        "reason": reason.value,
    }


def running_outage(connection: sa.Connection) -> Outage | None:
    """The outage that lasts, if one does."""
    row = _RUNNING.one(connection)
    if row is None:
        return None
    return Outage(number=row.number, began_at=row.began_at, reason=OutageReason(row.reason))


def refuse_during_outage(work: UnitOfWork) -> None:
    """Raise OutageRunningError while an outage lasts."""
    outage = running_outage(work.connection)
    if outage is not None:
        raise OutageRunningError(since=outage.began_at, reason=outage.reason.value)


_NEWEST_NUMBER = sa.select(sa.func.max(outages.c.number).label("newest"))
_NEWEST = Prepared(_NEWEST_NUMBER)
_RUNNING = Prepared(
    sa.select(outages.c.number, outages.c.began_at, outages.c.reason)
    .outerjoin(outage_ends, outage_ends.c.number == outages.c.number)
    .where(outages.c.number == _NEWEST_NUMBER.scalar_subquery(), outage_ends.c.number.is_(None))
)
