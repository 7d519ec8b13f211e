"""Raw SQL against lists, savings, cancellations, reductions and refunds: the database itself refuses (I-4, G-3, G-4).

Each attack is tried with foreign keys off, as INSERT and as INSERT OR REPLACE, and once more without its guard: then it
goes in. So a guard that guards nothing fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from records.folder import VenueFolder
from tests.attacks import REFUSED
from tests.billing.attacked_shop import HOUR, NOW, Attacker, attacked_shop
from tests.billing.counter import Counter
from tests.servers import ON_A_FILE, Home


@pytest.fixture
def attacker(home: Home, folder: VenueFolder, bare_counter: Counter) -> Iterator[Attacker]:
    with attacked_shop(home, folder, bare_counter) as attacker:
        yield attacker


@pytest.mark.parametrize("number", [1, 3])
def test_nothing_is_sold_from_a_list_that_is_not_in_force(attacker: Attacker, number: int) -> None:
    later = NOW + HOUR
    attacker.refused(
        "guard_orders_list_not_in_force",
        order_id="o", visit_id="running", number=7, list=number, added_at=later, pinned=0,
    )  # fmt: skip
    attacker.refused(
        "guard_sales_list_not_in_force",
        sale_id="s", list=number, shift=2, sold_at=later, total_fen=0, change_fen=0, job_id="j",
    )  # fmt: skip
    attacker.insert("id_checks", check_id="c", kind="resident", method="machine", verdict="adult", checked_at=later)
    attacker.refused(
        "guard_visits_list_not_in_force",
        visit_id="v", check_id="c", verdict="adult", seat="A09", zone="hall", tier="guest", list=number,
        opened_at=later,
    )  # fmt: skip


def test_before_the_first_list_nothing_is_sold(attacker: Attacker) -> None:
    row = {"order_id": "o", "visit_id": "running", "number": 7, "added_at": NOW - 1, "pinned": 0}
    attacker.refused("guard_orders_list_not_in_force", list=1, **row)


def test_only_a_combo_with_a_package_takes_the_visits_list(attacker: Attacker) -> None:
    row = {"order_id": "o", "visit_id": "running", "number": 7, "added_at": NOW + HOUR, "pinned": 1}
    attacker.refused("guard_orders_list_not_in_force", list=2, **row)
    attacker.order("o", list=1, pinned=1)
    line = {"order_id": "o", "line": 1, "kind": "goods", "code": "cola-330", "quantity": 1, "unit_fen": 400}
    attacker.refused("guard_order_lines_pinned_alone", **line)
    for number, code, quantity, unit_fen in ((1, "noodles", 1, 600), (2, "cola-330", 2, 400)):
        attacker.insert(
            "order_lines", order_id="o", line=number, kind="goods", code=code, quantity=quantity, unit_fen=unit_fen,
            saving_line=4,
        )  # fmt: skip
    attacker.insert(
        "order_lines", order_id="o", line=3, kind="service", code="print-a4", quantity=1, unit_fen=100, saving_line=4
    )
    saving = {"order_id": "o", "line": 4, "kind": "combo", "code": "supper", "quantity": 1, "unit_fen": -300}
    attacker.refused("guard_order_savings_pinned", **saving)


def test_nothing_is_added_to_a_published_list(attacker: Attacker) -> None:
    attacker.refused("guard_price_items_other_entry", list=2, kind="service", code="seat-fee", unit_fen=500)
    attacker.refused("guard_price_savings_other_entry", list=2, kind="combo", code="mine", saving_fen=-1)
    part = {"list": 2, "kind": "combo", "code": "mine", "item_kind": "goods", "item_code": "noodles", "quantity": 1}
    attacker.refused("guard_price_saving_parts_other_entry", **part)


def promoted(attacker: Attacker, table: str, owner: str, **row: Any) -> dict[str, Any]:
    """A promoted cola's line in an order or sale, and the saving that should follow it."""
    line = {"line": 1, "kind": "goods", "code": "cola-330", "quantity": 1, "unit_fen": 400, "saving_line": 2}
    attacker.insert(table, **{owner: "o"}, **{**line, **row})
    return {owner: "o", "line": 2, "kind": "promotion", "code": "cheap-cola", "quantity": 1, "unit_fen": -150}


