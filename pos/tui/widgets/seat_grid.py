"""Where seats stand on a map: blocks below one another, each in its frame, their seats in equal cells.

Pure: it knows how many seats a block has, and nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

_LEFT: Final = 2  # bar and a blank
_FRAME: Final = _LEFT + 1


class Line(NamedTuple):
    """One line of the map: a block's top, its seats from `first` to before `last`, or its bottom."""

    block: int
    first: int = 0
    last: int = 0
    is_top: bool = False

    @property
    def has_seats(self) -> bool:
        """Whether it is no edge."""
        return self.last > self.first


class Spot(NamedTuple):
    """Where a seat stands."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatGrid:
    """The lines of a map that is `width` characters wide, and the width of a cell, with the gap to the next one."""

    width: int
    cell: int
    columns: int
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, counts: Sequence[int], *, width: int, cell: int) -> Self:
        """Lay out so many seats for each block; cells grow where there is room, and one has room in any case."""
        width = max(width, _FRAME + cell)
        columns = (width - _FRAME) // cell
        lines = tuple(_lines_of(counts, columns))
        return cls(width=width, cell=(width - _FRAME) // columns, columns=columns, lines=lines)

    def spots(self) -> Iterator[tuple[int, int, Spot]]:
        """Return for every seat its block, its number in it from 0 on, and where it stands."""
        for number, line in enumerate(self.lines):
            for at in range(line.first, line.last):
                yield line.block, at, Spot(number, at - line.first)

    def left_of(self, column: int) -> int:
        """Return where a column begins."""
        return _LEFT + column * self.cell

    def column_at(self, x: int) -> int:
        """Return the column at a character; negative left of the first one."""
        return (x - _LEFT) // self.cell

    def rest_of(self, line: Line) -> int:
        """Return how much is left between a line's last seat and the frame."""
        return self.width - _FRAME - (line.last - line.first) * self.cell


def _lines_of(counts: Sequence[int], columns: int) -> Iterator[Line]:
    for block, count in enumerate(counts):
        yield Line(block, is_top=True)
        for first in range(0, count, columns):
            yield Line(block, first, min(first + columns, count))
        yield Line(block)
