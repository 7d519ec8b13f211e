"""Sentences on several lines: Chinese breaks between characters, and no line begins with punctuation that closes.

Textual breaks at blanks alone, which Chinese has not: a whole sentence would count as one word and be cut anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual, VisualType
from textual.widgets import Static

from pos.tui.widgets.columns import cells

_BEGINS_NO_LINE: Final = frozenset("，。、；：？！）】》」』〉〕”’…—％,.;:?!)]}%")
_ENDS_NO_LINE: Final = frozenset("（【《「『〈〔“‘￥¥([{")


def lines_of(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` cells; line feeds break too; never an empty list."""
    return [line for paragraph in text.split("\n") for line in _cut(paragraph, breaks_of(paragraph, width))]


def breaks_of(paragraph: str, width: int) -> list[int]:
    """Return where the lines after the first one begin. What has no place to break within `width` is cut anywhere."""
    breaks: list[int] = []
    begin = 0
    for start, end in _pieces(paragraph):
        if cells(paragraph[begin:end].rstrip()) <= width:
            continue
        if start > begin:
            breaks.append(start)
            begin = start
        while cells(paragraph[begin:end].rstrip()) > width:
            begin += _fitting(paragraph[begin:end], width)
            breaks.append(begin)
    return breaks


def _pieces(paragraph: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what stays in one line."""
    begin = 0
    for at, (before, after) in enumerate(pairwise(paragraph), start=1):
        if _may_break(before, after):
            yield begin, at
            begin = at
    if paragraph:
        yield begin, len(paragraph)


def _may_break(before: str, after: str) -> bool:
    if " " in {before, after}:
        return after not in " ·"
    if after in _BEGINS_NO_LINE or before in _ENDS_NO_LINE:
        return False
    return cells(before) > 1 or cells(after) > 1


def _fitting(piece: str, width: int) -> int:
    """How many characters go on a line, where not all do; at least one, so that every text ends."""
    used = fitting = 0
    for character in piece:
        used += cells(character)
        if used > width:
            break
        fitting += 1
    kept = fitting
    while kept > 1 and piece[kept] in _BEGINS_NO_LINE:
        kept -= 1
    return kept if kept > 1 else max(fitting, 1)


def _cut(paragraph: str, breaks: list[int]) -> list[str]:
    ends = [0, *breaks, len(paragraph)]
    lines = [paragraph[begin:end] for begin, end in pairwise(ends)]
    return [*(line.rstrip() for line in lines[:-1]), lines[-1]]


class Folded(Visual):
    """A styled text that is broken as this module says."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Draw it."""
        return self._folded(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Tell the width of its longest line, broken nowhere."""
        return self._content.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Tell how many lines it has."""
        return self._folded(width).get_height(rules, width)

    def _folded(self, width: int) -> Content:
        lines = [
            line.rstrip()
            for paragraph in self._content.split("\n", allow_blank=True)
            for line in paragraph.divide(breaks_of(paragraph.plain, width))
        ]
        return Content("\n").join(lines)


class Prose(Static):
    """Shows sentences; nothing in them is markup."""

    def __init__(self, text: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  # Textual's name for it.
        super().__init__(_folded(text), id=id, classes=classes, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show another text; without `layout` the widget keeps its size."""
        super().update(_folded(content), layout=layout)


def _folded(content: VisualType) -> VisualType:
    if isinstance(content, str):
        return Folded(Content(content))
    return Folded(content) if isinstance(content, Content) else content
