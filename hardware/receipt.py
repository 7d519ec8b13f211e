"""What a slip of paper says, before it is known which printer it goes to.

A `ReceiptDocument` is a sequence of items; it goes to JSON and back unchanged, so that a print job can rest in the
database. `hardware.printers.receipt_bytes.render` makes bytes of it, `preview` lines for a screen.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from hardware.errors import HardwareError
from hardware.layout import Column, Side, laid_out, screen_cells, spaced

_VERSION = 1
_ALPHANUMERIC = re.compile(r"^[0-9A-Z $%*+\-./:]+$")
_LONGEST_QR = 900


@dataclass(eq=False)
class DocumentFormatError(HardwareError):
    """The text is no receipt document of a version this program reads."""

    code: ClassVar[str] = "bad-receipt-document"

    reason: str


class Align(StrEnum):
    """Where a line stands on the paper."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """The venue's name: centred, double width and height."""

    kind: ClassVar[str] = "heading"

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A paragraph; it wraps."""

    kind: ClassVar[str] = "text"

    text: str
    align: Align = Align.LEFT
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A remark such as 【重打 第2次】, set to the left margin whatever was printed before."""

    kind: ClassVar[str] = "mark"

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One column's text in a row. `width` counts cells (an ASCII character is 1, 汉字 are 2).

    `width` None takes what the other columns leave, and wraps there; one such column a row. A text wider than a
    fixed width takes room from that column: an amount is never cut.
    """

    text: str
    width: int | None = None
    align: Align = Align.LEFT


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of columns, such as 品名, 数量, 金额."""

    kind: ClassVar[str] = "row"

    cells: tuple[Cell, ...]
    is_bold: bool = False

    def __post_init__(self) -> None:
        if [cell.width for cell in self.cells].count(None) != 1:
            raise ValueError("a row has exactly one column without a width")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A label at the left margin and its value at the right one."""

    kind: ClassVar[str] = "pair"

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """The sum to pay, emphasised: label left, amount right."""

    kind: ClassVar[str] = "total"

    label: str
    amount: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A line across the paper."""

    kind: ClassVar[str] = "rule"


@dataclass(frozen=True, kw_only=True, slots=True)
class Qr:
    """A QR code, by default of QR's alphanumeric mode: its symbol is a third smaller than one of bytes.

    That mode has capitals, digits, space and `$%*+-./:`; ValueError for another text. `module_dots` is the width
    of one square; the printer's paper may make it smaller.
    """

    kind: ClassVar[str] = "qr"

    text: str
    align: Align = Align.CENTRE
    is_alphanumeric: bool = True
    module_dots: int = 6

    def __post_init__(self) -> None:
        if self.is_alphanumeric and not _ALPHANUMERIC.match(self.text):
            raise ValueError("the QR text has characters outside the alphanumeric set")
        if not self.text.isascii() or not 0 < len(self.text) <= _LONGEST_QR:
            raise ValueError("the QR text is empty, too long, or not ASCII")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """Empty lines, 1 to 255."""

    kind: ClassVar[str] = "feed"

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= 255:
            raise ValueError("a printer feeds 1 to 255 lines")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """Feed past the cutter and cut."""

    kind: ClassVar[str] = "cut"


@dataclass(frozen=True, kw_only=True, slots=True)
class KickDrawer:
    """Open the cash drawer wired to the printer.

    Not for a document that may be printed again: a kick replayed later opens the till unattended.
    """

    kind: ClassVar[str] = "kick-drawer"


Item = Heading | Text | Mark | Row | Pair | Total | Rule | Qr | Feed | Cut | KickDrawer
_KINDS: dict[str, type[Item]] = {
    item.kind: item for item in (Heading, Text, Mark, Row, Pair, Total, Rule, Qr, Feed, Cut, KickDrawer)
}
_quoted: Final = json.encoder.encode_basestring
_TRUTH: Final = {True: "true", False: "false"}


def _cell_json(cell: Cell) -> str:
    width = "null" if cell.width is None else cell.width
    return f'{{"text":{_quoted(cell.text)},"width":{width},"align":"{cell.align}"}}'


