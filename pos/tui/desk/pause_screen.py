"""Pausing and going on, within what the price list allows (P-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from billing.visit_bill import VisitBill
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import clock_time
from pos.tui.widgets.rows import Row, Sheet, Tone


class PauseScreen(Flow[Done | None]):
    """Pauses a running visit, or lets a paused one go on."""

    TITLE_SENTENCE = noted("Pause")
    HELP = noted(
        "Enter pauses the seat, or lets it go on. Paused time costs nothing; how often and how long a customer may "
        "pause stands on the price list. A pause ends by itself at its limit."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,p,P", "change", show=False)]

    def __init__(self, desk: DeskServices, visit_id: str) -> None:
        super().__init__(desk)
        self._visit_id = visit_id
        self._bill: VisitBill | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out how the visit stands."""
        yield Sheet(id="standing")
        yield Static("")

    def on_mount(self) -> None:
        """Learn how the visit stands."""
        super().on_mount()
        self.ask(lambda: self.desk.counter.seats.bill(self._visit_id), then=self._learned, question="bill")

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        if self._bill is None:
            return (self.hint_back(),)
        does = self.desk.say("pause") if self._bill.visit.pause is None else self.desk.say("go on with the time")
        return (KeyHint("⏎", does), self.hint_back())

    def _learned(self, bill: VisitBill) -> None:
        self._bill = bill
        self.query_one("#standing", Sheet).show(list(self._rows(bill)))
        self.show_hints()

    def _rows(self, bill: VisitBill) -> Iterator[Row]:
        say, visit, method = self.desk.say, bill.visit, bill.visit.prices.method
        today = self.desk.local(self.desk.now())
        yield Row(visit.seat, tone=Tone.HEAD)
        if visit.pause is not None:
            yield Row(say("Paused since"), clock_time(self.desk.local(visit.pause.since), today=today))
            limit = visit.pause_limit()
            if limit is not None:
                yield Row(say("Goes on by itself"), clock_time(self.desk.local(limit), today=today))
        # One that runs is one of those that are allowed, though it counts only when it is over.
        is_running = visit.pause is not None and not visit.pause.is_outage
        yield Row(say("Pauses so far"), str(visit.own_pauses + is_running))
        if method.pauses_max is not None:
            yield Row(say("Pauses allowed"), str(method.pauses_max))
        if method.pause_minutes_max is not None:
            yield Row(say("A pause may last"), say("{minutes} min", minutes=method.pause_minutes_max))

    def action_change(self) -> None:
        """Pause, or go on."""
        if self._bill is None or self.is_asking:
            return
        seats = self.desk.counter.seats
        change = seats.pause if self._bill.visit.pause is None else seats.resume
        self.ask(lambda: change(self._visit_id), then=self._changed)

    def _changed(self, bill: VisitBill) -> None:
        say, seat = self.desk.say, bill.visit.seat
        sentence = (
            say("{seat} goes on.", seat=seat) if bill.visit.pause is None else say("{seat} is paused.", seat=seat)
        )
        self.dismiss(Done(sentence=sentence))
