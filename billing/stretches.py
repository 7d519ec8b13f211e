"""Stretches of clock time on which something holds, told as people tell them: tiers together, nights in one piece.

What holds at a clock time may depend on the kind of the date and of the date before, because a rate that runs past
midnight reaches into the next date (P-2). Here that is asked for every pair of kinds and put together again.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Generic, TypeVar

from billing.calendar import DAY_SECONDS, EVERY_DAY, DayKind
from billing.price_faults import Dates, DayPair

EVERY_PAIR = tuple(DayPair(before, kind) for before, kind in product(EVERY_DAY, EVERY_DAY))

What = TypeVar("What", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[What]):
    """Clock times `[begins, ends)` in a zone, and what holds there; an end not later is on the next date."""

    zone: str
    begins: int
    ends: int
    what: What


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding(Generic[What]):
    """A stretch, for these tiers, on these pairs of day kinds."""

    stretch: Stretch[What]
    tiers: tuple[str, ...]
    pairs: frozenset[DayPair]

    @property
    def dates(self) -> Dates:
        """The pairs as people say them."""
        if kinds := _kinds(self.pairs):
            return Dates(kinds=kinds)
        if after := _kinds_before(self.pairs):
            return Dates(after=after)
        return Dates(pairs=tuple(pair for pair in EVERY_PAIR if pair in self.pairs))


def findings(pairs_by_tier: Mapping[Stretch[What], Mapping[str, frozenset[DayPair]]]) -> list[Finding[What]]:
    """Tell each stretch once: tiers that share it on the same days together, both sides of a midnight in one."""
    return _nights_joined(_tiers_joined(pairs_by_tier))


def _tiers_joined(
    pairs_by_tier: Mapping[Stretch[What], Mapping[str, frozenset[DayPair]]],
) -> list[Finding[What]]:
    found = []
    for stretch, by_tier in pairs_by_tier.items():
        tiers_by_pairs: dict[frozenset[DayPair], list[str]] = defaultdict(list)
        for tier, pairs in by_tier.items():
            tiers_by_pairs[pairs].append(tier)
        found += [Finding(stretch=stretch, tiers=tuple(tiers), pairs=pairs) for pairs, tiers in tiers_by_pairs.items()]
    return found


def _nights_joined(found: list[Finding[What]]) -> list[Finding[What]]:
    """What holds until midnight and goes on after it is one: told by its evening, with an end on the next date."""
    mornings = {
        (one.stretch.zone, one.stretch.what, one.tiers, _kinds_before(one.pairs)): one
        for one in found
        if one.stretch.begins == 0 and one.stretch.ends < DAY_SECONDS and _kinds_before(one.pairs)
    }
    joined: list[Finding[What]] = []
    swallowed: list[Finding[What]] = []
    for one in found:
        stretch = one.stretch
        if stretch.ends == DAY_SECONDS and stretch.begins > 0:
            morning = mornings.get((stretch.zone, stretch.what, one.tiers, _kinds(one.pairs)))
            if morning is not None:
                stretch = replace(stretch, ends=morning.stretch.ends)
                swallowed.append(morning)
        joined.append(replace(one, stretch=stretch))
    return [one for one in joined if one not in swallowed]


def _kinds(pairs: frozenset[DayPair]) -> tuple[DayKind, ...]:
    """The kinds of dates that the pairs are, if the dates before do not matter; else none."""
    kinds = tuple(kind for kind in EVERY_DAY if all(DayPair(before, kind) in pairs for before in EVERY_DAY))
    return kinds if len(pairs) == len(kinds) * len(EVERY_DAY) else ()


def _kinds_before(pairs: frozenset[DayPair]) -> tuple[DayKind, ...]:
    """The kinds of the dates before, if the dates themselves do not matter; else none."""
    return _kinds(frozenset(DayPair(pair.kind, pair.before) for pair in pairs))
