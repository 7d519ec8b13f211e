"""Lines that are kept as they were painted, frame and all, until they change.

Whoever paints a part of a widget is given all of its lines, and Textual looks at each of them again; where some of
them change each second that is most of the work.
"""

from __future__ import annotations

from typing import Self

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from pos.tui.widgets.line_view import LineView


class KeptLineView(LineView):
    """Keeps its lines with the border and the padding around them; one that a `refresh` names is put between these."""

    _kept: list[Strip]
    _kept_of: Region | None = None  # Of which part, if any.
    _stale: frozenset[int] = frozenset()  # Numbers of lines within border and padding.
    _edges: tuple[list[Segment], list[Segment], int, int] | None = None  # Left, right, width between, lines above.

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
            self._kept, self._kept_of, self._edges = super().render_lines(crop), crop, None
        elif self._stale:
            height = self.content_size.height
            for line in self._stale:
                if 0 <= line < height:
                    self._paint_line(line)
        self._stale = frozenset()
        return self._kept

    def _paint_line(self, line: int) -> None:
        """Paint one line within border and padding anew."""
        strip = self.render_line(line)
        width = strip.cell_length
        if self._edges is None or self._edges[2] != width:
            x, y = self.content_offset
            before = self._kept[line + y]
            self._edges = list(before.crop(0, x)), list(before.crop(x + width)), width, y
        left, right, _, above = self._edges
        self._kept[line + above] = Strip([*left, *strip, *right], self._kept[line + above].cell_length)
