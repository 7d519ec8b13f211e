"""Attacks on the books with plain SQL, foreign keys off: the database itself refuses (I-2 … I-6, G-2, G-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from billing import deposits, sales, shifts, visits
from records.clock import milliseconds_of
from records.folder import VenueFolder
from tests.attacks import REFUSED, Shell, shell_at
from tests.billing.counter import FLOAT_FEN, Counter, goods, service, tenders
from tests.conftest import MONDAY_EVENING
from tests.servers import Home

NOW = milliseconds_of(MONDAY_EVENING)
"""An instant at which list 1 is in force."""


@dataclass(kw_only=True)
class Attacker:
    """Somebody with the database and a SQL shell, who leaves the triggers in place."""

    connection: Shell
    running: str
    settled: str

    def insert(self, table: str, **row: Any) -> None:
        """Insert a row of an entry that does not exist yet."""
        self.connection.insert(table, **row)

    def refused(self, what: str, table: str, **row: Any) -> None:
        """Try to insert, and be refused by the trigger or constraint with this name."""
        with pytest.raises(REFUSED, match=what):
            self.insert(table, **row)

    def begin_order(self) -> str:
        """Begin an order of the running visit, for lines of the same entry."""
        self.insert("orders", order_id="o", visit_id=self.running, number=9, list=1, added_at=NOW, pinned=0)
        return "o"

    def begin_sale(self) -> str:
        """Begin a sale, for lines of the same entry."""
        self.insert("sales", sale_id="s", list=1, shift=2, sold_at=NOW, total_fen=0, change_fen=0, job_id="j")
        return "s"


@pytest.fixture
def attacker(home: Home, folder: VenueFolder, counter: Counter) -> Iterator[Attacker]:
    settled = counter.open("A01")
    counter.order(settled, goods("cola-330"))
    counter.do(deposits.take, settled, tenders("cash=100")[0], job_id="job-deposit")
    counter.do(visits.buy_package, settled, "3h")
    counter.wait(hours=1)
    counter.settle(settled, "cash=5000")
    counter.do(sales.sell, sale_id="sale", lines=[service("print-a4")], tenders=tenders("cash=100"), job_id="job-sale")
    counter.do(shifts.close, counted_fen=0, reason="unknown", job_id="job-close")
    counter.open_shift()
    running = counter.open("A02")
    counter.order(running, goods("cola-330"))
    counter.show(running)
    with shell_at(home, folder.path) as connection:
        yield Attacker(connection=connection, running=running, settled=settled)


def test_no_minor_is_seated(attacker: Attacker) -> None:
    visit = {"seat": "A09", "zone": "hall", "tier": "guest", "list": 1, "opened_at": NOW}
    attacker.refused("guard_visits_no_id_check", "visits", visit_id="v", check_id="none", verdict="adult", **visit)
    check = {"kind": "resident", "method": "machine", "checked_at": 0}
    attacker.refused("ck_id_checks_verdict", "id_checks", check_id="young", verdict="minor", **check)
    attacker.insert("id_checks", check_id="adult", verdict="adult", **check)
    attacker.refused("ck_visits_adult", "visits", visit_id="v", check_id="adult", verdict="minor", **visit)


def test_an_id_check_seats_one_visit(attacker: Attacker) -> None:
    [used] = attacker.connection.execute("SELECT check_id FROM visits WHERE visit_id = ?", (attacker.running,))
    attacker.refused(
        "guard_visits_no_replace|uq_visits_check_id",
        "visits",
        visit_id="v",
        check_id=used[0],
        verdict="adult",
        seat="A09",
        zone="hall",
        tier="guest",
        list=1,
        opened_at=NOW,
    )


def test_a_seat_and_a_person_have_one_visit(attacker: Attacker) -> None:
    free = {"deposit_fen": 0, "orders": 0}
    attacker.refused("open_visits[._]seat", "open_visits", visit_id=attacker.settled, person_id="q", seat="A02", **free)
    [person] = attacker.connection.execute("SELECT person_id FROM open_visits")
    attacker.refused(
        "open_visits[._]person_id", "open_visits", visit_id=attacker.settled, person_id=person[0], seat="A03", **free
    )


def test_no_deposit_is_negative(attacker: Attacker) -> None:
    deposit = {"visit_id": attacker.running, "number": 1, "shift": 2, "kind": "cash", "job_id": "j"}
    for amount_fen in (0, -1):
        attacker.refused("ck_deposits_amount", "deposits", amount_fen=amount_fen, **deposit)
    for change in (
        "UPDATE open_visits SET deposit_fen = -1",
        "UPDATE account_balances SET balance_fen = 1 WHERE account = 'deposits'",
    ):
        with pytest.raises(REFUSED):
            attacker.connection.execute(change)


@pytest.mark.parametrize("unit_fen", [399, 401, 0, -400])
def test_no_line_is_priced_beside_the_posted_price(attacker: Attacker, unit_fen: int) -> None:
    line = {"line": 9, "kind": "goods", "code": "cola-330", "quantity": 1, "unit_fen": unit_fen}
    attacker.refused("guard_order_lines_price_not_posted", "order_lines", order_id=attacker.begin_order(), **line)
    attacker.refused("guard_sale_lines_price_not_posted", "sale_lines", sale_id=attacker.begin_sale(), **line)


def test_nothing_unposted_is_sold(attacker: Attacker) -> None:
    line = {"line": 9, "kind": "goods", "code": "seat-fee", "quantity": 1, "unit_fen": 400}
    attacker.refused("price_not_posted", "sale_lines", sale_id=attacker.begin_sale(), **line)
    attacker.refused(
        "guard_visit_events_package_not_posted",
        "visit_events",
        visit_id=attacker.running,
        number=1,
        kind="package",
        at=0,
        code="secret",
    )


def test_prices_are_not_edited_after_publication(attacker: Attacker) -> None:
    row = "INSERT INTO price_items VALUES (1, 'goods', 'cola-330', 9, 'e')"
    for change in (
        f"{row} ON CONFLICT (list, kind, code) DO UPDATE SET unit_fen = 9",
        "UPDATE price_items SET unit_fen = 9",
        "DELETE FROM price_items",
        "UPDATE price_lists SET canonical = '{}'",
        "UPDATE price_lists SET effective = 0",
    ):
        with pytest.raises(REFUSED, match="guard_price_"):
            attacker.connection.execute(change)


def test_a_settled_visit_stays_as_it_was(attacker: Attacker) -> None:
    visit = {"visit_id": attacker.settled}
    attacker.refused("visit_settled", "visit_events", number=2, kind="paused", at=0, **visit)
    attacker.refused("visit_settled", "orders", order_id="o", number=2, list=1, added_at=NOW, pinned=0, **visit)
    attacker.refused("visit_settled", "deposits", number=2, shift=2, kind="cash", amount_fen=1, job_id="j", **visit)
    attacker.refused(
        "visit_settled", "statements", number=2, at=0, shown_at=0, how="screen", sha256="", total_fen=0, **visit
    )
    [order] = attacker.connection.execute("SELECT order_id FROM orders WHERE visit_id = ?", (attacker.settled,))
    attacker.refused(
        "visit_settled", "order_cancellations", order_id=order[0], line=1, number=1, quantity=1, reason="customer"
    )


def test_a_visit_is_settled_for_what_was_shown(attacker: Attacker) -> None:
    at, total_fen = attacker.connection.execute(
        "SELECT at, total_fen FROM statements WHERE visit_id = ?", (attacker.running,)
    ).fetchone()
    settlement = {
        "visit_id": attacker.running,
        "shift": 2,
        "ends": "customer",
        "used_seconds": 0,
        "packages_fen": 0,
        "time_fen": 0,
        "reductions_fen": 0,
        "job_id": "j",
    }
    attacker.insert(
        "statements",
        visit_id=attacker.running,
        number=2,
        at=at + 1000,
        shown_at=at,
        how="screen",
        sha256="",
        total_fen=total_fen + 1,
    )
    shown = {"statement": 1, "ended_at": at}
    for wrong in (
        {**shown, "orders_fen": total_fen, "time_fen": 1, "total_fen": total_fen + 1},
        {**shown, "orders_fen": total_fen, "total_fen": total_fen, "ended_at": at + 1000},
        {**shown, "orders_fen": total_fen, "total_fen": total_fen, "statement": 2},
    ):
        attacker.refused("guard_settlements_not_the_statement", "settlements", **{**settlement, **wrong})
    beside = {**shown, "orders_fen": total_fen, "time_fen": 1, "total_fen": total_fen}
    attacker.refused("ck_settlements_total", "settlements", **{**settlement, **beside})


def test_a_closed_shift_takes_no_money(attacker: Attacker) -> None:
    attacker.refused("shift_closed", "receipts", number=4, shift=1, job_id="j")
    attacker.refused("shift_closed", "postings", line=1, shift=1, account="safe", amount_fen=1)
    attacker.refused(
        "shift_closed", "tenders", job_id="j", number=1, shift=1, direction="paid", kind="cash", amount_fen=1
    )
    attacker.refused(
        "shift_closed", "sales", sale_id="s", list=1, shift=1, sold_at=NOW, total_fen=1, change_fen=0, job_id="j"
    )
    attacker.refused(
        "shift_closed", "deposits", visit_id=attacker.running, number=1, shift=1, kind="cash", amount_fen=1, job_id="j"
    )


def test_numbers_have_no_gaps(attacker: Attacker) -> None:
    attacker.refused("guard_receipts_gap", "receipts", number=9, shift=2, job_id="j")
    attacker.refused("guard_shifts_gap", "shifts", number=9, till="t", float_fen=0, opened_at=0)
    attacker.refused(
        "guard_shift_closings_gap",
        "shift_closings",
        shift=2,
        z=9,
        closed_at=0,
        counted_fen=0,
        expected_fen=0,
        job_id="j",
    )
    attacker.refused("guard_visit_events_gap", "visit_events", visit_id=attacker.running, number=9, kind="paused", at=0)


def test_no_difference_goes_unexplained(attacker: Attacker) -> None:
    attacker.refused(
        "ck_shift_closings_reason",
        "shift_closings",
        shift=2,
        z=2,
        closed_at=0,
        counted_fen=FLOAT_FEN - 1,
        expected_fen=FLOAT_FEN,
        job_id="j",
    )


def test_no_more_is_cancelled_than_was_ordered(attacker: Attacker) -> None:
    [order] = attacker.connection.execute("SELECT order_id FROM orders WHERE visit_id = ?", (attacker.running,))
    attacker.refused(
        "more_than_ordered", "order_cancellations", order_id=order[0], line=1, number=1, quantity=2, reason="customer"
    )


def test_nothing_happens_to_a_visit_after_its_end(attacker: Attacker) -> None:
    event = {"visit_id": attacker.running, "at": 0}
    attacker.insert("visit_events", number=1, kind="ended", code="closing-time", **event)
    attacker.refused("guard_visit_events_visit_ended", "visit_events", number=2, kind="paused", **event)


def test_an_entry_whose_postings_do_not_balance_is_not_written(attacker: Attacker) -> None:
    attacker.insert("postings", line=1, shift=2, account="safe", amount_fen=1)
    [newest] = attacker.connection.execute("SELECT max(seq) FROM journal")
    attacker.refused(
        "guard_journal_postings_balance",
        "journal",
        seq=newest[0] + 1,
        entry_id="e" * 26,
        type="visit.settled",
        biz_day="2026-11-23",
        wall=0,
        entry=b"{}",
        leaf=b"",
    )


def test_what_a_customer_paid_is_never_changed(attacker: Attacker) -> None:
    for table in ("settlements", "tenders", "postings", "receipts", "deposits", "sales", "sale_lines", "statements"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET entry_id = 'x'"):
            with pytest.raises(REFUSED, match=f"guard_{table}_no_"):
                attacker.connection.execute(change)


def test_a_guard_is_what_refuses(attacker: Attacker) -> None:
    """Without the trigger the same row goes in: the tests above fail where a guard is missing."""
    line = {"line": 9, "kind": "goods", "code": "cola-330", "quantity": 1, "unit_fen": 999}
    line["sale_id"] = attacker.begin_sale()
    attacker.refused("price_not_posted", "sale_lines", **line)
    attacker.connection.drop_guard("sale_lines", "price_not_posted", "INSERT")
    attacker.insert("sale_lines", **line)
