"""Moving to another seat: the price there is shown before anything happens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from billing.rates_ahead import rates_ahead
from billing.visit_bill import VisitBill
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.seat_typing import seat_typed
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import clock_time, money
from pos.tui.widgets.rows import Row, Sheet, Tone


class MoveScreen(Flow[Done | None]):
    """Moves a visit; its time goes on at the new zone's rate, under the price list it began with (P-15)."""

    TITLE_SENTENCE = noted("Move to another seat")
    HELP = noted(
        "Type the seat; the zone and the price there appear. Enter moves. The time so far stays at its price, the time "
        "to come counts at the new one; a package counts on where it covers the new zone too. Ctrl+Z on the main "
        "screen moves back, as long as nothing else was done."
    )

    def __init__(self, desk: DeskServices, visit_id: str) -> None:
        super().__init__(desk)
        self._visit_id = visit_id
        self._bill: VisitBill | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the field and the prices."""
        yield Horizontal(Label(self.desk.say("To seat")), Input(id="seat", max_length=16), classes="field")
        yield Sheet(id="prices")
        yield Static("")

    def on_mount(self) -> None:
        """Learn where the visit is."""
        super().on_mount()
        self.set_focus(self.query_one(Input))
        self.ask(lambda: self.desk.counter.seats.bill(self._visit_id), then=self._learned, question="bill")

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        return (KeyHint("⏎", self.desk.say("move")), self.hint_back())

    def _learned(self, bill: VisitBill) -> None:
        self._bill = bill
        self._draw("")

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        self.hush()
        self._draw(changed.value.strip())

    def _draw(self, typed: str) -> None:
        bill = self._bill
        if bill is None:
            return
        rows = [self._price(bill, bill.visit.seat, bill.visit.zone, Tone.PLAIN)]
        label = self._meant(typed)
        if label is not None:
            seat = self.desk.counter.seats.seat(label)
            rows.append(self._price(bill, seat.label, seat.zone, Tone.SUM))
        else:
            rows.append(Row(self.desk.say("No seat of that name yet."), tone=Tone.QUIET) if typed else Row(""))
        self.query_one("#prices", Sheet).show(rows)

    def _meant(self, typed: str) -> str | None:
        """Return the seat that is meant: a number alone means the block where the customer sits."""
        beside = None if self._bill is None else self._bill.visit.seat
        return seat_typed(typed, self.desk.seat_labels, beside=beside)

    def _price(self, bill: VisitBill, seat: str, zone: str, tone: Tone) -> Row:
        visit, say, now = bill.visit, self.desk.say, self.desk.now()
        if zone not in visit.prices.zone_by_code:
            return Row(say("{seat}: no price for it in this visit's list", seat=seat), tone=Tone.LOUD)
        name = f"{seat} {visit.prices.zone_by_code[zone].name}"
        ahead = rates_ahead(visit.prices, zone=zone, tier=visit.tier, at=now)
        if ahead.now is None:
            return Row(name, say("closed now"), tone)
        rate = say("{rate} yuan/h", rate=money(ahead.now.fen_per_hour))
        if ahead.next is not None and ahead.changes_at is not None:
            local = clock_time(self.desk.local(ahead.changes_at), today=self.desk.local(now))
            name += " · " + say("from {time} {rate}", time=local, rate=money(ahead.next.fen_per_hour))
        return Row(name, rate, tone)

    @on(Input.Submitted)
    def _given(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        typed = submitted.value.strip()
        if typed:
            seat = self._meant(typed) or typed
            self.ask(lambda: self.desk.counter.seats.move(self._visit_id, seat), then=self._moved)

    def _moved(self, bill: VisitBill) -> None:
        sentence = self.desk.say("Moved to {seat}. Ctrl+Z moves back.", seat=bill.visit.seat)
        self.dismiss(Done(sentence=sentence, moved=self._visit_id, goes_to=bill.visit.seat))
