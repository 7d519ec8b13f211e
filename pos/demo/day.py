"""A business day: the hours pass from one planned thing to the next, and the counter answers."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Final

from billing.errors import BooksError
from billing.money import yuan_text
from billing.shift_errors import DifferenceUnexplainedError
from billing.stock import Pieces
from billing.visit_warnings import WarnedOf
from pos.bootstrap import Venue
from pos.counter.counter import counter_at
from pos.counter.print_worker import PrintWorker
from pos.demo.customers import Cards, Customers, Drawer, Seated
from pos.demo.devices import SimulatedDevice
from pos.demo.plan import Errand, ErrandKind, PlannedDay, PlannedRefusal, PlannedSale, PlannedShift, PlannedVisit, Span
from pos.demo.story import Story
from pos.languages import noted
from pos.wording import sentence_of
from records.clock import SimulatedClock
from records.ids import new_id
from staff.approvals import Signatory
from staff.repository import StaffMember

FLOAT_FEN: Final = 20_000
_LOOK_AROUND: Final = timedelta(minutes=5)
"""How often the desk looks whose time ends soon."""
_WATCHED_VISITS: Final = 60
"""On a day with more visits nobody reads the warnings of a story that is played in seconds."""
_PAPER_SECONDS: Final = 10.0

LogIn = Callable[[str], StaffMember]


@dataclass(order=True, frozen=True, slots=True)
class _Due:
    at: datetime
    order: int
    act: Callable[[], None] = field(compare=False)


@dataclass(kw_only=True)
class Shop:
    """Everything that stands in the shop: books, clock, devices, people."""

    venue: Venue
    clock: SimulatedClock
    cards: Cards
    printer: SimulatedDevice
    worker: PrintWorker
    story: Story
    log_in: LogIn
    references: count[int] = field(default_factory=lambda: count(10_000_001))


class Day:
    """Plays one planned business day in a shop, from its first shift to its last Z slip."""

    def __init__(self, shop: Shop, plan: PlannedDay) -> None:
        self._shop = shop
        self._plan = plan
        self._due: list[_Due] = []
        self._order = count()
        self._customers: Customers | None = None
        self._seated: dict[str, Seated] = {}
        self._warned: set[tuple[str, WarnedOf]] = set()

    def play(self) -> None:
        """Let the day pass."""
        self._shop.story.head(noted("Business day {day}"), day=self._plan.day.isoformat())
        self._fill_agenda()
        while self._due:
            due = heapq.heappop(self._due)
            self._shop.clock.advance_to(due.at)
            due.act()

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, _Due(at, next(self._order), act))

    def _fill_agenda(self) -> None:
        plan = self._plan
        for shift in plan.shifts:
            self._at(shift.closes, partial(self._close_shift, shift))
        for shift in plan.shifts:  # At the same minute one is closed before the next opens.
            self._at(shift.opens, partial(self._open_shift, shift))
        if plan.outage is not None:
            self._at(plan.outage.begins, self._begin_outage)
            self._at(plan.outage.ends, self._end_outage)
        for visit in plan.visits:
            self._at(visit.arrives, partial(self._arrive, visit))
        for sale in plan.sales:
            self._at(sale.at, partial(self._buy, sale))
        if plan.received:
            self._at(plan.shifts[0].opens, self._receive)
        if plan.counted_at is not None:
            self._at(plan.counted_at, self._count)
        for refusal in plan.refusals:
            self._at(refusal.at, partial(self._turn_away, refusal))
        if plan.without_paper is not None:
            self._run_out_of_paper(plan.without_paper)

    @property
    def _people(self) -> Customers:
        assert self._customers is not None, "nothing is planned outside the shifts"
        return self._customers

    # Shifts.

    def _open_shift(self, shift: PlannedShift) -> None:
        shop = self._shop
        clerk = shop.log_in(shift.clerk)
        counter = counter_at(shop.venue, clerk, wake=shop.worker.wake)
        opened = counter.shifts.open(float_fen=FLOAT_FEN)
        taken = set() if self._customers is None else self._customers.seats_taken
        self._customers = Customers(
            counter=counter,
            cards=shop.cards,
            drawer=Drawer(fen=FLOAT_FEN),
            story=shop.story,
            second_person=self._second_person,
            references=shop.references,
            seats_taken=taken,
        )
        shop.story.say(
            "-    shift {shift}: {clerk} opens with {float} in the drawer",
            shift=opened.number,
            clerk=shift.clerk,
            float=yuan_text(FLOAT_FEN),
        )
        if len(self._plan.visits) <= _WATCHED_VISITS:
            self._at(shift.opens + _LOOK_AROUND, partial(self._look_around, shift))

    def _close_shift(self, shift: PlannedShift) -> None:
        people, story = self._people, self._shop.story
        shifts = people.counter.shifts
        reading = shifts.read(request=new_id())
        story.say("-    X slip of shift {shift}", shift=reading.shift.number)
        request, counted_fen = new_id(), people.drawer.fen - shift.missing_fen
        try:
            closed = shifts.close(counted_fen=counted_fen, reason=None, request=request)
        except DifferenceUnexplainedError:
            story.say(
                "-    the count of {counted} differs; counted again, a reason is given", counted=yuan_text(counted_fen)
            )
            closed = shifts.close(counted_fen=counted_fen, reason="change-error", request=request)
        story.say(
            "-    shift {shift} closed, Z {z}: counted {counted}, expected {expected}, difference {difference}",
            shift=closed.shift,
            z=closed.z,
            counted=yuan_text(closed.counted_fen),
            expected=yuan_text(closed.expected_fen),
            difference=yuan_text(closed.difference_fen),
        )

    def _second_person(self) -> Signatory:
        member = self._shop.log_in("wang")
        return Signatory(staff=member.staff, role=member.role)

    # Customers.

    def _arrive(self, plan: PlannedVisit) -> None:
        outage, now = self._plan.outage, self._shop.clock.read().at
        if outage is not None and outage.begins <= now < outage.ends:
            self._shop.story.say("-    a customer waits at the door for the power")
            # The day goes on as planned, only later.
            self._at(outage.ends, partial(self._arrive, replace(plan, arrives=outage.ends)))
            return
        seated = self._people.arrive(plan)
        self._seated[seated.opened.visit_id] = seated
        for errand in plan.errands:
            self._at(plan.arrives + errand.after, partial(self._ask, seated, errand))
        self._at(plan.arrives + plan.stays, partial(self._leave, seated))
        if plan.package is not None:
            self._expect_end(seated)

    def _expect_end(self, seated: Seated) -> None:
        """Look again at the instant when the visit ends by itself."""
        end = self._people.counter.seats.bill(seated.opened.visit_id).visit.forced_end()
        if end is not None and end < seated.plan.arrives + seated.plan.stays:
            self._at(end, self._end_due)

    def _end_due(self) -> None:
        for ended in self._people.counter.seats.end_due():
            self._shop.story.say("{seat}  the package is over: the visit has ended by itself", seat=ended.seat)

    def _ask(self, seated: Seated, errand: Errand) -> None:
        if errand.kind in {ErrandKind.PAUSE, ErrandKind.RESUME}:
            # A pause may have run out, or an outage come in between: the counter says so, and the customer shrugs.
            try:
                self._people.ask(seated, errand)
            except BooksError as error:
                story = self._shop.story
                story.say("{seat}  refused: {answer}", seat=seated.seat, answer=sentence_of(error, story.words))
            return
        self._people.ask(seated, errand)

    def _leave(self, seated: Seated) -> None:
        self._people.leave(seated)
        del self._seated[seated.opened.visit_id]

    def _buy(self, sale: PlannedSale) -> None:
        sale_id = self._people.buy(sale)
        if sale.brings_back is not None:
            self._at(sale.at + sale.brings_back, lambda: self._people.bring_back(sale_id))

    def _turn_away(self, refusal: PlannedRefusal) -> None:
        card = refusal.card or self._shop.cards.first_seated
        if card is not None:
            self._people.turned_away(card)

    def _look_around(self, shift: PlannedShift) -> None:
        """See whose time ends soon; who sits on a deposit and stays on gives some more."""
        for warning in self._people.counter.seats.warnings():
            told = (warning.visit_id, warning.of)
            if told in self._warned:
                continue
            self._warned.add(told)
            self._tell_warning(warning.visit_id, warning.seat, warning.of, warning.minutes)
        again = self._shop.clock.read().at + _LOOK_AROUND
        if again < shift.closes:
            self._at(again, partial(self._look_around, shift))

    def _tell_warning(self, visit_id: str, seat: str, of: WarnedOf, minutes: int) -> None:
        story, seated = self._shop.story, self._seated[visit_id]
        if of is WarnedOf.FUNDS_END:
            story.say("{seat}  the deposit lasts less than {minutes} minutes", seat=seat, minutes=minutes)
            if seated.plan.arrives + seated.plan.stays > self._shop.clock.read().at + timedelta(minutes=30):
                self._people.top_up(seated)
        elif of is WarnedOf.PACKAGE_END:
            story.say("{seat}  the package ends in less than {minutes} minutes", seat=seat, minutes=minutes)
        else:
            story.say("{seat}  closing time in less than {minutes} minutes", seat=seat, minutes=minutes)

    # The house.

    def _receive(self) -> None:
        lines = [Pieces(code=code, quantity=quantity) for code, quantity in self._plan.received]
        levels = self._people.counter.stock.receive(lines)
        self._shop.story.say("-    a delivery: {count} kinds of goods are in stock", count=len(levels))

    def _count(self) -> None:
        """One cola more is on the shelf than the books say: a customer left it there."""
        stock = self._people.counter.stock
        counted = [Pieces(code=level.code, quantity=max(level.pieces, 0)) for level in stock.levels()]
        counted[0] = Pieces(code=counted[0].code, quantity=counted[0].quantity + 1)
        stock.count(counted)
        self._shop.story.say("-    the shelf is counted: {count} kinds of goods", count=len(counted))

    def _begin_outage(self) -> None:
        paused = self._people.counter.seats.begin_outage("power")
        self._shop.story.say("-    the power fails: {count} seats are paused, nobody pays for it", count=len(paused))

    def _end_outage(self) -> None:
        resumed = self._people.counter.seats.end_outage()
        self._shop.story.say("-    power again: {count} seats go on", count=len(resumed))

    def _run_out_of_paper(self, span: Span) -> None:
        shop = self._shop

        def run_out() -> None:
            shop.worker.wait_until_idle(_PAPER_SECONDS)
            shop.printer.tell("fault no-paper")
            shop.story.say("-    the printer is out of paper; business goes on")

        def refill() -> None:
            waiting = len(self._people.counter.slips.open())
            shop.printer.tell("refill")
            shop.worker.retry()
            shop.worker.wait_until_idle(_PAPER_SECONDS)
            left = len(self._people.counter.slips.open())
            shop.story.say("-    a new roll: {count} slips that waited print by themselves", count=waiting - left)

        self._at(span.begins, run_out)
        self._at(span.ends, refill)
