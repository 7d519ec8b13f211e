"""The right side: the seat in view, in lines that `seat_lines` writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from pos.tui.desk.seat_lines import PanelLine, Tone
from pos.tui.widgets.columns import cells

_STYLES: Final = {
    Tone.TITLE: "bold {primary}",
    Tone.PLAIN: "",
    Tone.QUIET: "{quiet}",
    Tone.RULE: "{rule}",
    Tone.SUM: "bold",
    Tone.LOUD: "bold {text-warning}",
}


class SeatPanel(VerticalScroll):
    """The chosen seat. It scrolls where a long bill needs more lines than there are."""

    can_focus = False
    DEFAULT_CSS = """
    SeatPanel { border: round $foreground 35%; padding: 0 1; background: $background; scrollbar-size-vertical: 1; }
    SeatPanel > Static { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__(id=id)
        self._body = Static("", markup=False)
        self._shown: tuple[PanelLine, ...] = ()

    def compose(self) -> Iterable[Static]:
        """One text."""
        yield self._body

    @property
    def line_width(self) -> int:
        """The cells of a line."""
        return max(self.size.width - 2, 10)

    def show(self, lines: Iterable[PanelLine]) -> None:
        """Show other lines."""
        lines = tuple(lines)
        if lines == self._shown:
            return
        is_as_high = self._heights(lines) == self._heights(self._shown)
        self._shown = lines
        colours = self.app.theme_variables
        styled = (Text(line.text, style=_STYLES[line.tone].format_map(colours)) for line in lines)
        self._body.update(Text("\n").join(styled), layout=not is_as_high)

    def _heights(self, lines: Iterable[PanelLine]) -> list[int]:
        """How many lines of the screen each takes: laying everything out anew is dear, and rarely needed."""
        return [max(-(-cells(line.text) // self.line_width), 1) for line in lines]
