"""Widgets that draw their lines one by one, keep them, and draw again only what has changed."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pos.tui.widgets.plain_signs import PlainSigns


class Span(NamedTuple):
    """Some cells of one line."""

    number: int
    x: int
    width: int


class LineView(ScrollView):
    """Lines that scroll. All are drawn again in other colours; otherwise those that `changed` names."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  # Textual's name.
        super().__init__(id=id, classes=classes)
        self._top = 0
        self._filters: tuple[PlainSigns, ...] | None = None
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}

    @abstractmethod
    def _draw(self, number: int) -> Strip:
        """Draw a line, as wide as the widget."""

    def changed(self, *spans: Span) -> list[Region]:
        """Forget how some lines were drawn. Return where they are for `refresh`; no region means that none changed.

        Lines below one another whose cells are the same ones make one region: there are fewer to keep account of.
        """
        regions: list[Region] = []
        height = 0
        for index, (number, x, width) in enumerate(spans):
            self._strips.pop(number, None)
            height += 1
            if index + 1 == len(spans) or spans[index + 1] != (number + 1, x, width):
                regions.append(Region(x, number - height + 1 - self._top, width, height))
                height = 0
        return regions

    def all_changed(self, *, layout: bool = False) -> None:
        """Draw everything again, and lay the screen out anew where the widget's size may be another."""
        self._strips.clear()
        self.refresh(layout=layout)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Note which line is the first one seen: asking Textual for each line takes as long as drawing it."""
        self._top = round(new_value)
        super().watch_scroll_y(old_value, new_value)

    def notify_style_update(self) -> None:
        """Draw everything again in the new theme's colours."""
        super().notify_style_update()
        self._strips.clear()
        self._styles.clear()
        self._filters = None

    def render_line(self, y: int) -> Strip:
        """Return one line of the visible part."""
        number = y + self._top
        strip = self._strips.get(number)
        if strip is None:
            strip = self._draw(number)
            for one in self._plain_signs:
                strip = one.of_strip(strip)
            self._strips[number] = strip
        return strip

    @property
    def _plain_signs(self) -> tuple[PlainSigns, ...]:
        if self._filters is None:  # Asking for each line takes as long as drawing it.
            self._filters = tuple(one for one in self.get_line_filters() if isinstance(one, PlainSigns))
        return self._filters

    def style(self, component: str = "") -> Style:
        """Return how a component is painted, without a name the ground; asking Textual is as dear as drawing a line."""
        style = self._styles.get(component)
        if style is None:
            style = self.get_component_rich_style(component) if component else self.rich_style
            for each in self.get_line_filters():
                style = each.apply([Segment(" ", style)], self.background_colors[1])[0].style or style
            self._styles[component] = style
        return style

    def blank(self) -> Strip:
        """Return an empty line."""
        return Strip.blank(self.size.width, self.style())


class BareLineView(LineView):
    """Lines without border and padding: they go past what Textual does to draw these."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return visible lines as they were drawn."""
        strips = [self.render_line(y) for y in crop.line_range]
        is_whole = crop.x == 0 and crop.width >= self.size.width
        return strips if is_whole else [strip.crop(*crop.column_span) for strip in strips]
