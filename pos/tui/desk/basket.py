"""What is being sold: lines as they were scanned or typed, and nothing else (G-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing.price_list import ItemKind
from billing.sold_lines import QUANTITY_MAX, OrderLine
from pos.goods_search import OnSale


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

    def taken_apart(self, thing: OnSale) -> Basket:
        """Have the parts of a combo or promotion singly, so that some can be left out; packages are no goods."""
        line = next(line for line in self.lines if line.thing.item == thing.item)
        basket = Basket(tuple(other for other in self.lines if other is not line))
        for part in _single_parts(thing):
            basket = basket.with_more(part.thing, part.quantity * line.quantity)
        return basket

    def order_lines(self) -> list[OrderLine]:
        """Say it as the counter wants it."""
        return [
            OrderLine(kind=line.thing.item.kind, code=line.thing.item.code, quantity=line.quantity)
            for line in self.lines
        ]


def _single_parts(thing: OnSale) -> Iterator[Line]:
    for part in () if thing.saving is None else thing.saving.parts:
        if part.item.kind is ItemKind.PACKAGE:
            continue
        single = OnSale(item=part.item, name=part.name, spec="", unit="", price_fen=part.unit_fen)
        yield Line(single, part.quantity)
