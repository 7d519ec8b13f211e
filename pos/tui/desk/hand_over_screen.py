"""What was ordered and is in the customer's hands now: until then everything can be taken back (G-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from billing.visit_bill import OrderedLine
from pos.languages import noted
from pos.tui.desk.bill_rows import BillRows
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.services import DeskServices, Done
from pos.tui.widgets.rows import PickList


class HandOverScreen(Flow[Done | None]):
    """Notes that a line was handed over."""

    TITLE_SENTENCE = noted("Handed over")
    HELP = noted(
        "Choose what the customer has in hand with the arrows, Enter. Until then it can be taken back in full by "
        "anybody; afterwards that needs a reason and, above the limit, a second person."
    )

    def __init__(self, desk: DeskServices, orders: Sequence[OrderedLine]) -> None:
        super().__init__(desk)
        self._orders = tuple(order for order in orders if not order.sold.is_saving)

    def body(self) -> Iterable[Widget]:
        """Lay out the lines."""
        yield PickList(id="orders")

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
        return (KeyHint("↑↓ ⏎", self.desk.say("is handed over")), self.hint_back())

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        order, sales = self._orders[picked.number], self.desk.counter.sales
        self.hush()
        self.ask(lambda: sales.hand_over(order.order_id, [order.sold.line]), then=self._handed)

    def _handed(self, lines: tuple[int, ...]) -> None:
        del lines  # One was asked for.
        self.tell(self.desk.say("Noted as handed over."))
