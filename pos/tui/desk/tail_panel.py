"""The journal's tail under the seat in view, where there is room: what was just done stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.widgets import Static

from pos.counter.journal_tail import JournalLine
from pos.languages import noted
from pos.tui.desk.entry_words import actor_words, brief_entry_words
from pos.tui.desk.services import DeskServices
from pos.tui.desk.times import clock_time
from pos.tui.widgets.columns import apart, cells

ROWS: Final = 10


class TailPanel(Static):
    """The newest entries, the newest first; no amounts, for the drawer is counted blind."""

    DEFAULT_CSS = """
    TailPanel { height: 12; border: round $foreground 35%; border-title-color: $text-primary; padding: 0 1; }
    TailPanel { color: $foreground 75%; }
    """

    def __init__(self, desk: DeskServices) -> None:
        super().__init__("", markup=False)
        self._desk = desk
        self._lines: tuple[JournalLine, ...] = ()

    @property
    def rows(self) -> int:
        """How many entries it shows."""
        return ROWS

    def on_mount(self) -> None:
        """Say what it is."""
        self.border_title = self._desk.say(noted("Journal"))

    def on_resize(self) -> None:
        """Fit the lines into the new width."""
        self._draw()

    def show(self, lines: Sequence[JournalLine]) -> None:
        """Show other entries."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self._draw()

    def _draw(self) -> None:
        self.update("\n".join(self._text(line) for line in self._lines), layout=False)

    def _text(self, line: JournalLine) -> str:
        desk, width = self._desk, max(self.size.width, 1)
        at = clock_time(desk.local(line.at), today=desk.local(desk.now()))
        number, actor = f"{line.seq} {at} ", actor_words(line.actor, desk.words)
        room = width - cells(number) - cells(actor) - 1
        return apart(f"{number}{brief_entry_words(line, desk.words, room)}", actor, width)
