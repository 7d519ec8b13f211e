"""Seats: posted offers, opening, moving, pausing, packages, outages, and ends that come by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from billing import outages, packages, publication, seats_out_of_use, visits
from billing.packages import Offer
from billing.price_list import PriceList, Rate
from billing.rates_ahead import RatesAhead, rates_ahead
from billing.rating import closing_instant
from billing.seats_out_of_use import SeatOutOfUse
from billing.tenders import Tender
from billing.usage_errors import UnknownTierError
from billing.visit_bill import VisitBill
from billing.visit_errors import PersonSeatedError
from billing.visit_record import Visit
from billing.visit_warnings import VisitWarning
from billing.visits import EndedVisit
from billing.wall_clock import second_of
from pos.counter import requests
from pos.counter.check_in import Admission, CheckIn
from pos.counter.deposits import Deposits, DepositTaken
from pos.counter.errors import SeatUnknownError
from pos.counter.till import Till
from pos.settings import Seat
from records.ids import new_id
from records.repeating import repeated
from records.unit_of_work import UnitOfWork
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What is posted for a seat at an instant, for customers of one tier: nothing else can be opened there.

    `closes_at` is when every visit that begins now ends by itself; None where the venue never closes, or is closed.
    """

    tier: str
    list_number: int
    prices: PriceList
    ahead: RatesAhead
    closes_at: datetime | None
    offers: tuple[Offer, ...]
    deposit_fen: int

    @property
    def rate(self) -> Rate | None:
        """The posted rate in force; None while the venue is closed."""
        return self.ahead.now


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedVisit:
    """A visit as the journal says it began; `opened_at` is local time in the form of the journal."""

    visit_id: str
    seat: str
    opened_at: str
    list_number: int
    deposit: DepositTaken | None

    @classmethod
    def of_entry(cls, body: Mapping[str, Any], deposit: DepositTaken | None) -> OpenedVisit:
        """Read the body of `visit.opened`."""
        return cls(
            visit_id=body["visit"],
            seat=body["seat"],
            opened_at=body["at"],
            list_number=body["list"],
            deposit=deposit,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What the cashier entered for an admitted person. Goods are no part of it (G-1).

    `visit_id` and `deposit_job_id` are chosen beforehand, so that asking again opens nothing twice.
    """

    visit_id: str
    deposit_job_id: str
    seat: str
    tier: str
    package: str | None = None
    deposit: Tender | None = None
    port: str | None = None

    @classmethod
    def new(cls, *, seat: str, tier: str, package: str | None = None, deposit: Tender | None = None) -> Opening:
        """Make an opening with ids of its own."""
        return cls(visit_id=new_id(), deposit_job_id=new_id(), seat=seat, tier=tier, package=package, deposit=deposit)


@dataclass(frozen=True, kw_only=True)
class Seats:
    """The seats of the venue, as one till works with them."""

    till: Till
    check_in: CheckIn
    deposits: Deposits

    def terms(self, seat: str, tier: str) -> Terms:
        """Tell what is posted for a seat now. Raises SeatUnknownError, NoPriceListError."""
        self.till.require(Operation.VISIT_READ)
        now = self.till.records.clock.read().second
        zone = self.seat(seat).zone
        with self.till.records.reading() as connection:
            published = publication.in_force(connection, now)
        prices = published.prices
        if tier not in prices.tier_by_code:
            raise UnknownTierError(tier)
        return Terms(
            tier=tier,
            list_number=published.number,
            prices=prices,
            ahead=rates_ahead(prices, zone=zone, tier=tier, at=now),
            closes_at=closing_instant(prices, now) if prices.timetable.is_open(second_of(now)) else None,
            offers=tuple(offer for offer in packages.on_sale(prices, tier, now) if zone in offer.package.zones),
            deposit_fen=prices.deposit.guest_fen,
        )

    def seat(self, label: str) -> Seat:
        """Find a seat of the venue by its label. Raises SeatUnknownError."""
        found = self.till.records.settings.seats().get(label.upper())
        if found is None:
            raise SeatUnknownError(seat=label)
        return found

    def list_of(self, number: int) -> PriceList:
        """Return a published list. Raises UnknownListError."""
        with self.till.records.reading() as connection:
            return publication.load(connection, number).prices

    def opened(self, opening: Opening) -> OpenedVisit | None:
        """Return what was opened under this opening's id before, if anything was."""
        self.till.require(Operation.VISIT_OPEN)
        with self.till.records.reading() as connection:
            return self._opened(connection, opening)

    def _opened(self, connection: sa.Connection, opening: Opening) -> OpenedVisit | None:
        first = requests.of_visit(connection, opening.visit_id, seat=self.seat(opening.seat).label)
        if first is None:
            return None
        return OpenedVisit.of_entry(first.body, self.deposits.first_answer(connection, opening.deposit_job_id))

    def open(self, admission: Admission, opening: Opening) -> OpenedVisit:
        """Register the admitted person and open the seat at posted prices, all or nothing; then print the deposit.

        Raises what the check of the person raises, and SeatTakenError, OutsideHoursError, NotOnSaleError,
        OutageRunningError, NoShiftError, NothingNewBeginsError; then nothing was written but a refusal.
        """
        self.till.require(Operation.VISIT_OPEN)
        self.till.require_room()
        try:
            opened = self._open(admission, opening, self.seat(opening.seat))
        except PersonSeatedError as error:
            raise self.check_in.refuse_doubled(admission, error) from error
        if opened.deposit is not None:
            self.till.wake()
        return opened

    @repeated
    def _open(self, admission: Admission, opening: Opening, seat: Seat) -> OpenedVisit:
        with self.till.begin() as work:
            first = self._opened(work.connection, opening)
            if first is not None:
                return first
            check = self.check_in.register(work, admission)
            visit = visits.open_visit(
                work,
                visit_id=opening.visit_id,
                check_id=check.check_id,
                person_id=check.person_id,
                seat=seat.label,
                zone=seat.zone,
                tier=opening.tier,
                port=opening.port,
                terminal_ip=seat.ip,
            )
            if opening.package is not None:
                visits.buy_package(work, opening.visit_id, opening.package)
            deposit = None
            if opening.deposit is not None:
                deposit = self.deposits.add(work, opening.visit_id, opening.deposit, job_id=opening.deposit_job_id)
            work.commit()
        return OpenedVisit(
            visit_id=visit.visit_id,
            seat=visit.seat,
            opened_at=visit.prices.clock.text(second_of(visit.opened_at)),
            list_number=visit.list_number,
            deposit=None if deposit is None else DepositTaken.of_entry(deposit.entry.body),
        )

    def move(self, visit: str, seat: str) -> VisitBill:
        """Move a visit to another seat; its time goes on at that zone's rate."""
        to = self.seat(seat)
        return self._change(visit, lambda work, visit_id: visits.move(work, visit_id, seat=to.label, zone=to.zone))

    def move_back(self, visit: str) -> VisitBill:
        """Take the visit's last move back. Raises NotJustMovedError where something has happened since."""
        return self._change(visit, visits.move_back)

    def pause(self, visit: str) -> VisitBill:
        """Pause a visit, within what the list allows (P-4)."""
        return self._change(visit, visits.pause)

    def resume(self, visit: str) -> VisitBill:
        """End a pause."""
        return self._change(visit, visits.resume)

    def buy_package(self, visit: str, code: str) -> VisitBill:
        """Sell a posted package to a seated customer; the bill is that of a second later.

        What happens at a visit's very end does not exist, so a bill of this second would not have the package yet.
        """
        return self._change(
            visit, lambda work, visit_id: visits.buy_package(work, visit_id, code), later=timedelta(seconds=1)
        )

    @repeated
    def begin_outage(self, reason: str) -> Sequence[Visit]:
        """Pause every seat for something that is the venue's (power, network, …); returns the paused visits."""
        self.till.require(Operation.OUTAGE_DECLARE)
        with self.till.begin(alone=True) as work:
            paused = outages.begin_outage(work, reason=reason)
            work.commit()
        return paused

    @repeated
    def end_outage(self) -> Sequence[Visit]:
        """Let every seat go on."""
        self.till.require(Operation.OUTAGE_DECLARE)
        with self.till.begin(alone=True) as work:
            resumed = outages.end_outage(work)
            work.commit()
        return resumed

    @repeated
    def close_seat(self, label: str, reason: str) -> SeatOutOfUse:
        """Take a free seat out of use. Raises SeatTakenError, SeatOutOfUseError, UnknownReasonError."""
        self.till.require(Operation.SEAT_CLOSE)
        seat = self.seat(label)
        with self.till.begin(alone=True) as work:
            closed = seats_out_of_use.close(work, seat.label, reason=reason)
            work.commit()
        return closed

    @repeated
    def reopen_seat(self, label: str) -> str:
        """Put a seat in use again, also one that the settings no longer have; returns its label."""
        self.till.require(Operation.SEAT_CLOSE)
        with self.till.begin(alone=True) as work:
            seats_out_of_use.reopen(work, label.upper())
            work.commit()
        return label.upper()

    def out_of_use(self) -> Mapping[str, SeatOutOfUse]:
        """Every seat that is out of use, by its label."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return seats_out_of_use.out_of_use(connection)

    @repeated
    def end_due(self) -> Sequence[EndedVisit]:
        """Write down what ended by itself: a visit at closing time or with its last package, a pause at its limit.

        In nobody's name; for a timer. The rating counts such an end from its instant whether this runs or not.
        """
        with self.till.records.begin() as work:
            ended = visits.end_due(work)
            resumed = visits.resume_due(work)
            if ended or resumed:
                work.commit()
        return ended

    def warnings(self) -> Sequence[VisitWarning]:
        """Tell whose time ends within 10 or 5 minutes: closing time, a package, a deposit used up."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return visits.warnings(connection, self.till.records.clock.read().second)

    def running(self) -> Sequence[VisitBill]:
        """Every unsettled visit with its bill as if it ended now, the oldest first."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            now = self.till.records.clock.read().second
            return [visits.bill_so_far(connection, visit.visit_id, now) for visit in visits.open_visits(connection)]

    def bill(self, visit: str) -> VisitBill:
        """One visit, by its id or its seat, with its bill as if it ended now."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return visits.bill_so_far(connection, visit, self.till.records.clock.read().second)

    @repeated
    def _change(
        self, visit: str, change: Callable[[UnitOfWork, str], object], *, later: timedelta = timedelta()
    ) -> VisitBill:
        self.till.require(Operation.VISIT_CHANGE)
        with self.till.begin() as work:
            found = visits.find(work.connection, visit)
            change(work, found.visit_id)
            bill = visits.bill_so_far(work.connection, found.visit_id, work.now + later)
            work.commit()
        return bill
