"""What one model of receipt printer needs: its paper's cells, its character set, how columns are set."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Placement(StrEnum):
    """How a column finds its place."""

    POSITIONS = "positions"
    """By absolute dots (ESC $): stays aligned even where a glyph is narrower than its cells."""
    SPACES = "spaces"
    """By counted spaces, for printers without ESC $."""


class Charset(StrEnum):
    """The character set of the printer's font."""

    GB18030 = "gb18030"
    UTF_8 = "utf-8"


CHINESE_MODE = b"\x1c\x26"
"""FS &: characters are two bytes. The default on Chinese models, needed on others."""
SELECT_GB18030 = b"\x1b\x74\xff"
"""ESC t 255: how some firmware selects it instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterProfile:
    """A printer model's habits. `columns` are cells of 12 dots: 32 on 58 mm, 48 on 80 mm, 42 on some Epsons."""

    columns: int = 32
    charset: Charset = Charset.GB18030
    prefix: bytes = CHINESE_MODE
    has_four_byte_font: bool = False
    """Whether characters that GB18030 writes in four bytes have a glyph; cheap fonts end at GBK."""
    placement: Placement = Placement.POSITIONS
    dots_per_cell: int = 12
    largest_qr_module_dots: int = 6

    @classmethod
    def for_paper(cls, width_mm: int) -> Self:
        """The plain profile for 58 or 80 mm paper; ValueError for another width."""
        columns = {58: 32, 80: 48}.get(width_mm)
        if columns is None:
            raise ValueError("paper is 58 or 80 mm wide")
        return cls(columns=columns)
