"""Finding what is on sale as one types: by code, name, pinyin initials or barcode, twenty thousand goods at a time."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from typing_extensions import override

from billing.price_list import Item, ItemKind, PriceList
from pos.pinyin import initials, plain
from pos.savings_on_sale import OfferedSaving, SavingItem, offered_savings

_FIELD: Final = "\x00"
_END: Final = "\n"  # No typed word holds one, so that none is found across two things.


@dataclass(frozen=True, kw_only=True, slots=True)
class OnSale:
    """One posted thing as a shelf label says it; `saving` tells of a combo or promotion what it consists of."""

    item: Item | SavingItem
    name: str
    spec: str
    unit: str
    price_fen: int
    barcode: str | None = None
    saving: OfferedSaving | None = None


class GoodsIndex:
    """Everything on sale from one list, ready to be searched: one long text, and where each thing begins in it."""

    def __init__(self, things: Iterable[OnSale]) -> None:
        self._things = tuple(things)
        texts = [_text_of(thing) for thing in self._things]
        self._text = "".join(texts)
        self._ends = tuple(itertools.accumulate(map(len, texts)))
        self._exact: dict[str, OnSale] = {}
        for thing in reversed(self._things):
            self._exact[plain(thing.item.code)] = thing
        for thing in self._things:
            if thing.barcode:
                self._exact.setdefault(plain(thing.barcode), thing)

    @classmethod
    def of(cls, prices: PriceList) -> GoodsIndex:
        """Index a list's goods, its services, its combos and promotions, each in the list's order."""
        goods = [
            OnSale(
                item=Item(kind=ItemKind.GOODS, code=one.code),
                name=one.name,
                spec=one.spec,
                unit=one.unit,
                price_fen=one.price_fen,
                barcode=one.barcode,
            )
            for one in prices.goods
        ]
        services = [
            OnSale(
                item=Item(kind=ItemKind.SERVICE, code=one.code),
                name=one.name,
                spec=one.content,
                unit=one.unit,
                price_fen=one.price_fen,
            )
            for one in prices.services
        ]
        return cls([*goods, *services, *savings_on_sale(prices)])

    def exact(self, typed: str) -> OnSale | None:
        """Return the one thing whose code or barcode this is."""
        return self._exact.get(plain(typed))

    def search(self, typed: str, *, limit: int) -> Sequence[OnSale]:
        """Return at most `limit` things: the exact one, then what begins so, then what holds it; each in list order.

        Several words must all occur. Nothing typed finds everything.
        """
        words = plain(typed).split()
        if not words:
            return self._things[:limit]
        found: dict[Item | SavingItem, OnSale] = {}
        exact = self.exact(typed)
        if exact is not None:
            found[exact.item] = exact
        for first in (_FIELD + words[0], words[0]):
            self._gather(found, [first, *words[1:]], limit)
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def _gather(self, found: dict[Item | SavingItem, OnSale], wanted: Sequence[str], limit: int) -> None:
        first, others = wanted[0], wanted[1:]
        at = self._text.find(first)
        while at >= 0 and len(found) < limit:
            number = bisect_right(self._ends, at)
            begin, end = self._ends[number - 1] if number else 0, self._ends[number]
            if all(self._text.find(word, begin, end) >= 0 for word in others):
                thing = self._things[number]
                found.setdefault(thing.item, thing)
            at = self._text.find(first, end)


def _text_of(thing: OnSale) -> str:
    fields = [thing.item.code, thing.name, *initials(thing.name), *initials(thing.name + thing.spec), thing.spec]
    if thing.barcode:
        fields.append(thing.barcode)
    return "".join(_FIELD + plain(field) for field in fields) + _END


def savings_on_sale(prices: PriceList) -> list[OnSale]:
    """Return a list's combos and promotions as things that are searched for, by their own names."""
    return [
        OnSale(item=one.item, name=one.name, spec="", unit="", price_fen=one.price_fen, saving=one)
        for one in offered_savings(prices)
    ]


def index_of(prices: PriceList) -> GoodsIndex:
    """Return a list's index; those of the last two lists are kept, for making one takes a while."""
    return _index_of(_Listed(prices))


class _Listed:
    """A list that is known by its hash: comparing twenty thousand goods each time would take longer."""

    def __init__(self, prices: PriceList) -> None:
        self.prices = prices

    @override
    def __hash__(self) -> int:
        return hash(self.prices.sha256)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Listed) and other.prices.sha256 == self.prices.sha256


@lru_cache(maxsize=2)
def _index_of(listed: _Listed) -> GoodsIndex:
    return GoodsIndex.of(listed.prices)