@pytest.mark.parametrize("unit_fen", [-149, -151, 0])
def test_a_saving_is_the_posted_one(attacker: Attacker, unit_fen: int) -> None:
    attacker.order("o", list=1, added_at=NOW)
    saving = promoted(attacker, "order_lines", "order_id")
    attacker.refused("guard_order_savings_saving_not_posted", **{**saving, "unit_fen": unit_fen})
    attacker.refused("guard_order_savings_saving_not_posted", **{**saving, "code": "nothing"})


@pytest.mark.parametrize("at", [NOW + 2 * HOUR, NOW + 3 * HOUR])
def test_a_promotion_saves_nothing_outside_its_period(attacker: Attacker, at: int) -> None:
    attacker.order("o", added_at=at)
    saving = promoted(attacker, "order_lines", "order_id", unit_fen=450)
    attacker.refused("guard_order_savings_saving_not_posted", **{**saving, "unit_fen": -200})
    attacker.insert("sales", sale_id="o", list=2, shift=2, sold_at=at, total_fen=0, change_fen=0, job_id="j")
    saving = promoted(attacker, "sale_lines", "sale_id", unit_fen=450)
    attacker.refused("guard_sale_savings_saving_not_posted", **{**saving, "unit_fen": -200})


def test_a_saving_has_the_parts_it_is_for(attacker: Attacker) -> None:
    attacker.order("o", list=1, added_at=NOW)
    saving = promoted(attacker, "order_lines", "order_id")
    attacker.refused("guard_order_savings_saving_without_parts", **{**saving, "quantity": 2})
    supper = {"order_id": "o", "line": 2, "kind": "combo", "code": "supper", "quantity": 1, "unit_fen": -300}
    attacker.refused("guard_order_savings_saving_without_parts", **supper)
    attacker.insert("sales", sale_id="o", list=1, shift=2, sold_at=NOW, total_fen=0, change_fen=0, job_id="j")
    saving = promoted(attacker, "sale_lines", "sale_id")
    attacker.refused("guard_sale_savings_saving_without_parts", **{**saving, "quantity": 2})
    with_package = {**saving, "kind": "combo", "code": "2h-cola", "unit_fen": -200}
    attacker.refused("guard_sale_savings_saving_without_parts", **with_package)


def test_nothing_is_saved_or_taken_off_afterwards(attacker: Attacker) -> None:
    """A saving that joins later would be a refund without a refund."""
    saving = {"line": 9, "kind": "promotion", "code": "gift-print", "quantity": 1, "unit_fen": -100}
    line = {"line": 8, "kind": "service", "code": "print-a4", "quantity": 1, "unit_fen": 100, "saving_line": 9}
    attacker.without("guard_order_lines_other_entry")
    attacker.insert("order_lines", order_id="open", **line)
    attacker.refused("guard_order_savings_other_entry", order_id="open", **saving)
    attacker.without("guard_sale_lines_other_entry")
    attacker.insert("sale_lines", sale_id="sale", **line)
    attacker.refused("guard_sale_savings_other_entry", sale_id="sale", **saving)
    attacker.refused("guard_sale_reductions_other_entry", sale_id="sale", number=1, fen=1, reason="goodwill")


def test_a_package_of_an_order_belongs_to_the_orders_visit(attacker: Attacker) -> None:
    event = {"visit_id": "running", "number": 1, "kind": "package", "at": NOW, "code": "2h"}
    attacker.refused("guard_visit_events_other_order", **event, order_id="paid", saving_line=2)


