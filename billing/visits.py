"""Visits: open, move, pause, resume, buy a package; what ends by itself.

An operation happens at the unit's instant, or at the visit's last event where the clock has been set back. Before it,
what has come due is written at the instants at which it was due (`billing.visit_record`), so that the usage that the
entries tell can always be rated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from billing import outages, repository, shifts
from billing.course import chart
from billing.packages import cover_of
from billing.price_list import PriceList
from billing.publication import Publication, in_force
from billing.rating import closing_instant
from billing.seats_out_of_use import require_in_use
from billing.tables import open_visits as open_visits_table
from billing.tables import visits as visits_table
from billing.usage_errors import NotOnSaleError, UnknownPackageError, UnknownTierError, UnknownZoneError
from billing.visit_bill import VisitBill
from billing.visit_errors import (
    CheckUsedError,
    NotJustMovedError,
    PausesUsedUpError,
    PersonSeatedError,
    SeatTakenError,
    VisitNotPausedError,
    VisitPausedError,
    VisitRepeatedError,
)
from billing.visit_log import record, require_running
from billing.visit_record import Ends, EventKind, Visit, VisitEvent
from billing.visit_warnings import VisitWarning, warnings_of
from billing.wall_clock import second_of
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


def open_visit(
    work: UnitOfWork,
    *,
    visit_id: str,
    check_id: str,
    person_id: str,
    seat: str,
    zone: str,
    tier: str,
    port: str | None = None,
    terminal_ip: str | None = None,
) -> Visit:
    """Seat a person on their own, adult ID check (I-5, I-6), under the list in force (P-15).

    The check is in the books already or in this unit. No goods come with a seat: there is no parameter for them (G-1).

    Raises VisitRepeatedError, CheckUsedError, PersonSeatedError, SeatTakenError, SeatOutOfUseError, NoShiftError,
    OutageRunningError, NoPriceListError, UnknownZoneError, UnknownTierError or OutsideHoursError.
    """
    _refuse_repeat(work, visit_id=visit_id, check_id=check_id)
    _refuse_doubling(work, person_id=person_id, seat=seat)
    require_in_use(work.connection, seat)
    shifts.require(work)
    outages.refuse_during_outage(work)
    publication = in_force(work.connection, work.now)
    prices = publication.prices
    _require_zone(prices, zone)
    if tier not in prices.tier_by_code:
        raise UnknownTierError(tier)
    closing_instant(prices, work.now)
    visit = Visit(
        visit_id=visit_id,
        check_id=check_id,
        person_id=person_id,
        opened_at=work.now,
        first_seat=seat,
        first_zone=zone,
        tier=tier,
        list_number=publication.number,
        prices=prices,
    )
    _write_opening(work, visit, publication, port=port, terminal_ip=terminal_ip)
    return visit


def _write_opening(
    work: UnitOfWork, visit: Visit, publication: Publication, *, port: str | None, terminal_ip: str | None
) -> None:
    place = {"seat": visit.first_seat, "zone": visit.first_zone, "tier": visit.tier}
    terminal = {"port": port, "terminal_ip": terminal_ip}
    body = {
        "visit": visit.visit_id,
        "check": visit.check_id,
        **place,
        "list": publication.number,
        "list_sha256": publication.sha256,
        "at": visit.prices.clock.text(second_of(visit.opened_at)),
        **{key: value for key, value in terminal.items() if value is not None},
    }
    row = {
        "visit_id": visit.visit_id,
        "check_id": visit.check_id,
        "verdict": "adult",
        **place,
        "list": publication.number,
        "opened_at": visit.opened_at,
        **terminal,
    }
    work.insert(visits_table, row, entry=work.entry("visit.opened", body))
    work.insert(
        open_visits_table,
        {
            "visit_id": visit.visit_id,
            "person_id": visit.person_id,
            "seat": visit.first_seat,
            "deposit_fen": 0,
            "orders": 0,
            "reductions": 0,
            "statement": None,
        },
    )


def _refuse_repeat(work: UnitOfWork, *, visit_id: str, check_id: str) -> None:
    for row in _SAME_ID_OR_CHECK.rows(work.connection, visit_id=visit_id, check_id=check_id):
        if row.visit_id == visit_id:
            raise VisitRepeatedError(visit_id=visit_id, seat=row.seat, opened_at=row.opened_at)
        raise CheckUsedError(check_id=check_id, visit_id=row.visit_id)


def _refuse_doubling(work: UnitOfWork, *, person_id: str, seat: str) -> None:
    for row in _SAME_PERSON_OR_SEAT.rows(work.connection, person_id=person_id, seat=seat):
        if row.person_id == person_id:
            raise PersonSeatedError(visit_id=row.visit_id, seat=row.seat)
        raise SeatTakenError(seat=seat, visit_id=row.visit_id)


def _require_zone(prices: PriceList, zone: str) -> None:
    if zone not in prices.zone_by_code:
        raise UnknownZoneError(zone)


def move(work: UnitOfWork, visit_id: str, *, seat: str, zone: str) -> Visit:
    """Move a visit to another free seat, also during a pause.

    Raises SeatTakenError, SeatOutOfUseError or UnknownZoneError.
    """
    visit = require_running(work, repository.load_visit(work.connection, visit_id))
    _require_zone(visit.prices, zone)
    taken = _ON_SEAT.one(work.connection, seat=seat)
    if taken is not None:
        raise SeatTakenError(seat=seat, visit_id=taken.visit_id)
    require_in_use(work.connection, seat)
    return record(work, visit, VisitEvent(kind=EventKind.MOVED, at=visit.instant(work.now), seat=seat, zone=zone))


def move_back(work: UnitOfWork, visit_id: str) -> Visit:
    """Take a move back by another one, as long as nothing has happened to the visit since.

    Of several moves within one second the last counts (journal-format.md §6): taken back at once, it costs nothing.
    Raises NotJustMovedError, and what `move` raises.
    """
    visit = require_running(work, repository.load_visit(work.connection, visit_id))
    if not visit.events or visit.events[-1].kind is not EventKind.MOVED:
        raise NotJustMovedError(visit_id=visit_id)
    before = replace(visit, events=visit.events[:-1])
    return move(work, visit_id, seat=before.seat, zone=before.zone)


def pause(work: UnitOfWork, visit_id: str) -> Visit:
    """Pause a visit at its customer's wish, as often and as long as its list allows (P-4).

    A pause ends by itself at `pause_minutes_max`. Raises VisitPausedError, PausesUsedUpError or OutageRunningError.
    """
    outages.refuse_during_outage(work)
    visit = require_running(work, repository.load_visit(work.connection, visit_id))
    if visit.pause is not None:
        raise VisitPausedError(visit_id=visit_id, since=visit.pause.since)
    method = visit.prices.method
    pauses_max = 0 if method.pause_minutes_max == 0 else method.pauses_max
    if pauses_max is not None and visit.own_pauses >= pauses_max:
        raise PausesUsedUpError(visit_id=visit_id, pauses_max=pauses_max)
    return record(work, visit, VisitEvent(kind=EventKind.PAUSED, at=visit.instant(work.now)))


def resume(work: UnitOfWork, visit_id: str) -> Visit:
    """End a customer's pause. Raises VisitNotPausedError, also where it has just ended by itself."""
    outages.refuse_during_outage(work)
    visit = require_running(work, repository.load_visit(work.connection, visit_id))
    if visit.pause is None:
        raise VisitNotPausedError(visit_id=visit_id)
    return record(work, visit, VisitEvent(kind=EventKind.RESUMED, at=visit.instant(work.now)))


