"""Every line end is one Enter: scanners end a code with CR, with LF, or with both."""

from __future__ import annotations

from typing import Final

from textual import events

from pos.tui.widgets.keys import meant_as

_LINE_FEED: Final = "ctrl+j"
"""What a terminal calls the character LF."""


class LineEnds:
    """Watches keys as they come, and turns line feeds into Enters."""

    def __init__(self) -> None:
        self._is_after_return = False

    def take(self, key: events.Key) -> events.Key | None:
        """Return what a key is meant as; None for the LF of a CR LF, whose Enter was the CR."""
        is_second_half = self._is_after_return and key.key == _LINE_FEED
        self._is_after_return = key.key == "enter"
        if key.key != _LINE_FEED:
            return key
        return None if is_second_half else meant_as(key, "enter", "\r")