def test_a_promoted_package_costs_the_same_on_both_lists(attacker: Attacker) -> None:
    attacker.shell.drop_guard("price_items", "no_update", "UPDATE")
    attacker.shell.execute("UPDATE price_items SET unit_fen = 901 WHERE list = 1 AND code = '2h'")
    attacker.order("o")
    event = {"visit_id": "running", "number": 1, "kind": "package", "at": NOW, "code": "2h"}
    attacker.insert("visit_events", **event, order_id="o", saving_line=1)
    saving = {"order_id": "o", "line": 1, "kind": "promotion", "code": "cheap-2h", "quantity": 1, "unit_fen": -300}
    attacker.refused("guard_order_savings_package_priced_otherwise", **saving)


@pytest.mark.parametrize("saving_quantity", [0, 2])
def test_exactly_the_savings_that_lose_a_part_fall_away(attacker: Attacker, saving_quantity: int) -> None:
    row = {"order_id": "open", "line": 2, "number": 1, "quantity": 1, "reason": "customer", "handed_over": 0}
    attacker.refused("guard_order_cancellations_saving_otherwise", saving_quantity=saving_quantity, **row)
    attacker.insert("order_cancellations", saving_quantity=1, **row)
    again = {**row, "number": 2, "entry_id": "f" * 26}
    attacker.refused("guard_order_cancellations_saving_otherwise", saving_quantity=1, **again)
    attacker.insert("order_cancellations", saving_quantity=0, **again)
    plain = {**row, "line": 5}
    attacker.refused("guard_order_cancellations_saving_otherwise", saving_quantity=1, **plain)


def test_a_hand_over_cannot_be_denied(attacker: Attacker) -> None:
    row = {"order_id": "open", "line": 5, "number": 1, "quantity": 1, "reason": "customer", "saving_quantity": 0}
    attacker.refused("guard_order_cancellations_handed_over", handed_over=1, **row)
    attacker.insert("hand_overs", order_id="open", line=5, handed_at=NOW)
    attacker.refused("guard_order_cancellations_handed_over", handed_over=0, **row)
    attacker.refused("guard_hand_overs_visit_settled", order_id="paid", line=1, handed_at=NOW)


def test_what_is_settled_is_not_reduced(attacker: Attacker) -> None:
    attacker.refused(
        "guard_reductions_visit_settled", visit_id="settled", number=2, reduction_id="r", fen=1, reason="goodwill"
    )
    attacker.refused("guard_reduction_withdrawals_visit_settled", reduction_id="old")


def test_a_sale_is_not_reduced_below_its_lines(attacker: Attacker) -> None:
    attacker.insert("sales", sale_id="o", list=1, shift=2, sold_at=NOW, total_fen=50, change_fen=0, job_id="j")
    promoted(attacker, "sale_lines", "sale_id")
    attacker.insert("sale_reductions", sale_id="o", number=1, fen=300, reason="goodwill")
    attacker.refused("guard_sale_reductions_above_due", sale_id="o", number=2, fen=51, reason="goodwill")
    attacker.refused(
        "guard_sales_negative", sale_id="p", list=1, shift=2, sold_at=NOW, total_fen=-1, change_fen=0, job_id="k"
    )


def test_a_settlement_takes_off_what_was_given_and_no_more(attacker: Attacker) -> None:
    ordered_fen = 2 * 1200 + 3 * 400
    statement = {"visit_id": "running", "at": NOW, "shown_at": NOW, "how": "screen", "sha256": ""}
    row = {
        "visit_id": "running", "shift": 2, "ended_at": NOW, "ends": "customer", "used_seconds": 0,
        "time_fen": 0, "packages_fen": 0, "job_id": "j",
    }  # fmt: skip
    for number, taken_off in enumerate((0, 99, 101), start=1):
        total_fen = ordered_fen - taken_off
        attacker.insert("statements", number=number, total_fen=total_fen, **statement)
        sums = {"orders_fen": ordered_fen, "reductions_fen": taken_off, "total_fen": total_fen}
        attacker.refused("guard_settlements_reductions_otherwise", statement=number, **sums, **row)
    beside_fen = ordered_fen - 99
    attacker.insert("statements", number=4, total_fen=beside_fen, **statement)
    sums = {"orders_fen": ordered_fen, "reductions_fen": 100, "total_fen": beside_fen}
    with pytest.raises(REFUSED, match="ck_settlements_total"):
        attacker.insert("settlements", statement=4, **sums, **row)


