"""Pictures of screens as text: what stands where, and which words are coloured because of what they say.

A picture is the plain text of the screen. Lines that repeat are counted, so that an empty large screen stays short.
Below it stand the loud words: those whose colour means something, each with its line. Nothing random is kept: hashes
become dots.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tests.pos.tui.desks import Desk

FOLDER: Final = Path(__file__).parent / "snapshots"
IS_RENEWING: Final = os.environ.get("MINGJIA_RENEW_PICTURES") == "1"
"""`make pictures` sets it: pictures are written instead of compared. Look at each before it is kept."""

_RANDOM: Final = re.compile(r"\b[0-9a-f]{12}\b|MJ1:[^ ]+")
_MEANINGS: Final = {
    "text-warning": "warning",
    "text-error": "error",
    "text-success": "success",
    "text-accent": "accent",
}


def picture(desk: Desk, *, only: Region | None = None) -> str:
    """Draw the screen in front, or a part of it."""
    screen = desk.app.screen
    region = only or screen.region
    strips = [strip.crop(region.x, region.right) for strip in screen._compositor.render_strips(screen.size)]
    strips = strips[region.y : region.bottom]
    lines = [_dotted(strip.text).rstrip() for strip in strips]
    return "\n".join([*_counted(lines), "", *_loud(desk, strips)]) + "\n"


def _dotted(text: str) -> str:
    return _RANDOM.sub(lambda found: "·" * len(found[0]), text)


def _counted(lines: Sequence[str]) -> Iterator[str]:
    for line, same in groupby(lines):
        times = len(list(same))
        yield line
        if times == 2:
            yield line
        elif times > 2:
            yield f"  … {times} times"


def _loud(desk: Desk, strips: Sequence[Strip]) -> Iterator[str]:
    """Name the words that are coloured for what they say, and the cursor."""
    colours = desk.app.theme_variables
    by_colour = {_colour(colours[name]): meaning for name, meaning in _MEANINGS.items()}
    cursor = _colour(colours["primary"])
    for number, strip in enumerate(strips, start=1):
        for meaning, segments in groupby(strip, key=lambda one: _meaning(one.style, by_colour, cursor)):
            text = "".join(segment.text for segment in segments).strip(" │┃")
            if meaning and text:
                yield f"{number:>3} {meaning:<8} {_dotted(text)}"


def _meaning(style: Style | None, by_colour: dict[tuple[int, ...], str], cursor: tuple[int, ...]) -> str:
    if style is None:
        return ""
    if style.bgcolor is not None and style.bgcolor.triplet is not None and tuple(style.bgcolor.triplet) == cursor:
        return "cursor"
    if style.color is None or style.color.triplet is None:
        return ""
    return by_colour.get(tuple(style.color.triplet), "")


def _colour(text: str) -> tuple[int, ...]:
    from textual.color import Color

    return Color.parse(text).rgb


def differing(name: str, drawn: str) -> str:
    """Compare a picture with the one that is kept; the difference as a person reads it, empty where there is none."""
    path = FOLDER / f"{name}.txt"
    if IS_RENEWING:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
        return ""
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = difflib.unified_diff(
        kept.splitlines(), drawn.splitlines(), f"{name}, kept", f"{name}, now", lineterm=""
    )
    return "\n".join(difference)
