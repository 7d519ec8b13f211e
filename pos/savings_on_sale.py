"""Combos and promotions as things on sale: their parts at single prices, and what they cost together (G-3, G-6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from billing.price_list import Item, ItemKind, PriceList, SavingKind
from billing.savings import PostedSaving, posted_savings


@dataclass(frozen=True, kw_only=True, slots=True)
class SavingItem:
    """A reference to a combo or a promotion of a list."""

    kind: SavingKind
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOnSale:
    """What one piece of a combo or promotion holds, at its posted single price."""

    item: Item
    name: str
    quantity: int
    unit_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedSaving:
    """A combo or promotion as a clerk offers it. `period` is None where it is always on."""

    item: SavingItem
    name: str
    conditions: str
    parts: tuple[PartOnSale, ...]
    saving_fen: int
    period: tuple[datetime, datetime] | None

    @property
    def price_fen(self) -> int:
        """What it costs: the single prices, less what it saves."""
        return sum(part.quantity * part.unit_fen for part in self.parts) + self.saving_fen

    @property
    def needs_visit(self) -> bool:
        """Whether it holds time, and so is sold to somebody who is seated only."""
        return any(part.item.kind is ItemKind.PACKAGE for part in self.parts)

    def is_on(self, at: datetime) -> bool:
        """Whether it is sold at an instant."""
        return self.period is None or self.period[0] <= at < self.period[1]


def offered_savings(prices: PriceList) -> Iterator[OfferedSaving]:
    """Every combo and promotion of a list, in the list's order."""
    for saving in posted_savings(prices):
        yield _offered(prices, saving)


def _offered(prices: PriceList, saving: PostedSaving) -> OfferedSaving:
    if saving.kind is SavingKind.COMBO:
        name, conditions = prices.combo_by_code[saving.code].name, ""
    else:
        promotion = prices.promotion_by_code[saving.code]
        name, conditions = promotion.name, promotion.conditions
    begins, ends = saving.begins_at, saving.ends_at
    return OfferedSaving(
        item=SavingItem(kind=saving.kind, code=saving.code),
        name=name,
        conditions=conditions,
        parts=tuple(
            PartOnSale(
                item=part.item,
                name=_name(prices, part.item),
                quantity=part.quantity,
                unit_fen=prices.price_fen(part.item),
            )
            for part in saving.parts
        ),
        saving_fen=saving.saving_fen,
        period=None if begins is None or ends is None else (begins, ends),
    )


def _name(prices: PriceList, item: Item) -> str:
    match item.kind:
        case ItemKind.GOODS:
            return prices.goods_by_code[item.code].name
        case ItemKind.SERVICE:
            return prices.service_by_code[item.code].name
        case ItemKind.PACKAGE:
            return prices.package_by_code[item.code].name
