"""Raw SQL against sums: no entry is written while a refund, a sale or a settlement of it does not add up.

Each attack is tried with foreign keys off, and once more without its guard: then it goes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from records.folder import VenueFolder
from tests.billing.attacked_shop import HOUR, NOW, Attacker, attacked_shop
from tests.billing.counter import Counter
from tests.servers import ON_A_FILE, Home

ENTRY = "e" * 26
PAID_BY_SETTLED = 2550  # 100 were taken off.
COLA_FEN = 400
COLA_OF_SETTLED = {"order_id": "paid", "kind": "goods", "code": "cola-330", "unit_fen": COLA_FEN}
SETTLED = {"sale_id": None, "visit_id": "settled"}


@pytest.fixture
def attacker(home: Home, folder: VenueFolder, bare_counter: Counter) -> Iterator[Attacker]:
    with attacked_shop(home, folder, bare_counter) as attacker:
        yield attacker


def entry(attacker: Attacker) -> dict[str, Any]:
    """The entry to which the attacker's rows belong, as it would be written next."""
    [newest] = attacker.shell.execute("SELECT max(seq) FROM journal")
    row = {"seq": newest[0] + 1, "entry_id": ENTRY, "type": "refund.given", "biz_day": "2026-11-23", "wall": 0}
    return {**row, "entry": b"{}", "leaf": b""}


def take_a_cola_back(attacker: Attacker, *, amount_fen: int, back_fen: int) -> None:
    """A refund of a cola of the settled visit: rows that would be refused by themselves are none of this."""
    for guard in ("lines_saving_kept", "lines_never_paid", "tenders_not_paid_that_way"):
        attacker.without(f"guard_refund_{guard}")
    attacker.refund("r", amount_fen=amount_fen, **SETTLED)
    attacker.insert("refund_lines", refund_id="r", number=1, line=2, quantity=1, **COLA_OF_SETTLED)
    if back_fen:
        attacker.insert("refund_tenders", refund_id="r", number=1, kind="cash", amount_fen=back_fen)


@pytest.mark.parametrize("amount_fen", [1, COLA_FEN - 1, COLA_FEN + 1])
def test_a_refund_gives_back_what_its_lines_cost(attacker: Attacker, amount_fen: int) -> None:
    take_a_cola_back(attacker, amount_fen=amount_fen, back_fen=amount_fen)
    attacker.refused("guard_journal_refund_lines_otherwise", **entry(attacker))


def test_a_refund_without_lines_is_none(attacker: Attacker) -> None:
    attacker.refund("r", amount_fen=5, **SETTLED)
    attacker.insert("refund_tenders", refund_id="r", number=1, kind="wechat", amount_fen=5, reference="W1")
    attacker.refused("guard_journal_refund_lines_otherwise", **entry(attacker))


def test_what_was_taken_off_the_bill_is_kept_from_what_goes_back_last(attacker: Attacker) -> None:
    """Of 2 550 all but 300 went back: a cola gives back those, and the 100 that were taken off are kept."""
    attacker.refund("before", amount_fen=PAID_BY_SETTLED - 300, entry_id="f" * 26, **SETTLED)
    take_a_cola_back(attacker, amount_fen=300, back_fen=300)
    attacker.insert("journal", **entry(attacker))


@pytest.mark.parametrize(("left_fen", "amount_fen"), [(300, 299), (299, 299), (301, 300)])
def test_no_more_is_kept_than_was_taken_off_and_only_at_the_end(
    attacker: Attacker, left_fen: int, amount_fen: int
) -> None:
    attacker.refund("before", amount_fen=PAID_BY_SETTLED - left_fen, entry_id="f" * 26, **SETTLED)
    take_a_cola_back(attacker, amount_fen=amount_fen, back_fen=amount_fen)
    attacker.refused("guard_journal_refund_lines_otherwise", **entry(attacker))


@pytest.mark.parametrize("back_fen", [0, COLA_FEN - 1])
def test_a_refund_goes_back_in_full(attacker: Attacker, back_fen: int) -> None:
    take_a_cola_back(attacker, amount_fen=COLA_FEN, back_fen=back_fen)
    attacker.refused("guard_journal_refund_ways_otherwise", **entry(attacker))


def test_a_refund_that_adds_up_is_written(attacker: Attacker) -> None:
    take_a_cola_back(attacker, amount_fen=COLA_FEN, back_fen=COLA_FEN)
    attacker.insert("journal", **entry(attacker))


def test_an_overcharge_goes_back_as_one_sum(attacker: Attacker) -> None:
    over = {"charged_fen": PAID_BY_SETTLED, "due_fen": PAID_BY_SETTLED - 50, "amount_fen": 50, "list": 1}
    attacker.insert("refunds", refund_id="r", visit_id="settled", shift=2, refunded_at=NOW + HOUR, job_id="j", **over)
    saving = {"order_id": "paid", "line": 4, "kind": "combo", "code": "supper", "quantity": 1, "unit_fen": -300}
    attacker.refused("guard_refund_lines_of_an_overcharge", refund_id="r", number=1, **saving)


