"""The right side: the seat in view, in lines that `seat_lines` writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from pos.tui.desk.seat_lines import PanelLine, Tone
from pos.tui.widgets.columns import cells, left
from pos.tui.widgets.kept import KeptLineView
from pos.tui.widgets.line_view import Span
from pos.tui.widgets.prose import lines_of


class SeatPanel(KeptLineView):
    """The chosen seat. It scrolls where a long bill needs more lines than there are."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"seat-panel--{tone}" for tone in Tone}
    DEFAULT_CSS = """
    SeatPanel { border: round $foreground 35%; padding-left: 1; background: $background; }
    SeatPanel { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    SeatPanel > .seat-panel--title { color: $primary; text-style: bold; }
    SeatPanel > .seat-panel--plain { color: $foreground; }
    SeatPanel > .seat-panel--quiet { color: $quiet; }
    SeatPanel > .seat-panel--rule { color: $rule; }
    SeatPanel > .seat-panel--sum { color: $foreground; text-style: bold; }
    SeatPanel > .seat-panel--loud { color: $text-warning; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__(id=id)
        self._shown: list[PanelLine] = []
        self._width = 0  # That `_shown` was written for: Textual reckons its own anew whenever it is asked.

    @property
    def line_width(self) -> int:
        """The cells of a line."""
        return max(self.scrollable_size.width, 10)

    def show(self, lines: Iterable[PanelLine]) -> None:
        """Show other lines; what is too long for one goes on in the next."""
        self._width, size = self.line_width, self.size
        before, self._shown = self._shown, [part for line in lines for part in self._broken(line)]
        # Where all of it has room the size stays, for laying the whole screen out anew is dear.
        self.virtual_size = Size(self._width, max(len(self._shown), size.height))
        pairs = enumerate(zip_longest(before, self._shown))
        if spans := [Span(number, 0, size.width) for number, (old, new) in pairs if old != new]:
            self.refresh(*self.changed(*spans))

    def _broken(self, line: PanelLine) -> Iterator[PanelLine]:
        if cells(line.text) <= self._width:
            yield line
            return
        for part in lines_of(line.text, self._width):
            yield PanelLine(part, line.tone)

    def _draw(self, number: int) -> Strip:
        if number >= len(self._shown):
            return self.blank()
        line, width = self._shown[number], self._width
        return Strip([Segment(left(line.text, width), self.style(f"seat-panel--{line.tone}"))], width)
