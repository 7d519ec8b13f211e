"""Every visit that is not settled, those first whose time is over: for closing time, and for one payer of several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.widget import Widget

from billing.visit_bill import VisitBill
from billing.visit_record import Ends, Visit
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.settlement_screen import SettlementScreen
from pos.tui.desk.times import clock_time, money
from pos.tui.widgets.columns import cells, left, right
from pos.tui.widgets.notice import Notice
from pos.tui.widgets.rows import PickList, Row, Tone

_DUE_CELLS = 7
_ENDS_WORDS = {
    Ends.CUSTOMER: noted("running"),
    Ends.CLOSING_TIME: noted("closing time"),
    Ends.PACKAGE_END: noted("package over"),
}
_PAUSED = noted("paused")


class UnsettledScreen(Flow[Done | None]):
    """Leads to the settlement of one visit, or of several that were marked for one payer."""

    TITLE_SENTENCE = noted("Visits not settled")
    WIDE = True
    HELP = noted(
        "Visits whose time is over come first. Enter settles the one under the cursor; Space marks several that one "
        "person pays for, and Enter then settles them together, each with its own receipt."
    )
    DEFAULT_CSS = """
    UnsettledScreen #visits { height: 1fr; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._bills: tuple[VisitBill, ...] = ()
        self._marked: frozenset[str] = frozenset()

    def body(self) -> Iterable[Widget]:
        """Lay out the list."""
        return (PickList(id="visits"),)

    def on_mount(self) -> None:
        """Learn who is there."""
        super().on_mount()
        self.set_focus(self.query_one(PickList))
        self._look()

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        if not self._bills:
            return (self.hint_back(),)
        settle = say("settle {count} together", count=len(self._marked)) if len(self._marked) > 1 else say("settle")
        return (KeyHint("↑↓ ⏎", settle), KeyHint("Space", say("mark")), self.hint_back())

    def _look(self) -> None:
        self.ask(self.desk.counter.seats.running, then=self._learned, question="running")

    def _learned(self, bills: Sequence[VisitBill]) -> None:
        self._bills = tuple(sorted(bills, key=lambda bill: (bill.visit.end is None, bill.visit.seat)))
        self._draw()
        # Not over what the last settlement did.
        self.query_one(Notice).stand("" if bills else self.desk.say("Every visit is settled."))

    def _draw(self) -> None:
        self.query_one(PickList).show([self._row(bill) for bill in self._bills])
        self.show_hints()

    def _row(self, bill: VisitBill) -> Row:
        visit, now = bill.visit, self.desk.local(self.desk.now())
        mark = "✓" if visit.visit_id in self._marked else " "
        began = clock_time(self.desk.local(visit.opened_at), today=now)
        state = left(self._state(visit), max(map(cells, map(self.desk.words, (_PAUSED, *_ENDS_WORDS.values())))))
        due = self.desk.say("to pay {due}", due=right(money(bill.due_fen), _DUE_CELLS))
        text = f"{mark} {visit.seat:<5} {self.desk.say('since {time}', time=began)}  {state}  {due}"
        return Row(text, money(bill.total_fen), Tone.PLAIN if visit.end is None else Tone.LOUD)

    def _state(self, visit: Visit) -> str:
        is_paused = visit.pause is not None and visit.end is None
        return self.desk.words(_PAUSED if is_paused else _ENDS_WORDS[visit.ends])

    async def on_key(self, event: events.Key) -> None:
        """Mark with Space."""
        cursor = self.query_one(PickList).cursor
        if event.key == "space" and cursor is not None:
            event.stop()
            self._marked ^= {self._bills[cursor].visit.visit_id}
            self._draw()

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        marked = [bill.visit.visit_id for bill in self._bills if bill.visit.visit_id in self._marked]
        chosen = marked or [self._bills[picked.number].visit.visit_id]
        self.app.push_screen(SettlementScreen(self.desk, chosen), self._settled)

    def _settled(self, done: Done | None) -> None:
        self._marked = frozenset()
        self._look()
        if done is not None:
            self.tell(done.sentence)
