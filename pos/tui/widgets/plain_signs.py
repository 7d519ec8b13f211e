"""Signs for terminals that draw ambiguous characters two cells wide: each becomes one that is narrow everywhere.

Unicode leaves the width of frames, arrows, ▶ ■ ● × · – … to the terminal (UAX #11, class A), and some Chinese set-ups
draw them wide. There every column would break; with this filter none does, and no sign loses its meaning.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

_PLAIN: Final = {
    **dict.fromkeys("─━═╌┄", "-"),
    **dict.fromkeys("│┃║╎┆", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛╔╗╚╝", "+"),
    **dict.fromkeys("█▉▊▋▌▍▎▏▁▂▃▄▅▆▇▀▐░▒▓", "#"),
    "▏": "_",  # the caret
    "▶": ">",
    "◀": "<",
    "■": "=",
    "‖": '"',
    "‼": "*",
    "×": "x",
    "·": ".",
    "●": "*",
    "○": "o",
    "◇": "?",
    "…": "~",
    "–": "-",
    "—": "-",
    "−": "-",
    "↑": "^",
    "↓": "v",
    "←": "<",
    "→": ">",
    "¥": "$",
    "✓": "v",
    "✕": "x",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
}


class _Table(dict[int, str]):
    """What `str.translate` asks: an ambiguous character without a stand-in becomes a question mark."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = _PLAIN.get(character)
        if plain is None:
            plain = "?" if unicodedata.east_asian_width(character) == "A" else character
        self[code] = plain
        return plain


_TABLE: Final = _Table()


def plain(text: str) -> str:
    """Return a text in which every character has one width on every terminal."""
    return text.translate(_TABLE)


class PlainSigns(LineFilter):
    """Puts plain signs into every line of the screen."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Put plain signs into some pieces of a line."""
        del background  # Colours stay.
        return [segment if segment.control else Segment(plain(segment.text), segment.style) for segment in segments]

    def of_strip(self, strip: Strip) -> Strip:
        """Put plain signs into a line that a widget keeps; the same number of cells is taken."""
        return Strip([Segment(plain(text), style) for text, style, _ in strip], strip.cell_length)
