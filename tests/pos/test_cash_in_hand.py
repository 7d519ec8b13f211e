"""Notes and coins, as they are handed over and counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.cash_in_hand import DENOMINATIONS_FEN, CashCount, quick_amounts


@pytest.mark.parametrize(
    ("due_fen", "offered"),
    [
        (1850, (1850, 2000, 5000, 10000)),
        (2000, (2000, 5000, 10000)),
        (300, (300, 500, 1000, 5000, 10000)),
        (10000, (10000,)),
        (12345, (12345, 12500, 13000, 15000, 20000)),
        (0, ()),
        (-5, ()),
    ],
)
def test_the_exact_amount_is_offered_first_and_then_the_next_notes(due_fen: int, offered: tuple[int, ...]) -> None:
    assert quick_amounts(due_fen) == offered


@given(st.integers(min_value=1, max_value=10**8))
def test_what_is_offered_always_covers_what_is_due(due_fen: int) -> None:
    offered = quick_amounts(due_fen)
    assert offered[0] == due_fen
    assert list(offered) == sorted(set(offered))


@given(st.dictionaries(st.sampled_from(DENOMINATIONS_FEN), st.integers(min_value=0, max_value=9_999)))
def test_a_count_is_worth_the_sum_of_its_pieces(pieces: dict[int, int]) -> None:
    assert CashCount(pieces=pieces).total_fen == sum(fen * count for fen, count in pieces.items())


@pytest.mark.parametrize("pieces", [{30: 1}, {100: -1}, {100: 10_000}])
def test_a_drawer_holds_no_impossible_money(pieces: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="no such"):
        CashCount(pieces=pieces)
