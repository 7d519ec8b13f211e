"""A page that shows what a printer can do: which character set it reads, where its columns and its edge are."""

from dataclasses import replace

from hardware.printers.profile import CHINESE_MODE, SELECT_GB18030, Charset, PrinterProfile
from hardware.printers.receipt_bytes import render
from hardware.receipt import Align, Cell, Cut, Item, Qr, ReceiptDocument, Row, Rule, Text

_CHINESE_MODE_OFF = b"\x1c\x2e"
_SAMPLE_QR = "MINGJIA:TRIAL"


def trial_page(profile: PrinterProfile) -> bytes:
    """One slip with the same Chinese line in three codings, numbered; the legible one is the printer's."""
    codings = (
        ("1 GB18030, FS &", replace(profile, charset=Charset.GB18030, prefix=CHINESE_MODE)),
        ("2 GB18030, ESC t 255", replace(profile, charset=Charset.GB18030, prefix=SELECT_GB18030)),
        ("3 UTF-8", replace(profile, charset=Charset.UTF_8, prefix=_CHINESE_MODE_OFF)),
    )
    parts = [render(_sample(label), coding) for label, coding in codings]
    return b"".join(parts) + render(_measure(profile), profile)


def _sample(label: str) -> ReceiptDocument:
    amount = Row(
        cells=(
            Cell(text="可乐"),
            Cell(text="2", width=4, align=Align.RIGHT),
            Cell(text="￥7.00", width=9, align=Align.RIGHT),
        )
    )
    return ReceiptDocument(items=(Text(text=label), Text(text="明价 测试页 网咖"), amount, Rule()))


def _measure(profile: PrinterProfile) -> ReceiptDocument:
    ruler = ("1234567890" * 5)[: profile.columns]
    items: tuple[Item, ...] = (Text(text=ruler), Qr(text=_SAMPLE_QR), Cut())
    return ReceiptDocument(items=items)
