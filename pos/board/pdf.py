"""The board as a PDF for the wall: A4 or A3. No entry is split between two pages, and each page names the list.

What belongs together stays together: a short section or table whole, of a longer one at least two entries on either
side of a page's end. A few lines that would stand alone on a last page are drawn in by setting everything closer, or
get company of what stands before them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from pos.board.board import Board, Points, Section, Table
from pos.board.fonts import Font
from pos.board.sheet import Ink, Paper, Sheet, Side, Style

_MARGIN: Final = 14.0
_TOP: Final = 20.0
"""Where a page goes on under its running head."""
_BOTTOM: Final = Sheet.height - 17.0
_PAGE: Final = _BOTTOM - _TOP
_WIDTH: Final = Sheet.width - 2 * _MARGIN
_GAP: Final = 2.2
"""Room at both sides of a cell."""
_PAD: Final = 1.1
"""Room above and below a row's lines."""
_SPARSE: Final = 0.3
"""A last page of which no more is used should not be."""
_CODE: Final = 27.0

_VENUE: Final = Style(size=15, ink=Ink.ACCENT, spacing=2)
_TITLE: Final = Style(size=32, is_bold=True, spacing=10)
_UNDER_TITLE: Final = Style(size=11)
_WARNING: Final = Style(size=15, ink=Ink.PRICE, is_bold=True)
_SECTION: Final = Style(size=14.5, ink=Ink.ACCENT, is_bold=True)
_HEADING: Final = Style(size=12, is_bold=True)
_BODY: Final = Style(size=10.5)
"""Names, conditions, method: one size for all of them and for the prices (REQ-P-19)."""
_COLUMN: Final = Style(size=10.5, ink=Ink.ACCENT, is_bold=True)
_PRICE: Final = Style(size=10.5, ink=Ink.PRICE, is_bold=True)
_LABEL: Final = Style(size=10.5, ink=Ink.ACCENT)
_RUNNING: Final = Style(size=8.5, ink=Ink.QUIET)

DIGITS: Final = "0123456789"
"""What a page number may need beside the board's own texts."""


def pdf(board: Board, font: Font, paper: Paper) -> bytes:
    """Draw the board; the font must have every letter of it, and the digits."""
    # Drawn twice: how many pages there are is known at the end and stands on each of them.
    spacing, pages = _chosen(board, font, paper)
    with closing(Sheet(font, paper)) as sheet:
        drawing = _Drawing(board, sheet, pages=pages, spacing=spacing)
        drawing.draw()
        return drawing.document()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spacing:
    """`air` is the share of the usual room between things; what takes at most `whole` of a page is not divided."""

    air: float
    whole: float


_USUAL: Final = _Spacing(air=1.0, whole=0.4)
_CLOSER: Final = _Spacing(air=0.6, whole=0.4)
_IN_LARGER_PARTS: Final = _Spacing(air=1.0, whole=0.7)


def _chosen(board: Board, font: Font, paper: Paper) -> tuple[_Spacing, int]:
    """How the board is set, and how many pages it takes then."""
    pages, used = _tried(board, font, paper, _USUAL)
    if pages == 1 or used > _SPARSE:
        return _USUAL, pages
    fewer, _used = _tried(board, font, paper, _CLOSER)
    if fewer < pages:
        return _CLOSER, fewer
    again, filled = _tried(board, font, paper, _IN_LARGER_PARTS)
    return (_IN_LARGER_PARTS if again == pages and filled > used else _USUAL), pages


def _tried(board: Board, font: Font, paper: Paper, spacing: _Spacing) -> tuple[int, float]:
    """How many pages it takes, and which share of the last one."""
    with closing(Sheet(font, paper)) as sheet:
        drawing = _Drawing(board, sheet, pages=0, spacing=spacing)
        return drawing.draw(), drawing.used


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cell:
    """Broken lines at a place across."""

    lines: tuple[str, ...]
    x: float
    width: float
    style: Style
    side: Side


