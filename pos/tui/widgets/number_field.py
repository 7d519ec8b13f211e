"""A field for an amount or a number of pieces: it takes digits and nothing else, so every letter stays a key.

Full-width digits of an input method count as digits; pasted junk leaves what is there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

AMOUNT: Final = r"\d{0,7}(\.\d{0,2})?"
PIECES: Final = r"\d{0,4}"
WHOLE: Final = r"\d{0,7}"


class NumberField(Static, can_focus=True):
    """One number being typed; `placeholder` is shown while there is none."""

    class Changed(Message):
        """The text is another one."""

        def __init__(self, field: NumberField, text: str) -> None:
            super().__init__()
            self.field = field
            self.text = text

        @property
        def control(self) -> NumberField:
            """The field, by which handlers are chosen."""
            return self.field

    DEFAULT_CSS = """
    NumberField { height: 1; width: 14; padding: 0 1; background: $panel; text-align: right; color: $foreground; }
    NumberField:focus { background: $primary; color: $background; text-style: bold; }
    """

    def __init__(self, pattern: str = AMOUNT, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__("", id=id, markup=False)
        self._pattern = re.compile(pattern)
        self._placeholder = placeholder
        self.text = ""

    def on_mount(self) -> None:
        """Draw the field."""
        self._draw()

    def set_text(self, text: str) -> None:
        """Put a number in."""
        if self._pattern.fullmatch(text) and text != self.text:
            self.text = text
            self._draw()
            self.post_message(self.Changed(self, text))

    def hint(self, placeholder: str) -> None:
        """Show something else while nothing is typed."""
        self._placeholder = placeholder
        self._draw()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001  # Textual calls it.
        """Show the caret while it has the focus."""
        super().watch_has_focus(_has_focus)
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        shown = Text(self.text) if self.text else Text(self._placeholder, style="dim")
        self.update(shown + Text("▏" if self.has_focus else " "))

    async def on_key(self, event: events.Key) -> None:
        """Take what belongs to a number; other keys are the screen's."""
        if event.key in {"backspace", "delete"}:
            event.stop()
            self.set_text(self.text[:-1] if event.key == "backspace" else "")
            return
        typed = unicodedata.normalize("NFKC", event.character or "").replace("。", ".")
        if len(typed) == 1 and (typed.isdecimal() or typed == "."):
            event.stop()
            self.set_text(self.text + typed)

    async def on_paste(self, event: events.Paste) -> None:
        """Take a pasted number; anything else changes nothing."""
        event.stop()
        self.set_text(unicodedata.normalize("NFKC", event.text).strip().replace(",", ""))
