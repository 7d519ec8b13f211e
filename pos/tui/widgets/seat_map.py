"""The map of seats: one widget that draws lines, whatever the number of seats.

A cell shows the seat's number, a sign for its state (never colour alone) and a time; where there is room, a name and
an amount too. `show` compares with what is on the screen and asks for a new paint of what changed, of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter, ne
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from pos.tui.widgets.columns import cells, clipped, left, right
from pos.tui.widgets.line_view import BareLineView, Span
from pos.tui.widgets.seat_grid import Line, SeatGrid, Spot


class Look(StrEnum):
    """How a seat looks; the value is the end of its component class's name."""

    FREE = "free"
    RUNNING = "running"
    PACKAGE = "package"
    PAUSED = "paused"
    SOON = "soon"
    NOW = "now"
    ENDED = "ended"
    CLOSED = "closed"


SIGNS: Final[Mapping[Look, str]] = {
    Look.FREE: "·",
    Look.RUNNING: "▶",
    Look.PACKAGE: "■",
    Look.PAUSED: "‖",
    Look.SOON: "!",
    Look.NOW: "‼",
    Look.ENDED: "¥",
    Look.CLOSED: "×",
}
"""¥: the time is over, the bill is not paid. ×: out of use."""


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


_SIGN_CELLS: Final = len(" . ")
_TIME_CELLS: Final = 5
_WHO_CELLS: Final = 6
_AMOUNT_CELLS: Final = 8
_BORDER: Final = "seat-map--border"
_TITLE: Final = "seat-map--title"
_CURSOR: Final = "seat-map--cursor"
_CLASSES: Final[Mapping[Look, str]] = {look: f"seat-map--{look}" for look in Look}


