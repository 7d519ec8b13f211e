"""Receipts: documents that survive JSON, golden bytes, Chinese columns that are whole cells on paper."""

import hashlib
import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.layout import Column, Side, laid_out, paper_cells, screen_cells, spaced, wrapped
from hardware.printers.encoding import encode, printable, unprintable
from hardware.printers.profile import Charset, Placement, PrinterProfile
from hardware.printers.receipt_bytes import render, unprintable_in
from hardware.receipt import (
    Align,
    Cell,
    Cut,
    DocumentFormatError,
    Feed,
    Heading,
    KickDrawer,
    Mark,
    Pair,
    Qr,
    ReceiptDocument,
    Row,
    Rule,
    Text,
    Total,
    preview,
)
from tests.hardware.sample_receipt import SAMPLE, item_row

PLAIN = PrinterProfile(placement=Placement.SPACES, has_four_byte_font=True)


@pytest.mark.parametrize(("columns", "size", "digest"), [(32, 482, "39c7fcadb065ee59"), (48, 607, "e8b5a5237d6caf49")])
def test_the_reference_receipt_is_these_bytes(columns: int, size: int, digest: str) -> None:
    job = render(SAMPLE, replace(PLAIN, columns=columns))
    assert (len(job), hashlib.sha256(job).hexdigest()[:16]) == (size, digest)


def test_amounts_stand_by_dots_where_the_printer_can() -> None:
    job = render(ReceiptDocument(items=(item_row("可乐", "2", "7.00"),)), PrinterProfile())
    # The quantity ends at cell 23, the amount at cell 32; a cell is 12 dots.
    quantity, amount = b"\x1b$" + (22 * 12).to_bytes(2, "little"), b"\x1b$" + (28 * 12).to_bytes(2, "little")
    assert job == b"\x1b@\x1c&" + "可乐".encode("gb18030") + quantity + b"2" + amount + b"7.00\n"


texts = st.text(st.sampled_from('明价网咖可乐Ab1 ￥¥…“×😀㙓\x1b\x10"\\'), max_size=40)
aligns = st.sampled_from(Align)
fixed_cells = st.builds(Cell, text=texts, width=st.integers(1, 12), align=aligns)
rows = st.builds(
    lambda first, rest, is_bold: Row(cells=(first, *rest), is_bold=is_bold),
    st.builds(Cell, text=texts, align=aligns),
    st.lists(fixed_cells, max_size=3),
    st.booleans(),
)
qr_texts = st.text(st.sampled_from("MJ1:ABCXYZ234567/-."), min_size=1, max_size=230)
items = st.one_of(
    st.builds(Heading, text=texts),
    st.builds(Text, text=texts, align=aligns, is_bold=st.booleans()),
    st.builds(Mark, text=texts),
    rows,
    st.builds(Pair, label=texts, value=texts),
    st.builds(Total, label=texts, amount=texts),
    st.just(Rule()),
    st.builds(Qr, text=qr_texts, align=aligns, is_alphanumeric=st.booleans(), module_dots=st.integers(1, 16)),
    st.builds(Feed, lines=st.integers(1, 255)),
    st.just(Cut()),
    st.just(KickDrawer()),
)
documents = st.builds(ReceiptDocument, items=st.lists(items, max_size=8).map(tuple))


@settings(max_examples=80, deadline=None)
@given(documents)
def test_a_document_comes_back_from_json_unchanged(document: ReceiptDocument) -> None:
    assert ReceiptDocument.from_json(document.to_json()) == document


@settings(max_examples=80, deadline=None)
@given(documents)
def test_every_member_of_every_item_is_in_the_json(document: ReceiptDocument) -> None:
    plain = {"v": 1, "items": [{"is": item.kind, **asdict(item)} for item in document.items]}
    assert document.to_json() == json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


@settings(max_examples=80, deadline=None)
@given(documents, st.sampled_from([32, 42, 48]))
def test_a_document_of_any_kind_can_be_printed_and_looked_at(document: ReceiptDocument, columns: int) -> None:
    assert render(document, PrinterProfile(columns=columns)).startswith(b"\x1b@\x1c&")
    for line in preview(document, columns):
        assert line.startswith("[QR ") or screen_cells(line) <= columns


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"v":2,"items":[]}', '{"v":1,"items":[{"is":"stamp"}]}', '{"v":1,"items":[{"is":"text"}]}'],
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentFormatError):
        ReceiptDocument.from_json(text)


def test_a_qr_code_holds_capitals_unless_said_otherwise() -> None:
    with pytest.raises(ValueError, match="alphanumeric"):
        Qr(text="mj1:abc")
    with pytest.raises(ValueError, match="ASCII"):
        Qr(text="明价", is_alphanumeric=False)
    assert Qr(text="MJ1:ABC234").is_alphanumeric


def test_a_row_has_one_column_that_takes_the_rest() -> None:
    with pytest.raises(ValueError, match="without a width"):
        Row(cells=(Cell(text="a", width=3),))


