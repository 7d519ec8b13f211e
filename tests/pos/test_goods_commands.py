"""Combos, cancellations, hand-overs, reductions, refunds and stock as scripts use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hardware import simulators
from tests.hardware.simulators import Simulator
from tests.pos.conftest import Shop
from tests.pos.test_counter_commands import BY_CHEN, LINE, seat

APPROVED = ("--approve", "wang")


@pytest.fixture
def reader() -> Iterator[Simulator]:
    with simulators.id_reader(on=LINE) as simulator:
        yield simulator


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    shop.ask("shift", "open", "--float", "20000", *BY_CHEN)
    return shop


def test_a_combo_and_a_gift_are_sold_over_the_counter(open_shop: Shop) -> None:
    sold = open_shop.ask("sale", "--item", "supper=2", "--item", "gift-water=1", "--tender", "cash=2200", *BY_CHEN)
    assert [(line["kind"], line["amount_fen"]) for line in sold["bill"]["lines"]] == [
        ("goods", 1200),
        ("goods", 500),
        ("goods", 800),
        ("combo", -300),
        ("goods", 200),
        ("promotion", -200),
    ]
    assert (sold["bill"]["total_fen"], sold["low_stock"]) == (2200, [])


def test_a_part_is_left_out_and_the_rest_is_sold_singly(open_shop: Shop) -> None:
    words = ("sale", "--item", "supper=1", "--without", "sausage", "--tender", "cash=1000", *BY_CHEN)
    assert {line["kind"] for line in open_shop.ask(*words)["bill"]["lines"]} == {"goods"}
    wrong = open_shop.run("--json", *words, "--without", "headset")
    assert (wrong.status, wrong.error["code"]) == (1, "part-not-in-combo")
    no_seat = open_shop.run("--json", "sale", "--item", "3h-cola=1", "--tender", "cash=1450", *BY_CHEN)
    assert (no_seat.status, no_seat.error["code"]) == (1, "visit-needed")


def test_something_is_taken_off_a_sale_by_two(open_shop: Shop) -> None:
    words = ("sale", "--item", "cola-330=2", "--reduce", "100", "--tender", "cash=700", *BY_CHEN)
    assert open_shop.run(*words).status == 2  # No reason.
    alone = open_shop.run("--json", *words, "--reason", "faulty")
    assert (alone.status, alone.error["code"]) == (1, "approval-needed")
    assert open_shop.ask(*words, "--reason", "faulty", *APPROVED)["bill"]["total_fen"] == 700


def test_orders_are_added_handed_over_and_cancelled(open_shop: Shop, reader: Simulator) -> None:
    seat(open_shop, reader, "adult-a", "--seat", "A01")
    added = open_shop.ask(
        "visit", "order", "A01", "--item", "3h-cola=1", "--item", "noodles=10", "--request", "order-1", *BY_CHEN
    )
    again = open_shop.ask(
        "visit", "order", "A01", "--item", "3h-cola=1", "--item", "noodles=10", "--request", "order-1", *BY_CHEN
    )
    assert again["bill"] == added["bill"]
    assert added["bill"]["total_fen"] == 400 - 150 + 6000
    assert {"kind": "package", "code": "3h", "amount_fen": 1200} in added["so_far"]["bill"]["lines"]
    noodles = next(line["order"] for line in added["bill"]["lines"] if line["code"] == "noodles")
    assert len(added["orders"]) == 2
    handed = open_shop.ask("visit", "hand-over", noodles, *BY_CHEN)
    assert handed == {"order": noodles, "lines": [1]}
    words = ("visit", "cancel", noodles, "--line", "1", "--qty", "9", "--reason", "customer", *BY_CHEN)
    alone = open_shop.run("--json", *words)
    assert (alone.status, alone.error["code"]) == (1, "approval-needed")
    left = open_shop.ask(*words, *APPROVED)["orders"]
    assert sum(line["amount_fen"] for line in left) == 400 - 150 + 600


def test_a_bill_is_reduced_and_the_reduction_withdrawn(open_shop: Shop, reader: Simulator) -> None:
    seat(open_shop, reader, "adult-a", "--seat", "A01")
    open_shop.ask("sale", "--item", "noodles=2", "--visit", "A01", *BY_CHEN)
    words = ("visit", "reduce", "A01", "--fen", "200", "--reason", "goodwill")
    assert open_shop.run("--json", *words, *BY_CHEN).error["code"] == "approval-needed"
    given = open_shop.ask(*words, *BY_CHEN, *APPROVED)
    assert given["reductions"] == [{"reduction": given["reduction"], "fen": 200, "reason": "goodwill"}]
    assert given["total_fen"] == 1000
    back = open_shop.ask("visit", "reduce", "A01", "--withdraw", given["reduction"], *BY_CHEN)
    assert (back["reductions"], back["total_fen"]) == ([], 1200)
    assert open_shop.run("visit", "reduce", "A01", "--fen", "200", *BY_CHEN).status == 2


def test_money_goes_back_for_a_receipt(open_shop: Shop) -> None:
    words = ("sale", "--item", "supper=1", "--tender", "wechat=1100:W1", *BY_CHEN)
    receipt = str(open_shop.ask(*words)["receipt"])
    shown = open_shop.ask("refund", "--receipt", receipt, "--show", *BY_CHEN)
    assert (shown["paid_fen"], shown["left_fen"]) == (1100, 1100)
    assert shown["ways"] == [{"kind": "wechat", "ref": "W1", "fen": 1100}]
    assert [line["code"] for line in shown["lines"]] == ["noodles", "sausage", "cola-330"]
    give = ("refund", "--receipt", receipt, "--line", "3=1", "--reason", "returned", "--request", "r-1", *BY_CHEN)
    given = open_shop.ask(*give)
    assert given["amount_fen"] == 400 - 150
    assert given["tenders"] == [{"kind": "wechat", "fen": 250, "ref": "W1"}]
    assert open_shop.ask(*give) == given
    assert open_shop.run("refund", "--receipt", receipt, "--line", "x", "--reason", "returned", *BY_CHEN).status == 2
    none = open_shop.run("--json", "refund", "--receipt", "99", "--show", *BY_CHEN)
    assert (none.status, none.error["code"]) == (1, "not-settled")


def test_what_was_taken_off_is_kept_from_what_goes_back_last(open_shop: Shop) -> None:
    """Two colas at 4.00, 1.00 taken off: 4.00 and 3.00 go back (docs/pricing.md §8)."""
    off = ("--reduce", "100", "--reason", "goodwill", *APPROVED)
    sold = open_shop.ask("sale", "--item", "cola-330=2", "--tender", "cash=700", *off, *BY_CHEN)
    give = ("refund", "--receipt", str(sold["receipt"]), "--line", "1", "--reason", "returned", *BY_CHEN)
    given = [open_shop.ask(*give) for _ in range(2)]
    assert [(one["amount_fen"], one["unpaid_fen"]) for one in given] == [(400, 0), (300, 100)]


def test_a_large_refund_needs_a_second_person(open_shop: Shop) -> None:
    receipt = str(open_shop.ask("sale", "--item", "noodles=5", "--tender", "cash=3000", *BY_CHEN)["receipt"])
    give = ("refund", "--receipt", receipt, "--line", "1=5", "--reason", "faulty", *BY_CHEN)
    assert open_shop.run("--json", *give).error["code"] == "approval-needed"
    assert open_shop.ask(*give, *APPROVED)["amount_fen"] == 3000
    spoken = open_shop.run("refund", "--receipt", receipt, "--show", *BY_CHEN)
    assert spoken.out.splitlines() == ["At most 0.00 yuan can still go back."]


def test_stock_is_kept_and_a_sale_says_what_runs_low(open_shop: Shop) -> None:
    received = open_shop.ask("stock", "receive", "--item", "cola-330=7", *BY_CHEN)
    assert received == {"stock": [{"code": "cola-330", "pieces": 7, "low": False}]}
    sold = open_shop.ask("sale", "--item", "cola-330=9", "--tender", "cash=3600", *BY_CHEN)
    assert sold["low_stock"] == [{"code": "cola-330", "pieces": -2}]
    open_shop.ask("stock", "count", "--item", "cola-330=1", *BY_CHEN)
    write_off = ("stock", "write-off", "--item", "cola-330=1", "--reason", "expired")
    assert open_shop.run("--json", *write_off, *BY_CHEN).error["code"] == "not-allowed"
    open_shop.ask(*write_off, "--as", "wang")
    assert open_shop.ask("stock", "list", *BY_CHEN) == {"stock": [{"code": "cola-330", "pieces": 0, "low": True}]}


@pytest.mark.parametrize("text", ["cola-330", "可乐", "kl", "6900000000014"])
def test_goods_are_found_by_code_name_initials_and_barcode(open_shop: Shop, text: str) -> None:
    (first, *_) = open_shop.ask("goods", "find", text)["goods"]
    assert (first["code"], first["price_fen"]) == ("cola-330", 400)
    assert open_shop.ask("goods", "find", "nothing at all")["goods"] == []
