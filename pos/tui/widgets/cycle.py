"""A field with a few possible values: left and right go through them. Nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static


class Cycle(Static, can_focus=True):
    """One of some texts, or none yet."""

    class Changed(Message):
        """Another value stands there."""

        def __init__(self, field: Cycle, number: int) -> None:
            super().__init__()
            self.field = field
            self.number = number

        @property
        def control(self) -> Cycle:
            """The field, by which handlers are chosen."""
            return self.field

    DEFAULT_CSS = """
    Cycle { height: 1; padding: 0 1; background: $panel; width: 1fr; color: $foreground; }
    Cycle:focus { background: $primary; color: $background; text-style: bold; }
    """

    def __init__(self, texts: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__("", id=id, markup=False)
        self.texts = tuple(texts)
        self.number: int | None = None

    def on_mount(self) -> None:
        """Draw the field."""
        self._draw()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001  # Textual calls it.
        """Show how to choose while it has the focus, the value alone otherwise."""
        super().watch_has_focus(_has_focus)
        if self.is_mounted:
            self._draw()

    def offer(self, texts: Sequence[str]) -> None:
        """Offer other values; none of them is chosen."""
        self.texts, self.number = tuple(texts), None
        self._draw()

    def choose(self, number: int) -> None:
        """Choose a value."""
        self.number = number
        self._draw()
        self.post_message(self.Changed(self, number))

    def _draw(self) -> None:
        value = "—" if self.number is None else self.texts[self.number]
        self.update(Text(f"◂ {value} ▸" if self.has_focus else value))

    async def on_key(self, event: events.Key) -> None:
        """Go through the values."""
        step = {"left": -1, "right": 1, "space": 1}.get(event.key)
        if step is None or not self.texts:
            return
        event.stop()
        if self.number is None:
            self.choose(0 if step > 0 else len(self.texts) - 1)
        else:
            self.choose((self.number + step) % len(self.texts))

    async def on_click(self) -> None:
        """A click goes on to the next value."""
        self.focus()
        if self.texts:
            self.choose(0 if self.number is None else (self.number + 1) % len(self.texts))
