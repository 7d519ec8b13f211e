"""Taking something off a visit's bill, and putting it back (G-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from billing.reasons import ReductionReason
from billing.visit_bill import Reduction, VisitBill
from pos.languages import noted
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import REDUCTION_NAMES
from pos.tui.desk.reduction_form import ReductionForm
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.rows import Row, Sheet
from records.ids import new_id
from staff.approvals import Approval


class ReductionScreen(ReductionForm[Done | None]):
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
        """Lay out what was given over the fields."""
        yield Sheet(id="given")
        yield from super().body()

    def on_mount(self) -> None:
        """Show what was given."""
        super().on_mount()
        words = self.desk.words
        rows = [Row(words(REDUCTION_NAMES[ReductionReason(one.reason)]), money(-one.fen)) for one in self._given]
        self.query_one("#given", Sheet).show(rows)

    def more_hints(self) -> Sequence[KeyHint]:
        """Offer to put the last one back."""
        return [KeyHint("W", self.desk.say(noted("put the last one back")))] if self._given else []

    def take_off(self, fen: int, reason: ReductionReason, approval: Approval | None) -> None:
        """Write it into the books."""
        reductions, request = self.desk.counter.reductions, self._request

        def give() -> VisitBill:
            return reductions.give(self._visit_id, fen, reason=reason.value, request=request, approval=approval)

        self.ask(give, then=self._taken_off, refused=lambda error: self.refused(error, fen, reason))

    def _taken_off(self, bill: VisitBill) -> None:
        self._leave(self.desk.say(noted("Taken off. The bill comes to {total} yuan."), total=money(bill.total_fen)))

    def _leave(self, sentence: str) -> None:
        self.dismiss(Done(sentence=sentence))

    def action_withdraw(self) -> None:
        """Put the last reduction back on the bill."""
        if self._given and not self.is_asking:
            reductions, last = self.desk.counter.reductions, self._given[-1]
            self.ask(lambda: reductions.withdraw(last.reduction_id), then=self._put_back)

    def _put_back(self, bill: VisitBill) -> None:
        total = money(bill.total_fen)
        self._leave(self.desk.say(noted("Back on the bill, which comes to {total} yuan."), total=total))
