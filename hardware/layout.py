"""Lines of text in cells: how wide characters are, where a paragraph breaks, where columns stand."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

CellWidth = Callable[[str], int]
"""How many cells a text takes."""

_NO_LINE_START = frozenset("，。、：；！？）】》」』％,.:;!?)]}%")
"""Punctuation that closes; it may hang on to the character before it."""


class Side(Enum):
    """The edge of its column a text stands at."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A text and its room in cells; None takes what is left, a fixed width grows with its text."""

    text: str
    width: int | None = None
    side: Side = Side.LEFT


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A text that begins at a cell of the line, counted from 0."""

    cell: int
    text: str


Line = tuple[Segment, ...]


def screen_cells(text: str) -> int:
    """Cells on a terminal: wide characters 2, ambiguous ones 1, combining ones 0."""
    return sum(_screen_cell(character) for character in text)


def _screen_cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def paper_cells(text: str) -> int:
    """Cells on paper: ASCII 1, all others 2, also those that a terminal shows in one (“ ” … × ·)."""
    return sum(1 if character < "\x80" else 2 for character in text)


def wrapped(text: str, width: int, cells: CellWidth) -> list[str]:
    """Break a paragraph into lines of at most `width` cells; line feeds break too; never an empty list.

    Breaks come between any two characters, as in Chinese, but not within an ASCII word that fits on a line.
    """
    lines = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while cells(rest) > width:
            cut = _break_at(rest, width, cells)
            lines.append(rest[:cut].rstrip(" "))
            rest = rest[cut:].lstrip(" ")
        lines.append(rest)
    return lines


def _break_at(text: str, width: int, cells: CellWidth) -> int:
    """How many characters go on this line: at least one, so that every text ends."""
    used = fitting = 0
    for character in text:
        used += cells(character)
        if used > width:
            break
        fitting += 1
    cut = max(fitting, 1)
    while 1 < cut < len(text) and _holds_together(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > 1 or fitting <= 1 else fitting


def _holds_together(before: str, after: str) -> bool:
    is_word = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return is_word or after in _NO_LINE_START


def laid_out(columns: Sequence[Column], width: int, cells: CellWidth) -> list[Line]:
    """Set columns side by side on `width` cells; the one without a width wraps, the others stand in line 1.

    Where the fixed columns leave the wrapping one too little room, they follow on a line of their own.
    """
    fixed = [_fixed_width(column, cells) for column in columns]
    room = width - sum(part for part in fixed if part is not None)
    flexible = next(column for column in columns if column.width is None)
    alone = len(columns) == 1
    # A quarter of the line, but never more than the text itself wants.
    if not alone and room < min(cells(flexible.text), width // 4):
        return _stacked(columns, width, cells)
    lines = wrapped(flexible.text, room, cells)
    first: list[Segment] = []
    start = 0
    flexible_start = 0
    for column, part in zip(columns, fixed, strict=True):
        text = lines[0] if part is None else column.text
        taken = room if part is None else part
        flexible_start = start if part is None else flexible_start
        first.append(_placed(text, column.side, start, taken, cells))
        start += taken
    further = [(_placed(line, flexible.side, flexible_start, room, cells),) for line in lines[1:]]
    return [tuple(segment for segment in first if segment.text), *further]


def _fixed_width(column: Column, cells: CellWidth) -> int | None:
    if column.width is None:
        return None
    needed = cells(column.text)
    # A text that fills its column exactly would touch its neighbour's only by the caller's choice; one that
    # outgrew it gets a cell of air.
    return column.width if needed <= column.width else needed + 1


def _placed(text: str, side: Side, start: int, width: int, cells: CellWidth) -> Segment:
    shift = width - cells(text) if side is Side.RIGHT else 0
    return Segment(cell=start + max(shift, 0), text=text)


def _stacked(columns: Sequence[Column], width: int, cells: CellWidth) -> list[Line]:
    """The wrapping column first, then the others at the right edge, wrapped too if they must be."""
    flexible = next(column for column in columns if column.width is None)
    others = " ".join(column.text for column in columns if column is not flexible and column.text)
    above = wrapped(flexible.text, width, cells) if flexible.text else []
    return [
        *((_placed(text, flexible.side, 0, width, cells),) for text in above),
        *((_placed(text, Side.RIGHT, 0, width, cells),) for text in wrapped(others, width, cells)),
    ]


def spaced(line: Line, cells: CellWidth) -> str:
    """The line as one text, its segments set apart by spaces."""
    text = ""
    for segment in line:
        text += " " * (segment.cell - cells(text)) + segment.text
    return text