def buy_package(
    work: UnitOfWork, visit_id: str, code: str, *, order_id: str | None = None, saving_line: int | None = None
) -> Visit:
    """Sell a package of the visit's list (P-5, P-6, P-15). Raises UnknownPackageError or NotOnSaleError.

    `order_id` and `saving_line` name the order and the saving of the combo or promotion that it is part of.
    """
    visit = require_running(work, repository.load_visit(work.connection, visit_id))
    at = visit.instant(work.now)
    package = visit.prices.package_by_code.get(code)
    if package is None:
        raise UnknownPackageError(code)
    bought_at, covers = second_of(at), chart(visit.running_usage(), visit.prices).covers
    free_from = covers[-1].end if covers else bought_at
    if cover_of(visit.prices, package, tier=visit.tier, bought_at=bought_at, free_from=free_from) is None:
        raise NotOnSaleError(code, visit.prices.clock.text(bought_at))
    bought = VisitEvent(kind=EventKind.PACKAGE, at=at, code=code, order_id=order_id, saving_line=saving_line)
    return record(work, visit, bought)


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedVisit:
    """A visit that ended by itself and waits for its settlement."""

    visit_id: str
    seat: str
    at: datetime
    reason: Ends


def end_due(work: UnitOfWork) -> list[EndedVisit]:
    """Write the ends that came by themselves, at their instants; with an empty answer there is nothing to commit.

    A visit whose statement is still good is left alone: its customer is paying just now.
    """
    ended = []
    for seen in repository.load_open_visits(work.connection):
        if not _ends(seen, work.now):
            continue
        visit = repository.reload_visit(work.connection, seen)
        if visit is None or not _ends(visit, work.now):
            continue  # Another desk was at it.
        due = visit.due(visit.instant(work.now))
        after = visit
        for event in due:
            after = record(work, after, event)
        ended.append(EndedVisit(visit_id=visit.visit_id, seat=visit.seat, at=due[-1].at, reason=after.ends))
    return ended