PAID_BY_SALE = 2400
GIVEN = 600 - 400  # Cola is dearer on list 2, and so the saving greater.


def test_no_more_goes_back_than_was_paid(attacker: Attacker) -> None:
    row = {"refund_id": "r", "shift": 2, "refunded_at": NOW, "reason": "faulty", "job_id": "j"}
    attacker.refused("guard_refunds_more_than_paid", sale_id="sale", amount_fen=PAID_BY_SALE - GIVEN + 1, **row)
    paid = 2 * 1200 + 250 - 100
    attacker.refused("guard_refunds_more_than_paid", visit_id="settled", amount_fen=paid + 1, **row)
    attacker.insert("refunds", visit_id="settled", amount_fen=paid, **row)


@ON_A_FILE
@pytest.mark.parametrize("of", [{"visit_id": "running"}, {"visit_id": "none"}, {"sale_id": "none"}])
def test_nothing_goes_back_that_was_not_settled(attacker: Attacker, of: dict[str, str]) -> None:
    attacker.without("guard_refunds_more_than_paid")
    row = {"refund_id": "r", "shift": 2, "refunded_at": NOW, "reason": "faulty", "amount_fen": 1, "job_id": "j"}
    attacker.refused("guard_refunds_not_settled", **of, **row)


def test_a_closed_shift_gives_nothing_back(attacker: Attacker) -> None:
    row = {"refund_id": "r", "refunded_at": NOW, "reason": "faulty", "amount_fen": 1, "job_id": "j"}
    attacker.refused("guard_refunds_shift_closed", sale_id="sale", shift=1, **row)


def test_an_overcharge_is_counted_from_what_is_left_of_the_charge(attacker: Attacker) -> None:
    row = {"refund_id": "r", "visit_id": "settled", "shift": 2, "refunded_at": NOW, "list": 1, "job_id": "j"}
    attacker.refused("guard_refunds_charged_otherwise", charged_fen=2551, due_fen=2501, amount_fen=50, **row)
    attacker.insert("refunds", charged_fen=2550, due_fen=2500, amount_fen=50, **row)


def back(**row: Any) -> dict[str, Any]:
    usual = {"refund_id": "r", "number": 1, "kind": "goods", "code": "noodles", "quantity": 1, "unit_fen": 600}
    return {**usual, **row}


@ON_A_FILE
def test_no_piece_goes_back_that_was_not_paid(attacker: Attacker) -> None:
    attacker.refund("r")
    attacker.without("guard_refund_lines_saving_kept")  # It would speak, too.
    for wrong in (
        {"line": 1, "quantity": 2},  # One went back before.
        {"line": 1, "unit_fen": 601},
        {"line": 1, "code": "cola-330"},
        {"line": 9},
        {"line": 1, "order_id": "paid"},  # of another customer
    ):
        attacker.refused("guard_refund_lines_never_paid", **back(**wrong))


@ON_A_FILE
def test_no_piece_of_a_visit_goes_back_twice(attacker: Attacker) -> None:
    attacker.refund("r", sale_id=None, visit_id="settled")
    attacker.without("guard_refund_lines_saving_kept")  # It would speak, too.
    savings = back(order_id="paid", line=4, kind="combo", code="supper", quantity=2, unit_fen=-300)
    attacker.insert("refund_lines", **savings)
    attacker.insert("refund_lines", **back(number=2, order_id="paid", line=1, quantity=2))
    attacker.refused("guard_refund_lines_never_paid", **back(number=3, order_id="paid", line=1))
    saving = back(number=3, order_id="paid", line=4, kind="combo", code="supper", unit_fen=-300)
    attacker.refused("guard_refund_lines_saving_never_given", **saving)


