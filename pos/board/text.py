"""The board for a terminal, in colours and with its code, or as plain text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pos.board.board import Board, Points, Section, Table
from pos.board.lines import lines_of
from pos.board.mark import matrix

TEXT_WIDTH: Final = 96
"""Cells of plain text: what an editor prints on A4."""

_GAP: Final = 2
"""Cells between two columns."""

_NARROWEST: Final = 4
"""Two Chinese letters: less is no column."""

_HALF_BLOCKS: Final = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
"""Two modules, one above the other, as one cell. Light ones are drawn, so that it reads on a dark terminal."""
_QUIET: Final = 2

_TITLE: Final = "bold"
_LABEL: Final = "cyan"
_HEADING: Final = "bold yellow"
_WARNING: Final = "bold red"
_PRICE: Final = "bold"
_RULE: Final = "yellow"


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some text of a line in one style."""

    text: str
    style: str = ""


_Line = tuple[_Piece, ...]


def plain_text(board: Board, *, width: int = TEXT_WIDTH) -> str:
    """Lay the board out as text without colours, so many cells wide."""
    lines = _Layout(width).board(board, has_code=False)
    return "".join("".join(piece.text for piece in line).rstrip() + "\n" for line in lines)


def terminal_text(board: Board, *, width: int, has_colours: bool) -> str:
    """Lay the board out for a terminal, so many cells wide, with its code."""
    from rich.console import Console
    from rich.text import Text

    screen = io.StringIO()
    console = Console(
        file=screen,
        color_system="standard" if has_colours else None,
        force_terminal=has_colours,
        legacy_windows=False,
        _environ={},
    )
    for line in _Layout(width).board(board, has_code=True):
        drawn = Text.assemble(*((piece.text, piece.style) for piece in line))
        console.print(drawn, no_wrap=True, crop=False, overflow="ignore")
    return screen.getvalue()


def _cells(text: str) -> int:
    """How many cells a text takes; a Chinese letter takes two."""
    from rich.cells import cell_len

    return cell_len(text)


class _Layout:
    """Lines of one width."""

    def __init__(self, width: int) -> None:
        self._width = width

    def board(self, board: Board, *, has_code: bool) -> Iterator[_Line]:
        """Everything, from top to bottom."""
        yield from self._head(board)
        for section in board.sections:
            yield ()
            yield from self._section(section)
        if board.mark:
            yield ()
            yield from ((_Piece(line),) for line in (_code(board.mark) if has_code else ()))
            yield (_Piece(board.mark),)

    def _head(self, board: Board) -> Iterator[_Line]:
        yield from self._centred(" ".join(part for part in (board.venue, board.title) if part), _TITLE)
        yield from self._centred(board.list_title)
        yield from self._centred(board.identity, _LABEL)
        if board.warning:
            yield from self._centred(f"【{board.warning}】", _WARNING)
        yield ()
        indent = max(_cells(fact.label) for fact in board.facts) + _GAP
        for fact in board.facts:
            label = _Piece(_padded(fact.label, indent), _LABEL)
            yield from self._hung(fact.text, label)

    def _centred(self, text: str, style: str = "") -> Iterator[_Line]:
        for line in lines_of(text, self._width, _cells) if text else ():
            yield (_Piece(" " * ((self._width - _cells(line)) // 2)), _Piece(line, style))

    def _section(self, section: Section) -> Iterator[_Line]:
        rule = self._width - _cells(section.title) - 1
        yield (_Piece(section.title, _HEADING), _Piece(" " + "─" * rule, _RULE))
        if section.remark:
            yield from self._paragraph(section.remark)
        for block in section.blocks:
            yield from self._points(block) if isinstance(block, Points) else self._table(block)

    def _points(self, points: Points) -> Iterator[_Line]:
        for number, sentence in enumerate(points.sentences, start=1):
            yield from self._hung(sentence, _Piece(f"{number:>2}. ", _LABEL))

    def _table(self, table: Table) -> Iterator[_Line]:
        yield ()
        if table.heading:
            yield from self._hung(table.remark, _Piece(f"{table.heading}  ", _TITLE))
        yield from self._row(table, [column.title for column in table.columns], is_title=True)
        yield (_Piece("─" * self._width, _RULE),)
        spans = [table.spans(place) for place in range(len(table.columns))]
        for number, row in enumerate(table.rows):
            cells = [cell if spans[place][number] else "" for place, cell in enumerate(row.cells)]
            yield from self._row(table, cells, is_title=False)

    def _row(self, table: Table, texts: Iterable[str], *, is_title: bool) -> Iterator[_Line]:
        widths = self._widths(table)
        cells = [lines_of(text, width, _cells) for text, width in zip(texts, widths, strict=True)]
        for number in range(max(map(len, cells))):
            pieces = []
            for lines, width, column in zip(cells, widths, table.columns, strict=True):
                line = lines[number] if number < len(lines) else ""
                style = _LABEL if is_title else (_PRICE if column.is_price else "")
                pieces.append(_Piece(_padded(line, width, is_right=column.is_price), style))
                pieces.append(_Piece(" " * _GAP))
            yield tuple(pieces[:-1])

    def _widths(self, table: Table) -> list[int]:
        """Cells for each column: prices have what they need, the others share the rest by weight."""
        room = self._width - _GAP * (len(table.columns) - 1)
        total = sum(column.weight for column in table.columns)
        shares = [room * column.weight // total for column in table.columns]
        needs = [
            max(_cells(line) for row in table.rows for line in row.cells[place].split("\n"))
            for place in range(len(table.columns))
        ]
        places = range(len(table.columns))
        widths = {place: max(shares[place], needs[place]) for place in places if table.columns[place].is_price}
        rest = room - sum(widths.values())
        others = [place for place in places if place not in widths]
        weights = sum(table.columns[place].weight for place in others)
        for place in others:
            widths[place] = max(rest * table.columns[place].weight // weights, _NARROWEST)
        return [widths[place] for place in places]

    def _paragraph(self, text: str) -> Iterator[_Line]:
        yield from ((_Piece(line),) for line in lines_of(text, self._width, _cells))

    def _hung(self, text: str, label: _Piece) -> Iterator[_Line]:
        """A text beside its label, further lines under the first."""
        indent = _cells(label.text)
        for number, line in enumerate(lines_of(text, self._width - indent, _cells)):
            yield (label if number == 0 else _Piece(" " * indent), _Piece(line))


def _padded(text: str, width: int, *, is_right: bool = False) -> str:
    room = " " * (width - _cells(text))
    return room + text if is_right else text + room


def _code(text: str) -> Iterator[str]:
    rows = matrix(text)
    width = len(rows[0]) + 2 * _QUIET
    light = [[False] * width] * _QUIET
    padded = [*light, *([False] * _QUIET + row + [False] * _QUIET for row in rows), *light]
    if len(padded) % 2:
        padded.append([False] * width)
    for upper, lower in zip(padded[::2], padded[1::2], strict=True):
        yield "".join(_HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True))
