"""State is made from facts again: the same rows, and nobody loses the seat."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from billing import deposits, rebuild, shifts, visits
from billing.tables import account_balances, open_shifts, open_visits
from records.ids import new_id
from records.unit_of_work import UnitOfWork
from tests.billing.counter import Counter, goods, tenders

STATES = [open_visits, account_balances, open_shifts]


@pytest.fixture
def busy(counter: Counter) -> Counter:
    """A counter with visits in every state."""
    for seat in ("A01", "A02", "A03"):
        visit_id = counter.open(seat, person=f"person of {seat}")
        counter.order(visit_id, goods("cola-330"))
        counter.do(deposits.take, visit_id, tenders("cash=1000")[0], job_id=new_id())
    first, second, third = (visit.visit_id for visit in counter.ask(visits.open_visits))
    counter.do(visits.move, first, seat="B01", zone="esports")
    counter.do(deposits.take, first, tenders("bank=500:b")[0], job_id=new_id())
    counter.show(second)
    counter.wait(hours=1)
    counter.show(third)
    counter.order(third, goods("cola-330"))
    gone = counter.open("A09")
    counter.settle(gone)
    return counter


def spoil(work: UnitOfWork, statement: sa.Executable) -> None:
    work.execute(statement)
    work.entry("state.rebuilt", {"tables": []})


def repair(work: UnitOfWork, people: dict[str, str]) -> list[str]:
    rebuilt = rebuild.rebuild(work, person_of=people.get)
    work.entry("state.rebuilt", {"tables": rebuilt})
    return rebuilt


def held(counter: Counter) -> dict[str, Any]:
    return {table.name: set(counter.rows(table)) for table in STATES}


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        (open_visits.update().values(deposit_fen=7), "open_visits"),
        (open_visits.update().values(orders=9), "open_visits"),
        (open_visits.update().values(statement=None), "open_visits"),
        (open_visits.update().where(open_visits.c.seat == "B01").values(seat="B09"), "open_visits"),
        (account_balances.delete().where(account_balances.c.account == "safe"), "account_balances"),
        (account_balances.update().values(balance_fen=0), "account_balances"),
        (open_shifts.delete(), "open_shifts"),
    ],
)
def test_spoiled_state_is_found_and_made_again(busy: Counter, damage: sa.Executable, table: str) -> None:
    before = held(busy)
    assert busy.ask(rebuild.differing) == []
    busy.do(spoil, damage)
    assert busy.ask(rebuild.differing) == [table]
    assert busy.do(repair, {}) == [table]
    assert held(busy) == before


def test_lost_state_is_made_again_with_its_people(busy: Counter) -> None:
    before = held(busy)
    people = {visit.check_id: visit.person_id for visit in busy.ask(visits.open_visits)}
    for table in STATES:
        busy.do(spoil, table.delete())
    assert busy.do(repair, people) == [table.name for table in STATES]
    assert held(busy) == before


def test_a_person_nobody_knows_any_more_keeps_the_seat_and_can_pay(busy: Counter) -> None:
    busy.do(spoil, open_visits.delete())
    busy.do(repair, {})
    for visit in busy.ask(visits.open_visits):
        assert visit.person_id == visit.check_id
        assert busy.settle(visit.visit_id, "cash=5000").receipt
    closed = busy.do(shifts.close, counted_fen=0, reason="unknown", job_id=new_id())
    assert busy.last("shift.closed")["expected_fen"] == closed.expected_fen


def test_the_same_state_is_left_alone(busy: Counter) -> None:
    before = held(busy)
    assert busy.do(repair, {}) == []
    assert held(busy) == before
