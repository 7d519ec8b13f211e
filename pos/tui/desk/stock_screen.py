"""Stock (库存): what the books say is there; goods that come in, are counted, or are gone without a sale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from billing.price_list import ItemKind
from billing.reasons import WriteOffReason
from billing.stock import Pieces, StockLevel
from pos.goods_search import GoodsIndex, OnSale, index_of
from pos.languages import noted
from pos.tui.desk.flow import Flow
from pos.tui.desk.footer import KeyHint
from pos.tui.desk.reason_words import WRITE_OFF_WORDS
from pos.tui.desk.services import DeskServices, Done
from pos.tui.widgets.cycle import Cycle
from pos.tui.widgets.field import Field
from pos.tui.widgets.number_field import WHOLE, NumberField
from pos.tui.widgets.rows import Row, Sheet, Tone

_REASONS: Final = tuple(WriteOffReason)
_LONGEST: Final = 64


class _Doing(StrEnum):
    RECEIVE = "receive"
    COUNT = "count"
    WRITE_OFF = "write-off"


_DOING_WORDS: Final = {
    _Doing.RECEIVE: noted("came in"),
    _Doing.COUNT: noted("counted on the shelf"),
    _Doing.WRITE_OFF: noted("gone without a sale"),
}
_DOINGS: Final = tuple(_Doing)


class StockScreen(Flow[Done | None]):
    """Shows the levels and writes down one thing after another."""

    TITLE_SENTENCE = noted("Stock")
    WIDE = True
    HELP = noted(
        "Scan goods or type their code or name, Enter; choose with left and right what is written down, Enter; type "
        "the pieces, Enter. What is gone without a sale needs a reason, and a manager or the owner.\n\n"
        "Stock is kept for goods that came in or were counted once. It warns and never stands in the way of a sale."
    )
    DEFAULT_CSS = """
    StockScreen #levels { height: 1fr; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__(desk)
        self._index = GoodsIndex(())
        self._thing: OnSale | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the levels over the fields."""
        say, words = self.desk.say, self.desk.words
        yield Sheet(id="levels")
        yield Horizontal(Label(say("Goods")), Field(id="typed", max_length=_LONGEST), classes="field")
        doings = [words(_DOING_WORDS[one]) for one in _DOINGS]
        yield Horizontal(Label(say("What happened")), Cycle(doings, id="doing"), classes="field")
        yield Horizontal(Label(say("Pieces")), NumberField(WHOLE, id="pieces"), classes="field")
        reasons = [words(WRITE_OFF_WORDS[one]) for one in _REASONS]
        yield Horizontal(Label(say("Reason")), Cycle(reasons, id="reason"), classes="field")

    def on_mount(self) -> None:
        """Learn what there is."""
        super().on_mount()
        self.set_focus(self.query_one("#typed", Input))
        counter = self.desk.counter
        self.ask(
            lambda: (index_of(counter.sales.prices()), counter.stock.levels()), then=self._learned, question="look"
        )

    def hints(self) -> Sequence[KeyHint]:
        """Return the keys."""
        say = self.desk.say
        return (KeyHint("⏎", say("next, write down")), KeyHint("◂ ▸", say("choose")), self.hint_back())

    def _learned(self, answer: tuple[GoodsIndex, Sequence[StockLevel]]) -> None:
        self._index, levels = answer
        self._show(levels)

    def _show(self, levels: Sequence[StockLevel]) -> None:
        rows = [self._row(level) for level in sorted(levels, key=lambda one: (not one.is_low, one.code))]
        none = Row(self.desk.say("No stock is kept yet: what comes in or is counted begins it."), tone=Tone.QUIET)
        self.query_one("#levels", Sheet).show(rows or [none])

    def _row(self, level: StockLevel) -> Row:
        thing = self._index.exact(level.code)
        name = level.code if thing is None else f"{thing.name} {thing.spec}".strip()
        if not level.is_low:
            return Row(name, str(level.pieces))
        low = self.desk.say("runs low")
        return Row(f"{name}  {low}", str(level.pieces), Tone.LOUD)

    # What is written down.

    async def on_key(self, event: events.Key) -> None:
        """Enter goes from field to field, and from the last one to the books."""
        if event.key in {"up", "down"}:
            event.stop()
            (self.focus_previous if event.key == "up" else self.focus_next)()
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            self._go_on()

    def _go_on(self) -> None:
        if self.is_asking:
            return
        typed, doing = self.query_one("#typed", Input), self.query_one("#doing", Cycle)
        pieces, reason = self.query_one(NumberField), self.query_one("#reason", Cycle)
        self._thing = self._named(typed.value.strip())
        if self._thing is None:
            self.lack(self.desk.say("Scan the goods, or type their code or whole name."))
            self.set_focus(typed)
        elif doing.number is None:
            self._choose_in(doing, self.desk.say("Choose with left and right what is written down."))
        elif not pieces.text:
            self.set_focus(pieces)
        elif _DOINGS[doing.number] is _Doing.WRITE_OFF and reason.number is None:
            self._choose_in(reason, self.desk.say("Choose a reason with left and right."))
        else:
            self._write(self._thing.item.code, int(pieces.text), _DOINGS[doing.number], reason.number)

    def _choose_in(self, field: Cycle, sentence: str) -> None:
        if self.focused is field:
            self.lack(sentence)
        self.set_focus(field)

    def _named(self, typed: str) -> OnSale | None:
        if not typed:
            return None
        exact = self._index.exact(typed)
        found = [exact] if exact is not None else list(self._index.search(typed, limit=9))
        goods = [one for one in found if one.item.kind is ItemKind.GOODS]
        return goods[0] if len(goods) == 1 else None

    def _write(self, code: str, pieces: int, doing: _Doing, reason: int | None) -> None:
        stock, lines = self.desk.counter.stock, [Pieces(code=code, quantity=pieces)]

        def write() -> tuple[Sequence[StockLevel], Sequence[StockLevel]]:
            match doing:
                case _Doing.RECEIVE:
                    changed = stock.receive(lines)
                case _Doing.COUNT:
                    changed = stock.count(lines)
                case _Doing.WRITE_OFF:
                    assert reason is not None
                    changed = stock.write_off(lines, reason=_REASONS[reason].value)
            return changed, stock.levels()

        self.hush()
        self.ask(write, then=self._written)

    def _written(self, answer: tuple[Sequence[StockLevel], Sequence[StockLevel]]) -> None:
        (changed, *_), levels = answer
        self._show(levels)
        typed = self.query_one("#typed", Input)
        typed.value = ""
        self.query_one(NumberField).set_text("")
        self.set_focus(typed)
        name = changed.code if self._thing is None else self._thing.name
        self.tell(self.desk.say("{name}: {pieces} by the books.", name=name, pieces=changed.pieces))
