"""A barcode scanner types like a person, only faster: its code is goods, never a seat and an Enter."""

from __future__ import annotations

from typing import Final

SHORTEST_CODE: Final = 8
"""EAN-8 is the shortest barcode on a shelf, and no seat has so many digits."""
_GAP_SECONDS: Final = 0.5


class ScanCatcher:
    """Watches keys and tells a scanned code from typing."""

    def __init__(self) -> None:
        self._digits = ""
        self._last_at = 0.0

    def take(self, key: str, character: str, at: float) -> str | None:
        """Take the next key, struck at so many seconds; the code, when Enter ends a burst of digits."""
        is_burst = at - self._last_at <= _GAP_SECONDS
        digits = self._digits if is_burst else ""
        self._last_at = at
        self._digits = digits + character if len(character) == 1 and character.isdecimal() else ""
        return digits if key == "enter" and len(digits) >= SHORTEST_CODE else None