class _Drawing:
    """One pass over the board, from top to bottom; `y` is where the next thing begins."""

    def __init__(self, board: Board, sheet: Sheet, *, pages: int, spacing: _Spacing) -> None:
        self._board = board
        self._sheet = sheet
        self._pages = pages
        self._air = spacing.air
        self._short = spacing.whole * _PAGE
        self._pad = _PAD * spacing.air
        self._page = 0
        self._y = 0.0

    def draw(self) -> int:
        """Draw everything and return how many pages it took."""
        self._new_page()
        self._head()
        for section in self._board.sections:
            self._section(section)
        self._foot()
        return self._page

    @property
    def used(self) -> float:
        """Which share of the page is used so far."""
        return (self._y - _TOP) / _PAGE

    def document(self) -> bytes:
        """Return the file. Its date is the board's own: one list, one file, byte for byte."""
        board, document = self._board, self._sheet.pdf
        document.set_title(" ".join(part for part in (board.venue, board.title, board.list_title) if part))
        document.set_subject(board.sha256)
        document.set_lang(board.language.value.replace("_", "-"))
        document.set_creation_date(board.dated)
        buffer = io.BytesIO()
        document.output(buffer)
        return buffer.getvalue()

    # Pages.

    def _new_page(self) -> None:
        sheet, board = self._sheet, self._board
        sheet.new_page()
        self._page += 1
        name = " · ".join(part for part in (board.venue, board.title, board.list_title) if part)
        number = board.page_says.format(page=self._page, pages=self._pages)
        foot = Sheet.height - 11.5
        sheet.write(board.identity or board.warning, x=_MARGIN, y=foot, style=_RUNNING)
        sheet.write(number, x=_MARGIN, y=foot, width=_WIDTH, style=_RUNNING, side=Side.RIGHT)
        if self._page == 1:
            self._y = _MARGIN
            return
        sheet.write(name, x=_MARGIN, y=10.5, style=_RUNNING)
        if board.warning:
            sheet.write(board.warning, x=_MARGIN, y=10.5, width=_WIDTH, style=_RUNNING, side=Side.RIGHT)
        sheet.rule(x=_MARGIN, y=16, width=_WIDTH, ink=Ink.ACCENT)
        self._y = _TOP

    def _keep(self, height: float) -> bool:
        """Go to the next page where so much does not fit; tells whether it went."""
        if self._y + height <= _BOTTOM or self._y <= _TOP:
            return False
        self._new_page()
        return True

    # The parts.

    def _head(self) -> None:
        board = self._board
        self._line(board.venue, _VENUE, side=Side.CENTRE)
        self._y += 1
        self._line(board.title, _TITLE, side=Side.CENTRE)
        self._y += 1.5
        for text in (board.list_title, board.identity):
            self._line(text, _UNDER_TITLE, side=Side.CENTRE)
        if board.warning:
            self._y += 2
            width = self._sheet.measure(board.warning, _WARNING) + 12
            left = _MARGIN + (_WIDTH - width) / 2
            height = _WARNING.line_mm + 3
            self._sheet.frame(x=left, y=self._y, width=width, height=height, ink=Ink.PRICE)
            self._y += 1.5
            self._line(board.warning, _WARNING, side=Side.CENTRE)
            self._y += 1.5
        self._y += 3
        for offset, thickness in ((0.0, 0.7), (1.2, 0.2)):
            self._sheet.rule(x=_MARGIN, y=self._y + offset, width=_WIDTH, ink=Ink.ACCENT, thickness=thickness)
        self._y += 4.5
        self._facts()

    def _facts(self) -> None:
        board, top = self._board, self._y
        indent = max(self._sheet.measure(fact.label, _LABEL) for fact in board.facts) + 5
        width = _WIDTH
        if board.mark:
            width -= _CODE + 6
            self._sheet.code(board.mark, x=_MARGIN + _WIDTH - _CODE, y=top + 1, side=_CODE)
        for fact in board.facts:
            self._sheet.write(fact.label, x=_MARGIN, y=self._y, style=_LABEL)
            self._paragraph(fact.text, indent=indent, width=width)
        if board.mark:
            self._y = max(self._y, top + 1 + _CODE)

    def _section(self, section: Section) -> None:
        self._y += 5 * self._air
        self._keep(self._together_height(section))
        self._line(section.title, _SECTION)
        self._sheet.rule(x=_MARGIN, y=self._y + 0.4, width=_WIDTH, ink=Ink.ACCENT, thickness=0.3)
        self._y += 2.2
        if section.remark:
            self._paragraph(section.remark)
            self._y += 1
        for block in section.blocks:
            if isinstance(block, Points):
                self._points(block)
            else:
                self._table(block)

    def _together_height(self, section: Section) -> float:
        """How much must stand together: a short section, else its title and the beginning of its first block."""
        head = _SECTION.line_mm + 2.2
        if section.remark:
            head += self._height(section.remark, _WIDTH) + 1
        whole = head + sum(self._block_height(block) for block in section.blocks)
        if whole <= self._short:
            return whole
        first = section.blocks[0]
        return head + (self._points_lead(first) if isinstance(first, Points) else self._table_together(first))

    def _block_height(self, block: Points | Table) -> float:
        return sum(self._point_heights(block)) if isinstance(block, Points) else self._table_height(block) + 2

    def _table_height(self, table: Table, rows: int | None = None) -> float:
        """What a table takes with its first rows; None: with all of them."""
        heading = 2 * _HEADING.line_mm if table.heading else 0.0
        return heading + self._cells_height(self._titles(table)) + sum(self._row_heights(table)[:rows])

    def _table_together(self, table: Table) -> float:
        """How much of a table must stand together: a short one whole, else two rows."""
        whole = self._table_height(table)
        return whole if whole <= self._short else self._table_height(table, rows=2)

    def _row_heights(self, table: Table) -> list[float]:
        return [self._cells_height(self._row_cells(table, place, is_top=not place)) for place in range(len(table.rows))]

    def _point_heights(self, points: Points) -> list[float]:
        """What each sentence takes; the last one takes the board's foot along, which must not stand alone."""
        heights = [self._height(sentence, _WIDTH - 8) + 0.8 * self._air for sentence in points.sentences]
        if self._board.sections[-1].blocks[-1] is points:
            heights[-1] += self._foot_height()
        return heights

    def _points_lead(self, points: Points) -> float:
        return sum(self._point_heights(points)[:2])

    def _points(self, points: Points) -> None:
        heights = self._point_heights(points)
        for number, sentence in enumerate(points.sentences, start=1):
            self._keep(_kept_with_next(heights, number - 1))
            self._sheet.write(f"{number}.", x=_MARGIN, y=self._y, style=_LABEL)
            self._paragraph(sentence, indent=8)
            self._y += 0.8 * self._air

    def _table(self, table: Table) -> None:
        self._keep(self._table_together(table))
        if table.heading:
            self._heading(table)
        self._table_titles(table)
        heights = self._row_heights(table)
        for place in range(len(table.rows)):
            cells = self._row_cells(table, place, is_top=False)
            if self._keep(_kept_with_next(heights, place)):
                self._table_titles(table)
                cells = self._row_cells(table, place, is_top=True)
            if place:
                self._row_rule(table, place)
            self._draw_cells(cells)
        self._sheet.rule(x=_MARGIN, y=self._y, width=_WIDTH, ink=Ink.LINE)
        self._y += 2

    def _heading(self, table: Table) -> None:
        self._y += 1.5
        name = self._sheet.measure(table.heading, _HEADING) + 4
        self._sheet.write(table.heading, x=_MARGIN, y=self._y, style=_HEADING)
        if table.remark:
            self._y += (_HEADING.line_mm - _BODY.line_mm) * 0.7
            self._paragraph(table.remark, indent=name)
        else:
            self._y += _HEADING.line_mm
        self._y += 0.8

    def _table_titles(self, table: Table) -> None:
        cells = self._titles(table)
        self._sheet.band(x=_MARGIN, y=self._y, width=_WIDTH, height=self._cells_height(cells), ink=Ink.BAND)
        self._draw_cells(cells)

    def _row_rule(self, table: Table, place: int) -> None:
        """A thin line between two rows, not through a cell that belongs to both."""
        left = 0.0
        for (x, width), column in zip(_places(table), range(len(table.columns)), strict=True):
            if table.spans(column)[place]:
                break
            left = x + width - _MARGIN
        self._sheet.rule(x=_MARGIN + left, y=self._y, width=_WIDTH - left, ink=Ink.LINE, thickness=0.15)

    # Cells.

    def _titles(self, table: Table) -> list[_Cell]:
        return [
            self._cell(column.title, x, width, style=_COLUMN, is_price=column.is_price)
            for column, (x, width) in zip(table.columns, _places(table), strict=True)
        ]

    def _row_cells(self, table: Table, place: int, *, is_top: bool) -> list[_Cell]:
        """A row's cells; one that belongs to the row above is empty, except at the top of a page."""
        return [
            self._cell(
                text if is_top or table.spans(number)[place] else "",
                x,
                width,
                style=_PRICE if column.is_price else _BODY,
                is_price=column.is_price,
            )
            for number, (text, column, (x, width)) in enumerate(
                zip(table.rows[place].cells, table.columns, _places(table), strict=True)
            )
        ]

    def _cell(self, text: str, x: float, width: float, *, style: Style, is_price: bool) -> _Cell:
        inner = width - 2 * _GAP
        lines = tuple(self._sheet.broken(text, inner, style))
        return _Cell(lines=lines, x=x + _GAP, width=inner, style=style, side=Side.RIGHT if is_price else Side.LEFT)

    def _cells_height(self, cells: Iterable[_Cell]) -> float:
        return max(len(cell.lines) * cell.style.line_mm for cell in cells) + 2 * self._pad

    def _draw_cells(self, cells: list[_Cell]) -> None:
        """Draw a row. One that is taller than a whole page goes on over the next ones."""
        lines = max(len(cell.lines) for cell in cells)
        done = 0
        while done < lines:
            room = max(int((_BOTTOM - self._y - 2 * self._pad) / _BODY.line_mm), 1)
            for cell in cells:
                for number, line in enumerate(cell.lines[done : done + room]):
                    y = self._y + self._pad + number * cell.style.line_mm
                    self._sheet.write(line, x=cell.x, y=y, width=cell.width, style=cell.style, side=cell.side)
            shown = min(room, lines - done)
            done += shown
            self._y += shown * _BODY.line_mm + 2 * self._pad
            if done < lines:
                self._new_page()

    # Lines.

    def _line(self, text: str, style: Style, *, side: Side = Side.LEFT) -> None:
        for line in self._sheet.broken(text, _WIDTH, style) if text else ():
            self._sheet.write(line, x=_MARGIN, y=self._y, width=_WIDTH, style=style, side=side)
            self._y += style.line_mm

    def _paragraph(self, text: str, *, indent: float = 0.0, width: float = _WIDTH) -> None:
        for line in self._sheet.broken(text, width - indent, _BODY):
            self._sheet.write(line, x=_MARGIN + indent, y=self._y, style=_BODY)
            self._y += _BODY.line_mm

    def _height(self, text: str, width: float) -> float:
        return len(self._sheet.broken(text, width, _BODY)) * _BODY.line_mm

    def _foot(self) -> None:
        """The code's text, for whoever has nothing to read codes with."""
        self._keep(self._foot_height())
        self._y += 3 * self._air
        for line in self._mark_lines():
            self._sheet.write(line, x=_MARGIN, y=self._y, style=_RUNNING)
            self._y += _RUNNING.line_mm

    def _foot_height(self) -> float:
        lines = self._mark_lines()
        return 3 * self._air + len(lines) * _RUNNING.line_mm if lines else 0.0

    def _mark_lines(self) -> list[str]:
        return self._sheet.broken(self._board.mark, _WIDTH, _RUNNING) if self._board.mark else []


def _kept_with_next(heights: list[float], place: int) -> float:
    """How much room an entry needs: the last but one takes the last along, so that it does not stand alone."""
    return sum(heights[place:]) if place == len(heights) - 2 else heights[place]


def _places(table: Table) -> list[tuple[float, float]]:
    """Where each column begins, and how wide it is."""
    total = sum(column.weight for column in table.columns)
    places = []
    x = _MARGIN
    for column in table.columns:
        width = _WIDTH * column.weight / total
        places.append((x, width))
        x += width
    return places
