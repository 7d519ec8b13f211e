"""Selling: scan or search, lines at posted prices, a large total. For a seat it waits on the bill or is paid now.

Nothing is on it that nobody scanned or typed (G-1, G-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Digits, Input, Label

from billing.price_list import SavingKind
from billing.sold_lines import QUANTITY_MAX
from billing.visit_bill import VisitBill
from pos.goods_search import GoodsIndex, OnSale, index_of, savings_on_sale
from pos.languages import noted
from pos.pinyin import initials, plain
from pos.tui.desk.basket import Basket, Line
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.sale_payment_screen import SalePaymentScreen
from pos.tui.desk.services import DeskServices, Done
from pos.tui.desk.times import money
from pos.tui.widgets.orderly_field import OrderlyField
from pos.tui.widgets.rows import PickList, Row, Sheet, Tone
from records.ids import new_id

_FOUND_MAX: Final = 40
_LONGEST: Final = 64
_SIGNS: Final = {"-": -1, "−": -1, "－": -1, "+": 1, "＋": 1}
"""Alone they are keys, not text: they change the last line. Input methods send their own."""
_APART: Final = frozenset("/／÷、")
"""Takes the last combo apart; 、 is what the same key gives to a Chinese input method."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SaleState:
    """What the screen shows. `is_leaving` after a first Esc with something in the basket."""

    basket: Basket = field(default_factory=Basket)
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
        "it on the seat's bill, F2 has it paid now. Without a seat Enter goes to the payment. There R takes something "
        "off.\n\n"
        "Combos and promotions stand with their parts at single prices and what they save. / takes the last one apart: "
        "the customer may leave a part out. What holds a package is sold to a seat only.\n\n"
        "Esc empties what is typed; with goods on the list it asks once more before they are dropped."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "pay_now", show=False, priority=True)]
    DEFAULT_CSS = """
    SaleScreen #sides { height: 1fr; }
    SaleScreen #left { width: 1fr; height: 100%; }
    SaleScreen #right { width: 1fr; height: 100%; padding-left: 2; border-left: solid $foreground 35%; }
    SaleScreen #found, SaleScreen #lines { height: 1fr; }
    SaleScreen #sum { height: 3; }
    SaleScreen #sum > Label { height: 3; content-align: left middle; }
    SaleScreen #total { width: 1fr; text-align: right; text-style: bold; }
    SaleScreen .field > Label { width: 10; }
    """

    def __init__(self, desk: DeskServices, *, visit_id: str | None = None, seat: str = "", scanned: str = "") -> None:
        super().__init__(desk)
        self._scanned = scanned
        self._visit_id = visit_id
        self._seat = seat
        self._index = GoodsIndex(())
        self._own = GoodsIndex(())
        self._request = new_id()
        self._state = SaleState()

    def heading(self) -> str:
        """Say who buys."""
        say = self.desk.say
        return say("Sale for {seat}", seat=self._seat) if self._visit_id else say("Sale without a seat")

    def body(self) -> Iterable[Widget]:
        """Lay out what is found beside what is sold."""
        say = self.desk.say
        search = Horizontal(Label(say("Goods")), OrderlyField(id="typed", max_length=_LONGEST), classes="field")
        left = Vertical(search, PickList(id="found"), id="left")
        total = Horizontal(Label(say("Total")), Digits("", id="total"), id="sum")
        right = Vertical(Sheet(id="lines"), total, id="right")
        yield Horizontal(left, right, id="sides")

    def on_mount(self) -> None:
        """Learn what is on sale."""
        super().on_mount()
        self.query_one("#found", PickList).can_focus = False
        self.set_focus(self.query_one(Input))
        self._draw_basket()
        self.ask(self._offers, then=self._learned, question="prices")

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
            if self._state.basket.lines[-1].thing.saving is not None:
                keys.append(KeyHint("/", say("parts singly")))
        back = say("drop it all") if self._state.is_leaving else say("back")
        return (*keys, KeyHint("Esc", back))

    def _offers(self) -> tuple[GoodsIndex, GoodsIndex]:
        """Learn what is posted now, and which combos with a package the visit's own list has (P-15)."""
        counter, visit_id = self.desk.counter, self._visit_id
        posted = index_of(counter.sales.prices())
        if visit_id is None:
            return posted, GoodsIndex(())
        own = counter.seats.bill(visit_id).visit.prices
        return posted, GoodsIndex(thing for thing in savings_on_sale(own) if _is_pinned(thing))

    def _is_sold_here(self, thing: OnSale) -> bool:
        """Tell whether a combo or promotion is sold now, and to this customer."""
        saving = thing.saving
        return saving is None or (saving.is_on(self.desk.now()) and not (saving.needs_visit and self._visit_id is None))

    @property
    def _typed(self) -> str:
        return self.query_one("#typed", Input).value

    def _learned(self, indexes: tuple[GoodsIndex, GoodsIndex]) -> None:
        self._index, self._own = indexes
        self._search()
        if self._scanned:
            self.query_one("#typed", Input).value = self._scanned
            self._scanned = ""
            self._enter()

    # Searching.

    @on(Input.Changed, "#typed")
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        if changed.value in _APART:
            changed.input.value = ""
            self._take_apart()
            return
        sign = _SIGNS.get(changed.value)
        if sign is None:
            self.hush()
            self._search()
            return
        changed.input.value = ""
        if self._state.basket.lines:
            self._change(self._state.basket.lines[-1].thing, sign)

    def _take_apart(self) -> None:
        """Have the parts of the last combo singly: the customer leaves something out (G-3)."""
        last = self._state.basket.lines[-1].thing if self._state.basket.lines else None
        if last is None or last.saving is None or self.is_at_work:
            return
        self._request = new_id()
        self._state = replace(self._state, basket=self._state.basket.taken_apart(last), is_leaving=False)
        self._draw_basket()
        if last.saving.needs_visit:
            self.warn(self.desk.say("The package is sold by itself: with K on the main screen."))

    def _search(self) -> None:
        _, words = _quantity_and_words(self._typed)
        posted = [one for one in self._index.search(words, limit=_FOUND_MAX) if not _is_pinned(one)]
        offered = [*posted, *self._own.search(words, limit=_FOUND_MAX)]
        found = tuple(one for one in offered if self._is_sold_here(one))[:_FOUND_MAX]
        self._show_found(found)

    async def on_key(self, event: events.Key) -> None:
        """Move among what was found; change the last line while nothing is typed."""
        found = self.query_one("#found", PickList)
        if event.key in {"up", "down", "pageup", "pagedown"}:
            event.stop()
            found.move({"up": -1, "down": 1, "pageup": -10, "pagedown": 10}[event.key])
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            self._answer_enters()

    @on(Input.Submitted, "#typed")
    def _submitted(self, submitted: Input.Submitted) -> None:
        submitted.stop()

    @on(PickList.Picked)
    def _picked(self, picked: PickList.Picked) -> None:
        picked.stop()
        self._add(self._state.found[picked.number])

    def _answer_enters(self) -> None:
        """Answer an Enter, then those that came meanwhile, each with what was typed before it."""
        typed = self.query_one(OrderlyField)
        self._enter()
        while self.app.screen is self and typed.go_on():
            self._search()
            self._enter()
        for key in typed.let_go() if self.app.screen is not self else ():
            self.app.screen._forward_event(key)  # noqa: SLF001  # As the app hands a key on.

    def _enter(self) -> None:
        quantity, words = _quantity_and_words(self._typed)
        cursor = self.query_one("#found", PickList).cursor
        if not words and cursor is None:
            self._nothing_typed(quantity)
            return
        thing = self._state.found[cursor] if cursor is not None else self._exact(words)
        if thing is None:
            thing = self._only_one(words)
        if thing is not None:
            self._add(thing)
        elif self._state.found:
            self.warn(self.desk.say("Several things are called so. Choose one with up and down."))
        else:
            self.warn(
                self.desk.say("Nothing on sale is called {typed}. Esc empties the field and shows all.", typed=words)
            )

    def _only_one(self, words: str) -> OnSale | None:
        """Return the only thing found, or the only one that is called just so."""
        found, typed = self._state.found, plain(words)
        called = [one for one in found if typed in {plain(one.name), *map(plain, initials(one.name))}]
        only = called if len(called) == 1 else found
        return only[0] if len(only) == 1 else None

    def _exact(self, words: str) -> OnSale | None:
        posted = self._index.exact(words)
        thing = self._own.exact(words) if posted is None or _is_pinned(posted) else posted
        return thing if thing is not None and self._is_sold_here(thing) else None

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
        self._draw_basket()

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
        if not self._state.basket.lines or self._typed or self.is_asking:
            return
        self.app.push_screen(self._payment(), self._paid)

    def _payment(self) -> SalePaymentScreen:
        basket = self._state.basket
        return SalePaymentScreen(
            self.desk,
            what=self.heading(),
            lines=basket.order_lines(),
            total_fen=basket.total_fen,
            request=self._request,
        )

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

    def _show_found(self, found: tuple[OnSale, ...]) -> None:
        before, self._state = self._state.found, replace(self._state, found=found, is_leaving=False)
        listed = self.query_one("#found", PickList)
        listed.point(None)
        if found != before:
            listed.show([Row(f"{one.name} {_inside(one)}".strip(), _price(one)) for one in found])
        self.show_hints()

    def _draw_basket(self) -> None:
        basket, rows = self._state.basket, []
        for line in basket.lines:
            rows += self._line_rows(line)
        lines = self.query_one("#lines", Sheet)
        lines.show(rows or [Row(self.desk.say("Nothing is on the list yet."), tone=Tone.QUIET)])
        lines.bring_into_view(max(len(rows) - 1, 0))
        self.query_one("#total", Digits).update(money(basket.total_fen))
        self.show_hints()

    def _line_rows(self, line: Line) -> list[Row]:
        """Write a line of the list; of a combo or promotion the parts at single prices too, and what it saves."""
        thing, saving = line.thing, line.thing.saving
        if saving is None:
            return [
                Row(f"{thing.name} {thing.spec}".strip(), money(line.amount_fen)),
                Row(f"  {money(thing.price_fen)} × {line.quantity} {thing.unit}".rstrip(), tone=Tone.QUIET),
            ]
        rows = [Row(f"{thing.name}  {money(thing.price_fen)} × {line.quantity}", money(line.amount_fen))]
        rows += [
            Row(f"  {part.name} {money(part.unit_fen)} × {part.quantity * line.quantity}", tone=Tone.QUIET)
            for part in saving.parts
        ]
        saved = self.desk.say("  saved: {amount}", amount=money(-saving.saving_fen * line.quantity))
        rows.append(Row(saved, tone=Tone.QUIET))
        if saving.conditions:
            rows.append(Row(f"  {saving.conditions}", tone=Tone.QUIET))
        return rows


def _is_pinned(thing: OnSale) -> bool:
    """A combo that holds a package is sold from the visit's own list."""
    return thing.saving is not None and thing.saving.needs_visit and thing.item.kind is SavingKind.COMBO


def _inside(thing: OnSale) -> str:
    """What a thing is; of a combo or promotion what is in it."""
    if thing.saving is None:
        return thing.spec
    parts = thing.saving.parts
    return " + ".join(part.name if part.quantity == 1 else f"{part.name}×{part.quantity}" for part in parts)


def _price(thing: OnSale) -> str:
    return f"{money(thing.price_fen)}/{thing.unit}" if thing.unit else money(thing.price_fen)


def _quantity_and_words(typed: str) -> tuple[int, str]:
    """Read `3*cola` as three pieces; without a star it is one."""
    number, star, words = typed.replace("＊", "*").replace("×", "*").partition("*")
    if star and number.strip().isdecimal() and 0 < int(number.strip()[:5]) <= QUANTITY_MAX:
        return int(number.strip()), words.strip()
    return 1, typed.strip()
