"""Paper for the PDF: text at exact places in one typeface, rules, bands, the code. Lengths are millimetres of A4."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from pos.board.fonts import Font
from pos.board.lines import lines_of
from pos.board.mark import matrix

if TYPE_CHECKING:
    from fpdf import FPDF

_FAMILY: Final = "board"
_POINT_MM: Final = 25.4 / 72
_MEASURED_POINTS: Final = 100


class Paper(Enum):
    """A sheet's width and height. A3 is the same board, larger: it is read from further away."""

    A4 = (210.0, 297.0)
    A3 = (297.0, 420.0)

    @property
    def scale(self) -> float:
        """How much larger than A4."""
        return self.value[0] / Paper.A4.value[0]


class Ink(Enum):
    """A colour, as red, green, blue."""

    TEXT = (24, 24, 28)
    QUIET = (104, 104, 112)
    ACCENT = (120, 88, 32)
    PRICE = (158, 20, 12)
    LINE = (214, 206, 190)
    BAND = (246, 240, 227)


class Side(Enum):
    """Where a line stands between two edges."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How letters look. `size` in points, `spacing` between letters in points."""

    size: float
    ink: Ink = Ink.TEXT
    is_bold: bool = False
    spacing: float = 0.0

    @property
    def line_mm(self) -> float:
        """The height of a line."""
        return self.size * _POINT_MM * 1.42


class Sheet:
    """The pages of one document."""

    width: Final = Paper.A4.value[0]
    height: Final = Paper.A4.value[0] * 297 / 210

    def __init__(self, font: Font, paper: Paper) -> None:
        from fpdf import FPDF

        self._scale = paper.scale
        self.pdf: FPDF = FPDF(unit="mm", format=paper.value)
        self.pdf.set_auto_page_break(auto=False)
        self.pdf.add_font(_FAMILY, fname=font.path, collection_font_number=font.face)
        self._advances: dict[str, float] = {}
        self._broken: dict[tuple[str, float, Style], list[str]] = {}

    def close(self) -> None:
        """Let go of the font's file; nothing can be drawn afterwards."""
        from fpdf.fonts import TTFFont

        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def new_page(self) -> None:
        """Begin the next page."""
        self.pdf.add_page()

    def measure(self, text: str, style: Style) -> float:
        """Return how wide a line is. Letters stand side by side, so each is asked for once."""
        advances = self._advances
        letters = sum([advances[letter] if letter in advances else self._advance(letter) for letter in text])
        return letters * style.size + style.spacing * _POINT_MM * max(len(text) - 1, 0)

    def broken(self, text: str, width: float, style: Style) -> list[str]:
        """Break a text into lines of a width. What is laid out is broken for its height, and again to be written."""
        asked = text, width, style
        if asked not in self._broken:
            self._broken[asked] = lines_of(text, width, lambda line: self.measure(line, style))
        return self._broken[asked]

    def write(self, line: str, *, x: float, y: float, style: Style, width: float = 0, side: Side = Side.LEFT) -> None:
        """Write one line whose upper edge is at `y`, between `x` and `x + width`."""
        if not line:
            return
        from fpdf.enums import TextMode

        x += (width - self.measure(line, style)) * side.value
        baseline = y + style.line_mm / 2 + style.size * _POINT_MM * 0.36
        pdf = self.pdf
        pdf.set_font(_FAMILY, size=style.size * self._scale)
        pdf.set_char_spacing(style.spacing * self._scale)
        pdf.set_text_color(*style.ink.value)
        pdf.text_mode = TextMode.FILL
        if style.is_bold:  # One face serves for both: its outline is drawn as well.
            pdf.set_draw_color(*style.ink.value)
            pdf.set_line_width(style.size * self._scale * _POINT_MM * 0.028)
            pdf.text_mode = TextMode.FILL_STROKE
        pdf.text(x * self._scale, baseline * self._scale, line)

    def rule(self, *, x: float, y: float, width: float, ink: Ink, thickness: float = 0.2) -> None:
        """Draw a horizontal line."""
        self.pdf.set_draw_color(*ink.value)
        self.pdf.set_line_width(thickness * self._scale)
        self.pdf.line(x * self._scale, y * self._scale, (x + width) * self._scale, y * self._scale)

    def band(self, *, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """Fill a rectangle."""
        self.pdf.set_fill_color(*ink.value)
        self._rectangle(x, y, width, height, style="F")

    def frame(self, *, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """Draw a rectangle's outline."""
        self.pdf.set_draw_color(*ink.value)
        self.pdf.set_line_width(0.5 * self._scale)
        self._rectangle(x, y, width, height, style="D")

    def code(self, text: str, *, x: float, y: float, side: float) -> None:
        """Draw a QR code; the paper around it is its quiet zone."""
        rows = matrix(text)
        module = side / len(rows)
        self.pdf.set_fill_color(0, 0, 0)
        for down, row in enumerate(rows):
            for start, length in _dark_runs(row):
                self._rectangle(x + start * module, y + down * module, length * module, module, style="F")

    def _rectangle(self, x: float, y: float, width: float, height: float, *, style: str) -> None:
        scale = self._scale
        self.pdf.rect(x * scale, y * scale, width * scale, height * scale, style=style)

    def _advance(self, letter: str) -> float:
        """A letter's width in millimetres at a size of one point."""
        self.pdf.set_font(_FAMILY, size=_MEASURED_POINTS)
        self.pdf.set_char_spacing(0)
        advance = self._advances[letter] = self.pdf.get_string_width(letter) / _MEASURED_POINTS
        return advance


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow each other: one rectangle each, without seams."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(row):
        if not is_dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
