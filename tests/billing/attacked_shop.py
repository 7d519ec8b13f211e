"""A shop with two lists, a settled visit, a running one and a sale, and somebody with a SQL shell on its books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from billing import deposits, orders, paid_back, reductions, refunds, sales, shifts
from billing.refunds import RefundLine
from records.clock import milliseconds_of
from records.folder import VenueFolder
from records.unit_of_work import UnitOfWork
from tests.attacks import REFUSED, Shell, shell_at
from tests.billing.counter import Counter, goods, tenders
from tests.billing.savings_shop import combo, promotion, savings_list
from tests.conftest import MONDAY_EVENING
from tests.servers import Home

NOW = milliseconds_of(MONDAY_EVENING)
HOUR = 3_600_000


@dataclass(frozen=True, kw_only=True)
class Attacker:
    """Somebody with the database and a SQL shell, who leaves the triggers in place until told otherwise.

    Everything happens in one transaction. `running` and `settled` in a row stand for the ids of those visits.
    """

    shell: Shell
    visits: Mapping[str, str]

    def insert(self, table: str, **row: Any) -> None:
        self.shell.insert(table, **{name: self.visits.get(str(value), value) for name, value in row.items()})

    def replace(self, table: str, **row: Any) -> None:
        """Insert a row in the place of whatever has its keys; only a file knows such a statement."""
        values = {"entry_id": "e" * 26, **{name: self.visits.get(str(value), value) for name, value in row.items()}}
        names, marks = ", ".join(values), ", ".join("?" for _ in values)
        self.shell.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", list(values.values()))

    def refused(self, guard: str, **row: Any) -> None:
        """Be refused by one guard, and by nothing else: without it the row goes in."""
        table = next(name for name in TABLES if guard.startswith(f"guard_{name}_"))
        self.attempt(guard, lambda: self.insert(table, **row))
        if not self.shell.is_server:
            self.attempt(guard, lambda: self.replace(table, **row))
        self.shell.execute("SAVEPOINT without")
        self.without(guard)
        self.insert(table, **row)
        self.shell.execute("ROLLBACK TO SAVEPOINT without")

    def attempt(self, guard: str, attack: Callable[[], object]) -> None:
        """Try something inside the transaction, and be refused."""
        self.shell.execute("SAVEPOINT attempt")
        with pytest.raises(REFUSED, match=rf"^{guard}\b"):
            attack()
        self.shell.execute("ROLLBACK TO SAVEPOINT attempt")

    def without(self, guard: str) -> None:
        """Take a guard away; on the server it goes with the others of its table."""
        table = next(name for name in TABLES if guard.startswith(f"guard_{name}_"))
        self.shell.drop_guard(table, guard.removeprefix(f"guard_{table}_"), "INSERT")

    def order(self, order_id: str, **row: Any) -> None:
        """An order of this attacker's own, as it should be."""
        usual = {"visit_id": "running", "number": 7, "list": 2, "added_at": NOW + HOUR, "pinned": 0}
        self.insert("orders", order_id=order_id, **{**usual, **row})

    def refund(self, refund_id: str, **row: Any) -> None:
        """A refund of a fen of the sale, as it should be."""
        usual: dict[str, Any] = {"sale_id": "sale", "shift": 2, "refunded_at": NOW + HOUR, "amount_fen": 1}
        self.insert("refunds", refund_id=refund_id, reason="faulty", job_id=f"job-{refund_id}", **{**usual, **row})


TABLES = (
    "visits",
    "visit_events",
    "orders",
    "order_lines",
    "order_savings",
    "order_cancellations",
    "hand_overs",
    "reductions",
    "reduction_withdrawals",
    "settlements",
    "sales",
    "sale_lines",
    "sale_savings",
    "sale_reductions",
    "refunds",
    "refund_lines",
    "refund_tenders",
    "price_items",
    "price_savings",
    "price_saving_parts",
    "tenders",
    "postings",
    "receipts",
    "journal",
)


@contextmanager
def attacked_shop(home: Home, folder: VenueFolder, counter: Counter) -> Iterator[Attacker]:
    """List 1 from 19:00, list 2 from 20:00 with dearer cola; a running visit of list 1, a settled one, a sale."""
    counter.publish(savings_list())
    counter.open_shift()
    settled = counter.open("A01")
    counter.do(deposits.take, settled, tenders("wechat=5000:W1")[0], job_id="job-deposit")
    counter.do(orders.add, settled, [combo("supper", 2), promotion("cheap-cola")], order_id="paid")
    counter.do(reductions.give, settled, 100, "goodwill", reduction_id="old")
    running = counter.open("A02")
    counter.do(orders.add, running, [combo("supper", 2), goods("cola-330", 3)], order_id="open")
    counter.do(reductions.give, running, 100, "goodwill", reduction_id="red")
    counter.settle(settled)
    counter.do(shifts.close, counted_fen=0, reason="unknown", job_id="job-close")
    counter.open_shift()
    counter.wait(hours=1)
    counter.publish(savings_list(('unit = "罐"\nprice_fen = 400', 'unit = "罐"\nprice_fen = 450')))
    lines = [combo("supper", 2), promotion("gift-print")]
    counter.do(sales.sell, sale_id="sale", lines=lines, tenders=tenders("cash=1000", "bank=1400:B1"), job_id="job-sale")

    def give_back(work: UnitOfWork) -> None:
        paid = paid_back.paid(work.connection, sale_id="sale")
        refunds.give(work, paid, [RefundLine(line=1)], refund_id="given", reason="faulty", job_id="job-refund")

    counter.do(give_back)
    with shell_at(home, folder.path) as shell:
        shell.execute("BEGIN")
        yield Attacker(shell=shell, visits={"settled": settled, "running": running})
        shell.execute("ROLLBACK")
