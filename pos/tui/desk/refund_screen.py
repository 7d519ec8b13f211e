"""Giving money back (退款): the receipt, what comes back, why; by the way it was paid, at times with two persons.

What is paid back is told before anything is written: a combo that loses a part loses its saving.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.price_list import ItemKind, SavingKind
from billing.reasons import RefundReason
from billing.refunds import BackLine, RefundLine
from pos.counter.approving import second_reason
from pos.counter.refunds import PaidFor, Refundable, RefundGiven, RefundQuote
from pos.languages import noted
from pos.tui.desk.bill_rows import item_name
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.paper_state import with_paper_state
from pos.tui.desk.reason_words import REFUND_WORDS
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.tender_words import given_back
from pos.tui.desk.times import money
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.number_field import WHOLE, NumberField
from pos.tui.widgets.prose import Prose
from pos.tui.widgets.rows import PickList, Row
from records.ids import new_id
from staff.approvals import Approval
from staff.errors import ApprovalNeededError
from staff.roles import Operation

_REASONS: Final = tuple(RefundReason)


@dataclass(frozen=True, kw_only=True, slots=True)
class _State:
    """What the screen shows: pieces chosen by the line's place, and what they would give back."""

    paid_for: PaidFor | None = None
    found: Refundable | None = None
    chosen: Mapping[int, int] = field(default_factory=dict)
    quote: RefundQuote | None = None


