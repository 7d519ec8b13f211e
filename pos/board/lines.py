"""Breaking a text into lines, as Chinese is set: between any two characters, never inside a number or Latin word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Measure = Callable[[str], float]
"""How wide a text is, in the unit of the line's width."""

_OPENING: Final = "（《「【〔(["
_CLOSING: Final = "，。、；：）》」】〕！？,.;:)]!?%·"
_WORDS: Final = re.compile(
    # What belongs together: Latin letters, digits and signs without a space, an amount with its unit, or one other
    # character, each with the brackets that open before it and the punctuation that closes after it.
    rf"[{re.escape(_OPENING)}]*(?:[\u0021-\u2013]+(?:元(?:/\w{{1,3}})?)?|[^\s])[{re.escape(_CLOSING)}]*|[ ]+"
)


def lines_of(text: str, width: float, measure: Measure) -> list[str]:
    """Break a text; a word that is wider than a whole line is cut."""
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, width, measure)]


def _paragraph(text: str, width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in _WORDS.findall(text):
        if measure((line + word).rstrip()) <= width:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = word.lstrip()
        while measure(line) > width:
            fitting = _fitting(line, width, measure)
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line.rstrip()]


def _fitting(word: str, width: float, measure: Measure) -> int:
    """How many of a word's characters fit, at least one."""
    return next((count for count in range(len(word) - 1, 0, -1) if measure(word[:count]) <= width), 1)