def _ends(visit: Visit, now: datetime) -> bool:
    from billing.statements import is_good

    return not is_good(visit, now) and any(event.kind is EventKind.ENDED for event in visit.due(visit.instant(now)))


def resume_due(work: UnitOfWork) -> list[str]:
    """Write the pauses that reached their limit, and name their visits; an empty answer needs no commit."""
    resumed = []
    for seen in repository.load_open_visits(work.connection):
        if not any(event.kind is EventKind.RESUMED for event in seen.due(seen.instant(work.now))):
            continue
        visit = repository.reload_visit(work.connection, seen)
        for event in () if visit is None else visit.due(visit.instant(work.now)):
            if visit is not None and event.kind is EventKind.RESUMED:
                record(work, visit, event)
                resumed.append(visit.visit_id)
    return resumed


def find(connection: sa.Connection, visit_or_seat: str) -> Visit:
    """The unsettled visit with this id or on this seat. Raises UnknownVisitError or AlreadySettledError."""
    return repository.load_visit(connection, visit_or_seat)


def open_visits(connection: sa.Connection) -> list[Visit]:
    """Every unsettled visit, the oldest first."""
    return repository.load_open_visits(connection)


def seated(connection: sa.Connection, person_id: str) -> str | None:
    """The unsettled visit of a person, if there is one (I-6)."""
    row = _OF_PERSON.one(connection, person_id=person_id)
    return None if row is None else str(row.visit_id)


def bill_so_far(connection: sa.Connection, visit_or_seat: str, at: datetime) -> VisitBill:
    """What a visit comes to if it ends at an instant, or where it has ended by itself before; errors as `find`."""
    visit = find(connection, visit_or_seat)
    visit = visit.as_of(visit.instant(at))
    return repository.bill_of(connection, visit, visit.instant(at) if visit.end is None else visit.end.at)


def warnings(connection: sa.Connection, at: datetime) -> list[VisitWarning]:
    """What ends within 10 or 5 minutes of an instant: closing time, packages, deposits; the oldest visit first."""
    return [
        warning
        for visit in repository.load_open_visits(connection)
        for warning in warnings_of(visit, visit.instant(at), funds_fen=_funds_fen(connection, visit))
    ]


def ordered_fen(connection: sa.Connection, visit: Visit) -> int:
    """What a visit has ordered, less what was cancelled."""
    return sum(line.sold.amount_fen for line in repository.ordered_lines(connection, visit))


def taken_off_fen(connection: sa.Connection, visit: Visit) -> int:
    """What was taken off a visit's bill, less what was put back."""
    return sum(reduction.fen for reduction in repository.reductions_of(connection, visit))


def _funds_fen(connection: sa.Connection, visit: Visit) -> int:
    if not visit.deposit_fen:
        return 0
    ordered, taken_off = ordered_fen(connection, visit), taken_off_fen(connection, visit)
    return funds_fen(visit, ordered_fen=ordered, taken_off_fen=taken_off)


def funds_fen(visit: Visit, *, ordered_fen: int, taken_off_fen: int) -> int:
    """What is left of a visit's deposit for its time; 0 where it has none."""
    return max(visit.deposit_fen + taken_off_fen - ordered_fen, 0) if visit.deposit_fen else 0


_SAME_ID_OR_CHECK = Prepared(
    sa.select(visits_table.c.visit_id, visits_table.c.seat, visits_table.c.opened_at).where(
        sa.or_(
            visits_table.c.visit_id == sa.bindparam("visit_id"),
            visits_table.c.check_id == sa.bindparam("check_id"),
        )
    )
)
_SAME_PERSON_OR_SEAT = Prepared(
    sa.select(open_visits_table.c.visit_id, open_visits_table.c.person_id, open_visits_table.c.seat)
    .where(
        sa.or_(
            open_visits_table.c.person_id == sa.bindparam("person_id"),
            open_visits_table.c.seat == sa.bindparam("seat"),
        )
    )
    # One person twice is the graver matter and is told first.
    .order_by(open_visits_table.c.person_id != sa.bindparam("person_id"))
)
_ON_SEAT = Prepared(sa.select(open_visits_table.c.visit_id).where(open_visits_table.c.seat == sa.bindparam("seat")))
_OF_PERSON = Prepared(
    sa.select(open_visits_table.c.visit_id).where(open_visits_table.c.person_id == sa.bindparam("person_id"))
)
