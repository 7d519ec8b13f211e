"""Taking something off a bill: how much, why; above the clerk's bound with a second person (G-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.money import parse_yuan
from billing.reasons import ReductionReason
from billing.visit_bill import Reduction, VisitBill
from pos.counter.approving import second_reason
from pos.languages import noted
from pos.tui.desk.bill_rows import REDUCTION_NAMES
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.number_field import NumberField
from pos.tui.widgets.rows import Row, Sheet
from records.ids import new_id
from staff.approvals import Approval
from staff.errors import ApprovalNeededError
from staff.roles import Operation

_REASONS: Final = tuple(ReductionReason)


class ReductionScreen(Flow[Done | None]):
    """Takes an amount off one visit's bill; no posted price is changed by it."""

    TITLE_SENTENCE = noted("Take something off the bill")
    HELP = noted(
        "Type the amount, Enter; choose the reason with left and right, Enter. It stands on the bill and the receipt "
        "as a line of its own. A cashier needs a manager or the owner for it. W puts the last one back on the bill."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("w,W", "withdraw", show=False)]

    def __init__(self, desk: DeskServices, *, visit_id: str, given: Sequence[Reduction]) -> None:
        super().__init__(desk)
        self._visit_id = visit_id
        self._given = tuple(given)
        self._request = new_id()

    def body(self) -> Iterable[Widget]:
        """Lay out what was given, and the two fields."""
        say, words = self.desk.say, self.desk.words
        yield Sheet(id="given")
        yield Horizontal(Label(say("Amount, yuan")), NumberField(id="amount"), classes="field")
        reasons = [words(REDUCTION_NAMES[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Begin with the amount."""
        super().on_mount()
        words = self.desk.words
        rows = [Row(words(REDUCTION_NAMES[ReductionReason(one.reason)]), money(-one.fen)) for one in self._given]
        self.query_one("#given", Sheet).show(rows)
        self.set_focus(self.query_one(NumberField))

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        back = [KeyHint("W", say("put the last one back"))] if self._given else []
        return (KeyHint("⏎", say("next, take off")), KeyHint("◂ ▸", say("reason")), *back, self.hint_back())

    async def on_key(self, event: events.Key) -> None:
        """Enter goes from field to field, and from the last one to the books."""
        if event.key != "enter" or self.is_asking:
            return
        event.stop()
        reason = self.query_one(Cycle)
        if self.focused is not reason:
            self.set_focus(reason)
        elif reason.number is None:
            self.warn(self.desk.say("Choose a reason with left and right."))
        else:
            self._give(None)

    def _fen(self) -> int:
        text = self.query_one(NumberField).text.rstrip(".")
        return parse_yuan(f"0{text}") if text else 0

    def _give(self, approval: Approval | None) -> None:
        fen, number = self._fen(), self.query_one(Cycle).number
        if not fen or number is None:
            self.warn(self.desk.say("Type the amount."))
            self.set_focus(self.query_one(NumberField))
            return
        reductions, request, reason = self.desk.counter.reductions, self._request, _REASONS[number].value

        def give() -> VisitBill:
            return reductions.give(self._visit_id, fen, reason=reason, request=request, approval=approval)

        self.hush()
        self.ask(give, then=self._taken_off, refused=lambda error: self._refused(error, fen, reason))

    def _taken_off(self, bill: VisitBill) -> None:
        self._leave(self.desk.say("Taken off. The bill comes to {total} yuan.", total=money(bill.total_fen)))

    def _leave(self, sentence: str) -> None:
        self.dismiss(Done(sentence=sentence))

    def _refused(self, error: Exception, fen: int, reason: str) -> None:
        if not isinstance(error, ApprovalNeededError):
            self.refuse(error)
            return
        screen = SecondPersonScreen(
            self.desk,
            operation=Operation.REDUCTION_GIVE,
            reason=second_reason(reason),
            lead=self.desk.say("Taking off {amount} yuan needs a manager or the owner.", amount=money(fen)),
            amount_fen=fen,
        )
        self.app.push_screen(screen, self._approved)

    def _approved(self, approval: Approval | None) -> None:
        if approval is not None:
            self._give(approval)

    def action_withdraw(self) -> None:
        """Put the last reduction back on the bill."""
        if self._given and not self.is_asking:
            reductions, last = self.desk.counter.reductions, self._given[-1]
            self.ask(lambda: reductions.withdraw(last.reduction_id), then=self._put_back)

    def _put_back(self, bill: VisitBill) -> None:
        self._leave(self.desk.say("Back on the bill, which comes to {total} yuan.", total=money(bill.total_fen)))