class RefundScreen(Flow[Done | None]):
    """Gives money back for lines of one receipt."""

    TITLE_SENTENCE = noted("Give money back")
    WIDE = True
    HELP = noted(
        "Type the receipt's number, Enter. Space or + marks a piece that comes back, − takes the mark away. Choose the "
        "reason with left and right; Enter gives the money back by the way it was paid, the last one first, and "
        "prints a slip.\n\n"
        "A combo that loses a part loses its saving. Above your limit a manager or the owner types a PIN. The money "
        "leaves the shift that is open now, and never more goes back than was paid."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "next_part", show=False, priority=True)]
    DEFAULT_CSS = """
    RefundScreen #lines { height: 1fr; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._request = new_id()
        self._state = _State()

    def body(self) -> Iterable[Widget]:
        """Lay out the receipt's number, its lines and the reason."""
        say, words = self.desk.say, self.desk.words
        yield Horizontal(Label(say("Receipt")), NumberField(WHOLE, id="receipt"), classes="field")
        yield PickList(id="lines")
        reasons = [words(REFUND_WORDS[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), classes="field")
        yield Prose("", id="back", classes="sum")

    def on_mount(self) -> None:
        """Begin with the number."""
        super().on_mount()
        self.set_focus(self.query_one(NumberField))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of this moment."""
        say = self.desk.say
        if self._state.found is None:
            return (KeyHint("⏎", say("find the receipt")), self.hint_back())
        return (
            KeyHint("Space + −", say("pieces")),
            KeyHint("⏎", say("next, give back")),
            KeyHint("◂ ▸", say("reason")),
            self.hint_back(),
        )

    # The receipt.

    def _find(self) -> None:
        text, refunds = self.query_one(NumberField).text, self.desk.counter.refunds
        if not text:
            self.lack(self.desk.say("Type the number that stands on the receipt."))
            return
        paid_for = PaidFor(receipt=int(text))
        self.hush()
        self._state = _State(paid_for=paid_for)
        self._draw()  # What another receipt holds is nothing of this one's.
        self.ask(lambda: refunds.refundable(paid_for), then=self._found)

    def _found(self, found: Refundable) -> None:
        self._state = replace(self._state, found=found)
        self._draw()
        lines = self.query_one(PickList)
        if found.lines:
            lines.point(0)
            self.set_focus(lines)
        else:
            self.lack(self.desk.say("Nothing on this receipt can be given back any more."))

    # What comes back.

    async def on_key(self, event: events.Key) -> None:
        """Mark pieces; Enter goes on."""
        lines = self.query_one(PickList)
        if event.key == "enter":
            event.stop()
            self._go_on()
        elif self.focused is lines and lines.cursor is not None:
            step = {"space": 1, "plus": 1, "minus": -1}.get(event.key)
            if step is not None:
                event.stop()
                self._mark(lines.cursor, step)

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        self._go_on()

    def action_next_part(self) -> None:
        """Go from the number to the lines to the reason."""
        self.focus_next()

    def _go_on(self) -> None:
        if self.is_at_work:
            return
        reason = self.query_one(Cycle)
        if self._state.found is None or self.focused is self.query_one(NumberField):
            self._find()
        elif not self._state.chosen:
            self.warn(self.desk.say("Mark what comes back with Space."))
            self.set_focus(self.query_one(PickList))
        elif reason.number is None:
            if self.focused is reason:
                self.lack(self.desk.say("Choose a reason with left and right."))
            self.set_focus(reason)
        else:
            self._give(None)

    def _mark(self, place: int, step: int) -> None:
        found = self._state.found
        if found is None or self.is_at_work:
            return
        pieces = min(max(self._state.chosen.get(place, 0) + step, 0), found.lines[place].quantity)
        chosen = {**self._state.chosen, place: pieces}
        self._state = replace(self._state, chosen={at: n for at, n in chosen.items() if n}, quote=None)
        self._request = new_id()  # Other pieces are another refund.
        self.hush()
        self._draw()
        self._ask_quote()

    def _ask_quote(self) -> None:
        paid_for, lines, refunds = self._state.paid_for, self._lines(), self.desk.counter.refunds
        if paid_for is not None and lines:
            self.ask(lambda: (lines, refunds.quote(paid_for, lines)), then=self._quoted, question="quote")

    def _quoted(self, answer: tuple[list[RefundLine], RefundQuote]) -> None:
        lines, quote = answer
        if lines != self._lines():
            self._ask_quote()  # More was marked meanwhile.
            return
        self._state = replace(self._state, quote=quote)
        self._draw()

    def _lines(self) -> list[RefundLine]:
        found = self._state.found
        if found is None:
            return []
        return [_asked(found.lines[place], pieces) for place, pieces in sorted(self._state.chosen.items())]

    def _draw(self) -> None:
        found = self._state.found
        lines = () if found is None else found.lines
        self.query_one(PickList).show([self._row(place, line) for place, line in enumerate(lines)])
        quote = self._state.quote
        said = (
            ""
            if quote is None
            else self.desk.say(
                "Back: {amount} ({ways})",
                amount=money(quote.amount_fen),
                ways=given_back(quote.tenders, self.desk.words),
            )
        )
        if quote is not None and quote.unpaid_fen:
            off = self.desk.say("{amount} of it was taken off the bill", amount=money(quote.unpaid_fen))
            said = f"{said} · {off}"
        self.query_one("#back", Prose).update(said)
        self.show_hints()

    def _row(self, place: int, line: BackLine) -> Row:
        name = item_name(self.desk.counter.seats.list_of(line.list_number), _kind(line.kind), line.code)
        marked = self._state.chosen.get(place, 0)
        mark = f"✓{marked}" if marked else "  "
        return Row(f"{mark} {name}  {money(line.unit_fen)} × {line.quantity}", money(line.amount_fen))

    # Giving back.

    def _give(self, approval: Approval | None) -> None:
        paid_for, number, refunds = self._state.paid_for, self.query_one(Cycle).number, self.desk.counter.refunds
        assert paid_for is not None
        assert number is not None
        lines, reason, request = self._lines(), _REASONS[number].value, self._request

        def give() -> RefundGiven:
            return refunds.give(paid_for, lines, reason=reason, request=request, approval=approval)

        self.hush()
        self.ask(give, then=self._given, refused=lambda error: self._refused(error, reason))

    def _given(self, given: RefundGiven) -> None:
        sentence = self.desk.say(
            "Given back: {ways}, receipt {receipt}.",
            ways=given_back(given.tenders, self.desk.words),
            receipt=given.receipt,
        )
        self.dismiss(Done(sentence=with_paper_state(sentence, self.desk)))

    def _refused(self, error: Exception, reason: str) -> None:
        quote = self._state.quote
        if not isinstance(error, ApprovalNeededError) or quote is None:
            self.refuse(error)
            return
        screen = SecondPersonScreen(
            self.desk,
            operation=Operation.REFUND_GIVE,
            reason=second_reason(reason),
            lead=self.desk.say(
                "Giving back {amount} yuan needs a manager or the owner.", amount=money(quote.amount_fen)
            ),
            amount_fen=quote.amount_fen,
        )
        self.app.push_screen(screen, self._approved)

    def _approved(self, approval: Approval | None) -> None:
        if approval is not None:
            self._give(approval)


def _asked(line: BackLine, pieces: int) -> RefundLine:
    if line.kind == ItemKind.PACKAGE.value:
        return RefundLine(line=line.line, is_package=True)
    return RefundLine(line=line.line, quantity=pieces, order_id=line.order_id)


def _kind(kind: str) -> ItemKind | SavingKind:
    return SavingKind(kind) if kind in tuple(SavingKind) else ItemKind(kind)
