"""The map of seats: one widget that draws lines, whatever the number of seats.

A cell shows the seat's number, a sign for its state (never colour alone) and a time; where there is room, a name and
an amount too. `show` compares with what is on the screen and redraws the lines that changed, no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pos.tui.widgets.columns import cells, clipped, left, right


class Look(StrEnum):
    """How a seat looks; the value is the end of its component class's name."""

    FREE = "free"
    RUNNING = "running"
    PACKAGE = "package"
    PAUSED = "paused"
    SOON = "soon"
    NOW = "now"
    ENDED = "ended"


SIGNS: Final[Mapping[Look, str]] = {
    Look.FREE: "·",
    Look.RUNNING: "▶",
    Look.PACKAGE: "■",
    Look.PAUSED: "‖",
    Look.SOON: "!",
    Look.NOW: "‼",
    Look.ENDED: "¥",
}
"""¥: the time is over, the bill is not paid."""


class SeatCell(NamedTuple):
    """One seat as it is drawn. `number` is what is left of the label within its block.

    A named tuple, for hundreds are made and compared each second.
    """

    label: str
    number: str
    look: Look
    time: str = ""
    who: str = ""
    amount: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatBlock:
    """Seats that stand together, under one title."""

    title: str
    seats: tuple[SeatCell, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the map: a block's top, some of its seats, or its bottom."""

    block: int
    first: int = -1
    last: int = -1

    @property
    def has_seats(self) -> bool:
        return self.first >= 0


_TIME_CELLS: Final = 5
_WHO_CELLS: Final = 6
_AMOUNT_CELLS: Final = 8
_GAP: Final = 1
_FEW_ROWS: Final = 6
"""From more changed lines on, one paint of everything is cheaper than one for each."""
_CURSOR: Final = "seat-map--cursor"
_FRAME: Final = 3  # left bar, a blank, right bar


class SeatMap(ScrollView):
    """The map. The seat in view is kept by its label, so that it stays where seats come and go."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "seat-map--border",
        "seat-map--title",
        *(f"seat-map--{look}" for look in Look),
        "seat-map--cursor",
    }
    DEFAULT_CSS = """
    SeatMap { scrollbar-size-vertical: 1; overflow-x: hidden; background: $background; }
    SeatMap > .seat-map--border { color: $foreground 35%; }
    SeatMap > .seat-map--title { color: $text-primary; text-style: bold; }
    SeatMap > .seat-map--free { color: $foreground 55%; }
    SeatMap > .seat-map--running { color: $foreground; }
    SeatMap > .seat-map--package { color: $text-secondary; }
    SeatMap > .seat-map--paused { color: $foreground 75%; text-style: italic; }
    SeatMap > .seat-map--soon { color: $text-warning; text-style: bold; }
    SeatMap > .seat-map--now { color: $text-error; text-style: bold; }
    SeatMap > .seat-map--ended { color: $text-error; text-style: bold underline; }
    SeatMap > .seat-map--cursor { background: $primary; color: $background; text-style: bold; }
    """

    class Moved(Message):
        """Another seat is in view."""

        def __init__(self, label: str) -> None:
            super().__init__()
            self.label = label

    class Chosen(Message):
        """The seat in view was clicked again."""

        def __init__(self, label: str) -> None:
            super().__init__()
            self.label = label

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__(id=id)
        self._blocks: tuple[SeatBlock, ...] = ()
        self._rows: list[_Row] = []
        self._row_of: dict[str, int] = {}
        self._place_of: dict[str, tuple[int, int]] = {}
        self._strips: dict[int, Strip] = {}
        self._ground_style: Style | None = None
        self._columns = 1
        self._is_rich = False
        self.label: str | None = None

    # What is shown.

    def show(self, blocks: Sequence[SeatBlock]) -> None:
        """Draw these seats; only lines that differ are drawn again."""
        before, self._blocks = self._blocks, tuple(blocks)
        if [len(block.seats) for block in before] != [len(block.seats) for block in self._blocks]:
            self._lay_out()
            return
        for place, (old, new) in enumerate(zip(before, self._blocks, strict=True)):
            if old is not new:
                self._redraw_changed(place, old, new)

    def _redraw_changed(self, block: int, old: SeatBlock, new: SeatBlock) -> None:
        columns, first_row = self._columns, self._first_row_of(block)
        if old.title != new.title:
            self._redraw(first_row)
        if [seat.label for seat in old.seats] != [seat.label for seat in new.seats]:
            self._lay_out()
            return
        changed = {at // columns for at, (was, is_) in enumerate(zip(old.seats, new.seats, strict=True)) if was != is_}
        if len(changed) > _FEW_ROWS:
            for row in changed:
                self._strips.pop(first_row + 1 + row, None)
            self.refresh()
            return
        for row in changed:
            self._redraw(first_row + 1 + row)

    def _first_row_of(self, block: int) -> int:
        return sum(2 + self._lines_of(one) for one in self._blocks[:block])

    def _lines_of(self, block: SeatBlock) -> int:
        return -(-len(block.seats) // self._columns)

    def _redraw(self, row: int) -> None:
        self._strips.pop(row, None)
        self.refresh_line(row)

    def _lay_out(self) -> None:
        """Choose how many seats stand in a line, and whether their cells are rich."""
        inner = max(self._width - _FRAME, 1)
        digits = max((cells(seat.number) for block in self._blocks for seat in block.seats), default=2)
        plain = digits + 1 + 1 + 1 + _TIME_CELLS + _GAP
        rich = plain + _WHO_CELLS + 1 + _AMOUNT_CELLS
        self._digits = digits
        self._columns, self._is_rich = max((inner + _GAP) // rich, 1), True
        if self._height_needed() > self.size.height or inner < rich:
            self._columns, self._is_rich = max((inner + _GAP) // plain, 1), False
        self._cell = (inner + _GAP) // self._columns
        self._rows = list(self._rows_of_blocks())
        self._place_of = {
            seat.label: (block, at) for block, one in enumerate(self._blocks) for at, seat in enumerate(one.seats)
        }
        self._row_of = {
            seat.label: row
            for row, line in enumerate(self._rows)
            if line.has_seats
            for seat in self._blocks[line.block].seats[line.first : line.last]
        }
        if self.label not in self._place_of:
            self.label = next(iter(self._place_of), None)
        self._strips.clear()
        self.virtual_size = Size(self._width, len(self._rows))
        self._bring_into_view()
        self.refresh()

    _digits = 2
    _cell = 11

    @property
    def _width(self) -> int:
        return max(self.size.width, 1)

    def _height_needed(self) -> int:
        return sum(2 + self._lines_of(block) for block in self._blocks)

    def _rows_of_blocks(self) -> Iterator[_Row]:
        for place, block in enumerate(self._blocks):
            yield _Row(place)
            for first in range(0, len(block.seats), self._columns):
                yield _Row(place, first, min(first + self._columns, len(block.seats)))
            yield _Row(place, first=-2)

    def notify_style_update(self) -> None:
        """Draw everything again in the new theme's colours."""
        super().notify_style_update()
        self._strips.clear()
        self._ground_style = None

    def on_resize(self, event: events.Resize) -> None:
        """Lay the seats out anew."""
        del event
        self._lay_out()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """Return one line of the visible part."""
        row = y + round(self.scroll_offset.y)
        width = self.size.width
        if row >= len(self._rows):
            return Strip.blank(width, self._ground)
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._draw(self._rows[row]).adjust_cell_length(width, self._ground)
        return strip

    @property
    def _ground(self) -> Style:
        """The style of empty cells; asking Textual for it costs as much as drawing a line does."""
        if self._ground_style is None:
            self._ground_style = self.rich_style
        return self._ground_style

    def _draw(self, row: _Row) -> Strip:
        block = self._blocks[row.block]
        border = self.get_component_rich_style("seat-map--border")
        if not row.has_seats:
            return self._draw_edge(block, row, border)
        runs: list[tuple[str, str]] = []  # Neighbours of one look are one piece: fewer pieces, faster paint.
        for seat in block.seats[row.first : row.last]:
            name, text = self._style_name(seat), self._text_of(seat) + " " * _GAP
            if name == _CURSOR:
                runs += [(name, text[:-_GAP]), ("", " " * _GAP)]
            elif runs and runs[-1][0] == name:
                runs[-1] = (name, runs[-1][1] + text)
            else:
                runs.append((name, text))
        filled = self._width - 3 - (row.last - row.first) * self._cell
        segments = [Segment("│ ", border)]
        segments += [Segment(text, self._style_named(name)) for name, text in runs]
        segments += [Segment(" " * max(filled, 0), self._ground), Segment("│", border)]
        return Strip(segments)

    def _style_name(self, seat: SeatCell) -> str:
        return _CURSOR if seat.label == self.label else f"seat-map--{seat.look}"

    def _style_named(self, name: str) -> Style:
        return self.get_component_rich_style(name) if name else self._ground

    def _draw_edge(self, block: SeatBlock, row: _Row, border: Style) -> Strip:
        if row.first == -2:
            return Strip([Segment("└" + "─" * (self._width - 2) + "┘", border)], self._width)
        title = clipped(f" {block.title} ", self._width - 4)
        fill = "─" * (self._width - 3 - cells(title))
        return Strip(
            [
                Segment("┌─", border),
                Segment(title, self.get_component_rich_style("seat-map--title")),
                Segment(fill + "┐", border),
            ],
            self._width,
        )

    def _text_of(self, seat: SeatCell) -> str:
        text = f"{seat.number:>{self._digits}} {SIGNS[seat.look]} {seat.time:<{_TIME_CELLS}}"
        if self._is_rich:
            text = f"{text} {left(seat.who, _WHO_CELLS)}{right(seat.amount, _AMOUNT_CELLS)}"
            return left(text, self._cell - _GAP)
        # Digits and signs: as many cells as characters.
        return f"{text:<{self._cell - _GAP}}"

    # Moving.

    def go_to(self, label: str) -> bool:
        """Bring a seat into view; False if it is not on the map."""
        if label not in self._place_of:
            return False
        if label != self.label:
            for one in (self.label, label):
                if one in self._row_of:
                    self._redraw_after(one)
            self.label = label
            self._bring_into_view()
            self.post_message(self.Moved(label))
        return True

    def _redraw_after(self, label: str) -> None:
        self._redraw(self._row_of[label])

    def step(self, *, across: int = 0, down: int = 0) -> None:
        """Move by seats in a line, or by lines; past a block's edge the next block follows."""
        if self.label is None:
            return
        at = self._place_of[self.label][1]
        if across:
            labels = list(self._place_of)
            self.go_to(labels[min(max(labels.index(self.label) + across, 0), len(labels) - 1)])
            return
        column, row = at % self._columns, self._row_of[self.label]
        step = 1 if down > 0 else -1
        for _ in range(abs(down)):
            row = self._next_seat_row(row, step)
        line = self._rows[row]
        seats = self._blocks[line.block].seats
        self.go_to(seats[min(line.first + column, line.last - 1)].label)

    def _next_seat_row(self, row: int, step: int) -> int:
        found = row + step
        while 0 <= found < len(self._rows):
            if self._rows[found].has_seats:
                return found
            found += step
        return row

    def page_lines(self) -> int:
        """Tell how many lines of seats a page is."""
        return max(self.size.height - 2, 1)

    def _bring_into_view(self) -> None:
        if self.label is None or self.label not in self._row_of:
            return
        row = self._row_of[self.label]
        self.scroll_to_region(Region(0, max(row - 1, 0), 1, 3), animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Go to the seat under the mouse; a second click chooses it."""
        label = self._label_at(event.x, event.y + round(self.scroll_offset.y))
        if label is None:
            return
        if label == self.label:
            self.post_message(self.Chosen(label))
        else:
            self.go_to(label)

    def _label_at(self, x: int, row: int) -> str | None:
        if not (0 <= row < len(self._rows)) or not self._rows[row].has_seats or x < 2:
            return None
        line = self._rows[row]
        at = line.first + (x - 2) // self._cell
        return self._blocks[line.block].seats[at].label if at < line.last else None
