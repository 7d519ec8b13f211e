"""`shift`, `visit` and `sale` as scripts use them: a simulated reader on a line, a simulated printer on a socket."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hardware import simulators
from tests.hardware.simulators import Simulator
from tests.pos.conftest import Answer, Shop

LINE = "socket" if sys.platform == "win32" else "pty"
BY_CHEN = ("--as", "chen")


@pytest.fixture
def reader() -> Iterator[Simulator]:
    with simulators.id_reader(on=LINE) as simulator:
        yield simulator


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    """A shop whose shift is open with 200 yuan."""
    assert shop.ask("shift", "open", "--float", "20000", *BY_CHEN) == {"shift": 1, "float_fen": 20000}
    return shop


def seat(shop: Shop, reader: Simulator, card: str, *words: str) -> Answer:
    reader.tell(f"place {card}")
    answer = shop.run("--json", "visit", "open", "--tier", "guest", "--port", reader.port, *BY_CHEN, *words)
    reader.tell("lift")
    return answer


def test_a_visit_from_card_to_settlement(open_shop: Shop, reader: Simulator) -> None:
    opened = seat(
        open_shop, reader, "adult-a", "--seat", "A01", "--deposit", "2000", "--tender", "wechat=2000:4200001"
    ).json
    assert set(opened) >= {"visit", "seat", "opened_at", "price_list"}
    assert (opened["seat"], opened["deposit_fen"]) == ("A01", 2000)
    listed = open_shop.ask("visit", "list", *BY_CHEN)["visits"]
    assert [(visit["visit"], visit["state"]) for visit in listed] == [(opened["visit"], "running")]
    sold = open_shop.ask("sale", "--item", "cola-330=2", "--visit", "A01", *BY_CHEN)
    assert (sold["bill"]["total_fen"], sold["receipt"]) == (800, None)
    early = open_shop.run("--json", "visit", "settle", "A01", *BY_CHEN)
    assert (early.status, early.error["code"]) == (1, "statement-needed")
    shown = open_shop.ask("visit", "statement", "A01", *BY_CHEN)
    assert (shown["total_fen"], shown["due_fen"], len(shown["statement"])) == (800, 0, 64)
    settled = open_shop.ask("visit", "settle", "A01", *BY_CHEN)
    assert set(settled) >= {"visit", "bill", "receipt", "change_fen", "journal"}
    assert settled["returned"] == [{"kind": "wechat", "fen": 1200, "ref": "4200001"}]
    assert settled["bill"]["lines"][0]["kind"] == "grace"
    again = open_shop.ask("visit", "settle", opened["visit"], *BY_CHEN)
    assert again == settled
    other = open_shop.run("--json", "visit", "settle", opened["visit"], "--tender", "cash=100", *BY_CHEN)
    assert (other.status, other.error["code"]) == (1, "already-settled")


def test_a_person_reads_the_statement_in_words(open_shop: Shop, reader: Simulator) -> None:
    seat(open_shop, reader, "adult-a", "--seat", "A01")
    open_shop.ask("sale", "--item", "noodles=2", "--visit", "A01", *BY_CHEN)
    answer = open_shop.run("visit", "statement", "A01", *BY_CHEN)
    assert "  6.00 × 2 桶" in answer.out.splitlines()
    settled = open_shop.run("visit", "settle", "A01", "--tender", "cash=2000", *BY_CHEN)
    assert settled.out.splitlines() == ["Settled: 12.00 yuan, change 8.00; receipt 1."]


@pytest.mark.parametrize(("card", "word"), [("minor", "minor"), ("expired", "expired")])
def test_who_is_turned_away_is_told_why(open_shop: Shop, reader: Simulator, card: str, word: str) -> None:
    answer = seat(open_shop, reader, card, "--seat", "A01")
    assert (answer.status, answer.error["code"], answer.error["reason"]) == (1, "id-refused", card)
    assert word in answer.error["message"]


def test_one_person_and_one_seat(open_shop: Shop, reader: Simulator) -> None:
    assert seat(open_shop, reader, "adult-a", "--seat", "A01").status == 0
    assert seat(open_shop, reader, "adult-a", "--seat", "A02").error["reason"] == "same-person"
    assert seat(open_shop, reader, "adult-b", "--seat", "A01").error["code"] == "seat-taken"
    assert seat(open_shop, reader, "adult-b", "--seat", "Z99").error["code"] == "seat-unknown"
    assert seat(open_shop, reader, "adult-b", "--seat", "A02", "--package", "nap").error["code"] == "unknown-package"


def test_a_typed_document_needs_a_second_person(open_shop: Shop, tmp_path: Path) -> None:
    document = tmp_path / "passport.toml"
    document.write_text(
        'kind = "passport"\nname = "TEST SAMPLE"\nnumber = "E00000000"\nbirth = 1990-03-07\n'
        'valid_to = 2030-01-01\nreason = "no-chip"\n',
        encoding="utf-8",
    )
    words = ("visit", "open", "--seat", "A01", "--tier", "guest", "--document", document, *BY_CHEN)
    alone = open_shop.run("--json", *words)
    assert (alone.status, alone.error["code"]) == (1, "second-person-needed")
    itself = open_shop.run("--json", *words, "--approve", "chen")
    assert (itself.status, itself.error["code"]) == (1, "approval-refused")
    assert open_shop.ask(*words, "--approve", "wang")["seat"] == "A01"


def test_moving_pausing_packages_and_deposits(open_shop: Shop, reader: Simulator) -> None:
    visit = seat(open_shop, reader, "adult-a", "--seat", "A01").json["visit"]
    assert open_shop.ask("visit", "move", visit, "--seat", "B05", *BY_CHEN)["seat"] == "B05"
    assert open_shop.ask("visit", "pause", "B05", *BY_CHEN)["state"] == "paused"
    assert open_shop.ask("visit", "resume", "B05", *BY_CHEN)["state"] == "running"
    # The commands' clock goes on: on a slow computer a second of time may already stand before the package.
    lines = open_shop.ask("visit", "package", visit, "--package", "5h", *BY_CHEN)["bill"]["lines"]
    assert {"kind": "package", "code": "5h", "amount_fen": 3000} in lines
    assert open_shop.ask("visit", "deposit", visit, "--tender", "cash=1000", *BY_CHEN)["deposit_fen"] == 1000
    twice = open_shop.run("--json", "visit", "deposit", visit, "--tender", "cash=1", "--tender", "cash=2", *BY_CHEN)
    assert (twice.status, twice.error["code"]) == (2, "wrong-use")


def test_a_sale_asked_twice_under_one_request_is_made_once(open_shop: Shop) -> None:
    words = ("sale", "--item", "noodles=1", "--tender", "cash=1000", "--request", "saleaaaaaaaaaaaa", *BY_CHEN)
    first = open_shop.ask(*words)
    assert (first["receipt"], first["change_fen"], first["bill"]["total_fen"]) == (1, 400, 600)
    assert open_shop.ask(*words) == first
    low = open_shop.run("--json", "sale", "--item", "noodles=1", "--tender", "cash=100", *BY_CHEN)
    assert (low.status, low.error["code"]) == (1, "tenders-too-low")
    odd = open_shop.run("--json", "sale", "--item", "noodles", "--tender", "cash=100", *BY_CHEN)
    assert (odd.status, odd.error["code"]) == (2, "wrong-use")


def test_a_terminals_number_that_stands_on_another_receipt_is_a_word_on_standard_error(open_shop: Shop) -> None:
    buy = ["sale", "--item", "cola-330=1", "--tender", "wechat=400:4200007", *BY_CHEN, "--request"]
    for request in ("first", "first", "second"):
        sold = open_shop.run("--json", *buy, request)
        assert sold.status == 0
        assert ("4200007 was taken already" in sold.err) == (request == "second")
        assert "receipt 1" in sold.err or request == "first"


def test_a_shift_is_read_blind_and_closed_by_a_count(open_shop: Shop) -> None:
    open_shop.ask("sale", "--item", "noodles=1", "--tender", "cash=600", *BY_CHEN)
    read = open_shop.ask("shift", "x", *BY_CHEN)
    assert (read["totals_fen"]["cash"], "expected_fen" in read) == (None, False)
    assert open_shop.ask("shift", "x", "--as", "wang")["totals_fen"]["cash"] == 600
    differs = open_shop.run("--json", "shift", "close", "--counted", "20000", *BY_CHEN)
    assert (differs.status, differs.error["code"]) == (1, "difference-unexplained")
    assert "206" not in differs.error["message"]
    closed: dict[str, Any] = open_shop.ask("shift", "close", "--counted", "20500", "--reason", "change-error", *BY_CHEN)
    assert {
        key: closed[key] for key in ("shift", "float_fen", "expected_fen", "counted_fen", "difference_fen", "z")
    } == {
        "shift": 1,
        "float_fen": 20000,
        "expected_fen": 20600,
        "counted_fen": 20500,
        "difference_fen": -100,
        "z": 1,
    }


def test_cash_moves_beside_sales_with_a_managers_word(open_shop: Shop) -> None:
    alone = open_shop.run("--json", "shift", "cash-out", "--fen", "5000", "--purpose", "banked", *BY_CHEN)
    assert (alone.status, alone.error["code"]) == (1, "approval-needed")
    words = ("shift", "cash-out", "--fen", "5000", "--purpose", "banked", "--request", "drop 1", *BY_CHEN)
    moved = open_shop.ask(*words, "--approve", "wang")
    assert {key: moved[key] for key in ("shift", "direction", "purpose", "fen")} == {
        "shift": 1,
        "direction": "out",
        "purpose": "banked",
        "fen": 5000,
    }
    assert open_shop.ask(*words, "--approve", "wang") == moved
    assert open_shop.ask("shift", "cash-in", "--fen", "300", "--purpose", "change-money", "--as", "wang")["fen"] == 300
    closed = open_shop.ask("shift", "close", "--counted", "15300", *BY_CHEN)
    assert closed["difference_fen"] == 0
    nowhere = open_shop.run("--json", "shift", "cash-in", "--fen", "300", "--purpose", "banked", "--as", "wang")
    assert (nowhere.status, nowhere.error["code"]) == (2, "wrong-use")


def test_an_outage_pauses_every_seat_and_ends(open_shop: Shop, reader: Simulator) -> None:
    visit = seat(open_shop, reader, "adult-a", "--seat", "A01").json["visit"]
    began = open_shop.ask("outage", "begin", "--reason", "power", *BY_CHEN)
    assert began == {"visits": [{"visit": visit, "seat": "A01"}]}
    assert open_shop.ask("visit", "list", *BY_CHEN)["visits"][0]["state"] == "outage"
    assert open_shop.run("--json", "outage", "begin", "--reason", "power", *BY_CHEN).error["code"] == "outage-running"
    assert open_shop.run("outage", "end", *BY_CHEN).out == "All seats go on: 1.\n"
    assert open_shop.run("--json", "outage", "end", *BY_CHEN).error["code"] == "no-outage"


def test_a_broken_computer_is_taken_out_of_use_and_put_back(open_shop: Shop, reader: Simulator) -> None:
    assert open_shop.ask("seat", "close", "a01", "--reason", "faulty", *BY_CHEN)["seat"] == "A01"
    assert [one["seat"] for one in open_shop.ask("seat", "list", *BY_CHEN)["seats"]] == ["A01"]
    assert seat(open_shop, reader, "adult-a", "--seat", "A01").error["code"] == "seat-out-of-use"
    assert open_shop.run("seat", "reopen", "A01", *BY_CHEN).out == "A01 is in use again.\n"
    assert seat(open_shop, reader, "adult-a", "--seat", "A01").status == 0
    assert open_shop.run("--json", "seat", "reopen", "A01", *BY_CHEN).error["code"] == "seat-in-use"
    assert open_shop.ask("doctor")["ok"]


def test_slips_are_listed_copied_and_resolved(open_shop: Shop) -> None:
    sold = open_shop.ask("sale", "--item", "noodles=1", "--tender", "cash=600", *BY_CHEN)
    (slip, *_) = open_shop.ask("receipt", "list", "--about", sold["sale"], *BY_CHEN)["slips"]
    assert (slip["kind"], slip["copy"], slip["state"]) == ("sale", 1, "queued")
    copy = open_shop.ask("receipt", "reprint", slip["job"], "--request", "copy 1", *BY_CHEN)
    assert (copy["copy"], copy["about"]) == (2, sold["sale"])
    assert open_shop.ask("receipt", "reprint", slip["job"], "--request", "copy 1", *BY_CHEN) == copy
    gone = open_shop.ask("receipt", "resolve", copy["job"], "--outcome", "cancelled", *BY_CHEN)
    assert gone["state"] == "cancelled"
    assert copy["job"] not in [one["job"] for one in open_shop.ask("receipt", "list", "--open", *BY_CHEN)["slips"]]
    settled = open_shop.run("--json", "receipt", "resolve", copy["job"], "--outcome", "on-paper", *BY_CHEN)
    assert (settled.status, settled.error["code"]) == (1, "print-job-not-waiting")
    unknown = open_shop.run("--json", "receipt", "reprint", "nothing", *BY_CHEN)
    assert (unknown.status, unknown.error["code"]) == (1, "print-job-unknown")


def test_an_auditor_opens_no_shift(shop: Shop) -> None:
    answer = shop.run("--json", "shift", "open", "--float", "0", "--as", "sun")
    assert (answer.status, answer.error["code"]) == (1, "not-allowed")


def test_slips_of_commands_come_out_of_the_printer(shop: Shop, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    with simulators.printer("--paper", str(paper)) as printer:
        (shop.folder / "devices.toml").write_text(f'[devices]\nprinter = "{printer.port}"\n', encoding="utf-8")
        shop.ask("shift", "open", "--float", "0", *BY_CHEN)
        shop.ask("sale", "--item", "noodles=1", "--tender", "cash=600", *BY_CHEN)
        assert "红烧牛肉面" in (paper / "0001.txt").read_text(encoding="utf-8")


def test_a_printer_that_is_gone_holds_no_sale_up(shop: Shop) -> None:
    (shop.folder / "devices.toml").write_text('[devices]\nprinter = "tcp://127.0.0.1:9"\n', encoding="utf-8")
    shop.ask("shift", "open", "--float", "0", *BY_CHEN)
    assert shop.ask("sale", "--item", "noodles=1", "--tender", "cash=600", *BY_CHEN)["receipt"] == 1


def test_a_visit_asked_twice_under_one_request_opens_and_pays_once(open_shop: Shop, reader: Simulator) -> None:
    words = ("--seat", "A01", "--deposit", "1000", "--request", "till 3, customer 17")
    first = seat(open_shop, reader, "adult-a", *words).json
    again = open_shop.ask("visit", "open", "--tier", "guest", *words, *BY_CHEN)  # No card is read for it.
    assert again == first
    open_shop.ask("sale", "--item", "noodles=2", "--visit", "A01", *BY_CHEN)
    open_shop.ask("visit", "statement", "A01", *BY_CHEN)
    pay = ("visit", "settle", "A01", "--tender", "cash=500", "--request", "till 3, payment 17", *BY_CHEN)
    settled = open_shop.ask(*pay)
    assert (settled["total_fen"], settled["change_fen"]) == (1200, 300)
    seat(open_shop, reader, "adult-b", "--seat", "A01")  # Somebody else has the seat by now.
    assert open_shop.ask(*pay) == settled
