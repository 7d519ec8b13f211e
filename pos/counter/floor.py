"""The floor: every seat of the venue as it is at one instant, for a map and for lists of who leaves soon.

Read in one state of the books. A bill line by line is asked of `Seats.bill`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa

from billing import outages, publication, seats_out_of_use, shifts, visits
from billing.course import chart
from billing.list_errors import NoPriceListError
from billing.price_list import PriceList
from billing.rating import rate
from billing.seats_out_of_use import SeatOutOfUse
from billing.shifts import Shift
from billing.tables import open_visits
from billing.tables import visits as visits_table
from billing.usage import Pause
from billing.visit_record import Visit
from billing.visit_warnings import WarnedOf, ends_of
from billing.wall_clock import instant_of
from pos.counter.pulse import Pulse, entries, feel
from pos.counter.till import Till
from pos.settings import Seat
from records.clock import Reading
from records.database import is_shared
from records.schema import journal
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitNow:
    """An unsettled visit on its seat, in instants, so that its times can be told at any later second.

    `ends_at` is the first of its last package's end, its deposit's end and closing time; None where nothing ends.
    `covered_until` is the same where a package or a deposit lasts until then. `stopped_at` is when its time stopped to
    count: at a pause, or at an end that came by itself. `total_fen` is what the visit had come to when the floor was
    read, as bought: the best price (P-16) is looked for when somebody asks for a bill, not for each seat each second.
    """

    visit_id: str
    opened_at: datetime
    paused: timedelta
    stopped_at: datetime | None
    has_ended: bool
    has_package: bool
    is_outage: bool
    ends_at: datetime | None
    covered_until: datetime | None
    total_fen: int

    @property
    def is_paused(self) -> bool:
        """Whether a pause runs."""
        return self.stopped_at is not None and not self.has_ended

    def used(self, now: datetime) -> timedelta:
        """The time used so far, less the pauses; never negative."""
        until = now if self.stopped_at is None else min(now, self.stopped_at)
        return max(until - self.opened_at - self.paused, timedelta())

    def left(self, now: datetime) -> timedelta | None:
        """The time until something ends it; None if nothing does, or it stands still."""
        if self.ends_at is None or self.stopped_at is not None:
            return None
        return max(self.ends_at - now, timedelta())


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatNow:
    """A seat, and the visit on it; `closed` tells why nobody may sit there."""

    seat: Seat
    visit: VisitNow | None
    closed: SeatOutOfUse | None = None


@dataclass(frozen=True, kw_only=True)
class Floor:
    """All seats in the venue's order. While the journal is no longer than `pulse` says, only time has passed."""

    at: datetime
    pulse: Pulse
    seats: tuple[SeatNow, ...]
    shift: Shift | None
    has_outage: bool
    prices: PriceList | None

    @cached_property
    def by_label(self) -> Mapping[str, SeatNow]:
        """The seats by their labels."""
        return {one.seat.label: one for one in self.seats}

    @cached_property
    def opened_last(self) -> tuple[Seat, datetime] | None:
        """The seat of the running visit that began last, and when; None where nobody sits."""
        running = [(one.seat, one.visit.opened_at) for one in self.seats if one.visit is not None]
        return max(running, key=lambda one: one[1], default=None)

    @cached_property
    def _next_end(self) -> datetime | None:
        ends = (one.visit.ends_at for one in self.seats if one.visit is not None and one.visit.stopped_at is None)
        return min((at for at in ends if at is not None and at > self.at), default=None)

    def has_come_due(self, now: datetime) -> bool:
        """Tell whether the time of a visit has ended by itself since the floor was read."""
        return self._next_end is not None and self._next_end <= now


