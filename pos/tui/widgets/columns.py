"""Lines that keep their columns: Chinese characters take two cells, and nothing wide is ever cut in half."""

from __future__ import annotations

from rich.cells import cell_len


def cells(text: str) -> int:
    """Return how many cells of the terminal a text takes."""
    return cell_len(text)


def clipped(text: str, width: int) -> str:
    """Return as much of a text as fits, with `…` where something is missing."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = "", 0
    for character in text:
        used += cell_len(character)
        if used > width - 1:
            break
        kept += character
    return kept + "…"


def left(text: str, width: int) -> str:
    """Return a text of exactly so many cells, filled on its right."""
    text = clipped(text, width)
    return text + " " * (width - cell_len(text))


def right(text: str, width: int) -> str:
    """Return a text of exactly so many cells, filled on its left."""
    text = clipped(text, width)
    return " " * (width - cell_len(text)) + text


def apart(first: str, last: str, width: int) -> str:
    """Return two texts at the ends of a line, a blank between them at least; the first gives way."""
    if not last:
        return left(first, width)
    last = clipped(last, width)
    return left(clipped(first, width - cell_len(last) - 1), width - cell_len(last)) + last
