"""Finding what is on sale as one types: by code, name, pinyin initials or barcode, twenty thousand goods at a time."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from typing_extensions import override

from billing.price_list import Item, ItemKind, PriceList
from pos.pinyin import initials, plain
from pos.savings_on_sale import OfferedSaving, SavingItem, offered_savings

_FIELD: Final = "\x00"
_FEW_MAX: Final = 250
"""So many things at most are remembered. Looking for more of them takes longer where nearly everything fits."""
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
        self._few: deque[_Few] = deque(maxlen=2)  # One of what holds the words, one of what begins so.
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
        exact = self.exact(typed)
        numbers = itertools.islice(self._numbers(words, limit), limit)
        things = [self._things[number] for number in numbers]
        if exact is None:
            return things
        return [exact, *(thing for thing in things if thing is not exact)][:limit]

    def _numbers(self, wanted: Sequence[str], limit: int) -> Iterable[int]:
        """Return the numbers of at least `limit` things, or of all that there are, in the order of `search`."""
        holding = self._found(wanted, max(limit, _FEW_MAX))
        beginning = [_FIELD + wanted[0], *wanted[1:]]
        if len(holding) < _FEW_MAX:
            first: Iterable[int] = [number for number in holding if self._holds(number, beginning)]
        else:
            first = self._found(beginning, limit)
        return dict.fromkeys([*first, *holding])

    def _found(self, wanted: Sequence[str], count: int) -> Sequence[int]:
        """Return the numbers of `count` things that hold every word, or of all that there are; in the list's order."""
        wider = next((few.numbers for few in self._few if few.is_wider_than(wanted)), None)
        if wider is None:
            numbers = list(itertools.islice(self._scanned(wanted), count))
        else:
            numbers = [number for number in wider if self._holds(number, wanted)]
        if len(numbers) < count and numbers != wider:
            self._few.appendleft(_Few(wanted, numbers))
        return numbers

    def _scanned(self, wanted: Sequence[str]) -> Iterator[int]:
        """Return the numbers of the things that hold every word, in the list's order."""
        rarest = max(wanted, key=len)  # As a rule.
        others = [word for word in wanted if word is not rarest]
        if any(word not in self._text for word in others):
            return
        find, ends = self._text.find, self._ends
        at = find(rarest)
        while at >= 0:
            number = bisect_right(ends, at)
            begin, end = ends[number - 1] if number else 0, ends[number]
            if not others or all(find(word, begin, end) >= 0 for word in others):
                yield number
            at = find(rarest, end)

    def _holds(self, number: int, wanted: Sequence[str]) -> bool:
        begin, end = self._ends[number - 1] if number else 0, self._ends[number]
        return all(self._text.find(word, begin, end) >= 0 for word in wanted)


class _Few(NamedTuple):
    """All that was found by words of which the list holds few things: who types on need not look elsewhere."""

    wanted: Sequence[str]
    numbers: Sequence[int]

    def is_wider_than(self, wanted: Sequence[str]) -> bool:
        """Tell whether whatever holds these words holds those too."""
        return all(any(mine in word for word in wanted) for mine in self.wanted)


def fields_of(thing: OnSale) -> list[str]:
    """Return everything by which a thing is found; what is read in several ways in each of them."""
    read = ["".join(way) for way in itertools.product(initials(thing.name), initials(thing.spec))]
    fields = [thing.item.code, thing.name, *read, thing.spec, thing.barcode or ""]
    return [field for field in fields if field]


def _text_of(thing: OnSale) -> str:
    return plain("".join(_FIELD + field for field in fields_of(thing))) + _END


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