@dataclass(frozen=True, kw_only=True)
class Floors:
    """Looks at the floor from one till."""

    till: Till

    @property
    def is_shared(self) -> bool:
        """Whether other desks work on these books too."""
        return is_shared(self.till.records.engine)

    def entries(self) -> int:
        """Look how far the journal has come: one query, for each second."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return entries(connection)

    def pulse(self) -> Pulse:
        """Look whether anything happened: a few cheap look-ups."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return feel(connection, self.till.records.till)

    def clocks_at_openings(self) -> Mapping[str, Reading]:
        """What this desk's clocks read when it seated each running visit; of this boot alone, by the visit's id."""
        self.till.require(Operation.VISIT_READ)
        records = self.till.records
        boot = records.clock.read().boot
        with records.reading() as connection:
            entries = [json.loads(data) for data in connection.execute(_OPENINGS).scalars()]
        return {
            entry["body"]["visit"]: Reading(
                wall_ms=entry["wall"], boot=boot, mono_us=entry["mono_us"], discipline=entry["clk"]
            )
            for entry in entries
            if (entry["till"], entry["boot"]) == (records.till, boot)
        }

    def read(self) -> Floor:
        """Look at every seat. A visit that sits on a seat which the settings no longer have comes after the others."""
        self.till.require(Operation.VISIT_READ)
        now = self.till.records.clock.read().second
        with self.till.records.reading() as connection:
            self.till.records.follow(connection)
            seats = self.till.records.settings.seats()
            found = {visit.seat: visit for visit in visits.open_visits(connection)}
            closed = seats_out_of_use.out_of_use(connection)
            running = {label: _visit_now(connection, visit, now) for label, visit in found.items()}
            strays = [
                Seat(label=label, zone=visit.zone, ip=None) for label, visit in found.items() if label not in seats
            ]
            return Floor(
                at=now,
                pulse=feel(connection, self.till.records.till),
                seats=tuple(
                    SeatNow(seat=seat, visit=running.get(seat.label), closed=closed.get(seat.label))
                    for seat in (*seats.values(), *strays)
                ),
                shift=shifts.current(connection, till=self.till.records.till),
                has_outage=outages.running_outage(connection) is not None,
                prices=_prices(connection, now),
            )


_OPENINGS = (
    sa.select(journal.c.entry)
    .select_from(open_visits)
    .join(visits_table, visits_table.c.visit_id == open_visits.c.visit_id)
    .join(journal, journal.c.entry_id == visits_table.c.entry_id)
)


def _prices(connection: sa.Connection, now: datetime) -> PriceList | None:
    try:
        return publication.in_force(connection, now).prices
    except NoPriceListError:
        return None


def _visit_now(connection: sa.Connection, visit: Visit, now: datetime) -> VisitNow:
    now = visit.instant(now)
    visit = visit.as_of(now)
    ordered_fen = visits.ordered_fen(connection, visit)
    taken_off_fen = visits.taken_off_fen(connection, visit)
    funds_fen = visits.funds_fen(visit, ordered_fen=ordered_fen, taken_off_fen=taken_off_fen)
    usage, pause, end = visit.running_usage(), visit.pause, visit.end
    covers = chart(usage, visit.prices).covers
    stopped_at = end.at if end is not None else pause.since if pause is not None else None
    ends = {} if end is not None else dict(ends_of(visit, now, funds_fen=funds_fen))
    ahead = {of: at for of, at in ends.items() if at >= now}
    ends_at = min(ahead.values(), default=None)
    stay_fen = rate(visit.usage(now if end is None else end.at), visit.prices).total_fen
    return VisitNow(
        visit_id=visit.visit_id,
        opened_at=visit.opened_at,
        paused=sum((_length(one) for one in usage.pauses), timedelta()),
        stopped_at=stopped_at,
        has_ended=end is not None,
        has_package=bool(covers) and instant_of(covers[-1].end) > now,
        is_outage=pause is not None and pause.is_outage,
        ends_at=ends_at,
        covered_until=ends_at if ahead.keys() - {WarnedOf.CLOSING_TIME} else None,
        total_fen=stay_fen + ordered_fen - taken_off_fen,
    )


def _length(pause: Pause) -> timedelta:
    return pause.end - pause.start
