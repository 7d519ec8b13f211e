"""A receipt document as the bytes of one print job."""

from dataclasses import fields

from hardware.layout import laid_out, paper_cells, spaced, wrapped
from hardware.printers.encoding import printable, unprintable
from hardware.printers.escpos_bytes import EscPosBuilder
from hardware.printers.profile import Placement, PrinterProfile
from hardware.receipt import (
    Align,
    Cell,
    Cut,
    Feed,
    Heading,
    Item,
    KickDrawer,
    Mark,
    Pair,
    Qr,
    ReceiptDocument,
    Row,
    Rule,
    Text,
    Total,
    columns_of,
)

_QR_ALPHANUMERIC_L = (25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938)
_QR_BYTES_L = (17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929)
"""Characters that fit into QR versions 1, 2, 3 … at correction level L."""
_QUIET_ZONE_MODULES = 8


def render(document: ReceiptDocument, profile: PrinterProfile) -> bytes:
    """The whole job for this printer, beginning with its reset.

    Characters without a glyph become □ (`unprintable_in` names them); columns are whole cells on paper.
    """
    builder = EscPosBuilder(profile)
    for item in document.items:
        _render(item, builder, profile)
    return builder.built()


def unprintable_in(document: ReceiptDocument, profile: PrinterProfile) -> str:
    """The characters of the document that this printer shows as □, each once."""
    texts: list[str] = []
    for item in document.items:
        cells: tuple[Cell, ...] = item.cells if isinstance(item, Row) else ()
        texts += [cell.text for cell in cells]
        values = [getattr(item, field.name) for field in fields(item)]
        texts += [value for value in values if isinstance(value, str)]
    return unprintable("".join(texts), profile)


def _render(item: Item, builder: EscPosBuilder, profile: PrinterProfile) -> None:
    match item:
        case Heading():
            _heading(item, builder, profile)
        case Text():
            _text(item, builder, profile)
        case Mark():
            _mark(item, builder, profile)
        case Row():
            _columns(item, builder, profile, is_bold=item.is_bold)
        case Pair():
            _columns(item, builder, profile, is_bold=False)
        case Total():
            _columns(item, builder, profile, is_bold=True)
        case Qr():
            builder.align(item.align)
            builder.qr(item.text, module_dots=_module_dots(item, profile))
        case _:
            _render_wordless(item, builder, profile)


def _render_wordless(item: Rule | Feed | Cut | KickDrawer, builder: EscPosBuilder, profile: PrinterProfile) -> None:
    match item:
        case Rule():
            builder.align(Align.LEFT)
            builder.line("-" * profile.columns)
        case Feed():
            builder.feed(item.lines)
        case Cut():
            builder.align(Align.LEFT)
            builder.cut()
        case KickDrawer():
            builder.kick_drawer()


def _wrapped(text: str, profile: PrinterProfile, *, of_width: int = 1) -> list[str]:
    return wrapped(printable(text, profile), profile.columns // of_width, paper_cells)


def _heading(item: Heading, builder: EscPosBuilder, profile: PrinterProfile) -> None:
    builder.align(Align.CENTRE)
    builder.double_size(on=True)
    for line in _wrapped(item.text, profile, of_width=2):
        builder.line(line)
    builder.double_size(on=False)


def _mark(item: Mark, builder: EscPosBuilder, profile: PrinterProfile) -> None:
    builder.align(Align.LEFT)
    for line in _wrapped(item.text, profile):
        builder.move_to(0)
        builder.line(line)


def _text(item: Text, builder: EscPosBuilder, profile: PrinterProfile) -> None:
    builder.align(item.align)
    if item.is_bold:
        builder.bold(on=True)
    for line in _wrapped(item.text, profile):
        builder.line(line)
    if item.is_bold:
        builder.bold(on=False)


def _columns(item: Row | Pair | Total, builder: EscPosBuilder, profile: PrinterProfile, *, is_bold: bool) -> None:
    builder.align(Align.LEFT)
    if is_bold:
        builder.bold(on=True)
    columns = tuple(
        type(column)(text=printable(column.text, profile), width=column.width, side=column.side)
        for column in columns_of(item)
    )
    for line in laid_out(columns, profile.columns, paper_cells):
        if profile.placement is Placement.SPACES:
            builder.line(spaced(line, paper_cells))
            continue
        for segment in line:
            if segment.cell:
                builder.move_to(segment.cell)
            builder.text(segment.text)
        builder.raw(b"\n")
    if is_bold:
        builder.bold(on=False)


def _module_dots(item: Qr, profile: PrinterProfile) -> int:
    """The wanted size, or the largest at which the symbol and its quiet zone fit on the paper."""
    table = _QR_ALPHANUMERIC_L if item.is_alphanumeric else _QR_BYTES_L
    version = next((number for number, fits in enumerate(table, 1) if fits >= len(item.text)), len(table))
    modules = 17 + 4 * version + _QUIET_ZONE_MODULES
    room = profile.columns * profile.dots_per_cell // modules
    return max(1, min(item.module_dots, profile.largest_qr_module_dots, room))
