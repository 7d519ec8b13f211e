"""The statement first, then the money: all or nothing, and never twice."""

from __future__ import annotations

import pytest

from billing import deposits, ledger, orders, outages, shifts, visits
from billing.payment_errors import DepositRepeatedError, NonCashAboveDueError, TendersTooLowError
from billing.rating import rate
from billing.shift_errors import NoShiftError
from billing.usage import Usage
from billing.visit_errors import AlreadySettledError, StatementNeededError, StatementStaleError, UnknownVisitError
from records.canonical import canonical_sha256
from records.ids import new_id
from tests.billing.counter import FLOAT_FEN, WINTER, Counter, goods, service, tenders


def test_a_settlement_tells_the_whole_story(counter: Counter) -> None:
    visit_id, job_id = counter.open("A01"), new_id()
    counter.do(deposits.take, visit_id, tenders("wechat=500:w1")[0], job_id=new_id())
    order = counter.order(visit_id, goods("cola-330", 2), service("print-a4"))
    counter.wait(hours=3, minutes=30)
    counter.do(visits.buy_package, visit_id, "night")
    counter.wait(minutes=30)
    statement = counter.show(visit_id)
    draft = counter.pay(visit_id, "bank=2000:b1", "cash=2500", job_id=job_id)
    entry = counter.entries("visit.settled")[-1]
    check = counter.last("visit.opened")["check"]
    assert entry["gt"] == {"sales_fen": 4250, "voids_fen": 0, "refunds_fen": 0, "used_seconds": 14400}
    assert entry["body"] == {
        "visit": visit_id,
        "check": check,
        "seat": "A01",
        "zone": "hall",
        "tier": "guest",
        "list": 1,
        "list_sha256": WINTER.sha256,
        "usage": {
            "tier": "guest",
            "start": "2026-11-23T19:00:00",
            "end": "2026-11-23T23:00:00",
            "stays": [{"from": "2026-11-23T19:00:00", "zone": "hall"}],
            "packages": [{"code": "night", "bought_at": "2026-11-23T22:30:00"}],
        },
        "bill": statement.bill.to_json(),
        "orders": [
            {
                "order": order.order_id,
                "line": 1,
                "list": 1,
                "kind": "goods",
                "code": "cola-330",
                "qty": 2,
                "unit_fen": 400,
                "amount_fen": 800,
            },
            {
                "order": order.order_id,
                "line": 2,
                "list": 1,
                "kind": "service",
                "code": "print-a4",
                "qty": 1,
                "unit_fen": 100,
                "amount_fen": 100,
            },
        ],
        "used_seconds": 14400,
        "total_fen": 4250,
        "deposits": [{"kind": "wechat", "fen": 500, "ref": "w1"}],
        "tenders": [{"kind": "bank", "fen": 2000, "ref": "b1"}, {"kind": "cash", "fen": 2500}],
        "returned": [],
        "change_fen": 750,
        "statement": statement.sha256,
        "ends": "customer",
        "shift": 1,
        "receipt": 2,
        "job": job_id,
        "postings": [
            {"account": "deposits", "fen": 500},
            {"account": "bank", "fen": 2000},
            {"account": "cash/desk-1", "fen": 2500},
            {"account": "cash/desk-1", "fen": -750},
            {"account": "revenue/time", "fen": -1350},
            {"account": "revenue/packages", "fen": -2000},
            {"account": "revenue/goods", "fen": -800},
            {"account": "revenue/services", "fen": -100},
        ],
    }
    assert draft.receipt == 2


