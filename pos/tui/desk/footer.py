"""The bottom line: the keys of this moment. What is not possible just now is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.widgets import Static


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key and, in a word or two, what it does now."""

    key: str
    does: str


class KeyLine(Static):
    """The hints, from the left, as many as fit; the last one always does."""

    DEFAULT_CSS = """
    KeyLine { height: 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__("", id=id, markup=False)
        self._hints: tuple[KeyHint, ...] = ()

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Show other hints."""
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self.update(self._line(), layout=False)

    def on_resize(self) -> None:
        """Fit the hints into the new width."""
        self.update(self._line(), layout=False)

    def _line(self) -> Text:
        style = f"bold {self.app.theme_variables['accent']}"
        parts = [Text.assemble((hint.key, style), " ", hint.does) for hint in self._hints]
        if not parts:
            return Text("")
        last, room = parts[-1], self.size.width - 1
        line, used = Text(" "), parts[-1].cell_len + 1
        for part in parts[:-1]:
            if used + part.cell_len + 2 > room:
                continue
            line += part + Text("  ")
            used += part.cell_len + 2
        return line + last
