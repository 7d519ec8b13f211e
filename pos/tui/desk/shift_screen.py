"""The shift (F4): how it stands, X, cash in and out, the count and Z, the hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on
from textual.widget import Widget

from billing.cash_moves import CashDirection, CashPurpose, RecordedMove
from billing.shifts import Shift, ShiftReading
from billing.tenders import TenderKind
from pos.counter.shifts import ShiftClosing
from pos.languages import noted
from pos.tui.desk.cash_move_screen import CashMoveScreen
from pos.tui.desk.close_shift_screen import CloseShiftScreen, closed_sentence, taken_rows
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.login import LoginScreen, Why
from pos.tui.desk.open_shift_screen import OpenShiftScreen
from pos.tui.desk.paper_state import with_slip_state
from pos.tui.desk.reason_words import PURPOSE_WORDS
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_words import TENDER_WORDS
from pos.tui.desk.times import clock_time, money
from pos.tui.widgets.rows import PickList, Row, Sheet, Tone
from records.ids import new_id
from staff.repository import StaffMember


@dataclass(frozen=True, kw_only=True, slots=True)
class _Standing:
    shift: Shift | None
    moves: Sequence[RecordedMove]
    unsettled: int


_CHOICES: Final = (
    ("x", noted("X slip: what the shift has taken so far")),
    ("i", noted("Cash into the drawer")),
    ("o", noted("Cash out of the drawer")),
    ("d", noted("Drop into the safe")),
    ("z", noted("Count the drawer, close the shift, Z slip")),
    ("h", noted("Close and hand over to the next person")),
)


class ShiftScreen(Flow[Done | None]):
    """Everything about the till's open shift."""

    TITLE_SENTENCE = noted("Shift")
    HELP = noted(
        "X reads the shift without closing it; a cashier's X does not tell the cash, because the count at the end is "
        "blind. I and O move cash in and out with a purpose, D drops notes into the safe. Z counts the drawer and "
        "closes the shift. H does the same, then the next person logs in and opens theirs with what was counted.\n\n"
        "Running visits go on over the end of a shift; whoever settles them has them in theirs."
    )
    WIDE: ClassVar[bool] = False
    DEFAULT_CSS = """
    ShiftScreen #choices { margin-top: 1; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._standing: _Standing | None = None
        self._reading: ShiftReading | None = None
        self._x_request = new_id()
        self._hands_over = False
        self._too_early: list[events.Key] = []

    def body(self) -> Iterable[Widget]:
        """Lay out how it stands, and what can be done."""
        yield Sheet(id="standing")
        yield PickList(id="choices")

    def on_mount(self) -> None:
        """Learn how it stands."""
        super().on_mount()
        self._look()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (KeyHint("X I O D Z H", say("at once")), KeyHint("↑↓ ⏎", say("choose")), self.hint_back())

    def _look(self) -> None:
        counter = self.desk.counter

        def look() -> _Standing:
            running = counter.shifts.current()
            return _Standing(shift=running, moves=counter.shifts.cash_moves(), unsettled=len(counter.seats.running()))

        self.ask(look, then=self._learned, question="standing")

    def _learned(self, standing: _Standing) -> None:
        self._standing = standing
        if standing.shift is None:
            self.app.push_screen(OpenShiftScreen(self.desk), self._opened)
            return
        self.query_one("#standing", Sheet).show(list(self._rows(standing.shift, standing)))
        choices = self.query_one(PickList)
        choices.show([Row(f"{key.upper()}  {self.desk.words(text)}") for key, text in _CHOICES])
        self.set_focus(choices)
        self.strike_again(self._too_early)
        self._too_early = []

    def _rows(self, shift: Shift, standing: _Standing) -> Iterator[Row]:
        say, words, now = self.desk.say, self.desk.words, self.desk.local(self.desk.now())
        opened = clock_time(self.desk.local(shift.opened_at), today=now)
        yield Row(say("Shift {shift}", shift=shift.number), say("since {time}", time=opened), Tone.HEAD)
        yield Row(say("Float"), money(shift.float_fen))
        for one in standing.moves:
            at = clock_time(self.desk.local(one.moved_at), today=now)
            signed_fen = one.move.fen if one.move.direction is CashDirection.IN else -one.move.fen
            yield Row(f"  {at}  {words(PURPOSE_WORDS[one.move.purpose])} · {one.actor}", money(signed_fen))
        yield Row(say("Visits not settled"), str(standing.unsettled))
        if self._reading is not None:
            yield from self._reading_rows(self._reading)

    def _reading_rows(self, reading: ShiftReading) -> Iterator[Row]:
        totals_fen = reading.totals.to_json()
        yield Row.rule()
        if not self.desk.counter.shifts.reads_blind:
            yield from taken_rows(self.desk, reading.sales_fen, totals_fen)
            return
        for kind, name in TENDER_WORDS.items():
            amount = self.desk.say("told after the count") if kind is TenderKind.CASH else money(totals_fen[kind.value])
            yield Row(f"  {self.desk.words(name)}", amount)

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        self._do(_CHOICES[picked.number][0])

    async def on_key(self, event: events.Key) -> None:
        """Do what the letter says; what comes before it is known how the shift stands waits for that."""
        if self._standing is None and event.key != "escape":
            event.stop()
            self._too_early.append(event)
        elif event.key.lower() in {key for key, _ in _CHOICES}:
            event.stop()
            self._do(event.key.lower())

    def _do(self, key: str) -> None:
        if self._standing is None or self._standing.shift is None or self.is_asking:
            return
        desk, push = self.desk, self.app.push_screen
        self.hush()
        match key:
            case "x":
                self.ask(lambda: desk.counter.shifts.read(request=self._x_request), then=self._read)
            case "i":
                push(CashMoveScreen(desk, direction=CashDirection.IN), self._moved)
            case "o":
                push(CashMoveScreen(desk, direction=CashDirection.OUT), self._moved)
            case "d":
                drop = CashMoveScreen(desk, direction=CashDirection.OUT, purpose=CashPurpose.BANKED)
                push(drop, self._moved)
            case _:
                self._hands_over = key == "h"
                push(CloseShiftScreen(desk), self._was_closed)

    def _read(self, reading: ShiftReading) -> None:
        self._reading = reading
        self._x_request = new_id()
        self.tell(with_slip_state(self.desk.say("The X slip is made."), self.desk))
        self._look()

    def _moved(self, done: Done | None) -> None:
        if done is not None:
            self.tell(done.sentence)
            self._look()

    def _was_closed(self, closing: ShiftClosing | None) -> None:
        if closing is None:
            return
        if self._hands_over:
            login = LoginScreen(self.desk, Why.HAND_OVER)
            self.app.push_screen(login, lambda member: self._taken_over(member, closing))
        else:
            self.dismiss(closed_sentence(self.desk, closing))

    def _taken_over(self, member: StaffMember | None, closing: ShiftClosing) -> None:
        if member is None:
            self.dismiss(closed_sentence(self.desk, closing))
            return
        self.desk.take_place(member)
        self.app.push_screen(OpenShiftScreen(self.desk, suggested_fen=closing.counted_fen), self._opened)

    def _opened(self, done: Done | None) -> None:
        self.dismiss(done)
