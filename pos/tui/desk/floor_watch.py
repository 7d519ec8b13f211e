"""The watch over the books: what the main screen shows is read again when something happened, never in its own thread.

The books are asked for their pulse every other second. Where other desks work, the desk hears when one of them has
written something (`house_news`); how far the journal has come is asked as a net below that, each second while nobody
listens, and the rest now and then. Each minute, and when something is due, what ends by itself is
written down and the floor is read again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from billing.visit_bill import VisitBill
from pos.counter.floor import Floor, SeatNow
from pos.counter.pulse import Pulse
from pos.goods_search import GoodsIndex, index_of
from pos.tui.desk.asking import DeskScreen
from pos.tui.desk.clock_watch import ClockWatch
from pos.tui.desk.customer import NOBODY, Customer
from pos.tui.desk.services import DeskServices
from records.clock import Reading

_PULSE_EVERY: Final = 2
SHARED_PULSE_EVERY: Final = 15
NET_EVERY: Final = 5
"""While the desk listens; else each second."""
_UPKEEP_EVERY: Final = 60
BILL_EVERY: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is rendered. `bill` is that of the visit in view, as of its own instant."""

    floor: Floor | None = None
    pulse: Pulse | None = None
    bill: VisitBill | None = None
    customer: Customer = NOBODY
    has_panel_open: bool = False


class FloorWatch(DeskScreen[None]):
    """A screen that shows a floor, and the bill of the seat in view."""

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._view = View()
        self._clock = ClockWatch()
        self._ticks = 0
        self._lost_because = ""
        self._heard_of = 0  # The journal's greatest length since the last look at the floor began.

    @property
    @abstractmethod
    def seat_in_view(self) -> SeatNow | None:
        """The seat whose bill is wanted."""

    @abstractmethod
    def _render_all(self) -> None:
        """Show everything anew."""

    @abstractmethod
    def _render_map(self) -> None:
        """Show the seats anew."""

    @abstractmethod
    def _render_clock(self) -> None:
        """Show the top line anew."""

    @abstractmethod
    def _render_panel(self) -> None:
        """Show the seat in view anew."""

    def tick(self) -> None:
        """Let the clock and the times move on in one paint, then look at the books where it is time."""
        if self.desk.clerk is None:
            return
        self._ticks += 1
        self._render_map()
        self._render_panel()
        self._render_clock()
        for look in self._looks_due():
            self.call_after_refresh(look)  # Threads would hold up the paint.

    def _looks_due(self) -> Iterator[Callable[[], None]]:
        floor, ticks = self._view.floor, self._ticks
        if floor is not None and (ticks % _UPKEEP_EVERY == 0 or floor.has_come_due(self.desk.now())):
            yield self._end_due
        elif ticks % (SHARED_PULSE_EVERY if self._is_shared else _PULSE_EVERY) == 0:
            yield self._feel_pulse
        elif self._is_shared and (ticks % NET_EVERY == 0 or not self.desk.news.is_listening):
            yield self._count_entries
        if self._view.bill is not None and ticks % BILL_EVERY == 0:
            yield self._bill_again

    def _feel_pulse(self) -> None:
        self.ask(self.desk.counter.floors.pulse, then=self._felt, refused=self._lost, question="pulse")

    def _count_entries(self) -> None:
        self.ask(self.desk.counter.floors.entries, then=self._counted, refused=self._lost, question="pulse")

    def _bill_again(self) -> None:
        """Have a newer bill for the next tick to show."""
        self._ask_bill(then=self._keep_bill)

    @property
    def _is_shared(self) -> bool:
        return self.desk.counter.floors.is_shared

    def take_news(self, length: int) -> None:
        """Look at the floor if the journal is longer than it was then; a look that is under way may have missed it."""
        floor = self._view.floor
        if self.desk.clerk is None or floor is None or length <= floor.pulse.entries:
            return
        self._heard_of = max(self._heard_of, length)
        self.look()

    def look(self) -> None:
        """Read the floor again."""
        self.ask(self.desk.counter.floors.read, then=self._read, refused=self._lost, question="floor")

    def _recall_clocks(self) -> None:
        """Have the clock watched over those, too, who sat already when this program began."""
        self.ask(self.desk.counter.floors.clocks_at_openings, then=self._recalled, refused=self._lost, question="clock")

    def _recalled(self, openings: Mapping[str, Reading]) -> None:
        self._clock.recall(openings)
        self._render_clock()

    def _end_due(self) -> None:
        seats = self.desk.counter.seats

        def end_and_read() -> Floor:
            seats.end_due()
            return self.desk.counter.floors.read()

        self.ask(end_and_read, then=self._read, refused=self._lost, question="floor")

    def _counted(self, entries: int) -> None:
        self._found_again()
        before = self._view.floor
        if before is not None and entries != before.pulse.entries:
            self.look()

    def _felt(self, pulse: Pulse) -> None:
        self._found_again()
        before = self._view.floor
        self._view = replace(self._view, pulse=pulse)
        if before is not None and pulse.entries != before.pulse.entries:
            self.look()

    def _read(self, floor: Floor) -> None:
        self._found_again()
        before, self._view = self._view.floor, replace(self._view, floor=floor, pulse=floor.pulse)
        self._clock.see([one.visit for one in floor.seats if one.visit is not None], self.desk.clocks())
        heard_of, self._heard_of = self._heard_of, 0
        self._render_all()
        if heard_of > floor.pulse.entries:
            self.look()
        self.call_after_refresh(self._ask_bill)
        if floor.prices is not None and (before is None or before.prices is not floor.prices):
            self.ask(partial(index_of, floor.prices), then=self._indexed, question="goods")

    def _indexed(self, index: GoodsIndex) -> None:
        """Twenty thousand names take a second: it is over before the first sale, which finds it done."""
        del index

    def _lost(self, error: Exception) -> None:
        self._lost_because = self.desk.sentence(error)
        self.warn(self._lost_because)

    def _found_again(self) -> None:
        """Take back that the books cannot be read, where they can."""
        self.retract(self._lost_because)
        self._lost_because = ""

    def _ask_bill(self, then: Callable[[VisitBill], None] | None = None) -> None:
        one = self.seat_in_view
        if one is None or one.visit is None:
            self._view = replace(self._view, bill=None)
            return
        bill = partial(self.desk.counter.seats.bill, one.visit.visit_id)
        self.ask(bill, then=then or self._show_bill, refused=self._not_billed, question="bill")

    def _show_bill(self, bill: VisitBill) -> None:
        self._keep_bill(bill)
        self._render_panel()

    def _keep_bill(self, bill: VisitBill) -> None:
        self._view = replace(self._view, bill=bill)
        one = self.seat_in_view
        if one is not None and one.visit is not None and one.visit.visit_id != bill.visit.visit_id:
            self._ask_bill()  # The view has moved on while this was asked.

    def _not_billed(self, error: Exception) -> None:
        del error  # It was settled beside us: the next look at the floor shows it.
        self.look()
