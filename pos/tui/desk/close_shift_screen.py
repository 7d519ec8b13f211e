"""Closing the shift: the drawer is counted blind, by denomination; only then is told what it should hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label, Static

from billing.reasons import DifferenceReason
from billing.shift_errors import DifferenceUnexplainedError
from billing.tenders import TenderKind
from pos.cash_in_hand import DENOMINATIONS_FEN, CashCount
from pos.counter.shifts import ShiftClosing
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.paper_state import slip_state, with_slip_state
from pos.tui.desk.reason_words import DIFFERENCE_WORDS
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_words import TENDER_WORDS
from pos.tui.desk.times import money
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.number_field import PIECES, NumberField
from pos.tui.widgets.prose import Prose
from pos.tui.widgets.rows import Row, Sheet, Tone
from records.ids import new_id

_REASONS: Final = tuple(DifferenceReason)


class CloseShiftScreen(Flow[ShiftClosing | None]):
    """Answers with the closed shift. Until the books have closed it, nothing tells what was expected."""

    TITLE_SENTENCE = noted("Count the drawer and close the shift")
    HELP = noted(
        "Type how many pieces of each note and coin lie in the drawer; Enter or the arrows go from line to line. Enter "
        "on the last line closes the shift by that count and prints the Z slip.\n\n"
        "Where the count is not what it should be, count again; if it stays so, choose a reason with left and right, "
        "and Enter once more. How much is missing or over is told only afterwards: the count is blind."
    )
    LOST_BY_LEAVING = noted("What was counted is not kept. Esc once more leaves; the shift stays open.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "done", show=False)]
    DEFAULT_CSS = """
    CloseShiftScreen .piece { height: 1; }
    CloseShiftScreen .piece > Label { width: 12; text-align: right; padding-right: 1; }
    CloseShiftScreen .piece > NumberField { width: 8; }
    CloseShiftScreen .piece > Static { width: 1fr; padding-left: 2; }
    CloseShiftScreen #counted { text-style: bold; margin: 1 0; }
    CloseShiftScreen #why { display: none; }
    CloseShiftScreen.-differs #why { display: block; }
    CloseShiftScreen #closing { display: none; }
    CloseShiftScreen.-closed .piece, CloseShiftScreen.-closed #counted, CloseShiftScreen.-closed #why,
    CloseShiftScreen.-closed #lead { display: none; }
    CloseShiftScreen.-closed #closing { display: block; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._request = new_id()
        self._z: ShiftClosing | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out a line for each denomination, the reason, and what comes out."""
        say, words = self.desk.say, self.desk.words
        yield Prose(say("How many pieces of each lie in the drawer?"), id="lead", classes="lead")
        for fen in DENOMINATIONS_FEN:
            worth = Static("", id=f"worth-{fen}", markup=False)
            yield Horizontal(Label(money(fen)), NumberField(PIECES, id=f"pieces-{fen}"), worth, classes="piece")
        yield Static("", id="counted", markup=False)
        reasons = [words(DIFFERENCE_WORDS[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), id="why", classes="field")
        yield Sheet(id="closing")

    def on_mount(self) -> None:
        """Begin with the largest notes."""
        self._count_changed()
        self.set_focus(self.query_one(f"#pieces-{DENOMINATIONS_FEN[0]}"))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of this moment."""
        say = self.desk.say
        if self._z is not None:
            return (KeyHint("⏎", say("done")),)
        why = (KeyHint("◂ ▸", say("reason")),) if self.has_class("-differs") else ()
        return (KeyHint("⏎ ↑↓", say("next line")), *why, KeyHint("⏎", say("at the end: close")), self.hint_back())

    @on(NumberField.Changed)
    def _count_changed(self) -> None:
        for fen in DENOMINATIONS_FEN:
            worth_fen = fen * self._pieces(fen)
            self.query_one(f"#worth-{fen}", Static).update(money(worth_fen) if worth_fen else "")
        counted = self.desk.say("Counted {amount} yuan", amount=money(self._count.total_fen))
        self.query_one("#counted", Static).update(counted)
        self.show_hints()

    def _pieces(self, fen: int) -> int:
        return int(self.query_one(f"#pieces-{fen}", NumberField).text or 0)

    @property
    def _count(self) -> CashCount:
        return CashCount(pieces={fen: self._pieces(fen) for fen in DENOMINATIONS_FEN})

    async def on_key(self, event: events.Key) -> None:
        """Go from line to line; from the last one to the books."""
        if self._z is not None:
            return
        if event.key in {"up", "down"}:
            event.stop()
            (self.focus_previous if event.key == "up" else self.focus_next)()
        elif event.key == "enter":
            event.stop()
            if self._is_at_the_end:
                self._close()
            else:
                self.focus_next()

    @property
    def _is_at_the_end(self) -> bool:
        last = "#reason" if self.has_class("-differs") else f"#pieces-{DENOMINATIONS_FEN[-1]}"
        return self.query_one(last).has_focus

    def _close(self) -> None:
        number = self.query_one(Cycle).number
        reason = None if number is None else _REASONS[number].value
        counted_fen, request, shifts = self._count.total_fen, self._request, self.desk.counter.shifts
        self.ask(
            lambda: shifts.close(counted_fen=counted_fen, reason=reason, request=request),
            then=self._was_closed,
            refused=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, DifferenceUnexplainedError):
            self.refuse(error)
            return
        self.add_class("-differs")
        self.show_hints()
        self.lack(self.desk.say("The count is not what it should be. Count again; if it stays so, choose a reason."))
        self.set_focus(self.query_one(Cycle))

    def _was_closed(self, closing: ShiftClosing) -> None:
        self._z = closing
        self.hush()
        self.add_class("-closed")
        self.query_one("#closing", Sheet).show(list(self._rows(closing)))
        self.set_focus(None)
        self.tell(slip_state(self.desk))  # Both hands sign it.
        self.show_hints()

    def _rows(self, closing: ShiftClosing) -> Iterator[Row]:
        say = self.desk.say
        yield Row(say("Shift {shift} is closed", shift=closing.shift), f"Z {closing.z:04}", Tone.HEAD)
        yield Row.rule()
        yield from taken_rows(self.desk, closing.sales_fen, closing.totals_fen)
        yield Row.rule()
        moved_fen = closing.expected_fen - closing.float_fen - closing.totals_fen[TenderKind.CASH.value]
        yield Row(say("Float"), money(closing.float_fen))
        if moved_fen:
            yield Row(say("Cash in and out"), money(moved_fen))
        yield Row(say("Expected"), money(closing.expected_fen))
        yield Row(say("Counted"), money(closing.counted_fen))
        tone = Tone.LOUD if closing.difference_fen else Tone.SUM
        sign = "+" if closing.difference_fen > 0 else ""
        yield Row(say("Difference"), f"{sign}{money(closing.difference_fen)}", tone)

    def action_done(self) -> None:
        """Go on, once it is closed."""
        if self._z is not None:
            self.dismiss(self._z)

    def action_back(self) -> None:
        """Leave the count; after the closing there is only onward."""
        if self._z is None:
            super().action_back()
        elif not self.is_at_work:
            self.dismiss(self._z)

    def would_be_lost(self) -> bool:
        """Whether something was counted."""
        return self._z is None and self._count.total_fen > 0


def taken_rows(desk: DeskServices, sales_fen: int, totals_fen: Mapping[str, int]) -> Iterator[Row]:
    """Say what a shift took: sales, what came beside them, and by which way."""
    yield Row(desk.say("Sales"), money(sales_fen), Tone.SUM)
    if beside_fen := sum(totals_fen.values()) - sales_fen:
        yield Row(desk.say("Deposits and refunds"), money(beside_fen))
    for kind in TenderKind:
        yield Row(f"  {desk.words(TENDER_WORDS[kind])}", money(totals_fen[kind.value]))


def closed_sentence(desk: DeskServices, closing: ShiftClosing) -> Done:
    """Say what a closing did."""
    closed = desk.say("Shift {shift} is closed, Z {z}.", shift=closing.shift, z=closing.z)
    return Done(sentence=with_slip_state(closed, desk))
