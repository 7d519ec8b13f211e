"""Selling: scan or search, lines at posted prices, a large total. For a seat it waits on the bill or is paid now.

Nothing is on it that nobody scanned or typed (G-1, G-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from billing.sold_lines import QUANTITY_MAX, OrderLine
from billing.tenders import Tender
from billing.visit_bill import VisitBill
from pos.goods_search import GoodsIndex, OnSale, index_of
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.paper_state import with_paper_state
from pos.tui.desk.payment_screen import Payable, PaymentScreen
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.rows import PickList, Row, Sheet, Tone
from records.ids import new_id

_FOUND_MAX: Final = 40
_LONGEST: Final = 64
_SIGNS: Final = {"-": -1, "−": -1, "－": -1, "+": 1, "＋": 1}
"""Alone they are keys, not text: they change the last line. Input methods send their own."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of one thing on sale."""

    thing: OnSale
    quantity: int

    @property
    def amount_fen(self) -> int:
        """Quantity times posted price."""
        return self.quantity * self.thing.price_fen


@dataclass(frozen=True, slots=True)
class Basket:
    """What was scanned or typed so far, in that order; a thing that comes again adds to its line."""

    lines: tuple[Line, ...] = ()

    @property
    def total_fen(self) -> int:
        """What it comes to at posted prices."""
        return sum(line.amount_fen for line in self.lines)

    def with_more(self, thing: OnSale, quantity: int) -> Basket:
        """Add pieces, or take some back with a negative quantity; a line without any goes."""
        lines = {line.thing.item: line for line in self.lines}
        before = lines[thing.item].quantity if thing.item in lines else 0
        lines[thing.item] = Line(thing, min(before + quantity, QUANTITY_MAX))
        return Basket(tuple(line for line in lines.values() if line.quantity > 0))

    def order_lines(self) -> list[OrderLine]:
        """Say it as the counter wants it."""
        return [
            OrderLine(kind=line.thing.item.kind, code=line.thing.item.code, quantity=line.quantity)
            for line in self.lines
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class SaleState:
    """What the screen shows. `is_leaving` after a first Esc with something in the basket."""

    basket: Basket = Basket()
    found: tuple[OnSale, ...] = ()
    is_leaving: bool = False


class SaleScreen(Flow[Done | None]):
    """Sells to a seat (`visit_id`, `seat`) or to a passer-by (None). `scanned` is a code that opened the screen."""

    WIDE = True
    HELP = noted(
        "Scan, or type a code, a name, the first letters of its pinyin, or a barcode. An exact code or barcode, or the "
        "only thing found, goes on the list with Enter; among several choose with up and down. 3* before it means "
        "three pieces.\n\n"
        "With nothing typed: − takes one piece of the last line back, + adds one, Enter goes on. For a seat Enter puts "
        "it on the seat's bill, F2 has it paid now. Without a seat Enter goes to the payment.\n\n"
        "Esc empties what is typed; with goods on the list it asks once more before they are dropped."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "pay_now", show=False, priority=True)]
    DEFAULT_CSS = """
    SaleScreen #sides { height: 1fr; }
    SaleScreen #left { width: 1fr; height: 100%; }
    SaleScreen #right { width: 1fr; height: 100%; padding-left: 2; border-left: solid $foreground 35%; }
    SaleScreen #found, SaleScreen #lines { height: 1fr; }
    SaleScreen #total { text-align: right; text-style: bold; height: 1; width: 100%; }
    SaleScreen .field > Label { width: 10; }
    """

    def __init__(self, desk: DeskServices, *, visit_id: str | None = None, seat: str = "", scanned: str = "") -> None:
        super().__init__(desk)
        self._scanned = scanned
        self._visit_id = visit_id
        self._seat = seat
        self._index = GoodsIndex(())
        self._request = new_id()
        self._state = SaleState()

    def heading(self) -> str:
        """Say who buys."""
        say = self.desk.say
        return say("Sale for {seat}", seat=self._seat) if self._visit_id else say("Sale without a seat")

    def body(self) -> Iterable[Widget]:
        """Lay out what is found beside what is sold."""
        say = self.desk.say
        search = Horizontal(Label(say("Goods")), Input(id="typed", max_length=_LONGEST), classes="field")
        left = Vertical(search, PickList(id="found"), id="left")
        right = Vertical(Sheet(id="lines"), Static("", id="total", markup=False), id="right")
        yield Horizontal(left, right, id="sides")

    def on_mount(self) -> None:
        """Learn what is on sale."""
        super().on_mount()
        self.query_one("#found", PickList).can_focus = False
        self.set_focus(self.query_one(Input))
        self._draw()
        sales = self.desk.counter.sales
        self.ask(lambda: index_of(sales.prices()), then=self._learned, question="prices")

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys of this moment."""
        say, keys = self.desk.say, []
        if self._typed:
            keys += [KeyHint("⏎", say("on the list")), KeyHint("↑↓", say("choose"))]
        elif self._state.basket.lines:
            on_bill = say("on the bill of {seat}", seat=self._seat)
            keys.append(KeyHint("⏎", on_bill if self._visit_id else say("to the payment")))
            if self._visit_id:
                keys.append(KeyHint("F2", say("paid now")))
            keys += [KeyHint("− +", say("pieces of the last line"))]
        back = say("drop it all") if self._state.is_leaving else say("back")
        return (*keys, KeyHint("Esc", back))

    @property
    def _typed(self) -> str:
        return self.query_one("#typed", Input).value

    def _learned(self, index: GoodsIndex) -> None:
        self._index = index
        self._search()
        if self._scanned:
            self.query_one("#typed", Input).value = self._scanned
            self._scanned = ""
            self._enter()

    # Searching.

    @on(Input.Changed, "#typed")
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        sign = _SIGNS.get(changed.value)
        if sign is None:
            self.hush()
            self._search()
            return
        changed.input.value = ""
        if self._state.basket.lines:
            self._change(self._state.basket.lines[-1].thing, sign)

    def _search(self) -> None:
        _, words = _quantity_and_words(self._typed)
        found = tuple(self._index.search(words, limit=_FOUND_MAX))
        self._state = replace(self._state, found=found, is_leaving=False)
        self.query_one("#found", PickList).point(None)
        self._draw()

    async def on_key(self, event: events.Key) -> None:
        """Move among what was found; change the last line while nothing is typed."""
        found = self.query_one("#found", PickList)
        if event.key in {"up", "down", "pageup", "pagedown"}:
            event.stop()
            found.move({"up": -1, "down": 1, "pageup": -10, "pagedown": 10}[event.key])
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            self._enter()

    @on(Input.Submitted, "#typed")
    def _submitted(self, submitted: Input.Submitted) -> None:
        submitted.stop()

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        self._add(self._state.found[picked.number])

    def _enter(self) -> None:
        quantity, words = _quantity_and_words(self._typed)
        cursor = self.query_one("#found", PickList).cursor
        if not words and cursor is None:
            self._nothing_typed(quantity)
            return
        thing = self._state.found[cursor] if cursor is not None else self._index.exact(words)
        if thing is None and len(self._state.found) == 1:
            thing = self._state.found[0]
        if thing is not None:
            self._add(thing)
        elif self._state.found:
            self.warn(self.desk.say("Several things are called so. Choose one with up and down."))
        else:
            self.warn(self.desk.say("Nothing on sale is called {typed}. Look at the list.", typed=words))

    def _nothing_typed(self, quantity: int) -> None:
        if self._state.basket.lines and quantity == 1:
            if self._visit_id is None:
                self.action_pay_now()
            else:
                self._put_on_bill(self._visit_id)
        else:
            self.warn(self.desk.say("Scan something, or type its name."))

    def _add(self, thing: OnSale) -> None:
        quantity, _ = _quantity_and_words(self._typed)
        self._change(thing, quantity)
        typed = self.query_one("#typed", Input)
        typed.value = ""
        self.set_focus(typed)
        self._search()

    def _change(self, thing: OnSale, quantity: int) -> None:
        if self.is_at_work:
            return  # What is on the list is being booked.
        self._request = new_id()  # Another basket is another sale.
        self._state = replace(self._state, basket=self._state.basket.with_more(thing, quantity), is_leaving=False)
        self.hush()
        self._draw()

    # Done.

    def _put_on_bill(self, visit_id: str) -> None:
        if self.is_asking:
            return
        sales, lines, request = self.desk.counter.sales, self._state.basket.order_lines(), self._request
        self.ask(lambda: sales.order(visit_id, lines, request=request), then=self._ordered)

    def _ordered(self, bill: VisitBill) -> None:
        sold, total = money(self._state.basket.total_fen), money(bill.total_fen)
        sentence = self.desk.say(
            "{sold} yuan on the bill of {seat}, which comes to {total}.", sold=sold, seat=self._seat, total=total
        )
        self.dismiss(Done(sentence=sentence))

    def action_pay_now(self) -> None:
        """Have it paid now."""
        total_fen = self._state.basket.total_fen
        if not self._state.basket.lines or self._typed or self.is_asking:
            return
        if total_fen == 0:
            self.ask(lambda: self._finish(()), then=self.dismiss)
            return
        payable = Payable(what=self.heading(), due_fen=total_fen)
        self.app.push_screen(PaymentScreen(self.desk, payable, self._finish), self._paid)

    def _finish(self, tenders: Sequence[Tender]) -> Done:
        sold = self.desk.counter.sales.sell(self._state.basket.order_lines(), tenders, request=self._request)
        sentence = self.desk.say(
            "Sold for {total} yuan, receipt {receipt}.", total=money(sold.total_fen), receipt=sold.receipt
        )
        if sold.change_fen:
            sentence += " " + self.desk.say("Change {amount}", amount=money(sold.change_fen))
        return Done(sentence=with_paper_state(sentence, self.desk))

    def _paid(self, done: Done | None) -> None:
        if done is not None:
            self.dismiss(done)

    def action_back(self) -> None:
        """Empty what is typed, then leave; what was scanned is dropped only when asked twice."""
        if self._typed:
            self.query_one("#typed", Input).value = ""
        elif self._state.basket.lines and not self._state.is_leaving:
            self._state = replace(self._state, is_leaving=True)
            self.warn(self.desk.say("What is on the list is not sold yet. Esc once more drops it."))
            self.show_hints()
        elif not self.is_asking:
            self.dismiss(None)

    def _draw(self) -> None:
        state = self._state
        say = self.desk.say
        self.query_one("#found", PickList).show(
            [Row(f"{one.name} {one.spec}".strip(), f"{money(one.price_fen)}/{one.unit}") for one in state.found]
        )
        rows = []
        for line in state.basket.lines:
            rows.append(Row(f"{line.thing.name} {line.thing.spec}".strip(), money(line.amount_fen)))
            rows.append(Row(f"  {money(line.thing.price_fen)} × {line.quantity} {line.thing.unit}", tone=Tone.QUIET))
        lines = self.query_one("#lines", Sheet)
        lines.show(rows or [Row(say("Nothing is on the list yet."), tone=Tone.QUIET)])
        lines.bring_into_view(max(len(rows) - 1, 0))
        self.query_one("#total", Static).update(f"{say('Total')}  {money(state.basket.total_fen)}")
        self.show_hints()


def _quantity_and_words(typed: str) -> tuple[int, str]:
    """Read `3*cola` as three pieces; without a star it is one."""
    number, star, words = typed.replace("＊", "*").replace("×", "*").partition("*")
    if star and number.strip().isdecimal() and 0 < int(number.strip()[:5]) <= QUANTITY_MAX:
        return int(number.strip()), words.strip()
    return 1, typed.strip()