# Written out, a kind a line, for every line of every slip passes here.
_ITEM_JSON: Final[dict[type[Item], Callable[[Any], str]]] = {
    Heading: lambda it: f'{{"is":"heading","text":{_quoted(it.text)}}}',
    Text: lambda it: f'{{"is":"text","text":{_quoted(it.text)},"align":"{it.align}","is_bold":{_TRUTH[it.is_bold]}}}',
    Mark: lambda it: f'{{"is":"mark","text":{_quoted(it.text)}}}',
    Row: lambda it: (
        f'{{"is":"row","cells":[{",".join([_cell_json(cell) for cell in it.cells])}],"is_bold":{_TRUTH[it.is_bold]}}}'
    ),
    Pair: lambda it: f'{{"is":"pair","label":{_quoted(it.label)},"value":{_quoted(it.value)}}}',
    Total: lambda it: f'{{"is":"total","label":{_quoted(it.label)},"amount":{_quoted(it.amount)}}}',
    Rule: lambda _it: '{"is":"rule"}',
    Qr: lambda it: (
        f'{{"is":"qr","text":{_quoted(it.text)},"align":"{it.align}",'
        f'"is_alphanumeric":{_TRUTH[it.is_alphanumeric]},"module_dots":{it.module_dots}}}'
    ),
    Feed: lambda it: f'{{"is":"feed","lines":{it.lines}}}',
    Cut: lambda _it: '{"is":"cut"}',
    KickDrawer: lambda _it: '{"is":"kick-drawer"}',
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptDocument:
    """One slip, from its top to its cut."""

    items: tuple[Item, ...]

    def to_json(self) -> str:
        """`{"v": 1, "items": [{"is": "heading", "text": …}, …]}`, without spaces; the same text every time."""
        return document_json([items_json(self.items)])

    @classmethod
    def from_json(cls, text: str) -> "ReceiptDocument":
        """The document that `to_json` wrote. Raises DocumentFormatError."""
        try:
            plain = json.loads(text)
            if plain["v"] != _VERSION:
                raise DocumentFormatError(reason="version")
            return cls(items=tuple(_item_from_plain(item) for item in plain["items"]))
        except (ValueError, KeyError, TypeError) as error:
            raise DocumentFormatError(reason="form") from error


def document_json(parts: Iterable[str]) -> str:
    """The JSON of a document whose items are written already, some by some, by `items_json`."""
    return f'{{"v":{_VERSION},"items":[{",".join(filter(None, parts))}]}}'


def items_json(items: Iterable[Item]) -> str:
    """What some items are in their document's JSON."""
    return ",".join([_ITEM_JSON[type(item)](item) for item in items])


def _item_from_plain(plain: Mapping[str, Any]) -> Item:
    facts = {name: value for name, value in plain.items() if name != "is"}
    if "align" in facts:
        facts["align"] = Align(facts["align"])
    if "cells" in facts:
        facts["cells"] = tuple(Cell(**{**cell, "align": Align(cell["align"])}) for cell in facts["cells"])
    return _KINDS[plain["is"]](**facts)


def preview(document: ReceiptDocument, columns: int) -> list[str]:
    """The slip as lines for a screen, counted in the screen's cells, which are not the paper's.

    A QR code is one line `[QR text]`, a cut a line of `- - -`; a drawer's kick shows nothing.
    """
    lines: list[str] = []
    for item in document.items:
        lines += _previewed(item, columns)
    return lines


def _previewed(item: Item, columns: int) -> list[str]:
    match item:
        case Heading():
            return _lines(item.text, Align.CENTRE, columns)
        case Text():
            return _lines(item.text, item.align, columns)
        case Mark():
            return _lines(item.text, Align.LEFT, columns)
        case Row() | Pair() | Total():
            return [spaced(line, screen_cells) for line in laid_out(columns_of(item), columns, screen_cells)]
        case _:
            return _previewed_wordless(item, columns)


def _previewed_wordless(item: Rule | Qr | Feed | Cut | KickDrawer, columns: int) -> list[str]:
    match item:
        case Rule():
            return ["-" * columns]
        case Qr():
            return [f"[QR {item.text}]"]
        case Feed():
            return [""] * item.lines
        case Cut():
            return [("- " * columns)[:columns].rstrip()]
        case KickDrawer():
            return []


def _lines(text: str, align: Align, columns: int) -> list[str]:
    column = Column(text=text, side=Side.RIGHT if align is Align.RIGHT else Side.LEFT)
    lines = [spaced(line, screen_cells) for line in laid_out((column,), columns, screen_cells)]
    if align is not Align.CENTRE:
        return lines
    return [" " * ((columns - screen_cells(line)) // 2) + line for line in lines]


def columns_of(item: Row | Pair | Total) -> tuple[Column, ...]:
    """The item as columns to lay out."""
    match item:
        case Row():
            return tuple(
                Column(
                    text=cell.text,
                    width=cell.width,
                    side=Side.RIGHT if cell.align is Align.RIGHT else Side.LEFT,
                )
                for cell in item.cells
            )
        case Pair():
            return _ends(item.label, item.value)
        case Total():
            return _ends(item.label, item.amount)


def _ends(label: str, value: str) -> tuple[Column, ...]:
    # Width 0 grows to what the value needs, and one cell of air.
    return (Column(text=label), Column(text=value, width=0, side=Side.RIGHT))
