"""Goods and services: on a visit, and to passers-by."""

from __future__ import annotations

import pytest

from billing import orders, sales
from billing.errors import UnknownReasonError
from billing.order_errors import (
    BadQuantityError,
    CancelledTooManyError,
    NothingSoldError,
    OrderRepeatedError,
    SaleRepeatedError,
    UnknownItemError,
    UnknownOrderLineError,
)
from billing.payment_errors import NonCashAboveDueError, TendersTooLowError
from billing.price_list import ItemKind
from billing.shift_errors import NoShiftError
from billing.sold_lines import OrderLine
from billing.visit_errors import AlreadySettledError, UnknownVisitError
from records.ids import new_id
from tests.billing.counter import Counter, goods, list_with, service, tenders

DEARER_COLA = list_with(("price_fen = 400", "price_fen = 500"))


def test_an_order_names_posted_items_at_their_posted_prices(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2), service("print-a4", 3))
    assert order.total_fen == 1100
    assert counter.last("order.added") == {
        "order": order.order_id,
        "visit": visit_id,
        "list": 1,
        "lines": [
            {"line": 1, "kind": "goods", "code": "cola-330", "qty": 2, "unit_fen": 400, "amount_fen": 800},
            {"line": 2, "kind": "service", "code": "print-a4", "qty": 3, "unit_fen": 100, "amount_fen": 300},
        ],
    }


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (goods("caviar"), UnknownItemError),
        (service("cola-330"), UnknownItemError),
        (OrderLine(kind=ItemKind.PACKAGE, code="3h", quantity=1), UnknownItemError),
        (goods("cola-330", 0), BadQuantityError),
        (goods("cola-330", -1), BadQuantityError),
        (goods("cola-330", 1001), BadQuantityError),
    ],
)
def test_nothing_else_is_sold(counter: Counter, line: OrderLine, error: type[Exception]) -> None:
    visit_id = counter.open()
    with pytest.raises(error):
        counter.order(visit_id, line)
    with pytest.raises(error):
        counter.do(sales.sell, sale_id=new_id(), lines=[line], tenders=[], job_id=new_id())


def test_an_order_has_lines_and_a_visit(counter: Counter) -> None:
    with pytest.raises(NothingSoldError):
        counter.order(counter.open())
    with pytest.raises(UnknownVisitError):
        counter.order("nobody", goods("cola-330"))


def test_a_repeated_order_is_not_served_twice(counter: Counter) -> None:
    visit_id, order_id = counter.open(), new_id()
    counter.do(orders.add, visit_id, [goods("cola-330")], order_id=order_id)
    with pytest.raises(OrderRepeatedError):
        counter.do(orders.add, visit_id, [goods("cola-330")], order_id=order_id)


def test_goods_are_sold_from_the_list_of_the_instant_and_time_from_the_visits_own(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330"))
    counter.wait(hours=1)
    counter.publish(DEARER_COLA)
    counter.order(visit_id, goods("cola-330"))
    body = counter.settle(visit_id, "cash=1300").entry.body
    assert [(line["list"], line["unit_fen"]) for line in body["orders"]] == [(1, 400), (2, 500)]
    assert (body["list"], body["total_fen"]) == (1, 1300)


def test_what_was_not_handed_over_is_cancelled_piece_by_piece(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 3), service("print-a4"))
    assert counter.do(orders.cancel, order.order_id, 1, 2, "customer").net_fen == 800
    entry = counter.entries("order.cancelled")[-1]
    assert entry["body"] == {
        "order": order.order_id,
        "visit": visit_id,
        "line": 1,
        "qty": 2,
        "amount_fen": 800,
        "reason": "customer",
    }
    assert entry["gt"]["voids_fen"] == 800
    with pytest.raises(CancelledTooManyError) as too_many:
        counter.do(orders.cancel, order.order_id, 1, 2, "customer")
    assert too_many.value.left == 1
    counter.do(orders.cancel, order.order_id, 2, 1, "faulty")
    counter.wait(hours=1)
    body = counter.settle(visit_id, "cash=800").entry.body
    assert [(line["line"], line["qty"], line["amount_fen"]) for line in body["orders"]] == [(1, 1, 400)]


def test_a_cancellation_names_a_line_a_quantity_and_a_reason(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330"))
    with pytest.raises(UnknownReasonError):
        counter.do(orders.cancel, order.order_id, 1, 1, "no idea")
    with pytest.raises(UnknownOrderLineError):
        counter.do(orders.cancel, order.order_id, 2, 1, "customer")
    with pytest.raises(BadQuantityError):
        counter.do(orders.cancel, order.order_id, 1, 0, "customer")
    counter.settle(visit_id, "cash=400")
    with pytest.raises(AlreadySettledError):
        counter.do(orders.cancel, order.order_id, 1, 1, "customer")


def test_a_passer_by_pays_at_once(counter: Counter) -> None:
    sale_id, job_id = new_id(), new_id()
    draft = counter.do(
        sales.sell,
        sale_id=sale_id,
        lines=[goods("cola-330", 2), service("print-a4")],
        tenders=tenders("wechat=500:w1", "cash=1000"),
        job_id=job_id,
    )
    assert (draft.receipt, draft.payment.change_fen) == (1, 600)
    entry = counter.entries("sale.settled")[-1]
    assert entry["gt"]["sales_fen"] == 900
    assert entry["body"] == {
        "sale": sale_id,
        "list": 1,
        "lines": [
            {"line": 1, "kind": "goods", "code": "cola-330", "qty": 2, "unit_fen": 400, "amount_fen": 800},
            {"line": 2, "kind": "service", "code": "print-a4", "qty": 1, "unit_fen": 100, "amount_fen": 100},
        ],
        "total_fen": 900,
        "tenders": [{"kind": "wechat", "fen": 500, "ref": "w1"}, {"kind": "cash", "fen": 1000}],
        "change_fen": 600,
        "shift": 1,
        "receipt": 1,
        "job": job_id,
        "postings": [
            {"account": "wechat", "fen": 500},
            {"account": "cash/desk-1", "fen": 1000},
            {"account": "cash/desk-1", "fen": -600},
            {"account": "revenue/goods", "fen": -800},
            {"account": "revenue/services", "fen": -100},
        ],
    }


def test_a_repeated_sale_is_told_of_the_first(counter: Counter) -> None:
    sale_id = new_id()

    def sell() -> None:
        counter.do(sales.sell, sale_id=sale_id, lines=[goods("cola-330")], tenders=tenders("cash=500"), job_id=new_id())

    sell()
    with pytest.raises(SaleRepeatedError) as repeated:
        sell()
    assert (repeated.value.receipt, repeated.value.total_fen, repeated.value.change_fen) == (1, 400, 100)


@pytest.mark.parametrize(("given", "error"), [("cash=399", TendersTooLowError), ("bank=401:b", NonCashAboveDueError)])
def test_a_sale_is_paid_exactly_or_in_cash(counter: Counter, given: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        counter.do(sales.sell, sale_id=new_id(), lines=[goods("cola-330")], tenders=tenders(given), job_id=new_id())


def test_nothing_is_sold_without_a_shift(bare_counter: Counter) -> None:
    bare_counter.publish()
    with pytest.raises(NoShiftError):
        bare_counter.do(
            sales.sell, sale_id=new_id(), lines=[goods("cola-330")], tenders=tenders("cash=400"), job_id=new_id()
        )
