"""Paying a sale over the counter: what the goods come to, less what is taken off, and then the money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from billing.reasons import ReductionReason
from billing.sales import SaleReduction
from billing.sold_lines import OrderLine
from billing.tenders import Tender
from pos.languages import noted
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.paper_state import followed, with_paper_state
from pos.tui.desk.payment_screen import Payable, PaymentScreen
from pos.tui.desk.reason_words import REDUCTION_NAMES
from pos.tui.desk.reduction_form import ReductionForm
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.rows import Row
from staff.approvals import Approval


class SaleReductionScreen(ReductionForm[SaleReduction | None]):
    """Answers with what is taken off; it becomes part of the sale, and nothing is booked before."""

    TITLE_SENTENCE = noted("Take something off the sale")
    HELP = noted(
        "Type the amount, Enter; choose the reason with left and right, Enter. It stands on the receipt as a line of "
        "its own. A cashier needs a manager or the owner for it. Esc at the payment takes it back, as long as "
        "nothing is booked."
    )

    def __init__(self, desk: DeskServices, *, due_fen: int) -> None:
        super().__init__(desk)
        self._due_fen = due_fen

    def take_off(self, fen: int, reason: ReductionReason, approval: Approval | None) -> None:
        """Ask whether it may be taken off."""
        reduction, sales = SaleReduction(fen=fen, reason=reason, approval=approval), self.desk.counter.sales

        def allowed() -> SaleReduction:
            sales.require_reduction(reduction, due_fen=self._due_fen)
            return reduction

        self.ask(allowed, then=self.dismiss, refused=lambda error: self.refused(error, fen, reason))


class SalePaymentScreen(PaymentScreen):
    """Takes the money for a sale; until the first tender something may be taken off."""

    HELP = noted(
        "C cash, W WeChat, A Alipay, B bank card; or left and right.\n\n"
        "Type the amount, or press Enter for the amount that is still due; up and down go through likely notes. "
        "Several tenders may follow each other. What is not cash needs the number from the payment terminal. "
        "R takes something off the sale, with a reason, before anything is paid.\n\n"
        "When everything is paid the change stands in large figures: give it, then press Enter. Esc takes the last "
        "tender back, then what was taken off. Nothing is booked before that last Enter."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r,R", "reduce", show=False)]

    def __init__(
        self, desk: DeskServices, *, what: str, lines: Sequence[OrderLine], total_fen: int, request: str
    ) -> None:
        super().__init__(desk, Payable(what=what, due_fen=total_fen), self._sell)
        self._lines = tuple(lines)
        self._request = request
        self._reductions: tuple[SaleReduction, ...] = ()

    @property
    def due_fen(self) -> int:
        """What the goods come to, less what is taken off."""
        return super().due_fen - sum(one.fen for one in self._reductions)

    def rows_before_tenders(self) -> Sequence[Row]:
        """Return the total and what is taken off."""
        words = self.desk.words
        taken_off = (Row(f"  {words(REDUCTION_NAMES[one.reason])}", money(-one.fen)) for one in self._reductions)
        return (*super().rows_before_tenders(), *taken_off)

    def more_hints(self) -> Sequence[KeyHint]:
        """Offer to take something off."""
        return (KeyHint("R", self.desk.say(noted("take off"))),) if self._is_reducible else ()

    @property
    def _is_reducible(self) -> bool:
        return not self.has_tenders and self.due_fen > 0

    def action_reduce(self) -> None:
        """Take something off before anything is paid."""
        if self._is_reducible and not self.is_asking:
            self.app.push_screen(SaleReductionScreen(self.desk, due_fen=self.due_fen), self._reduced)

    def _reduced(self, reduction: SaleReduction | None) -> None:
        if reduction is not None:
            self._reductions = (*self._reductions, reduction)
            self.hush()
            self.draw()

    @property
    def has_steps_back(self) -> bool:
        """Whether Esc takes something back before it leaves."""
        return super().has_steps_back or bool(self._reductions)

    def take_back(self) -> None:
        """Take the last tender back, then the last thing that was taken off."""
        if self.has_tenders:
            super().take_back()
        else:
            self._reductions = self._reductions[:-1]

    def _sell(self, tenders: Sequence[Tender]) -> Done:
        sales, say = self.desk.counter.sales, self.desk.say
        sold = sales.sell(self._lines, tenders, request=self._request, reductions=self._reductions)
        sentence = say(
            noted("Sold for {total} yuan, receipt {receipt}."), total=money(sold.total_fen), receipt=sold.receipt
        )
        if sold.change_fen:
            sentence = followed(sentence, say(noted("Change {amount}."), amount=money(sold.change_fen)))
        return Done(sentence=with_paper_state(sentence, self.desk))
