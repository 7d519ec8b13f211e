"""The exact test against counting every possibility."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.exact_test import Stratum, is_unremarkable, upper_tail

EVEN = Fraction(1)
HALF_AS_HIGH_AGAIN = Fraction(3, 2)


def by_counting(strata: list[Stratum], odds: Fraction) -> Fraction:
    """The tail by going through every way in which the hits of each stratum can fall on its cases."""
    observed = sum(stratum.hits for stratum in strata)
    tail = whole = Fraction()
    for ways in product(*(_ways(stratum).items() for stratum in strata)):
        hits = sum(hits for hits, _count in ways)
        weight = prod(count for _hits, count in ways) * odds**hits
        whole += weight
        tail += weight if hits >= observed else 0
    return tail / whole


def _ways(stratum: Stratum) -> Counter[int]:
    """How many ways give the group how many hits."""
    chosen = combinations(range(stratum.of + stratum.others_of), stratum.hits + stratum.others_hits)
    return Counter(sum(case < stratum.of for case in cases) for cases in chosen)


def stratum(of: int, hits: int, others_of: int, others_hits: int) -> Stratum:
    return Stratum(of=of, hits=hits, others_of=others_of, others_hits=others_hits)


@st.composite
def small_strata(draw: st.DrawFn) -> Stratum:
    of, others_of = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    return stratum(of, draw(st.integers(0, of)), others_of, draw(st.integers(0, others_of)))


SMALL = st.lists(small_strata(), min_size=1, max_size=3)
ODDS = st.sampled_from([EVEN, HALF_AS_HIGH_AGAIN, Fraction(4)])


@given(strata=SMALL, odds=ODDS)
def test_the_tail_is_what_counting_every_possibility_gives(strata: list[Stratum], odds: Fraction) -> None:
    tail, counted = upper_tail(strata, odds=odds), by_counting(strata, odds)
    assert tail.least <= counted <= tail.most
    assert tail.most - tail.least < Fraction(1, 2**100)


@given(strata=SMALL, odds=ODDS)
def test_who_has_nothing_to_explain_is_at_least_as_likely_as_not(strata: list[Stratum], odds: Fraction) -> None:
    if is_unremarkable(strata, odds=odds):
        assert by_counting(strata, odds) >= Fraction(1, 2)


def test_a_lady_tastes_tea() -> None:
    """Fisher's own table: four cups of eight with milk first, three of them told."""
    assert float(upper_tail([stratum(4, 3, 4, 1)], odds=EVEN).most) == pytest.approx(17 / 70)


def test_certainty_and_impossibility() -> None:
    assert upper_tail([], odds=EVEN).most == 1
    assert upper_tail([stratum(5, 0, 5, 3)], odds=EVEN).most == 1
    assert upper_tail([stratum(5, 5, 0, 0)], odds=HALF_AS_HIGH_AGAIN).most == 1, "without others nothing is learnt"
    assert upper_tail([stratum(5, 5, 9, 9)], odds=HALF_AS_HIGH_AGAIN).most == 1, "everybody orders everywhere"


def test_strata_keep_an_hour_from_being_taken_for_a_clerk() -> None:
    """He works where everybody orders much: in one heap he stands out, hour by hour he does not."""
    night, morning = stratum(90, 60, 10, 7), stratum(10, 1, 90, 9)
    heap = stratum(100, 61, 100, 16)
    assert upper_tail([heap], odds=EVEN).most < Fraction(1, 10**9)
    assert upper_tail([night, morning], odds=EVEN).most > Fraction(1, 2)


def test_large_numbers_are_as_exact_as_small_ones() -> None:
    strata = [stratum(20, 8, 80, 16)] * 100
    tail = upper_tail(strata, odds=HALF_AS_HIGH_AGAIN)
    assert 0 < tail.most < Fraction(1, 10**20)
    assert tail.most - tail.least < Fraction(1, 2**100)


def test_a_margin_is_never_against_the_clerk() -> None:
    strata = [stratum(30, 15, 60, 15), stratum(25, 10, 40, 9)]
    tails = [upper_tail(strata, odds=odds).most for odds in (EVEN, HALF_AS_HIGH_AGAIN, Fraction(2))]
    assert tails == sorted(tails)
