"""The bottom line: the keys of this moment. What is not possible just now is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
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

    def _line(self) -> Content:
        # A variable and no colour, so that another theme's is taken the next time it is painted.
        parts = [Content.assemble((hint.key, "bold $accent"), " ", hint.does) for hint in self._hints]
        if not parts:
            return Content("")
        last, room = parts[-1], self.size.width - 1
        line, used = Content(" "), parts[-1].cell_length + 1
        for part in parts[:-1]:
            if used + part.cell_length + 2 > room:
                continue
            line += part + Content("  ")
            used += part.cell_length + 2
        return line + last
