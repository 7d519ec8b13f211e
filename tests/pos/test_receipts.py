"""Slips, line by line, on both papers: golden texts kept beside this file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from billing.price_checks import check
from billing.price_list import PriceList
from hardware.layout import paper_cells
from hardware.printers.profile import PrinterProfile
from hardware.printers.receipt_bytes import render, unprintable_in
from hardware.receipt import ReceiptDocument, preview
from hardware.simulated.printer_machine import PrinterMachine
from pos import receipts, shift_slips
from pos.languages import Language, words_of
from pos.shift_slips import ShiftFigures
from pos.slip_layout import Letterhead, SlipFacts, SlipForm
from pos.tui.desk.slips_screen import said_about
from records.notes import HeadSigner
from tests.pos.counter.venues import DEMO

GOLDEN = Path(__file__).parent / "golden"
SIGNER = HeadSigner(
    origin="mingjia/TESTLOGTESTLOGAA/1",
    ed25519=Ed25519PrivateKey.from_private_bytes(bytes(range(32))),
    p256=ec.derive_private_key(7, ec.SECP256R1()),
)
LETTERHEAD = Letterhead(
    venue_name="明价演示网咖",
    address="示例市示例路1号",
    complaint_phone="12315",
    timezone=ZoneInfo("Asia/Shanghai"),
    is_demo=False,
)
FACTS = SlipFacts(
    letterhead=LETTERHEAD,
    actor="s2",
    at=datetime(2026, 11, 24, 1, 31, 5, tzinfo=UTC),
    seat="A07",
)
HEAD = SIGNER.sign_head(1234, bytes(range(32)))

SETTLED: dict[str, Any] = {
    "seat": "B07",
    "tier": "gold",
    "list": 1,
    "usage": {"start": "2026-11-23T19:31:00", "end": "2026-11-24T09:31:05"},
    "bill": {
        "lines": [
            {"kind": "time", "zone": "hall", "from": "2026-11-23T19:31:00", "to": "2026-11-23T22:00:00",
             "seconds": 8940, "extension_seconds": 0, "fen_per_hour": 500, "amount_fen": 1241},
            {"kind": "time", "zone": "hall", "from": "2026-11-23T22:00:00", "to": "2026-11-24T00:30:00",
             "seconds": 9000, "extension_seconds": 0, "fen_per_hour": 300, "amount_fen": 750},
            {"kind": "time", "zone": "esports", "from": "2026-11-24T08:00:00", "to": "2026-11-24T09:45:00",
             "seconds": 6300, "extension_seconds": 835, "fen_per_hour": 800, "amount_fen": 1400},
            {"kind": "discount", "amount_fen": -339},
            {"kind": "minimum", "amount_fen": 20},
            {"kind": "rounding", "amount_fen": -4},
            {"kind": "package", "code": "night", "amount_fen": 2500},
        ]
    },
    "orders": [
        {"list": 1, "kind": "goods", "code": "noodles", "qty": 2, "unit_fen": 600, "amount_fen": 1200},
        {"list": 1, "kind": "service", "code": "print-a4", "qty": 12, "unit_fen": 100, "amount_fen": 1200},
    ],
    "used_seconds": 50405,
    "total_fen": 7968,
    "deposits": [{"kind": "cash", "fen": 2000}],
    "tenders": [{"kind": "wechat", "fen": 3000, "ref": "4200002231"}, {"kind": "cash", "fen": 3000}],
    "returned": [],
    "change_fen": 32,
    "ends": "package-end",
    "shift": 3,
    "receipt": 12,
}  # fmt: skip
BEST_PRICED: dict[str, Any] = SETTLED | {
    "usage": {"start": "2026-11-23T21:30:00", "end": "2026-11-24T08:00:00"},
    "bill": {
        "lines": [
            {"kind": "time", "zone": "hall", "from": "2026-11-23T21:30:00", "to": "2026-11-23T22:00:00",
             "seconds": 1800, "extension_seconds": 0, "fen_per_hour": 500, "amount_fen": 250},
            {"kind": "package", "code": "night", "amount_fen": 2500, "at": "2026-11-23T22:00:00", "best_price": True},
        ]
    },
    "orders": [],
    "used_seconds": 37800,
    "total_fen": 2750,
    "deposits": [],
    "tenders": [{"kind": "cash", "fen": 3000}],
    "change_fen": 250,
    "ends": "customer",
}  # fmt: skip
PAUSED: dict[str, Any] = BEST_PRICED | {
    "usage": {
        "start": "2026-11-23T21:30:00",
        "end": "2026-11-24T08:00:00",
        "pauses": [
            {"from": "2026-11-23T21:40:07", "to": "2026-11-23T21:55:32"},
            {"from": "2026-11-23T23:50:00", "to": "2026-11-24T00:05:00", "venue": True},
            {"from": "2026-11-24T01:10:05", "to": "2026-11-24T01:20:00"},
        ],
    },
    "used_seconds": 35380,
}
SALE: dict[str, Any] = {
    "list": 1,
    "lines": [{"kind": "goods", "code": "cola-330", "qty": 3, "unit_fen": 400, "amount_fen": 1200}],
    "total_fen": 1200,
    "tenders": [{"kind": "cash", "fen": 2000}],
    "change_fen": 800,
    "shift": 3,
    "receipt": 13,
}
DEPOSIT: dict[str, Any] = {
    "tender": {"kind": "bank", "fen": 2000, "ref": "00012345"}, "shift": 3, "receipt": 14,
}  # fmt: skip
OVERCHARGE: dict[str, Any] = {
    "list": 2, "list_sha256": "5f" * 32, "charged_fen": 1400, "due_fen": 1150, "amount_fen": 250,
    "approval": {"operation": "refund.give", "by": "s2", "reason": "overcharged"},
    "tenders": [{"kind": "wechat", "fen": 200, "ref": "4200002231"}, {"kind": "cash", "fen": 50}],
    "shift": 3, "receipt": 15,
}  # fmt: skip
CLOSED: dict[str, Any] = {
    "shift": 3, "z": 7, "counted_fen": 32200, "expected_fen": 32300, "difference_fen": -100, "reason": "change-error",
    "receipts": {"first": 1, "last": 40},
}  # fmt: skip


def figures(*, is_blind: bool) -> ShiftFigures:
    return ShiftFigures(
        opened_at=datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
        float_fen=20_000,
        totals_fen={"cash": 12_300, "wechat": 4_000, "alipay": 0, "bank": 150, "wallet": 0},
        sales_fen=16_450,
        is_blind=is_blind,
    )


def prices() -> PriceList:
    found = check((DEMO / "prices.toml").read_text(encoding="utf-8")).prices
    assert found is not None
    return found


def forms() -> dict[str, SlipForm]:
    posted = prices()
    return {
        "settlement": receipts.settlement(SETTLED, FACTS, lambda _number: posted),
        "best-price": receipts.settlement(BEST_PRICED, FACTS, lambda _number: posted),
        "paused": receipts.settlement(PAUSED, FACTS, lambda _number: posted),
        "sale": receipts.sale(SALE, FACTS, lambda _number: posted),
        "deposit": receipts.deposit(DEPOSIT, FACTS),
        "overcharge": receipts.overcharge(OVERCHARGE, FACTS, settled_receipt=12),
        "x-blind": shift_slips.shift_reading({"shift": 3}, figures(is_blind=True), FACTS),
        "x": shift_slips.shift_reading({"shift": 3}, figures(is_blind=False), FACTS),
        "z": shift_slips.shift_close(CLOSED, figures(is_blind=False), FACTS),
        "start": receipts.start(origin=SIGNER.origin, vkeys=SIGNER.vkeys, facts=FACTS),
    }


def slips() -> dict[str, ReceiptDocument]:
    return {name: form.under(HEAD) for name, form in forms().items()}


def on_paper(document: ReceiptDocument, columns: int) -> str:
    """The slip as the simulated printer shows it."""
    fallen: list[str] = []
    machine = PrinterMachine(columns=columns, tell=lambda _answer: None, cut_off=fallen.append)
    machine.take(render(document, PrinterProfile(columns=columns)))
    return fallen[0]


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", list(slips()))
def test_a_slip_looks_like_its_golden_text(name: str, columns: int) -> None:
    golden = GOLDEN / f"{name}-{columns}.txt"
    assert on_paper(slips()[name], columns) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", list(slips()))
def test_no_line_runs_over_the_edge_and_every_character_has_a_glyph(name: str, columns: int) -> None:
    document = slips()[name]
    lines = [line for line in on_paper(document, columns).splitlines() if not line.startswith("[QR")]
    assert max(map(paper_cells, lines)) <= columns
    assert unprintable_in(document, PrinterProfile(columns=columns)) == ""
    assert ReceiptDocument.from_json(document.to_json()) == document


def test_a_z_slip_tells_deposits_from_sales() -> None:
    taken = replace(figures(is_blind=False), sales_fen=13_450, refunds_fen=500)
    lines = on_paper(shift_slips.shift_close(CLOSED, taken, FACTS).under(HEAD), 32).splitlines()
    assert any(line.split() == ["押金收退", "+35.00"] for line in lines)
    assert "押金" not in on_paper(slips()["z"], 32)


def test_what_a_slip_is_about_is_said_in_the_readers_language() -> None:
    english, chinese = words_of(Language.EN), words_of(Language.ZH_CN)
    said = {name: said_about(document, english) for name, document in slips().items() if name != "start"}
    assert (said["deposit"], said["sale"], said["z"]) == ("seat A07  000014", "over the counter  000013", "shift 3")
    assert all(about_it.isascii() for about_it in said.values())
    assert said_about(slips()["deposit"], chinese) == "机位 A07  000014"


@pytest.mark.parametrize("name", list(forms()))
def test_a_slip_written_beforehand_says_what_one_written_at_once_says(name: str) -> None:
    form = forms()[name]
    assert form.written()(HEAD) == form.under(HEAD).to_json()


def test_a_slip_is_written_before_its_number_is_known() -> None:
    settled = {key: value for key, value in SETTLED.items() if key != "receipt"}
    receipt = receipts.settlement(settled, FACTS, lambda _number: prices()).written()
    closed = {key: value for key, value in CLOSED.items() if key != "z"}
    z_slip = shift_slips.shift_close(closed, figures(is_blind=False), FACTS).written()
    settled["receipt"], closed["z"] = SETTLED["receipt"], CLOSED["z"]
    assert receipt(HEAD) == slips()["settlement"].to_json()
    assert z_slip(HEAD) == slips()["z"].to_json()


def test_a_demo_says_so_on_paper() -> None:
    from dataclasses import replace

    facts = replace(FACTS, letterhead=replace(LETTERHEAD, is_demo=True))
    assert any("【演示】" in line for line in preview(receipts.deposit(DEPOSIT, facts).under(HEAD), 32))


def test_an_unknown_kind_of_line_is_a_programmers_mistake() -> None:
    posted = prices()
    body = {**SETTLED, "bill": {"lines": [{"kind": "fee", "amount_fen": 1}]}}
    with pytest.raises(ValueError, match="fee"):
        receipts.settlement(body, FACTS, lambda _number: posted)


if __name__ == "__main__":  # Writes the golden texts anew: python -m tests.pos.test_receipts
    GOLDEN.mkdir(exist_ok=True)
    for slip_name, slip_document in slips().items():
        for width in (32, 48):
            text = on_paper(slip_document, width)
            (GOLDEN / f"{slip_name}-{width}.txt").write_text(text, encoding="utf-8", newline="\n")