def test_an_overcharge_goes_back_in_full(attacker: Attacker) -> None:
    over = {"charged_fen": PAID_BY_SETTLED, "due_fen": PAID_BY_SETTLED - 50, "amount_fen": 50, "list": 1}
    attacker.insert("refunds", refund_id="r", visit_id="settled", shift=2, refunded_at=NOW + HOUR, job_id="j", **over)
    back = {"refund_id": "r", "kind": "wechat", "reference": "W1"}
    attacker.insert("refund_tenders", number=1, amount_fen=49, **back)
    attacker.refused("guard_journal_refund_ways_otherwise", **entry(attacker))
    attacker.insert("refund_tenders", number=2, amount_fen=1, **back)
    attacker.insert("journal", **entry(attacker))


def sell(attacker: Attacker, *, total_fen: int, paid_fen: int, change_fen: int = 0) -> None:
    """A sale of two colas of list 2, less 100."""
    sale = {"sale_id": "s", "list": 2, "shift": 2, "sold_at": NOW + HOUR, "change_fen": change_fen, "job_id": "j"}
    attacker.insert("sales", total_fen=total_fen, **sale)
    cola = {"kind": "goods", "code": "cola-330", "quantity": 2, "unit_fen": 450}
    attacker.insert("sale_lines", sale_id="s", line=1, **cola)
    attacker.without("guard_sale_reductions_above_due")
    attacker.insert("sale_reductions", sale_id="s", number=1, fen=100, reason="goodwill")
    tender = {"job_id": "j", "shift": 2, "kind": "cash"}
    attacker.insert("tenders", number=1, direction="paid", amount_fen=paid_fen, **tender)
    if change_fen:
        attacker.insert("tenders", number=2, direction="change", amount_fen=change_fen, **tender)


def test_a_sale_that_adds_up_is_written(attacker: Attacker) -> None:
    sell(attacker, total_fen=800, paid_fen=1000, change_fen=200)
    attacker.insert("journal", **entry(attacker))


@pytest.mark.parametrize("total_fen", [799, 801, 900])
def test_a_sale_comes_to_its_lines_less_what_was_taken_off(attacker: Attacker, total_fen: int) -> None:
    sell(attacker, total_fen=total_fen, paid_fen=total_fen)
    attacker.refused("guard_journal_sale_total", **entry(attacker))


@pytest.mark.parametrize(("paid_fen", "change_fen"), [(799, 0), (801, 0), (1000, 199), (1000, 201)])
def test_a_sale_is_paid_exactly(attacker: Attacker, paid_fen: int, change_fen: int) -> None:
    sell(attacker, total_fen=800, paid_fen=paid_fen, change_fen=change_fen)
    attacker.refused("guard_journal_sale_paid", **entry(attacker))


@ON_A_FILE
def test_nothing_joins_a_sale_or_an_order_afterwards(attacker: Attacker) -> None:
    line = {"line": 8, "kind": "service", "code": "print-a4", "quantity": 1, "unit_fen": 100}
    attacker.refused("guard_sale_lines_other_entry", sale_id="sale", **line)
    for order in ("open", "paid"):
        attacker.refused("guard_order_lines_other_entry", order_id=order, **line)


def test_nothing_is_paid_on_a_receipt_afterwards(attacker: Attacker) -> None:
    tender = {"number": 9, "shift": 2, "direction": "paid", "kind": "cash", "amount_fen": 1}
    for job in ("job-sale", "job-deposit"):
        attacker.refused("guard_tenders_receipt_numbered", job_id=job, **tender)


@pytest.mark.parametrize("beside", [-1, 1, 600])
def test_a_settlement_holds_what_was_ordered_less_what_was_cancelled(attacker: Attacker, beside: int) -> None:
    """Two suppers of 15.00 less 3.00 each and three colas; a supper loses a cola, and so its saving."""
    attacker.insert(
        "order_cancellations",
        order_id="open", line=2, number=1, quantity=1, reason="customer", handed_over=0, saving_quantity=1,
    )  # fmt: skip
    ordered_fen = 2 * 1200 + 3 * COLA_FEN - COLA_FEN + 300
    statement = {"visit_id": "running", "at": NOW, "shown_at": NOW, "how": "screen", "sha256": ""}
    row = {
        "visit_id": "running", "shift": 2, "ended_at": NOW, "ends": "customer", "used_seconds": 0,
        "time_fen": 0, "packages_fen": 0, "reductions_fen": 100, "job_id": "j",
    }  # fmt: skip
    for number, orders_fen in ((1, ordered_fen + beside), (2, ordered_fen)):
        total_fen = orders_fen - 100
        attacker.insert("statements", number=number, total_fen=total_fen, **statement)
        settlement = {"statement": number, "orders_fen": orders_fen, "total_fen": total_fen, **row}
        if number == 1:
            attacker.refused("guard_settlements_orders_otherwise", **settlement)
        else:
            attacker.insert("settlements", **settlement)