def test_what_was_shown_is_what_is_charged(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330"))
    counter.wait(hours=1)
    shown = counter.show(visit_id)
    counter.wait(minutes=4)
    body = counter.pay(visit_id, "cash=800").entry.body
    statement = {
        "visit": visit_id,
        "at": body["usage"]["end"],
        "bill": body["bill"],
        "orders": body["orders"],
        "total_fen": body["total_fen"],
    }
    assert canonical_sha256(statement) == body["statement"] == shown.sha256
    assert counter.last("statement.shown") == {
        "visit": visit_id,
        "at": "2026-11-23T20:00:00",
        "how": "screen",
        "sha256": shown.sha256,
    }
    assert rate(Usage.from_json(body["usage"], WINTER.clock), WINTER).to_json() == body["bill"]


def test_nobody_pays_what_they_have_not_seen(counter: Counter) -> None:
    visit_id = counter.open()
    with pytest.raises(StatementNeededError):
        counter.pay(visit_id, "cash=400")
    counter.show(visit_id)
    counter.wait(minutes=5, seconds=1)
    with pytest.raises(StatementStaleError):
        counter.pay(visit_id, "cash=400")


def order_something(counter: Counter, visit_id: str) -> None:
    counter.order(visit_id, goods("cola-330"))


def cancel_something(counter: Counter, visit_id: str) -> None:
    order_id = counter.last("order.added")["order"]
    assert counter.last("order.added")["visit"] == visit_id
    counter.do(orders.cancel, order_id, 1, 1, "customer")


def move(counter: Counter, visit_id: str) -> None:
    counter.do(visits.move, visit_id, seat="A09", zone="hall")


def pause(counter: Counter, visit_id: str) -> None:
    counter.do(visits.pause, visit_id)


def buy(counter: Counter, visit_id: str) -> None:
    counter.do(visits.buy_package, visit_id, "3h")


def suffer_an_outage(counter: Counter, visit_id: str) -> None:
    assert visit_id in [visit.visit_id for visit in counter.do(outages.begin_outage, reason="power")]


@pytest.mark.parametrize("change", [order_something, cancel_something, move, pause, buy, suffer_an_outage])
def test_whatever_changes_the_bill_needs_a_new_statement(counter: Counter, change: object) -> None:
    assert callable(change)
    visit_id = counter.open()
    order_something(counter, visit_id)
    counter.wait(hours=1)
    counter.show(visit_id)
    change(counter, visit_id)
    with pytest.raises(StatementStaleError):
        counter.pay(visit_id, "cash=5000")
    counter.wait(seconds=1)
    assert counter.settle(visit_id, "cash=5000").receipt == 1


def test_a_deposit_after_the_statement_needs_no_new_one(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.show(visit_id)
    counter.do(deposits.take, visit_id, tenders("cash=400")[0], job_id=new_id())
    assert counter.pay(visit_id).entry.body["deposits"] == [{"kind": "cash", "fen": 400}]


@pytest.mark.parametrize(
    ("left", "given", "returned", "change_fen"),
    [
        ([], ["cash=400"], [], 0),
        ([], ["cash=1000"], [], 600),
        ([], ["wechat=300:w", "cash=200"], [], 100),
        (["cash=5000"], [], ["cash=4600"], 0),
        (["wechat=5000:w"], [], ["wechat=4600:w"], 0),
        (["wechat=200:w", "cash=100", "bank=5000:b"], [], ["bank=4900:b"], 0),
        (["cash=300"], ["cash=500"], [], 400),
        (["alipay=300:a"], ["wechat=100:w"], [], 0),
    ],
)
def test_every_fen_goes_where_it_belongs(
    counter: Counter, left: list[str], given: list[str], returned: list[str], change_fen: int
) -> None:
    visit_id = counter.open()
    for tender in tenders(*left):
        counter.do(deposits.take, visit_id, tender, job_id=new_id())
    counter.wait(hours=1)
    draft = counter.settle(visit_id, *given)
    assert draft.payment.returned == tuple(tenders(*returned))
    assert draft.payment.change_fen == change_fen
    assert sum(posting["fen"] for posting in draft.entry.body["postings"]) == 0
    assert counter.ask(ledger.balance, "deposits") == 0
    money = ["cash/desk-1", "wechat", "alipay", "bank"]
    assert sum(counter.ask(ledger.balance, account) for account in money) == FLOAT_FEN + 400
    assert counter.ask(ledger.balance, "revenue/time") == -400


def test_too_little_money_changes_nothing(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("cash=100")[0], job_id=new_id())
    counter.wait(hours=1)
    counter.show(visit_id)
    before = counter.entries()
    with pytest.raises(TendersTooLowError) as too_low:
        counter.pay(visit_id, "cash=299")
    assert (too_low.value.total_fen, too_low.value.due_fen, too_low.value.given_fen) == (400, 300, 299)
    with pytest.raises(NonCashAboveDueError):
        counter.pay(visit_id, "wechat=301:w")
    assert counter.entries() == before
    assert counter.pay(visit_id, "cash=300").payment.change_fen == 0


def test_a_visit_within_the_grace_costs_nothing_and_gets_its_deposit_back(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("wechat=5000:w")[0], job_id=new_id())
    counter.wait(minutes=5)
    body = counter.settle(visit_id).entry.body
    assert (body["total_fen"], body["returned"]) == (0, [{"kind": "wechat", "fen": 5000, "ref": "w"}])
    assert body["postings"] == [{"account": "deposits", "fen": 5000}, {"account": "wechat", "fen": -5000}]


def test_a_free_visit_without_a_deposit_posts_nothing(counter: Counter) -> None:
    visit_id = counter.open()
    body = counter.settle(visit_id).entry.body
    assert (body["total_fen"], body["postings"], body["receipt"]) == (0, [], 1)


def test_trying_again_never_doubles_a_payment(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    receipt = counter.settle(visit_id, "cash=400").receipt
    with pytest.raises(AlreadySettledError) as settled:
        counter.pay(visit_id, "cash=400")
    assert (settled.value.visit_id, settled.value.receipt) == (visit_id, receipt)
    with pytest.raises(AlreadySettledError):
        counter.show(visit_id)


def test_a_repeated_deposit_is_told_of_the_first(counter: Counter) -> None:
    visit_id, job_id = counter.open(), new_id()
    first = counter.do(deposits.take, visit_id, tenders("cash=2000")[0], job_id=job_id)
    with pytest.raises(DepositRepeatedError) as repeated:
        counter.do(deposits.take, visit_id, tenders("cash=2000")[0], job_id=job_id)
    assert (repeated.value.visit_id, repeated.value.receipt, repeated.value.amount_fen) == (
        visit_id,
        first.receipt,
        2000,
    )
    assert counter.do(deposits.take, visit_id, tenders("cash=500")[0], job_id=new_id()).deposit_fen == 2500


def test_a_deposit_is_a_liability(counter: Counter) -> None:
    visit_id, job_id = counter.open(), new_id()
    counter.do(deposits.take, visit_id, tenders("alipay=3000:a1")[0], job_id=job_id)
    assert counter.last("deposit.taken") == {
        "visit": visit_id,
        "tender": {"kind": "alipay", "fen": 3000, "ref": "a1"},
        "shift": 1,
        "receipt": 1,
        "job": job_id,
        "postings": [{"account": "alipay", "fen": 3000}, {"account": "deposits", "fen": -3000}],
    }
    assert counter.ask(ledger.balance, "deposits") == -3000
    with pytest.raises(UnknownVisitError):
        counter.do(deposits.take, "nobody", tenders("cash=1")[0], job_id=new_id())


def test_no_money_moves_without_a_shift(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.show(visit_id)
    counter.do(shifts.close, counted_fen=FLOAT_FEN, reason=None, job_id=new_id())
    with pytest.raises(NoShiftError):
        counter.pay(visit_id, "cash=400")
    with pytest.raises(NoShiftError):
        counter.do(deposits.take, visit_id, tenders("cash=1")[0], job_id=new_id())
    counter.open_shift()
    assert counter.pay(visit_id, "cash=400").entry.body["shift"] == 2


def test_receipts_are_numbered_without_gaps(counter: Counter) -> None:
    numbers = []
    for place in range(3):
        visit_id = counter.open(f"A0{place}")
        numbers.append(counter.do(deposits.take, visit_id, tenders("cash=100")[0], job_id=new_id()).receipt)
        counter.show(visit_id)
        with pytest.raises(NonCashAboveDueError):
            counter.pay(visit_id, "wechat=1:w")
        numbers.append(counter.pay(visit_id).receipt)
    assert numbers == [1, 2, 3, 4, 5, 6]
