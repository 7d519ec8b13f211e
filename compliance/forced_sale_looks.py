"""The looks that a period's seats and combos give rise to: one clerk's cases beside those of the others.

A look is a signal for one clerk, as a whole, at one hour, or for one item. Only what is comparable counts: cases of
the clerk and of others under the same circumstances.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from compliance.exact_test import Stratum, is_unremarkable, upper_tail
from compliance.forced_sale_cases import Circumstances, ComboSold, SeatOpened

SEATS_LEAST: Final = 30
"""Comparable seats of the clerk, and of the others, without which nothing is asked."""

HITS_LEAST: Final = 10
"""Hits without which nothing is said."""

DAYS_LEAST: Final = 5
"""Business days on which the clerk's hits happened: a party of friends or one hot evening is no habit."""


class Signal(StrEnum):
    """What is looked at; the value stands in the entry."""

    GOODS_AT_OPENING = "goods-at-opening"
    CANCELLED_SOON = "cancelled-soon"
    COMBO_DEARER = "combo-dearer"


class Level(StrEnum):
    """What a look is narrowed to. The three look at the same seats, so each has a third of the error's chance."""

    CLERK = "clerk"
    HOUR = "hour"
    ITEM = "item"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClerkSeats:
    """How many seats a clerk opened, and how many of them have others' seats to be compared with."""

    clerk: str
    opened: int
    comparable: int

    @property
    def is_compared(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.comparable >= SEATS_LEAST


Cases = defaultdict[Circumstances, Counter[str]]
"""How many cases each clerk had under which circumstances."""

_NOBODY: Final[Counter[str]] = Counter()


def _no_cases() -> Cases:
    return defaultdict(Counter)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """One signal, perhaps of one item: who had how many cases, and on which days which of them were hits."""

    signal: Signal
    item: str | None
    of: Cases
    hits: Cases = field(default_factory=_no_cases)
    hit_days: defaultdict[tuple[str, int], set[date]] = field(default_factory=lambda: defaultdict(set))

    def add_hit(self, clerk: str, circumstances: Circumstances, business_day: date) -> None:
        self.hits[circumstances][clerk] += 1
        self.hit_days[clerk, circumstances.hour].add(business_day)

    def clerk_seats(self) -> list[ClerkSeats]:
        """How much of each clerk's work can be compared."""
        cells = self._cells()
        return [
            ClerkSeats(
                clerk=clerk,
                opened=sum(cell.of[clerk] for cell in cells),
                comparable=sum(cell.of[clerk] for cell in cells if cell.of[clerk] < cell.of_all),
            )
            for clerk in self._clerks()
        ]

    def looks(self) -> Iterator[Look]:
        """Each clerk as a whole and, where it is not of one item, each of his hours; as far as worth asking."""
        cells = self._cells()
        if sum(cell.hits_all for cell in cells) < HITS_LEAST:
            return
        for clerk in self._clerks():
            by_hour = defaultdict(list)
            for cell in cells:
                if 0 < cell.of[clerk] < cell.of_all:
                    by_hour[cell.hour].append(cell.stratum(clerk))
            whole = [stratum for strata in by_hour.values() for stratum in strata]
            narrowed = by_hour.items() if self.item is None else ()
            for hour, strata in ((None, whole), *narrowed):
                summed = _sum(strata)
                if _is_worth_asking(summed):
                    yield self._look(clerk, hour, strata, summed)

    def _clerks(self) -> list[str]:
        return sorted({clerk for cases in self.of.values() for clerk in cases}, key=clerk_order)

    def _cells(self) -> list[_Cell]:
        cells = []
        for circumstances, of in self.of.items():
            hits = self.hits.get(circumstances, _NOBODY)
            cells.append(_Cell(hour=circumstances.hour, of=of, of_all=of.total(), hits=hits, hits_all=hits.total()))
        return cells

    def _look(self, clerk: str, hour: int | None, strata: list[Stratum], whole: Stratum) -> Look:
        days = [days for (who, at), days in self.hit_days.items() if who == clerk and hour in {None, at}]
        return Look(
            signal=self.signal,
            clerk=clerk,
            hour=hour,
            item=self.item,
            strata=strata,
            whole=whole,
            days=len(set().union(*days)),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cell:
    """The cases under the same circumstances, by clerk and in all."""

    hour: int
    of: Counter[str]
    of_all: int
    hits: Counter[str]
    hits_all: int

    def stratum(self, clerk: str) -> Stratum:
        of, hits = self.of[clerk], self.hits[clerk]
        return Stratum(of=of, hits=hits, others_of=self.of_all - of, others_hits=self.hits_all - hits)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A question about one clerk, narrowed to an hour or an item or neither. `whole` is the sum of the strata."""

    signal: Signal
    clerk: str
    hour: int | None
    item: str | None
    strata: Sequence[Stratum]
    whole: Stratum
    days: int

    @property
    def level(self) -> Level:
        """What it is narrowed to."""
        if self.item is not None:
            return Level.ITEM
        return Level.CLERK if self.hour is None else Level.HOUR

    def p(self, odds: Fraction) -> Fraction:
        """An upper bound of the chance; 1 for a look that certainly shows nothing, or too few hits or days."""
        is_habit = self.whole.hits >= HITS_LEAST and self.days >= DAYS_LEAST
        if not is_habit or is_unremarkable(self.strata, odds=odds):
            return Fraction(1)
        return upper_tail(self.strata, odds=odds).most

    @property
    def expected(self) -> Fraction:
        """What the hits would be at the others' share under the same circumstances."""
        return sum((Fraction(s.of * s.others_hits, s.others_of) for s in self.strata), Fraction())


class Tallies:
    """The questions that a period's seats and combos raise."""

    def __init__(self) -> None:
        self._of: defaultdict[tuple[Signal, str | None], Cases] = defaultdict(_no_cases)
        self._questions: dict[tuple[Signal, str | None], _Question] = {}

    def add(self, case: SeatOpened | ComboSold) -> None:
        """Count one seat or one combo."""
        match case:
            case SeatOpened():
                self._of[Signal.GOODS_AT_OPENING, None][case.circumstances][case.clerk] += 1
                self._add_items(case)
            case ComboSold():
                self._add(Signal.COMBO_DEARER, None, case, is_hit=case.is_dearer)
                self._add(Signal.COMBO_DEARER, case.code, case, is_hit=case.is_dearer)

    def _add_items(self, seat: SeatOpened) -> None:
        if not seat.items:
            return
        self._hit(Signal.GOODS_AT_OPENING, None, seat)
        self._add(Signal.CANCELLED_SOON, None, seat, is_hit=any(seat.items.values()))
        for code, is_cancelled in seat.items.items():
            self._hit(Signal.GOODS_AT_OPENING, code, seat)
            self._add(Signal.CANCELLED_SOON, code, seat, is_hit=is_cancelled)

    def _add(self, signal: Signal, item: str | None, case: SeatOpened | ComboSold, *, is_hit: bool) -> None:
        self._of[signal, item][case.circumstances][case.clerk] += 1
        if is_hit:
            self._hit(signal, item, case)

    def _hit(self, signal: Signal, item: str | None, case: SeatOpened | ComboSold) -> None:
        self._question(signal, item).add_hit(case.clerk, case.circumstances, case.business_day)

    def _question(self, signal: Signal, item: str | None) -> _Question:
        """The question, made when it is first asked. Goods at opening are a share of all seats, whatever the item."""
        key = (signal, item)
        if key not in self._questions:
            of = self._of[Signal.GOODS_AT_OPENING, None] if signal is Signal.GOODS_AT_OPENING else self._of[key]
            self._questions[key] = _Question(signal=signal, item=item, of=of)
        return self._questions[key]

    def clerk_seats(self) -> list[ClerkSeats]:
        """How much of each clerk's work can be compared, by staff number."""
        return self._question(Signal.GOODS_AT_OPENING, None).clerk_seats()

    def looks(self) -> list[Look]:
        """Every look that is worth asking."""
        return [look for question in self._questions.values() for look in question.looks()]


def _is_worth_asking(whole: Stratum) -> bool:
    """Decided by what the test takes as given, never by whose the hits are: else it would be no exact test."""
    return min(whole.of, whole.others_of) >= SEATS_LEAST and whole.hits + whole.others_hits >= HITS_LEAST


def _sum(strata: Iterable[Stratum]) -> Stratum:
    of = hits = others_of = others_hits = 0
    for stratum in strata:
        of, hits = of + stratum.of, hits + stratum.hits
        others_of, others_hits = others_of + stratum.others_of, others_hits + stratum.others_hits
    return Stratum(of=of, hits=hits, others_of=others_of, others_hits=others_hits)


def clerk_order(clerk: str) -> tuple[int, str]:
    """The key by which staff numbers stand in order: `s9` before `s10`."""
    return len(clerk), clerk
