"""Widgets whose painted lines are kept until they ask for a new paint.

The compositor asks every widget near a change for all of its lines, and Textual looks at each of them again; where a
screen is painted each second that is most of the work.
"""

from __future__ import annotations

from typing import Self

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static


class Kept(Widget):
    """Keeps its lines as they were painted, and paints again those that a `refresh` names.

    It stands behind the widget that it is mixed into: Textual takes style sheets from the first base alone.
    """

    _kept: list[Strip]
    _kept_of: Region | None = None  # Of which part, if any.
    _stale: frozenset[int] = frozenset()  # Numbers of lines within border and padding.

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Forget the lines of some regions, or all."""
        if regions:
            self._stale = self._stale.union(*(region.line_range for region in regions))
        elif repaint:
            self._kept_of = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Forget all lines: their colours are others."""
        super().notify_style_update()
        self._kept_of = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines; of less than the whole widget, as when the mouse asks for a line, nothing is kept."""
        if crop.size != self.outer_size:
            return super().render_lines(crop)
        if crop != self._kept_of:
            self._paint_all(crop)
        elif self._stale:
            height = self.content_size.height
            for line in self._stale:
                if 0 <= line < height:
                    self._paint_line(line)
        self._stale = frozenset()
        return self._kept

    def _paint_all(self, crop: Region) -> None:
        self._kept, self._kept_of = super().render_lines(crop), crop

    def _paint_line(self, line: int) -> None:
        """Paint one line within border and padding anew."""
        at = line + self.content_offset.y
        self._kept[at : at + 1] = super().render_lines(Region(0, at, self.outer_size.width, 1))


class KeptStatic(Static, Kept):
    """A text that seldom changes."""
