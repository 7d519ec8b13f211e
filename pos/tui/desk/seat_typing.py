"""What is typed for a seat, wherever one is typed: its number, or a letter and a number.

On the main screen nothing waits for Enter: a number goes to its seat while it is typed, and begins anew after a moment
of silence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

LONGEST: Final = 40
"""More at once is a scanner or a paste, no seat."""


def halfwidth(character: str) -> str:
    """Return what is meant where an input method made it full-width."""
    return unicodedata.normalize("NFKC", character)


def seat_typed(typed: str, labels: Sequence[str], *, beside: str | None) -> str | None:
    """Find the seat that was typed: a whole label, or a number; `beside` tells whose block comes first.

    `7` is A07 where A03 is in view, and B07 where B03 is. None where nothing fits.
    """
    wanted = halfwidth(typed).upper()
    prefix, digits = _split(wanted)
    if not digits:
        return next((label for label in labels if prefix and label.startswith(prefix)), None)
    fitting = [label for label in labels if _split(label)[1] and int(_split(label)[1]) == int(digits)]
    if prefix:
        return next((label for label in fitting if _split(label)[0] == prefix), None)
    own = _split(beside)[0] if beside else ""
    return next((label for label in fitting if _split(label)[0] == own), fitting[0] if fitting else None)


def begins_a_seat(typed: str, labels: Sequence[str]) -> bool:
    """Tell whether a seat may still come of it: the 0 of 07 is no seat, and no mistake."""
    wanted = typed.upper()
    return any(label.startswith(wanted) or label[len(_split(label)[0]) :].startswith(wanted) for label in labels)


def _split(label: str) -> tuple[str, str]:
    prefix = label.rstrip("0123456789")
    return prefix, label[len(prefix) :]
