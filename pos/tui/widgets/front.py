"""Paints what changed on a screen from the front: each changed stretch of a line is asked of whoever stands there.

Textual's compositor asks every widget near a change for all of its lines, the hidden ones too, and cuts each of them
wherever any widget begins or ends. Where half a screen changes each second that is as much work as drawing it. How
widgets lie, and what a whole screen looks like, stays Textual's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_Layer = tuple[Widget, Region, Region]  # On one line: whom, which part is seen, and where all of it lies.


class Piece(NamedTuple):
    """A part of a line, and where it begins."""

    x: int
    y: int
    strip: Strip


class Pieces(CompositorUpdate):
    """What changed, as Textual writes it to the terminal."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """Return the text, each piece after the sequence that goes to its place."""
        return "".join([f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self.pieces])


class FrontCompositor(Compositor):
    """A screen's compositor. Only what is painted while nothing is laid out anew is different."""

    def render_partial_update(self) -> Pieces | None:  # type: ignore[override]  # The app writes any update.
        """Return what changed since the last time."""
        regions = self._dirty_regions.copy()
        self._dirty_regions.clear()
        layers, lines = self.layers_visible, dict[Widget, list[Strip]]()
        spans = self._regions_to_spans(regions)
        pieces = [piece for y, left, right in spans for piece in _pieces(layers[y], lines, y, left, right)]
        return Pieces(pieces) if pieces else None


def _pieces(
    layers: Sequence[_Layer], lines: dict[Widget, list[Strip]], y: int, left: int, right: int
) -> Iterator[Piece]:
    """Fill a stretch of a line by the first widget that has something there; beside it those behind go on."""
    for number, (widget, seen, whole) in enumerate(layers, start=1):
        if seen.x >= right or seen.right <= left:
            continue
        if widget not in lines:
            lines[widget] = widget.render_lines(seen.translate(-whole.offset))
        if y - seen.y >= len(lines[widget]):
            continue
        strip = lines[widget][y - seen.y]
        begins, ends = max(left, seen.x), min(right, seen.x + strip.cell_length)
        if begins >= ends:
            continue
        if left < begins:
            yield from _pieces(layers[number:], lines, y, left, begins)
        is_whole = ends - begins == strip.cell_length
        yield Piece(begins, y, strip if is_whole else strip.crop(begins - seen.x, ends - seen.x))
        if ends < right:
            yield from _pieces(layers[number:], lines, y, ends, right)
        return