def test_a_part_goes_back_with_its_saving(attacker: Attacker) -> None:
    attacker.refund("r", sale_id=None, visit_id="settled")
    attacker.refused("guard_refund_lines_saving_kept", **back(order_id="paid", line=1))
    attacker.insert("refund_lines", **back(order_id="paid", line=4, kind="combo", code="supper", unit_fen=-300))
    attacker.insert("refund_lines", **back(number=2, order_id="paid", line=1))
    attacker.refused("guard_refund_lines_saving_kept", **back(number=3, order_id="paid", line=1))


def test_a_part_of_a_sale_goes_back_with_its_saving(attacker: Attacker) -> None:
    """One supper went back before with its saving, the other is whole."""
    attacker.refund("r")
    attacker.refused("guard_refund_lines_saving_kept", **back(line=1))
    attacker.insert("refund_lines", **back(line=2, code="cola-330", unit_fen=450))


@ON_A_FILE
def test_a_refund_takes_no_line_afterwards(attacker: Attacker) -> None:
    line = back(refund_id="given", number=9, line=2, code="cola-330", unit_fen=450)
    attacker.refused("guard_refund_lines_other_entry", **line)
    tender = {"refund_id": "given", "number": 9, "kind": "cash", "amount_fen": 1}
    attacker.without("guard_refund_tenders_more_than_refunded")
    attacker.refused("guard_refund_tenders_other_entry", **tender)


@pytest.mark.parametrize("wrong", [{"code": "secret"}, {"unit_fen": 901}, {"unit_fen": 0}, {"code": "2h"}])
def test_no_package_goes_back_that_was_not_paid(attacker: Attacker, wrong: dict[str, Any]) -> None:
    attacker.refund("r", sale_id=None, visit_id="settled")
    package = {"kind": "package", "code": "2h", "line": 1, "unit_fen": 1, "quantity": 1}
    attacker.refused("guard_refund_lines_package_never_paid", **back(**{**package, **wrong}))  # It bought none.


@pytest.mark.parametrize(
    ("kind", "reference", "amount_fen"),
    [("cash", None, 1001), ("bank", "B1", 1201), ("bank", "B2", 1), ("wechat", "W1", 1), ("alipay", "B1", 1)],
)
def test_money_goes_back_only_by_the_way_it_came(
    attacker: Attacker, kind: str, reference: str | None, amount_fen: int
) -> None:
    """1 000 in cash and 1 400 by card were paid, 200 of those went back by card."""
    attacker.refund("r", amount_fen=2000)
    tender = {"refund_id": "r", "number": 1, "kind": kind, "amount_fen": amount_fen, "reference": reference}
    attacker.refused("guard_refund_tenders_not_paid_that_way", **tender)


def test_the_ways_do_not_add_up_to_more_than_the_refund(attacker: Attacker) -> None:
    attacker.refund("r", amount_fen=100)
    attacker.insert("refund_tenders", refund_id="r", number=1, kind="cash", amount_fen=60)
    attacker.refused("guard_refund_tenders_more_than_refunded", refund_id="r", number=2, kind="cash", amount_fen=41)


@ON_A_FILE
def test_a_saving_takes_no_lines_place(attacker: Attacker) -> None:
    attacker.without("guard_order_savings_other_entry")
    attacker.without("guard_order_savings_saving_without_parts")
    attacker.order("o", list=1, added_at=NOW)
    saving = promoted(attacker, "order_lines", "order_id")
    attacker.refused("guard_order_savings_line_taken", **{**saving, "line": 1})
