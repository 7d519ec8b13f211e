"""An exact test whether something befalls one group more often than another, stratum by stratum.

The setting is that of Fisher's and of Mantel and Haenszel's tests, with a margin. In each stratum `of` cases of the
group and `others_of` cases of the others are given, and how many hits there are in both together. If the odds of a hit
are at most `odds` times as high in the group as among the others, then the group's hits in a stratum follow Fisher's
noncentral hypergeometric distribution, and their sum over the strata follows the convolution of these. No
approximation for large numbers is made, so small numbers are as good as large ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb, isqrt
from typing import Final

_BITS: Final = 128
_ONE: Final = 1 << _BITS


@dataclass(frozen=True, kw_only=True, slots=True)
class Stratum:
    """Comparable cases: of the group and of the others, and how many of each were hits."""

    of: int
    hits: int
    others_of: int
    others_hits: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tail:
    """The probability is at least `least` and at most `most`; they are less than 2⁻¹⁰⁰ apart."""

    least: Fraction
    most: Fraction


def upper_tail(strata: Sequence[Stratum], *, odds: Fraction) -> Tail:
    """How likely the group has as many hits as it has, or more, if its odds are `odds` times those of the others.

    Computed in whole multiples of 2⁻¹²⁸, each rounded down; what all the roundings together lost is known, as
    probabilities add up to 1, and `most` counts it as if it lay in the tail.
    """
    observed = sum(stratum.hits for stratum in strata)
    lowest, weights = 0, [_ONE]
    for stratum in strata:
        least, own = _distribution(stratum.of, stratum.others_of, stratum.hits + stratum.others_hits, odds)
        lowest += least
        lowest, weights = _without_empty_ends(lowest, _convolved(weights, own))
    tail = sum(weights[max(observed - lowest, 0) :])
    lost = _ONE - sum(weights)
    return Tail(least=Fraction(tail, _ONE), most=Fraction(tail + lost, _ONE))


def is_unremarkable(strata: Iterable[Stratum], *, odds: Fraction) -> bool:
    """Whether the tail is certainly at least one half: the quick answer for a group that has nothing to explain.

    The sum is one of independent Bernoulli variables (its generating function has real roots only), so its median is
    the mean rounded down or up (Jogdeo and Samuels 1968). For odds of at least 1 the mean of a stratum is at least the
    number m that solves odds (of - m)(T - m) = m (others_of - T + m), where T are the hits of both.
    """
    a, b = odds.numerator, odds.denominator
    observed = mean = 0
    for stratum in strata:
        both = stratum.hits + stratum.others_hits
        observed += stratum.hits
        # The smaller root of (a - b)m² - middle m + last, as 2 last ÷ (middle + √…), with the root taken too high.
        last = a * stratum.of * both
        middle = a * (stratum.of + both) + b * (stratum.others_of - both)
        root = isqrt(middle * middle - 4 * (a - b) * last) + 1
        mean += (2 * last << _BITS) // (middle + root)
    return observed <= mean >> _BITS


@lru_cache(maxsize=65536)
def _distribution(of: int, others_of: int, both: int, odds: Fraction) -> tuple[int, list[int]]:
    """The least number of hits that the group can have, and the probability of it and of each greater one."""
    least, most = max(0, both - others_of), min(of, both)
    a, b = odds.numerator, odds.denominator
    exact = [
        comb(of, hits) * comb(others_of, both - hits) * a ** (hits - least) * b ** (most - hits)
        for hits in range(least, most + 1)
    ]
    whole = sum(exact)
    return least, [(weight << _BITS) // whole for weight in exact]


def _convolved(left: list[int], right: list[int]) -> list[int]:
    if len(right) == 1 and right[0] == _ONE:
        return left
    sums = [0] * (len(left) + len(right) - 1)
    for place, weight in enumerate(right):
        for other, weight_before in enumerate(left, place):
            sums[other] += weight_before * weight
    return [total >> _BITS for total in sums]


def _without_empty_ends(lowest: int, weights: list[int]) -> tuple[int, list[int]]:
    """Drop what is less than 2⁻¹²⁸ at both ends: with many strata nearly all of the range is."""
    first = next((place for place, weight in enumerate(weights) if weight), 0)
    last = next((place for place in range(len(weights), 0, -1) if weights[place - 1]), 1)
    return lowest + first, weights[first:last]
