"""The board as values: sections of tables and sentences, every text as customers read it.

A table's row is one thing on sale. Its conditions are cells beside the price, never a footnote: a renderer has one size
of type for all cells (REQ-P-6a, REQ-P-19).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pos.languages import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table. `weight` is its share of the width.

    `is_price`: right-aligned and never broken over lines. `is_merged`: a cell that says the same as the one above is
    shown once for both.
    """

    title: str
    weight: int
    is_price: bool = False
    is_merged: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing on sale: `item` names it to programs (`goods/cola-330`), cells say it. Cells may have several lines."""

    item: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows under common columns. `heading` and `remark` stand above it: a zone and its computers, a category."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heading: str = ""
    remark: str = ""

    def spans(self, column: int) -> tuple[int, ...]:
        """How many rows each row's cell of a column reaches over; 0 where the cell above reaches over this one."""
        cells = [row.cells[column] for row in self.rows]
        if not self.columns[column].is_merged:
            return (1,) * len(cells)
        starts = [0, *(place for place, (above, cell) in enumerate(pairwise(cells), start=1) if above != cell)]
        lengths = {start: end - start for start, end in pairwise([*starts, len(cells)])}
        return tuple(lengths.get(place, 0) for place in range(len(cells)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """Numbered sentences."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A titled part of the board; `remark` holds for every row in it."""

    title: str
    blocks: tuple[Table | Points, ...]
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A short fact about the whole board: opening hours, since when it counts."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The whole board.

    `identity` is how the receipt names the list; `mark` is the text of the QR code. Both are empty on a draft, which
    nobody may be charged by. `dated` is the instant from which the list counts, of a draft
    that at which it was drawn up. `warning` says in large letters what must not be overlooked: a draft, a demo.
    """

    language: Language
    venue: str
    title: str
    list_title: str
    dated: datetime
    identity: str
    warning: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    mark: str
    sha256: str
    page_says: str
    """Page n of m, with `{page}` and `{pages}` to fill in."""

    def rows(self) -> Iterator[Row]:
        """Every thing on sale, in the board's order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield from block.rows

    def texts(self) -> Iterator[str]:
        """Every text of the board, as it is shown."""
        yield from (self.venue, self.title, self.list_title, self.identity, self.warning, self.mark)
        yield self.page_says
        for fact in self.facts:
            yield from (fact.label, fact.text)
        for section in self.sections:
            yield from (section.title, section.remark)
            for block in section.blocks:
                if isinstance(block, Points):
                    yield from block.sentences
                else:
                    yield from (block.heading, block.remark, *(column.title for column in block.columns))
                    for row in block.rows:
                        yield from row.cells
