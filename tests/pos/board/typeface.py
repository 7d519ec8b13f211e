"""A typeface made on the spot: each letter that is asked for is a box of its own width.

Computers that run the tests need no Chinese font, and what a PDF's text layer says depends on no real one.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

_EM = 1000


def make_typeface(path: Path, letters: str, *, family: str = "Boxes") -> Path:
    """Write a TrueType font that has exactly these letters, and the space."""
    known = sorted(set(letters + " ") - {"\n"})
    names = [".notdef", *(f"u{ord(letter):05X}" for letter in known)]
    font = FontBuilder(_EM, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): name for letter, name in zip(known, names[1:], strict=True)})
    widths = {name: _EM // 2 if name < "u02E80" else _EM for name in names}
    font.setupGlyf({name: _box(width) for name, width in widths.items()})
    font.setupHorizontalMetrics({name: (width, 50) for name, width in widths.items()})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost()
    font.save(path)
    return path


def _box(width: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (width - 50, 700), (width - 50, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