@pytest.mark.parametrize(
    ("columns", "length", "dots"), [(32, 34, 6), (32, 180, 6), (32, 230, 6), (32, 900, 4), (12, 180, 2)]
)
def test_a_qr_code_is_as_large_as_the_paper_allows(columns: int, length: int, dots: int) -> None:
    job = render(ReceiptDocument(items=(Qr(text="A" * length),)), PrinterProfile(columns=columns))
    size = job.index(b"\x1d(k\x03\x001C")
    assert job[size + 7] == dots


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("网咖", 4), ("“合计—”×…℃", 16), ("￥12.50", 7), ("㙓", 2), ("", 0)]
)
def test_on_paper_what_is_not_ascii_takes_two_cells(text: str, cells: int) -> None:
    assert paper_cells(text) == cells


def test_the_screen_counts_otherwise_than_the_paper() -> None:
    assert screen_cells("“合计—”×…℃") == 10


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(2, 48))
def test_wrapping_loses_no_character_and_stays_in_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width, paper_cells)
    assert all(paper_cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_words_and_closing_punctuation_hold_together() -> None:
    assert wrapped("网咖ABC123", 8, paper_cells) == ["网咖", "ABC123"]
    assert wrapped("请带走随身物品。", 14, paper_cells) == ["请带走随身物", "品。"]
    assert wrapped("ABCDEFGHIJ", 4, paper_cells) == ["ABCD", "EFGH", "IJ"]


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("可乐面Ab1"), min_size=1, max_size=50),
    st.integers(0, 9_999_999),
    st.sampled_from([32, 42, 48]),
)
def test_an_amount_is_never_cut_and_ends_at_the_right_edge(name: str, fen: int, columns: int) -> None:
    amount = f"￥{fen // 100}.{fen % 100:02}"
    lines = laid_out((Column(text=name), Column(text=amount, width=9, side=Side.RIGHT)), columns, paper_cells)
    assert sum(spaced(line, paper_cells).endswith(amount) for line in lines) == 1
    with_amount = next(line for line in lines if line[-1].text == amount)
    assert paper_cells(spaced(with_amount, paper_cells)) == columns


def test_columns_without_room_go_to_a_line_of_their_own() -> None:
    lines = laid_out((Column(text="支付方式"), Column(text="x" * 31, width=0, side=Side.RIGHT)), 32, paper_cells)
    assert [spaced(line, paper_cells) for line in lines] == ["支付方式", " " + "x" * 31]


FILTERED = [
    ("￥6.00", "￥6.00"),
    ("¥6.00", "￥6.00"),
    ("，。：（）１２", "，。：（）１２"),
    ("─────", "─────"),
    ("网咖😀", "网咖□"),
    ("㐀鿍𠮷", "□□□"),
    ("a\u00a0b\tc", "a b c"),
    ("\x1b@\x10\x04\x01\x7f", "@"),
    ("\ud800", "□"),
    ("\ue000", "□"),
]


@pytest.mark.parametrize(("text", "shown"), FILTERED)
def test_only_what_the_font_has_is_printed(text: str, shown: str) -> None:
    assert printable(text, PrinterProfile()) == shown


def test_what_the_font_lacks_is_reported() -> None:
    assert unprintable("网咖😀𠮷😀￥", PrinterProfile()) == "😀𠮷"
    document = ReceiptDocument(items=(item_row("喆镕㙓", "1", "1.00"), Text(text="𠮷")))
    assert unprintable_in(document, PrinterProfile()) == "㙓𠮷"
    assert unprintable_in(document, replace(PrinterProfile(), has_four_byte_font=True)) == ""


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_no_text_becomes_a_command(text: str) -> None:
    profile = PrinterProfile()
    coded = encode(printable(text, profile).replace("\n", ""), profile)
    assert all(byte >= 0x20 and byte != 0x7F for byte in coded)
    assert coded.decode("gb18030") == printable(text, profile).replace("\n", "")


def test_a_printer_of_utf_8_gets_utf_8() -> None:
    profile = replace(PrinterProfile(), charset=Charset.UTF_8, prefix=b"")
    assert render(ReceiptDocument(items=(Text(text="㙓"),)), profile) == b"\x1b@" + "㙓\n".encode()


@pytest.mark.parametrize(("width_mm", "columns"), [(58, 32), (80, 48)])
def test_paper_has_its_cells(width_mm: int, columns: int) -> None:
    assert PrinterProfile.for_paper(width_mm).columns == columns


def test_paper_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="58 or 80"):
        PrinterProfile.for_paper(76)


def test_the_preview_shows_what_the_paper_will() -> None:
    lines = preview(SAMPLE, 32)
    assert lines[0] == "            星空网咖"
    assert lines[4] == "康师傅红烧牛肉面(桶   1    12.50"
    assert lines[-3] == "[QR https://example.cn/r/20261123-0001]"
