"""Notes and coins: what a customer is likely to hand over, and what a drawer holds by the piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DENOMINATIONS_FEN: Final = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
"""Notes and coins in use, the largest first: 100, 50, 20, 10, 5 and 1 yuan, 5 and 1 jiao."""

PIECES_MAX: Final = 9_999
_HANDED_OVER_FEN: Final = (500, 1_000, 5_000, 10_000)


def quick_amounts(due_fen: int) -> tuple[int, ...]:
    """Return the amounts in which people pay: the exact one, then the next full five, ten, fifty and hundred.

    Nothing is due: nothing is offered.
    """
    if due_fen <= 0:
        return ()
    rounded = {-(-due_fen // note) * note for note in _HANDED_OVER_FEN}
    return (due_fen, *sorted(rounded - {due_fen}))


@dataclass(frozen=True, kw_only=True, slots=True)
class CashCount:
    """So many pieces of each denomination, by fen. ValueError for what no drawer holds."""

    pieces: Mapping[int, int]

    def __post_init__(self) -> None:
        """Refuse unknown money and impossible numbers of it."""
        if not set(self.pieces) <= set(DENOMINATIONS_FEN):
            raise ValueError("no such note or coin")
        if any(not 0 <= count <= PIECES_MAX for count in self.pieces.values()):
            raise ValueError("no such number of pieces")

    @property
    def total_fen(self) -> int:
        """What it is worth."""
        return sum(denomination * count for denomination, count in self.pieces.items())
