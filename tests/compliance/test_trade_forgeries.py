"""Forged combos, promotions, cancellations, reductions, refunds and stock are found, by the rule that they break."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.compliance.bundles import Change, codes, judged, of_type, resigned, rules, settled, show_again
from tests.compliance.busy_shop import Shop, busy_days
from tests.compliance.handmade import Entry, canonical, sha256_hex

FORGERIES: dict[str, tuple[str, str, Change]] = {}
Having = Callable[[Entry], object]


def forgery(code: str, rule: str) -> Callable[[Change], Change]:
    def note(change: Change) -> Change:
        FORGERIES[change.__name__] = (code, rule, change)
        return change

    return note


def first(entries: list[Entry], kind: str, having: Having = bool) -> Entry:
    """The body of the first entry of a type that is like that."""
    found: Entry = next(entry["body"] for entry in of_type(entries, kind) if having(entry["body"]))
    return found


def sells(code: str) -> Having:
    return lambda body: any(line["code"] == code for line in body["lines"])


def has_kind(kind: str) -> Having:
    return lambda body: any(line["kind"] == kind for line in body["lines"])


def line_of(body: Entry, kind: str) -> Entry:
    found: Entry = next(line for line in body["lines"] if line["kind"] == kind)
    return found


def change_unit(line: Entry, fen: int) -> None:
    line["unit_fen"] += fen
    line["amount_fen"] = line["qty"] * line["unit_fen"]


# Combos and promotions.


@forgery("price", "G-3")
def a_saving_bigger_than_posted(entries: list[Entry]) -> None:
    change_unit(line_of(first(entries, "order.added", sells("snack")), "combo"), -50)


@forgery("price", "G-3")
def a_saving_smaller_than_posted(entries: list[Entry]) -> None:
    change_unit(line_of(first(entries, "sale.settled", sells("snack")), "combo"), 50)


@forgery("price", "G-6")
def a_promotion_that_saves_less_than_promised(entries: list[Entry]) -> None:
    change_unit(line_of(first(entries, "sale.settled", has_kind("promotion")), "promotion"), 10)


@forgery("price", "G-3")
def a_combo_with_a_part_missing(entries: list[Entry]) -> None:
    first(entries, "order.added", sells("snack"))["lines"].pop()


@forgery("price", "G-3")
def a_combo_with_fewer_pieces_of_a_part(entries: list[Entry]) -> None:
    line = first(entries, "order.added", sells("snack"))["lines"][-1]
    line["qty"] -= 1
    line["amount_fen"] -= line["unit_fen"]


@forgery("price", "G-3")
def a_combo_with_something_else_in_it(entries: list[Entry]) -> None:
    first(entries, "order.added", sells("snack"))["lines"][-1] |= {"code": "cola-330", "unit_fen": 400}


@forgery("price", "G-2")
def a_combo_that_is_not_posted(entries: list[Entry]) -> None:
    line_of(first(entries, "order.added", sells("snack")), "combo")["code"] = "feast"


@forgery("price", "G-3")
def a_line_that_belongs_to_no_saving(entries: list[Entry]) -> None:
    first(entries, "order.added", lambda body: not has_kind("combo")(body))["lines"][-1]["of"] = 9


@forgery("price", "G-3")
def a_combo_whose_package_was_never_bought(entries: list[Entry]) -> None:
    entries.remove(next(entry for entry in of_type(entries, "package.bought") if "order" in entry["body"]))


@forgery("price", "G-3")
def a_package_called_part_of_a_combo(entries: list[Entry]) -> None:
    body = first(entries, "package.bought", lambda body: "order" in body)
    body["order"] = "a" * 16


@forgery("price", "P-15")
def a_combo_with_a_package_from_the_list_in_force(entries: list[Entry]) -> None:
    del first(entries, "order.added", lambda body: "pinned" in body)["pinned"]


@forgery("price", "P-15")
def a_drink_at_the_price_of_an_earlier_list(entries: list[Entry]) -> None:
    first(entries, "order.added", lambda body: "pinned" not in body)["pinned"] = True


@forgery("entry-form", "journal §6")
def an_order_in_the_place_of_another(entries: list[Entry]) -> None:
    """Under the id of an order of the same visit, so that its lines would be forgotten."""
    entry = of_type(entries, "order.added")[0]
    again = copy.deepcopy(entry)
    entries.insert(entries.index(entry), again)


# Cancellations.


@forgery("price", "G-3")
def a_saving_kept_after_its_part_was_cancelled(entries: list[Entry]) -> None:
    del first(entries, "order.cancelled", lambda body: "saving" in body)["saving"]


@forgery("price", "G-3")
def less_of_a_saving_taken_away_than_fell(entries: list[Entry]) -> None:
    saving = first(entries, "order.cancelled", lambda body: "saving" in body)["saving"]
    saving["qty"] += 1
    saving["amount_fen"] *= 2


@forgery("price", "G-1")
def the_saving_of_a_cancelled_combo_still_on_the_bill(entries: list[Entry]) -> None:
    body = settled(entries, having=lambda body: any(line["kind"] == "combo" for line in body["orders"]))["body"]
    next(line for line in body["orders"] if line["kind"] == "combo")["qty"] += 1


@forgery("price", "G-4")
def something_handed_over_cancelled_as_if_it_was_not(entries: list[Entry]) -> None:
    del first(entries, "order.cancelled", lambda body: "handed_over" in body)["handed_over"]


@forgery("entry-form", "journal §6")
def something_handed_over_that_nobody_ordered(entries: list[Entry]) -> None:
    first(entries, "order.handed_over")["lines"].append(9)


@forgery("entry-form", "journal §6")
def a_cancellation_on_ones_own_word(entries: list[Entry]) -> None:
    entry = next(entry for entry in of_type(entries, "order.cancelled") if "approval" in entry["body"])
    entry["body"]["approval"]["by"] = entry["actor"]


# Reductions.


@forgery("price", "G-2")
def a_reduction_that_nobody_gave(entries: list[Entry]) -> None:
    reduced = {one["reduction"] for entry in of_type(entries, "visit.settled") for one in reductions(entry)}
    entries.remove(next(e for e in of_type(entries, "reduction.given") if e["body"]["reduction"] in reduced))


@forgery("price", "G-2")
def a_larger_reduction_than_was_given(entries: list[Entry]) -> None:
    reductions(settled(entries, having=lambda body: "reductions" in body))[0]["fen"] += 10


def reductions(entry: Entry) -> list[Entry]:
    found: list[Entry] = entry["body"].get("reductions", [])
    return found


@forgery("money", "G-2")
def a_reduction_below_nothing(entries: list[Entry]) -> None:
    body = first(entries, "sale.settled")
    body["reductions"] = [{"fen": body["total_fen"] + 1000, "reason": "goodwill"}]
    body["total_fen"] = 0


@forgery("entry-form", "journal §1, §2, §6")
def a_total_below_nothing(entries: list[Entry]) -> None:
    first(entries, "sale.settled")["total_fen"] = -100


@forgery("entry-form", "journal §6")
def a_reduction_withdrawn_that_was_not_given(entries: list[Entry]) -> None:
    entry = copy.deepcopy(next(entry for entry in of_type(entries, "reduction.given")))
    entry |= {"type": "reduction.withdrawn", "body": {"reduction": "b" * 16, "visit": entry["body"]["visit"]}}
    entries.insert(entries.index(next(iter(of_type(entries, "reduction.given")))) + 1, entry)


@forgery("price", "G-1")
def a_hidden_line_more(entries: list[Entry]) -> None:
    entry = settled(entries, having=lambda body: body["tenders"])
    line = {"order": "c" * 16, "line": 1, "list": 1, "kind": "service", "code": "print-a4", "qty": 1}
    entry["body"]["orders"].append({**line, "unit_fen": 100, "amount_fen": 100})
    entry["body"]["total_fen"] += 100
    show_again(entries, entry)


# Refunds.


def goods_back(body: Entry) -> Entry:
    found: Entry = next(line for line in body["lines"] if line["kind"] in {"goods", "service"})
    return found


def has_goods(body: Entry) -> bool:
    return any(line["kind"] in {"goods", "service"} for line in body["lines"])


@forgery("price", "G-4")
def more_pieces_back_than_were_paid(entries: list[Entry]) -> None:
    line = goods_back(first(entries, "refund.given", has_goods))
    line["qty"] += 50
    line["amount_fen"] = line["qty"] * line["unit_fen"]


@forgery("price", "G-4")
def a_refund_given_twice(entries: list[Entry]) -> None:
    entry = next(entry for entry in of_type(entries, "refund.given") if has_goods(entry["body"]))
    again = [copy.deepcopy(entry) for _ in range(4)]
    entries[entries.index(entry) : entries.index(entry)] = again


@forgery("money", "G-4")
def more_back_by_a_way_than_was_paid_by_it(entries: list[Entry]) -> None:
    first(entries, "refund.given")["tenders"][0]["fen"] += 1_000_000


@forgery("money", "G-4")
def a_refund_by_another_way(entries: list[Entry]) -> None:
    tender = first(entries, "refund.given", lambda body: body["tenders"][0]["kind"] != "bank")["tenders"][0]
    tender |= {"kind": "bank", "ref": "X1"}


@forgery("money", "G-4")
def a_refund_under_another_reference(entries: list[Entry]) -> None:
    first(entries, "refund.given", lambda body: "ref" in body["tenders"][0])["tenders"][0]["ref"] += "0"


@forgery("money", "G-4")
def less_given_back_than_the_refund_says(entries: list[Entry]) -> None:
    first(entries, "refund.given", lambda body: body["tenders"][0]["fen"] > 1)["tenders"][0]["fen"] -= 1


@forgery("price", "G-4")
def a_refund_of_something_at_a_higher_price(entries: list[Entry]) -> None:
    change_unit(goods_back(first(entries, "refund.given", has_goods)), 100)


@forgery("price", "G-4")
def a_refund_of_what_was_never_settled(entries: list[Entry]) -> None:
    body = first(entries, "refund.given")
    body["of"] = dict.fromkeys(body["of"], "d" * 16)


@forgery("price", "G-4")
def an_amount_that_is_not_that_of_its_lines(entries: list[Entry]) -> None:
    first(entries, "refund.given")["amount_fen"] += 10


@forgery("price", "G-4")
def a_reduction_that_goes_back_after_all(entries: list[Entry]) -> None:
    body = first(entries, "refund.given", lambda body: "unpaid_fen" in body)
    unpaid = body.pop("unpaid_fen")
    body["amount_fen"] += unpaid
    body["tenders"][0]["fen"] += unpaid
    body["postings"] = [posting for posting in body["postings"] if posting["account"] != "revenue/reductions"]
    body["postings"][-1]["fen"] -= unpaid


@forgery("price", "G-4")
def less_back_than_was_paid_as_if_it_had_been_taken_off(entries: list[Entry]) -> None:
    body = first(entries, "refund.given", lambda body: "unpaid_fen" not in body and body["amount_fen"] > 1)
    body["unpaid_fen"] = 1
    body["amount_fen"] -= 1


@forgery("price", "G-3")
def a_saving_kept_though_a_part_went_back(entries: list[Entry]) -> None:
    body = first(entries, "refund.given", lambda body: has_kind("combo")(body) or has_kind("promotion")(body))
    body["lines"].pop()


@forgery("price", "G-4")
def more_of_a_package_back_than_is_left_of_it(entries: list[Entry]) -> None:
    line = line_of(first(entries, "refund.given", has_kind("package")), "package")
    line["unit_fen"] = line["amount_fen"] = 1000


@forgery("money", "journal §6")
def a_refund_on_ones_own_word(entries: list[Entry]) -> None:
    entry = of_type(entries, "refund.given")[0]
    entry["body"]["approval"]["by"] = entry["actor"]


@forgery("money", "journal §8")
def a_refund_posted_as_an_expense(entries: list[Entry]) -> None:
    first(entries, "refund.given")["postings"][0]["account"] = "petty_cash"


@forgery("money", "journal §6")
def a_refund_left_out_of_the_shift(entries: list[Entry]) -> None:
    entry = of_type(entries, "refund.given")[0]
    tender = entry["body"]["tenders"][0]
    closing = of_type(entries[entries.index(entry) :], "shift.closed")[0]["body"]
    closing["totals_fen"][tender["kind"]] += tender["fen"]


@forgery("price", "REQ-P-26")
def an_overcharge_of_another_amount(entries: list[Entry]) -> None:
    body = first(entries, "overcharge.refunded")
    body["amount_fen"] += 10
    body["due_fen"] -= 10


@forgery("price", "REQ-P-26")
def an_overcharge_on_a_total_that_was_not_charged(entries: list[Entry]) -> None:
    body = first(entries, "overcharge.refunded")
    body["charged_fen"] += 10
    body["amount_fen"] += 10


@forgery("price", "REQ-P-26")
def an_overcharge_by_a_list_of_another_hash(entries: list[Entry]) -> None:
    first(entries, "overcharge.refunded")["list_sha256"] = "0" * 64


@forgery("money", "REQ-P-26")
def an_overcharge_paid_back_in_part(entries: list[Entry]) -> None:
    body = first(entries, "overcharge.refunded")
    body["amount_fen"] += 1
    body["postings"][0]["fen"] += 1


# Seats, boards, stock.


@forgery("entry-form", "journal §6")
def a_visit_on_a_closed_seat(entries: list[Entry]) -> None:
    at = next(n for n, entry in enumerate(entries) if entry["type"] == "seat.closed")
    first(entries[at:], "visit.opened")["seat"] = entries[at]["body"]["seat"]


@forgery("entry-form", "journal §6")
def a_seat_reopened_that_was_not_closed(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "seat.closed")[0])


@forgery("money", "journal §6")
def a_shortage_in_the_stock_hidden(entries: list[Entry]) -> None:
    line = of_type(entries, "stock.counted")[-1]["body"]["lines"][0]
    line["expected"] = line["counted"] = line["counted"] - 5


@forgery("money", "journal §6")
def goods_written_off_and_not_said(entries: list[Entry]) -> None:
    entries.remove(of_type(entries, "stock.written_off")[0])


@pytest.fixture(scope="module")
def market() -> Shop:
    """Two days in which everything happens. Take copies; never change it."""
    return busy_days(2, visits=40, sales=10, seed=1)


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_what_was_forged_about_things_sold_is_found(market: Shop, name: str, tmp_path: Path) -> None:
    code, rule, change = FORGERIES[name]
    answer = judged(resigned(market, change).make(), tmp_path)
    assert rule in rules(answer, code), answer["findings"][:5]


def test_an_honest_market_is_found_honest(market: Shop, tmp_path: Path) -> None:
    answer = judged(resigned(market).make(), tmp_path)
    assert answer["findings"] == []
    assert {"refund.given", "overcharge.refunded", "reduction.withdrawn"} <= {e["type"] for e in market.entries}


@pytest.mark.parametrize("seed", range(20, 23))
def test_honest_days_are_found_honest_whatever_happens_in_them(seed: int, tmp_path: Path) -> None:
    export = resigned(busy_days(2, visits=15, sales=6, seed=seed))
    assert judged(export.make(), tmp_path)["findings"] == []
    size = len(export.lines)
    export.first, export.last = size // 2, size - 2
    assert judged(export.make(), tmp_path)["findings"] == []


@pytest.mark.parametrize(("start", "end"), [("2026-10-01", "2026-11-02"), ("2027-01-01", "2027-02-01")])
def test_a_promotion_out_of_its_time_is_found(market: Shop, start: str, end: str, tmp_path: Path) -> None:
    changed = json.loads(market.lists[1])
    for promotion in changed["promotions"]:
        promotion |= {"from": f"{start}T00:00:00+08:00", "until": f"{end}T00:00:00+08:00"}
    data = canonical(changed)

    def publish(entries: list[Entry]) -> None:
        before = sha256_hex(market.lists[1])
        for entry in entries:
            for key in ("sha256", "list_sha256"):
                if entry["body"].get(key) == before:
                    entry["body"][key] = sha256_hex(data)

    export = resigned(market, publish)
    export.lists[1] = data
    answer = judged(export.make(), tmp_path)
    assert (codes(answer), rules(answer, "price")) == ({"price"}, {"G-6"})


def test_totals_that_do_not_grow_by_a_refund_are_found(market: Shop, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in resigned(market).lines]
    for entry in lines:
        entry["gt"]["refunds_fen"] = 0

    def change(entries: list[Entry]) -> None:
        entries[:] = lines

    answer = judged(resigned(market, change, honest_totals=False).make(), tmp_path)
    assert rules(answer, "money") == {"journal §5"}


def test_a_refund_that_its_table_leaves_out_is_found(market: Shop, tmp_path: Path) -> None:
    export = resigned(market)
    export.make()
    rows = export.files["csv/refunds.csv"].splitlines(keepends=True)
    export.files["csv/refunds.csv"] = b"".join(rows[:1])
    answer = judged(export.sign(), tmp_path)
    assert {"csv-differs", "price", "money"} <= codes(answer)