class SeatMap(BareLineView):
    """The map. The seat in view is kept by its label, so that it stays where seats come and go."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        _BORDER,
        _TITLE,
        _CURSOR,
        *_CLASSES.values(),
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
    SeatMap > .seat-map--closed { color: $foreground 55%; text-style: strike; }
    SeatMap > .seat-map--cursor { background: $primary; color: $background; text-style: bold; }
    """

    class Moved(Message):
        """A seat was clicked, and is in view now."""

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
        self._labels: list[list[str]] = []
        self._grid = SeatGrid.of((), width=0, cell=1)
        self._spots: dict[str, Spot] = {}
        self._digits = 0
        self._is_rich = False
        self.label: str | None = None

    # What is shown.

    def show(self, blocks: Sequence[SeatBlock]) -> None:
        """Draw these seats."""
        before, self._blocks = self._blocks, tuple(blocks)
        labels = [list(map(attrgetter("label"), block.seats)) for block in blocks]
        if labels == self._labels:
            self._paint_changed(before)
        else:
            self._labels = labels
            self._lay_out()

    def _paint_changed(self, before: tuple[SeatBlock, ...]) -> None:
        """Paint what differs: in each line from the first seat that does to the last one."""
        spans = []
        for number, (block, first, end, is_top) in enumerate(self._grid.lines):
            old, new = before[block], self._blocks[block]
            if is_top and old.title != new.title:
                spans.append(Span(number, 0, self._grid.width))
            elif end > first:
                was, now = old.seats, new.seats
                if was[first] != now[first] and was[end - 1] != now[end - 1]:
                    spans.append(Span(number, 0, self._grid.width))
                elif was[first:end] != now[first:end]:
                    differs = list(map(ne, was[first:end], now[first:end]))
                    spans.append(self._span(number, differs.index(True), len(differs) - 1 - differs[::-1].index(True)))
        if spans:
            self.refresh(*self.changed(*spans))

    def _span(self, number: int, first: int, last: int) -> Span:
        """Return where some seats of a line stand."""
        return Span(number, self._grid.left_of(first), (last - first + 1) * self._grid.cell)

    def _lay_out(self) -> None:
        """Choose how many seats stand in a line, and whether their cells are rich."""
        counts = [len(block.seats) for block in self._blocks]
        self._digits = max((cells(seat.number) for block in self._blocks for seat in block.seats), default=2)
        plain = self._digits + _SIGN_CELLS + _TIME_CELLS + len(" ")
        rich = plain + _WHO_CELLS + _AMOUNT_CELLS + len(" ")
        self._grid = self._grid_of(counts, rich)
        self._is_rich = self._grid.width <= self.size.width and len(self._grid.lines) <= self.size.height
        if not self._is_rich:
            self._grid = self._grid_of(counts, plain)
        self._spots = {self._blocks[block].seats[at].label: spot for block, at, spot in self._grid.spots()}
        if self.label not in self._spots:
            self.label = next(iter(self._spots), None)
        self.virtual_size = Size(self._grid.width, len(self._grid.lines))
        self._bring_into_view()
        self.all_changed()

    def _grid_of(self, counts: Sequence[int], cell: int) -> SeatGrid:
        """Lay out cells of a width; where there are more lines than are seen the scroll bar takes its part."""
        width, height = self.size
        grid = SeatGrid.of(counts, width=width, cell=cell)
        if len(grid.lines) <= height:
            return grid
        return SeatGrid.of(counts, width=width - self.styles.scrollbar_size_vertical, cell=cell)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the seats out anew."""
        del event
        self._lay_out()

    # Drawing.

    def _draw(self, number: int) -> Strip:
        if number >= len(self._grid.lines):
            return self.blank()
        line = self._grid.lines[number]
        return Strip(self._draw_seats(number, line) if line.has_seats else self._draw_edge(line), self._grid.width)

    def _draw_seats(self, number: int, line: Line) -> Iterator[Segment]:
        """Draw a line of seats; neighbours of one look are one piece: fewer pieces, faster paint."""
        seats = self._blocks[line.block].seats[line.first : line.last]
        spot = None if self.label is None else self._spots.get(self.label)
        yield Segment("│ ", self.style(_BORDER))
        if spot is None or spot.line != number:
            yield from self._draw_alike(seats)
        else:
            yield from self._draw_alike(seats[: spot.column])
            seat = seats[spot.column]
            yield Segment(self._text_of(seat.look, [seat])[:-1], self.style(_CURSOR))
            yield Segment(" ", self.style())
            yield from self._draw_alike(seats[spot.column + 1 :])
        yield Segment(" " * self._grid.rest_of(line) + "│", self.style(_BORDER))

    def _draw_alike(self, seats: Sequence[SeatCell]) -> Iterator[Segment]:
        for look, alike in groupby(seats, key=attrgetter("look")):
            yield Segment(self._text_of(look, alike), self.style(_CLASSES[look]))

    def _text_of(self, look: Look, seats: Iterable[SeatCell]) -> str:
        """Write cells of one look; they are filled with blanks, digits and signs being as many cells as characters."""
        digits, sign = self._digits, f" {SIGNS[look]} "
        if self._is_rich:
            return "".join([self._rich_text_of(seat, sign) for seat in seats])
        rest = self._grid.cell - digits - _SIGN_CELLS
        return "".join([number.rjust(digits) + sign + time.ljust(rest) for _, number, _, time, _, _ in seats])

    def _rich_text_of(self, seat: SeatCell, sign: str) -> str:
        start = seat.number.rjust(self._digits) + sign + seat.time.ljust(_TIME_CELLS)
        start += f" {left(seat.who, _WHO_CELLS)}{right(seat.amount, _AMOUNT_CELLS)}"
        return start + " " * (self._grid.cell - cells(start))

    def _draw_edge(self, line: Line) -> Iterator[Segment]:
        border = self.style(_BORDER)
        if not line.is_top:
            yield Segment("└" + "─" * (self._grid.width - 2) + "┘", border)
            return
        title = clipped(f" {self._blocks[line.block].title} ", self._grid.width - 4)
        yield Segment("┌─", border)
        yield Segment(title, self.style(_TITLE))
        yield Segment("─" * (self._grid.width - 3 - cells(title)) + "┐", border)

    # Moving.

    def go_to(self, label: str) -> bool:
        """Bring a seat into view; False if it is not on the map."""
        if label not in self._spots:
            return False
        if label != self.label:
            spots = [self._spots[one] for one in (self.label, label) if one in self._spots]
            self.label = label
            self.refresh(*self.changed(*(self._span(line, column, column) for line, column in spots)))
            self._bring_into_view()
        return True

    def step(self, *, across: int = 0, down: int = 0) -> None:
        """Move by seats in a line, or by lines; past a block's edge the next block follows."""
        if self.label is None:
            return
        if across:
            labels = list(self._spots)
            self.go_to(labels[min(max(labels.index(self.label) + across, 0), len(labels) - 1)])
            return
        number, column = self._spots[self.label]
        for _ in range(abs(down)):
            number = self._next_seat_line(number, 1 if down > 0 else -1)
        line = self._grid.lines[number]
        self.go_to(self._blocks[line.block].seats[min(line.first + column, line.last - 1)].label)

    def _next_seat_line(self, number: int, step: int) -> int:
        found = number + step
        while 0 <= found < len(self._grid.lines):
            if self._grid.lines[found].has_seats:
                return found
            found += step
        return number

    def page_lines(self) -> int:
        """Tell how many lines of seats a page is."""
        return max(self.size.height - 2, 1)

    def _bring_into_view(self) -> None:
        if self.label is not None:
            line = self._spots[self.label].line
            self.scroll_to_region(Region(0, max(line - 1, 0), 1, 3), animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Go to the seat under the mouse; a second click chooses it."""
        label = self._label_at(event.x, event.y + round(self.scroll_offset.y))
        if label is None:
            return
        if label == self.label:
            self.post_message(self.Chosen(label))
        elif self.go_to(label):
            self.post_message(self.Moved(label))

    def _label_at(self, x: int, number: int) -> str | None:
        if not 0 <= number < len(self._grid.lines):
            return None
        line, column = self._grid.lines[number], self._grid.column_at(x)
        at = line.first + column
        return self._blocks[line.block].seats[at].label if column >= 0 and at < line.last else None
