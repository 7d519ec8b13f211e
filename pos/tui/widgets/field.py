"""A field to search with: what is typed is seen and heard at once, however much stands around it."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual import on
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class Field(Input):
    """An input whose room does not depend on what is typed, so that no key lays the whole screen out anew.

    Its screen hears of a change without the containers between, each of which would take a turn of the loop. Its styles
    are kept: Textual would work them out from the whole tree for each key.
    """

    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, *, id: str | None = None, max_length: int = 0) -> None:  # noqa: A002  # Textual's name for it.
        self._styles_kept: dict[tuple[str, ...], Style] = {}
        super().__init__(id=id, max_length=max_length)

    @on(Input.Changed)
    def _tell_the_screen(self, changed: Input.Changed) -> None:
        changed.stop()
        self.screen.post_message(changed)

    def notify_style_update(self) -> None:
        """Forget the styles: another theme, or the focus, has others."""
        super().notify_style_update()
        self._styles_kept.clear()

    @property
    def rich_style(self) -> Style:
        """How the text is painted."""
        return self._kept_style((), lambda: super(Field, self).rich_style)

    def get_component_rich_style(self, *names: str, partial: bool = False, default: Style | None = None) -> Style:
        """How a part of it is painted, as the cursor."""
        work_out = super().get_component_rich_style
        if partial:
            return work_out(*names, partial=True, default=default)
        return self._kept_style(names, lambda: work_out(*names, default=default))

    def _kept_style(self, names: tuple[str, ...], work_out: Callable[[], Style]) -> Style:
        style = self._styles_kept.get(names)
        if style is None:
            style = self._styles_kept[names] = work_out()
        return style
