"""Widgets that draw their lines one by one, keep them, and draw again only what has changed."""

from __future__ import annotations

from abc import abstractmethod

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pos.tui.widgets.plain_signs import PlainSigns


class LineView(ScrollView):
    """Lines that scroll. All are drawn again in other colours; otherwise those that `changed` names."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  # Textual's name.
        super().__init__(id=id, classes=classes)
        self._top = 0
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}

    @abstractmethod
    def _draw(self, number: int) -> Strip:
        """Draw a line, as wide as the widget."""

    def changed(self, number: int, *, x: int = 0, width: int | None = None) -> Region:
        """Forget how a line was drawn. Return where it is, or some of its cells, for `refresh`."""
        self._strips.pop(number, None)
        return Region(x, number - self._top, self.size.width if width is None else width, 1)

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

    def render_line(self, y: int) -> Strip:
        """Return one line of the visible part."""
        number = y + self._top
        strip = self._strips.get(number)
        if strip is None:
            strip = self._draw(number)
            for one in self.get_line_filters():
                if isinstance(one, PlainSigns):
                    strip = one.of_strip(strip)
            self._strips[number] = strip
        return strip

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
