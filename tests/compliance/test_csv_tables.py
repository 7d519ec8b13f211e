"""The bytes of the tables about what was taken back, counted and found, entry by entry."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from compliance.csv_tables import COLUMNS, CsvTables

APPROVAL = {"operation": "refund.give", "by": "s3", "reason": "faulty"}
PAPER = {"shift": 2, "receipt": 41, "job": "j" * 16, "postings": []}
CANCELLED = {"order": "o" * 16, "visit": "v" * 16, "line": 2, "qty": 1, "amount_fen": 600, "reason": "customer"}
SAVING = {"line": 1, "qty": 1, "amount_fen": -150}
NOODLES = {"order": "o" * 16, "line": 2, "kind": "goods", "code": "noodles", "qty": 2}
SUPPER = {"order": "o" * 16, "line": 1, "kind": "combo", "code": "supper", "qty": 1}
CASH, WECHAT = {"kind": "cash", "fen": 50}, {"kind": "wechat", "fen": 1000, "ref": "=4200"}
REFUND = {
    "refund": "r" * 16,
    "of": {"visit": "v" * 16},
    "lines": [{**NOODLES, "unit_fen": 600, "amount_fen": 1200}, {**SUPPER, "unit_fen": -150, "amount_fen": -150}],
    "amount_fen": 1050,
    "reason": "faulty",
    "tenders": [WECHAT, CASH],
    **PAPER,
}
OVERCHARGE = {"refund": "r" * 16, "visit": "v" * 16, "list": 1, "list_sha256": "0" * 64, "charged_fen": 2050}
FOUND = {"signal": "goods-at-opening", "staff": "s2", "hour": 9, "of": 40, "hits": 31, "others_of": 300}
SALE: dict[str, Any] = {"sale": "s" * 16, "list": 1, "lines": [], "total_fen": 0, "tenders": [], "change_fen": 0}


def rows(table: str, kind: str, body: dict[str, Any]) -> list[str]:
    """The rows that an entry of 2026-11-23 09:05:00 in Shanghai leaves in a table."""
    written: dict[str, bytes] = dict.fromkeys(COLUMNS, b"")

    def write(name: str, data: bytes) -> None:
        written[name] += data

    tables = CsvTables(write, ZoneInfo("Asia/Shanghai"))
    entry = {"seq": 7, "type": kind, "wall": 1_795_395_900_000, "body": body, "actor": "s2", "till": "till-1"}
    tables.add({**entry, "biz_day": "2026-11-23", "clk": "synced"}, b"\x00" * 32)
    header, *told = written[table].decode("utf-8").split("\r\n")
    assert header == "\ufeff" + COLUMNS[table]
    assert told.pop() == ""
    return told


@pytest.mark.parametrize(
    ("more", "row"),
    [
        ({}, "6.00,,customer,,"),
        ({"saving": SAVING}, "6.00,-1.50,customer,,"),
        ({"handed_over": True, "approval": APPROVAL}, "6.00,,customer,yes,s3"),
    ],
)
def test_a_cancellation(more: dict[str, Any], row: str) -> None:
    head = f"7,2026-11-23 09:05:00,s2,{'v' * 16},{'o' * 16},2,1,"
    assert rows("cancellations", "order.cancelled", {**CANCELLED, **more}) == [head + row]


def test_a_refund_has_a_row_for_each_line_and_each_tender() -> None:
    head = f"7,2026-11-23 09:05:00,s2,41,{'r' * 16},{'v' * 16},"
    assert rows("refunds", "refund.given", {**REFUND, "approval": APPROVAL}) == [
        head + "goods,noodles,2,12.00,faulty,,s3",
        head + "combo,supper,1,-1.50,faulty,,s3",
    ]
    kept = {**REFUND, "unpaid_fen": 50, "amount_fen": 1000}
    assert rows("refunds", "refund.given", kept)[2:] == [head + "reduction,,,-0.50,faulty,,"]
    tender = f"7,41,{'v' * 16},refunded,"
    assert rows("tenders", "refund.given", REFUND) == [tender + "wechat,10.00,'=4200", tender + "cash,0.50,"]


def test_an_overcharge_names_the_list_that_should_have_counted() -> None:
    body = {**OVERCHARGE, "due_fen": 2000, "amount_fen": 50, "tenders": [CASH], **PAPER}
    head = f"7,2026-11-23 09:05:00,s2,41,{'r' * 16},{'v' * 16},"
    assert rows("refunds", "overcharge.refunded", body) == [head + "overcharge,,,0.50,,1,"]
    assert rows("tenders", "overcharge.refunded", body) == [f"7,41,{'v' * 16},refunded,cash,0.50,"]


@pytest.mark.parametrize(
    ("kind", "line", "more", "row"),
    [
        ("stock.received", {"code": "noodles", "qty": 48}, {}, "received,noodles,48,,,"),
        ("stock.counted", {"code": "noodles", "counted": 42, "expected": -1}, {}, "counted,noodles,,42,-1,"),
        ("stock.counted", {"code": "noodles", "counted": 0, "expected": 0}, {}, "counted,noodles,,0,0,"),
        ("stock.written_off", {"code": "a,b", "qty": 2}, {"reason": "expired"}, 'written_off,"a,b",2,,,expired'),
    ],
)
def test_stock(kind: str, line: dict[str, Any], more: dict[str, Any], row: str) -> None:
    assert rows("stock", kind, {"lines": [line], **more}) == [f"7,2026-11-23 09:05:00,s2,{row}"]


def test_what_a_review_found() -> None:
    other = {"signal": "combo-dearer", "staff": "s3", "item": "supper", "of": 9, "hits": 8, "others_of": 50}
    findings = [{**FOUND, "others_hits": 61, "p": "0.000004"}, {**other, "others_hits": 0, "p": "0.000400"}]
    body = {"from": "2026-11-01", "to": "2026-11-23", "visits": 340, "looks": 72, "findings": findings}
    assert rows("forced_sale", "forced_sale.reviewed", body) == [
        "7,2026-11-23 09:05:00,2026-11-01,2026-11-23,goods-at-opening,s2,9,,40,31,300,61,0.000004",
        "7,2026-11-23 09:05:00,2026-11-01,2026-11-23,combo-dearer,s3,,supper,9,8,50,0,0.000400",
    ]


def test_reductions_come_last_with_their_amount_below_nothing() -> None:
    line = {"line": 1, "kind": "goods", "code": "noodles", "qty": 1, "unit_fen": 600, "amount_fen": 600}
    body = {**SALE, "lines": [line], "reductions": [{"fen": 100, "reason": "goodwill"}], **PAPER}
    head = f"7,41,{'s' * 16},"
    assert rows("lines", "sale.settled", body) == [
        head + "1,goods,noodles,,,,,,,1,6.00,6.00",
        head + "2,reduction,goodwill,,,,,,,,,-1.00",
    ]
