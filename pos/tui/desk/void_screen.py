"""Taking an ordered piece back: which one, how many, why; above the clerk's limit with a second person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from billing.reasons import CancelReason
from billing.visit_bill import OrderedLine, VisitBill
from pos.languages import noted
from pos.tui.desk.bill_rows import BillRows
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import CANCEL_APPROVED_AS, CANCEL_WORDS
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.number_field import PIECES, NumberField
from pos.tui.widgets.rows import PickList
from staff.approvals import Approval
from staff.errors import ApprovalNeededError
from staff.roles import Operation

_REASONS = tuple(CancelReason)


class VoidScreen(Flow[Done | None]):
    """Takes pieces off a visit's bill that were not handed over (G-4)."""

    TITLE_SENTENCE = noted("Take an order back")
    HELP = noted(
        "Choose the line with the arrows, Enter; type how many pieces come back, Enter; choose the reason with left "
        "and right, Enter. Above your limit a manager or the owner types a PIN. The journal keeps both the order and "
        "its taking back."
    )

    DEFAULT_CSS = """
    VoidScreen #orders { max-height: 12; margin-bottom: 1; }
    """

    def __init__(self, desk: DeskServices, orders: Sequence[OrderedLine]) -> None:
        super().__init__(desk)
        self._orders = tuple(orders)
        self._chosen: OrderedLine | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the lines and the two fields."""
        say = self.desk.say
        yield PickList(id="orders")
        yield Horizontal(Label(say("Pieces")), NumberField(PIECES, id="pieces"), classes="field")
        reasons = [self.desk.words(CANCEL_WORDS[reason]) for reason in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Show what was ordered."""
        super().on_mount()
        desk = self.desk
        bills = BillRows(words=desk.words, timezone=desk.venue.settings.days.timezone, lists=desk.counter.seats.list_of)
        orders = self.query_one(PickList)
        orders.show([bills.order(order) for order in self._orders])
        self.set_focus(orders)

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (KeyHint("↑↓ ⏎", say("choose")), KeyHint("◂ ▸", say("reason")), self.hint_back())

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        if self.is_at_work:
            return  # A line is being taken back.
        self._chosen = self._orders[picked.number]
        pieces = self.query_one(NumberField)
        pieces.hint(str(self._chosen.sold.quantity))
        self.set_focus(pieces)

    async def on_key(self, event: events.Key) -> None:
        """Enter goes from field to field, and from the last one to the books."""
        if event.key != "enter" or self.is_asking:
            return
        event.stop()
        reason = self.query_one(Cycle)
        if self._chosen is None:
            self.lack(self.desk.say("Choose the line that comes back first."))
            self.set_focus(self.query_one(PickList))
        elif reason.number is None:
            if reason.has_focus:
                self.lack(self.desk.say("Choose a reason with left and right."))
            self.set_focus(reason)
        else:
            self._cancel(None)

    def _cancel(self, approval: Approval | None) -> None:
        order, number = self._chosen, self.query_one(Cycle).number
        assert order is not None
        assert number is not None
        pieces = int(self.query_one(NumberField).text or order.sold.quantity)
        sales = self.desk.counter.sales

        def cancel() -> VisitBill:
            return sales.cancel(
                order.order_id,
                order.sold.line,
                quantity=pieces,
                reason=_REASONS[number].value,
                approval=approval,
            )

        self.hush()
        self.ask(cancel, then=self._cancelled, refused=self._refused)

    def _cancelled(self, bill: VisitBill) -> None:
        self.dismiss(
            Done(sentence=self.desk.say("Taken back. The bill comes to {total} yuan.", total=money(bill.total_fen)))
        )

    def _refused(self, error: Exception) -> None:
        order, number = self._chosen, self.query_one(Cycle).number
        if not isinstance(error, ApprovalNeededError) or order is None or number is None:
            self.refuse(error)
            return
        amount_fen = int(self.query_one(NumberField).text or order.sold.quantity) * order.sold.unit_fen
        screen = SecondPersonScreen(
            self.desk,
            operation=Operation.ORDER_CANCEL,
            reason=CANCEL_APPROVED_AS[_REASONS[number]],
            lead=self.desk.say("Taking back {amount} yuan needs a manager or the owner.", amount=money(amount_fen)),
            amount_fen=amount_fen,
        )
        self.app.push_screen(screen, self._approved)

    def _approved(self, approval: Approval | None) -> None:
        if approval is not None:
            self._cancel(approval)
