"""Writing what happens to a visit: the entry, the event's row, and the statement that it overtakes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billing.tables import open_visits, visit_events
from billing.visit_errors import VisitEndedError
from billing.visit_record import EventKind, Visit, VisitEvent
from billing.wall_clock import second_of
from records.journal import Entry
from records.statements import Prepared
from records.unit_of_work import UnitOfWork

ENTRY_TYPES: Final = {
    EventKind.MOVED: "visit.moved",
    EventKind.PAUSED: "visit.paused",
    EventKind.RESUMED: "visit.resumed",
    EventKind.PACKAGE: "package.bought",
    EventKind.ENDED: "visit.ended",
}


def record(work: UnitOfWork, visit: Visit, event: VisitEvent) -> Visit:
    """Write one event with an entry of its own, and return the visit after it."""
    entry = work.entry(ENTRY_TYPES[event.kind], _body(visit, event))
    return add_row(work, visit, event, entry)


def add_row(work: UnitOfWork, visit: Visit, event: VisitEvent, entry: Entry) -> Visit:
    """Write an event that an entry tells, perhaps together with others, and return the visit after it."""
    row = {
        "visit_id": visit.visit_id,
        "number": len(visit.events) + 1,
        "kind": event.kind.value,
        "at": event.at,
        "seat": event.seat,
        "zone": event.zone,
        "code": event.code,
        "order_id": event.order_id,
        "saving_line": event.saving_line,
    }
    work.insert(visit_events, row, entry=entry)
    if event.seat is not None:
        _TAKE_SEAT.ask(work.connection, wanted=visit.visit_id, new_seat=event.seat)
    overtake_statement(work, visit)
    return visit.with_events(event)


def _body(visit: Visit, event: VisitEvent) -> dict[str, Any]:
    body: dict[str, Any] = {"visit": visit.visit_id, "at": visit.prices.clock.text(second_of(event.at))}
    match event.kind:
        case EventKind.MOVED:
            body |= {"from_seat": visit.seat, "seat": event.seat, "zone": event.zone}
        case EventKind.PACKAGE:
            body["code"] = event.code
            if event.order_id is not None:
                body |= {"order": event.order_id, "of": event.saving_line}
        case EventKind.ENDED:
            body["reason"] = event.code
        case _:
            pass
    return body


def overtake_statement(work: UnitOfWork, visit: Visit) -> None:
    """Whatever was shown no longer counts: something has changed (G-5)."""
    if visit.statement is not None:
        _OVERTAKE.ask(work.connection, wanted=visit.visit_id)


def catch_up(work: UnitOfWork, visit: Visit, at: datetime) -> Visit:
    """Write what is due by an instant, at the instants at which it was due."""
    for event in visit.due(visit.instant(at)):
        visit = record(work, visit, event)
    return visit


def require_running(work: UnitOfWork, visit: Visit) -> Visit:
    """Write what is due. Raises VisitEndedError if the visit has ended by itself."""
    visit = catch_up(work, visit, work.now)
    if visit.end is not None:
        raise VisitEndedError(visit_id=visit.visit_id, at=visit.end.at, reason=visit.ends.value)
    return visit


_TAKE_SEAT = Prepared(
    open_visits.update().where(open_visits.c.visit_id == sa.bindparam("wanted")).values(seat=sa.bindparam("new_seat"))
)
_OVERTAKE = Prepared(
    open_visits.update().where(open_visits.c.visit_id == sa.bindparam("wanted")).values(statement=None)
)
