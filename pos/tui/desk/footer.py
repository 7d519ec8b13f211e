"""The bottom line: the keys of this moment. What is not possible just now is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from textual.content import Content
from textual.widgets import Static

_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key and, in a word or two, what it does now; one that `stays` is shown where others have no room."""

    key: str
    does: str
    stays: bool = field(default=False, kw_only=True)


class KeyLine(Static):
    """The hints, from the left, as many as fit; the last one, and those that stay, always do."""

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
        kept = {number for number, hint in enumerate(self._hints) if hint.stays or number == len(parts) - 1}
        room = self.size.width - sum(parts[number].cell_length + _GAP for number in kept)
        for number, part in enumerate(parts):
            if number not in kept and part.cell_length + _GAP <= room:
                kept.add(number)
                room -= part.cell_length + _GAP
        return Content(" ") + Content(" " * _GAP).join(parts[number] for number in sorted(kept))
