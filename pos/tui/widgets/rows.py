"""Rows of words and amounts: a sheet to read, and a list to choose from. Amounts stand right, words give way.

Both draw lines at their own width, so that resizing breaks no column. In a list nothing is chosen beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from pos.tui.widgets.columns import apart
from pos.tui.widgets.kept import KeptLineView
from pos.tui.widgets.line_view import Span


class Tone(StrEnum):
    """How a row is meant; the value is the end of its component class's name."""

    PLAIN = "plain"
    QUIET = "quiet"
    HEAD = "head"
    SUM = "sum"
    LOUD = "loud"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: words at its left end, an amount or a time at its right end."""

    text: str
    amount: str = ""
    tone: Tone = Tone.PLAIN

    @classmethod
    def rule(cls) -> Row:
        """A line across."""
        return cls("", tone=Tone.RULE)


class Sheet(KeptLineView):
    """Rows to read; keys that it does not know go on to the screen."""

    POINTS_UNFOCUSED: ClassVar[bool] = False
    """Whether the cursor is seen while another widget has the focus."""
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"rows--{tone}" for tone in Tone} | {"rows--cursor"}
    DEFAULT_CSS = """
    Sheet { height: auto; max-height: 100%; background: transparent; scrollbar-size-vertical: 1;
        overflow-x: hidden; }
    Sheet > .rows--quiet { color: $foreground 65%; }
    Sheet > .rows--head { color: $text-primary; text-style: bold; }
    Sheet > .rows--sum { text-style: bold; }
    Sheet > .rows--loud { color: $text-warning; text-style: bold; }
    Sheet > .rows--rule { color: $foreground 35%; }
    Sheet > .rows--cursor { background: $primary; color: $background; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  # Textual's name.
        super().__init__(id=id, classes=classes)
        self.rows: tuple[Row, ...] = ()
        self.cursor: int | None = None
        self._line_width = 0

    def show(self, rows: Sequence[Row]) -> None:
        """Draw the rows that are others; the screen is laid out anew only where that changes the height."""
        before, self.rows = self.rows, tuple(rows)
        if len(before) != len(self.rows):
            self._tell_height()
            if self._is_as_high_as_its_rows:
                self.all_changed(layout=True)
                return
        width = self.size.width
        pairs = enumerate(zip_longest(before, self.rows))
        if spans := [Span(number, 0, width) for number, (old, new) in pairs if old != new]:
            self.refresh(*self.changed(*spans))

    @property
    def _is_as_high_as_its_rows(self) -> bool:
        height = self.styles.height
        return height is not None and height.is_auto

    def _tell_height(self) -> None:
        """Textual lays the whole screen out anew where this differs: what has room leaves it as it is."""
        room = 0 if self._is_as_high_as_its_rows else self.size.height
        self.virtual_size = Size(0, max(len(self.rows), room))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual asks so.
        """Tell how many lines there are."""
        return len(self.rows)

    def on_resize(self) -> None:
        """Fit the rows into the new width."""
        self._tell_height()
        self.all_changed()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines."""
        width = self.scrollable_content_region.width  # Asking for each line takes as long as drawing it.
        if width != self._line_width:  # No event tells that a scroll bar came or went.
            self._line_width = width
            self._strips.clear()
            self._kept_of = None
        return super().render_lines(crop)

    def _draw(self, number: int) -> Strip:
        width = self._line_width
        if number >= len(self.rows):
            return Strip.blank(width, self.style())
        row = self.rows[number]
        text = "─" * width if row.tone is Tone.RULE else apart(row.text, row.amount, width)
        is_pointed_at = number == self.cursor and (self.has_focus or self.POINTS_UNFOCUSED)
        return Strip([Segment(text, self.style("rows--cursor" if is_pointed_at else f"rows--{row.tone}"))], width)

    def bring_into_view(self, number: int) -> None:
        """Scroll so that a row is seen."""
        self.scroll_to_region(Region(0, number, 1, 1), animate=False, force=True)


class PickList(Sheet, can_focus=True):
    """Rows to choose one from, by arrows and Enter or by the mouse."""

    class Picked(Message):
        """Somebody chose a row."""

        def __init__(self, picked: PickList, number: int) -> None:
            super().__init__()
            self.picked = picked
            self.number = number

        @property
        def control(self) -> PickList:
            """The list, by which handlers are chosen."""
            return self.picked

    class Moved(Message):
        """The cursor came to another row."""

        def __init__(self, moved: PickList, number: int) -> None:
            super().__init__()
            self.moved = moved
            self.number = number

        @property
        def control(self) -> PickList:
            """The list, by which handlers are chosen."""
            return self.moved

    class NonePointedAt(Message):
        """Enter, while the cursor is on no row."""

    DEFAULT_CSS = """
    PickList { max-height: 100%; }
    """

    def show(self, rows: Sequence[Row]) -> None:
        """Draw other rows; the cursor stays where there still is a row."""
        super().show(rows)
        if self.cursor is not None and self.cursor >= len(self.rows):
            self.cursor = len(self.rows) - 1 if self.rows else None

    def point(self, number: int | None) -> None:
        """Put the cursor on a row, or on none."""
        before, self.cursor = self.cursor, number
        if number is not None:
            self.bring_into_view(number)
        width = self.size.width
        if spans := [Span(one, 0, width) for one in {before, number} if one is not None]:
            self.refresh(*self.changed(*spans))

    def move(self, step: int) -> None:
        """Move the cursor; the first step from nowhere goes to the first row, or the last."""
        if not self.rows:
            return
        last = len(self.rows) - 1
        start = (0 if step > 0 else last) if self.cursor is None else min(max(self.cursor + step, 0), last)
        self.point(start)
        self.post_message(self.Moved(self, start))

    async def on_key(self, event: events.Key) -> None:
        """Arrows and pages move, Enter chooses; other keys are the screen's."""
        steps = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -len(self.rows), "end": len(self.rows)}
        if event.key in steps:
            event.stop()
            self.move(steps[event.key])
        elif event.key == "enter" and self.cursor is not None:
            event.stop()
            self.post_message(self.Picked(self, self.cursor))
        elif event.key == "enter" and self.rows:
            self.post_message(self.NonePointedAt())

    async def on_click(self, event: events.Click) -> None:
        """A click points; a click on the row under the cursor chooses it."""
        number = event.y + self.scroll_offset.y
        if number >= len(self.rows):
            return
        self.focus()
        if number == self.cursor:
            self.post_message(self.Picked(self, number))
        else:
            self.point(number)
            self.post_message(self.Moved(self, number))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.all_changed()

    def on_blur(self) -> None:
        """Hide it."""
        self.all_changed()
