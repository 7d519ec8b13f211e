"""Every kind of forgery is found, under the right code, also when its owner chains and signs everything anew."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.compliance.bundles import (
    Change,
    codes,
    judged,
    of_type,
    recompute,
    resigned,
    rules,
    settled,
    show_again,
)
from tests.compliance.busy_shop import Shop
from tests.compliance.handmade import Entry, Keys, canonical, keys, sha256_hex

FORGERIES: dict[str, tuple[str, Change]] = {}


def forgery(code: str) -> Callable[[Change], Change]:
    def note(change: Change) -> Change:
        FORGERIES[change.__name__] = (code, change)
        return change

    return note


def time_lines(body: Entry) -> list[Entry]:
    return [line for line in body["bill"]["lines"] if line["kind"] == "time"]


def with_cash(body: Entry) -> bool:
    return bool(body["tenders"]) and body["tenders"][0]["kind"] == "cash" and len(time_lines(body)) > 1


# Prices and time.


@forgery("price")
def a_dearer_rate_on_the_bill(entries: list[Entry]) -> None:
    entry = settled(entries, having=with_cash)
    line = time_lines(entry["body"])[0]
    line["fen_per_hour"] += 100
    line["amount_fen"] += 100
    recompute(entries, entry)


@forgery("price")
def one_fen_more_for_the_same_time(entries: list[Entry]) -> None:
    entry = settled(entries, having=with_cash)
    time_lines(entry["body"])[0]["amount_fen"] += 10
    recompute(entries, entry)


@forgery("price")
def a_band_border_moved(entries: list[Entry]) -> None:
    entry = settled(entries, having=with_cash)
    first, second = time_lines(entry["body"])[:2]
    moved = first["to"][:-1] + ("1" if first["to"][-1] != "1" else "2")
    first["to"] = second["from"] = moved
    show_again(entries, entry)


@forgery("price")
def a_longer_stay_than_the_entries_say(entries: list[Entry]) -> None:
    entry = settled(entries, having=with_cash)
    usage = entry["body"]["usage"]
    usage["stays"][0]["from"] = usage["start"] = usage["start"].replace("T", "T")[:17] + "00"
    entry["body"]["used_seconds"] += 30


@forgery("price")
def seconds_that_nobody_used(entries: list[Entry]) -> None:
    settled(entries)["body"]["used_seconds"] += 60


@forgery("price")
def a_discount_withheld(entries: list[Entry]) -> None:
    entry = settled(
        entries,
        having=lambda body: (
            body["tier"] == "gold" and body["tenders"] and any(x["kind"] == "discount" for x in body["bill"]["lines"])
        ),
    )
    lines = entry["body"]["bill"]["lines"]
    lines.remove(next(line for line in lines if line["kind"] == "discount"))
    recompute(entries, entry)


@forgery("price")
def rounding_up(entries: list[Entry]) -> None:
    entry = settled(entries, having=with_cash)
    lines = entry["body"]["bill"]["lines"]
    rounding = next((line for line in lines if line["kind"] == "rounding"), None)
    if rounding is None:
        rounding = {"kind": "rounding", "amount_fen": 0}
        lines.append(rounding)
    rounding["amount_fen"] += 10
    recompute(entries, entry)


@forgery("price")
def a_pause_that_counts(entries: list[Entry]) -> None:
    entry = settled(entries, having=lambda body: "pauses" in body["usage"])
    del entry["body"]["usage"]["pauses"]


@forgery("price")
def a_customers_pause_called_an_outage(entries: list[Entry]) -> None:
    entry = settled(entries, having=lambda body: "pauses" in body["usage"])
    pause = entry["body"]["usage"]["pauses"][0]
    if pause.pop("venue", None) is None:
        pause["venue"] = True


@forgery("price")
def a_package_that_nobody_bought(entries: list[Entry]) -> None:
    body = settled(entries, having=lambda body: body["zone"] == "hall" and "packages" not in body["usage"])["body"]
    body["usage"]["packages"] = [{"code": "3h", "bought_at": body["usage"]["start"]}]


@forgery("price")
def a_package_bought_when_it_was_not_on_sale(entries: list[Entry]) -> None:
    of_type(entries, "package.bought")[0]["body"]["code"] = "night"
    visit = of_type(entries, "package.bought")[0]["body"]["visit"]
    settled(entries, having=lambda body: body["visit"] == visit)["body"]["usage"]["packages"][0]["code"] = "night"


@forgery("price")
def a_list_that_was_not_in_force(entries: list[Entry]) -> None:
    opened = of_type(entries, "visit.opened")[0]["body"]
    opened["list"] = 2
    body = settled(entries, having=lambda body: body["visit"] == opened["visit"])["body"]
    body["list"] = 2


@forgery("price")
def another_list_under_the_same_number(entries: list[Entry]) -> None:
    of_type(entries, "prices.published")[1]["body"]["sha256"] = "0" * 64


@forgery("price")
def a_board_of_a_list_that_nobody_published(entries: list[Entry]) -> None:
    of_type(entries, "board.posted")[0]["body"]["sha256"] = "0" * 64


@forgery("price")
def a_drink_dearer_than_posted(entries: list[Entry]) -> None:
    order = of_type(entries, "order.added")[0]["body"]
    line = order["lines"][0]
    line["unit_fen"] += 100
    line["amount_fen"] = line["qty"] * line["unit_fen"]


@forgery("price")
def an_item_that_is_not_posted(entries: list[Entry]) -> None:
    of_type(entries, "sale.settled")[0]["body"]["lines"][0]["code"] = "massage"


@forgery("price")
def an_order_that_nobody_made(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "order.added")[0])


@forgery("price")
def more_taken_back_than_ordered(entries: list[Entry]) -> None:
    cancelled = of_type(entries, "order.cancelled")[0]["body"]
    cancelled["qty"] += 5
    cancelled["amount_fen"] += 5 * 400


@forgery("price")
def another_statement_than_was_shown(entries: list[Entry]) -> None:
    of_type(entries, "statement.shown")[0]["body"]["sha256"] = "1" * 64


@forgery("price")
def no_statement_at_all(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "statement.shown")[0])


@forgery("price")
def a_visit_of_another_tier(entries: list[Entry]) -> None:
    settled(entries, having=lambda body: body["tier"] == "gold")["body"]["tier"] = "guest"


@forgery("price")
def a_settlement_in_another_zone(entries: list[Entry]) -> None:
    settled(entries, having=lambda body: body["zone"] == "hall")["body"]["zone"] = "esports"


# Identity and seats.


@forgery("entry-form")
def a_visit_without_an_id_check(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "id.checked")[0])


@forgery("entry-form")
def two_visits_on_one_id_check(entries: list[Entry]) -> None:
    first, second = (entry["body"] for entry in of_type(entries, "visit.opened")[:2])
    gone = second["check"]
    second["check"] = first["check"]
    settled(entries, having=lambda body: body["visit"] == second["visit"])["body"]["check"] = first["check"]
    entries.remove(next(e for e in of_type(entries, "id.checked") if e["body"]["check"] == gone))


@forgery("entry-form")
def two_visits_on_one_seat(entries: list[Entry]) -> None:
    opened = of_type(entries, "visit.opened")
    opened[1]["body"]["seat"] = opened[0]["body"]["seat"]


@forgery("entry-form")
def an_approval_by_oneself(entries: list[Entry]) -> None:
    checked = of_type(entries, "id.checked")[0]
    checked["body"] |= {"method": "typed", "reason": "reader-broken"}
    checked["body"]["approval"] = {"operation": "typed-document", "by": checked["actor"], "reason": "reader-broken"}


@forgery("entry-form")
def a_minor_let_in(entries: list[Entry]) -> None:
    of_type(entries, "id.checked")[0]["body"]["verdict"] = "minor"


@forgery("entry-form")
def a_visit_that_was_settled_twice(entries: list[Entry]) -> None:
    again = copy.deepcopy(settled(entries))
    entries.insert(entries.index(settled(entries)) + 1, again)


@forgery("entry-form")
def an_event_told_at_another_time(entries: list[Entry]) -> None:
    opened = of_type(entries, "visit.opened")[0]["body"]
    opened["at"] = opened["at"][:17] + ("00" if opened["at"][17:] != "00" else "01")


# Money.


@forgery("money")
def postings_that_do_not_sum_to_zero(entries: list[Entry]) -> None:
    settled(entries)["body"]["postings"][0]["fen"] += 1


@forgery("money")
def postings_to_another_account(entries: list[Entry]) -> None:
    settled(entries, having=lambda body: len(body["postings"]) > 1)["body"]["postings"][-1]["account"] = "revenue/gifts"


@forgery("money")
def a_sale_left_out(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "sale.settled")[0])


@forgery("money")
def less_in_the_drawer_than_taken(entries: list[Entry]) -> None:
    of_type(entries, "shift.closed")[0]["body"]["expected_fen"] -= 1000


@forgery("money")
def cash_taken_out_and_not_said(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "cash.moved")[0])


@forgery("money")
def a_banking_called_an_expense(entries: list[Entry]) -> None:
    body = next(one["body"] for one in of_type(entries, "cash.moved") if one["body"]["purpose"] == "banked")
    body["postings"][1]["account"] = "petty_cash"


@forgery("money")
def cash_that_came_back_from_the_bank(entries: list[Entry]) -> None:
    of_type(entries, "cash.moved")[0]["body"]["purpose"] = "banked"


@forgery("money")
def cash_moved_on_ones_own_word(entries: list[Entry]) -> None:
    entry = of_type(entries, "cash.moved")[0]
    entry["body"]["approval"]["by"] = entry["actor"]


@forgery("money")
def a_difference_talked_away(entries: list[Entry]) -> None:
    of_type(entries, "shift.closed")[0]["body"]["counted_fen"] += 77


@forgery("money")
def sales_of_the_shift_understated(entries: list[Entry]) -> None:
    of_type(entries, "shift.closed")[0]["body"]["sales_fen"] -= 100


@forgery("money")
def a_tender_moved_to_another_kind(entries: list[Entry]) -> None:
    totals = of_type(entries, "shift.closed")[0]["body"]["totals_fen"]
    totals["cash"] -= 100
    totals["bank"] += 100


@forgery("money")
def a_deposit_that_does_not_come_back(entries: list[Entry]) -> None:
    body = settled(entries, having=lambda body: body["returned"])["body"]
    body["returned"][0]["fen"] -= 100


@forgery("money")
def a_deposit_given_back_another_way(entries: list[Entry]) -> None:
    body = settled(entries, having=lambda body: body["returned"])["body"]
    kind = "wechat" if body["returned"][0]["kind"] != "wechat" else "alipay"
    body["returned"][0] |= {"kind": kind, "ref": "X1"}


@forgery("money")
def change_kept(entries: list[Entry]) -> None:
    settled(entries, having=with_cash)["body"]["change_fen"] -= 20


@forgery("money")
def a_card_payment_without_reference(entries: list[Entry]) -> None:
    body = settled(entries, having=lambda body: body["tenders"] and "ref" in body["tenders"][0])["body"]
    del body["tenders"][0]["ref"]


@forgery("money")
def a_receipt_number_used_twice(entries: list[Entry]) -> None:
    of_type(entries, "sale.settled")[1]["body"]["receipt"] -= 1


@forgery("money")
def a_settlement_outside_any_shift(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "shift.opened")[0])


# Clocks and days.


@forgery("clock-back")
def the_wall_clock_set_back_unsaid(entries: list[Entry]) -> None:
    for entry in entries[len(entries) // 2 :]:
        entry["wall"] -= 3_600_000


@forgery("clock-back")
def a_fall_of_the_monotonic_clock(entries: list[Entry]) -> None:
    entries[40]["mono_us"] = entries[39]["mono_us"] - 1


@forgery("clock-back")
def another_boot_unsaid(entries: list[Entry]) -> None:
    for entry in entries[40:]:
        entry["boot"] = "boot-2"


@forgery("clock-back")
def a_step_of_another_size(entries: list[Entry]) -> None:
    step = {**copy.deepcopy(entries[40]), "type": "clock.stepped", "body": {"step_ms": 5000}}
    entries.insert(40, step)


@forgery("entry-form")
def another_business_day(entries: list[Entry]) -> None:
    entries[30]["biz_day"] = "2026-11-22"


# Form.


@forgery("entry-form")
def a_key_more_in_a_body(entries: list[Entry]) -> None:
    of_type(entries, "visit.opened")[0]["body"]["person"] = "x"


@forgery("entry-form")
def a_type_of_its_own(entries: list[Entry]) -> None:
    entries[20]["type"] = "sale.forgotten"


@forgery("entry-form")
def a_float_for_money(entries: list[Entry]) -> None:
    of_type(entries, "shift.opened")[0]["body"]["float_fen"] = 200.0


@forgery("entry-form")
def a_number_beyond_two_to_the_53(entries: list[Entry]) -> None:
    entries[20]["mono_us"] = 1 << 53


@forgery("entry-form")
def a_name_in_the_commitments(entries: list[Entry]) -> None:
    of_type(entries, "id.checked")[0]["commit"]["phone"] = "A" * 43


@forgery("entry-form")
def an_entry_of_another_log(entries: list[Entry]) -> None:
    entries[20]["log"] = "mingjia/bbbbbbbbbbbbbbbb/1"


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_what_an_owner_changed_and_signed_anew_is_found(shop: Shop, name: str, tmp_path: Path) -> None:
    code, change = FORGERIES[name]
    answer = judged(resigned(shop, change).make(), tmp_path)
    assert code in codes(answer), answer["findings"]


def test_nothing_is_found_in_an_honest_log(shop: Shop, tmp_path: Path) -> None:
    answer = judged(resigned(shop).make(), tmp_path)
    assert answer["findings"] == []
    assert answer["ok"]
    assert not answer["demo"]
    assert "before-range" not in answer["not_checked"]


@pytest.mark.parametrize("part", range(6))
def test_any_part_of_an_honest_log_proves_itself(shop: Shop, part: int, tmp_path: Path) -> None:
    export = resigned(shop)
    size = len(export.lines)
    export.first, export.last = size * part // 7, size * (part + 2) // 8
    answer = judged(export.make(), tmp_path)
    assert answer["findings"] == []


def test_totals_that_were_not_carried_on_are_found(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        entries[50]["gt"] = {"sales_fen": 1, "voids_fen": 0, "refunds_fen": 0, "used_seconds": 0}

    answer = judged(resigned(shop, change, honest_totals=False).make(), tmp_path)
    assert rules(answer, "money") == {"journal §5"}


def test_a_said_step_of_the_clock_is_no_finding(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        at = entries.index(of_type(entries, "shift.closed")[-1])
        step = {**copy.deepcopy(entries[at]), "type": "clock.stepped", "body": {"step_ms": 3600}, "commit": {}}
        entries.insert(at, step)
        for entry in entries[at:]:
            entry["wall"] += 3600

    assert judged(resigned(shop, change).make(), tmp_path)["findings"] == []


def test_a_simulated_clock_makes_the_verdict_a_demo(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        entries[30]["clk"] = "simulated"

    assert judged(resigned(shop, change).make(), tmp_path)["demo"]


def test_a_log_signed_by_a_key_that_it_does_not_introduce_is_found(shop: Shop, tmp_path: Path) -> None:
    assert "signature" in codes(judged(resigned(shop, by=keys(2)).make(), tmp_path))


def test_a_key_signs_nothing_before_its_own_entry(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        for entry in [e for e in of_type(entries, "key.added") if "vkey" in e["body"]]:
            entries.remove(entry)
            entries.append({**entry, **{key: entries[-1][key] for key in ("wall", "mono_us", "biz_day")}})

    answer = judged(resigned(shop, change).make(), tmp_path)
    assert codes(answer) == {"signature"}


@pytest.mark.parametrize("which", [0, 1])
def test_both_signatures_must_hold(shop: Shop, which: int, tmp_path: Path) -> None:
    mixed = [Keys(ed25519=keys(2).ed25519, p256=keys().p256), Keys(ed25519=keys().ed25519, p256=keys(2).p256)]
    export = resigned(shop)
    files = export.make()
    export.keys = mixed[which]
    assert "signature" in codes(judged(export.sign(), tmp_path))
    assert files


def test_a_changed_price_list_is_found(shop: Shop, tmp_path: Path) -> None:
    export = resigned(shop)
    export.lists[1] = export.lists[2]
    assert "price" in codes(judged(export.make(), tmp_path))


def test_a_missing_price_list_is_found(shop: Shop, tmp_path: Path) -> None:
    export = resigned(shop)
    del export.lists[2]
    assert "price" in codes(judged(export.make(), tmp_path))


FILES = (
    "csv/cancellations.csv",
    "csv/entries.csv",
    "csv/forced_sale.csv",
    "csv/id_checks.csv",
    "csv/lines.csv",
    "csv/postings.csv",
    "csv/refunds.csv",
    "csv/stock.csv",
    "csv/price_lists.csv",
    "csv/shifts.csv",
    "csv/tenders.csv",
    "csv/visits.csv",
)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["changed", "shortened", "lengthened"])
def test_a_table_that_says_something_else_is_found(shop: Shop, name: str, how: str, tmp_path: Path) -> None:
    export = resigned(shop)
    table = export.make()[name]
    lines = table.splitlines(keepends=True)
    changed = {
        "changed": b"".join([*lines[:-1], lines[-1].replace(b"\r", b";\r", 1)]),
        "shortened": b"".join(lines[:-1]),
        "lengthened": table + lines[-1],
    }
    export.files[name] = changed[how]
    answer = judged(export.sign(), tmp_path)
    # A refund that its table leaves out is a finding of its own.
    assert codes(answer) == {"csv-differs"} or (name, how) == ("csv/refunds.csv", "shortened")
    line = len(lines) + (how == "lengthened")
    told = [finding["evidence"] for finding in answer["findings"] if finding["code"] == "csv-differs"]
    assert told == [f"{name} differs from the entries in line {line}"]


def unsigned(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {**files, name: files[name] + b" "}


@pytest.mark.parametrize(
    "name", ["README.txt", "verify/verify.py", "prices/1.json", "keys/001.txt", "log/entries.jsonl"]
)
def test_a_file_changed_after_signing_is_found(shop: Shop, name: str, tmp_path: Path) -> None:
    assert "file-changed" in codes(judged(unsigned(resigned(shop).make(), name), tmp_path))


def test_a_file_too_few_or_too_many_is_found(shop: Shop, tmp_path: Path) -> None:
    files = resigned(shop).make()
    assert "file-missing" in codes(judged({n: d for n, d in files.items() if n != "README.txt"}, tmp_path))
    assert "file-missing" in codes(judged({n: d for n, d in files.items() if n != "csv/lines.csv"}, tmp_path))
    assert codes(judged({**files, "csv/more.csv": b""}, tmp_path)) == {"file-unlisted"}


def test_keys_that_no_entry_introduced_are_found(shop: Shop, tmp_path: Path) -> None:
    export = resigned(shop)
    export.make()
    export.files["keys/001.txt"] = f"{keys(2).vkeys[0]}\n2\n".encode()
    assert codes(judged(export.sign(), tmp_path)) == {"signature"}


def test_another_manifest_than_was_signed_is_found(shop: Shop, tmp_path: Path) -> None:
    files = resigned(shop).make()
    listed: dict[str, Any] = {"files": {n: sha256_hex(d) for n, d in files.items() if not n.startswith("manifest")}}
    listed["files"]["README.txt"] = sha256_hex(b"")
    changed = {**files, "README.txt": b"", "manifest.json": canonical(listed)}
    assert codes(judged(changed, tmp_path)) == {"file-changed"}


@pytest.mark.parametrize(
    "change", [a_dearer_rate_on_the_bill, one_fen_more_for_the_same_time, a_discount_withheld, rounding_up]
)
def test_a_charge_above_the_posted_price_is_found_by_its_rating_alone(
    shop: Shop, change: Change, tmp_path: Path
) -> None:
    """Statement, tenders, postings and shift agree with the false bill; only the posted price does not."""
    answer = judged(resigned(shop, change).make(), tmp_path)
    assert codes(answer) == {"price"}
    assert rules(answer, "price") == {"P-14"}
