"""Stock: what came in, lies there, was thrown away and was sold; it warns and never stands in the way."""

from __future__ import annotations

import pytest

from billing import orders, paid_back, rebuild, refunds, sales, stock
from billing.errors import UnknownReasonError
from billing.order_errors import BadQuantityError, NothingSoldError, UnknownItemError
from billing.refunds import RefundLine
from billing.stock import Pieces, StockLevel
from billing.stock_tables import stock_levels
from records.ids import new_id
from records.unit_of_work import UnitOfWork
from tests.billing.counter import Counter, goods, tenders


def pieces(code: str, quantity: int) -> Pieces:
    return Pieces(code=code, quantity=quantity)


def levels(counter: Counter) -> dict[str, int]:
    return {level.code: level.pieces for level in counter.ask(stock.levels)}


def test_stock_follows_what_comes_and_goes(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 3))
    assert levels(counter) == {}  # Nobody keeps it yet.
    told = counter.do(stock.receive, [pieces("cola-330", 24)])
    assert told == [StockLevel(code="cola-330", pieces=24)]
    order = counter.order(visit_id, goods("cola-330", 5))
    counter.do(orders.cancel, order.order_id, 1, 2, "customer")
    counter.do(sales.sell, sale_id=new_id(), lines=[goods("cola-330")], tenders=tenders("cash=400"), job_id=new_id())
    counter.do(stock.write_off, [pieces("cola-330", 1)], reason="damaged")
    assert levels(counter) == {"cola-330": 24 - 5 + 2 - 1 - 1}
    counter.do(stock.count, [pieces("cola-330", 15)])
    assert counter.last("stock.counted") == {"lines": [{"code": "cola-330", "counted": 15, "expected": 19}]}
    assert levels(counter) == {"cola-330": 15}
    assert counter.ask(rebuild.differing) == []


def test_a_first_count_begins_from_nothing(counter: Counter) -> None:
    counter.order(counter.open(), goods("cola-330", 3))
    counter.do(stock.count, [pieces("cola-330", 0)])
    assert counter.last("stock.counted") == {"lines": [{"code": "cola-330", "counted": 0, "expected": 0}]}
    assert counter.ask(rebuild.differing) == []


def test_more_is_sold_than_the_books_have_and_somebody_hears_of_it(counter: Counter) -> None:
    counter.do(stock.receive, [pieces("cola-330", 7)])
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330"))
    assert counter.ask(stock.low, ["cola-330", "nothing"]) == []
    counter.order(visit_id, goods("cola-330"))
    assert counter.ask(stock.low, ["cola-330"]) == [StockLevel(code="cola-330", pieces=5)]
    counter.order(visit_id, goods("cola-330", 9))
    assert levels(counter) == {"cola-330": -4}
    counter.do(stock.count, [pieces("cola-330", 2)])
    assert counter.last("stock.counted")["lines"] == [{"code": "cola-330", "counted": 2, "expected": -4}]


def test_a_broken_level_is_made_again_from_the_facts(counter: Counter) -> None:
    counter.do(stock.receive, [pieces("cola-330", 7)])
    counter.order(counter.open(), goods("cola-330"))
    with counter.records.begin() as work:
        work.execute(stock_levels.update().values(pieces=99))
        assert rebuild.rebuild(work, person_of=lambda _check: None) == ["stock_levels"]
        work.entry("state.rebuilt", {"tables": ["stock_levels"]})
        work.commit()
    assert levels(counter) == {"cola-330": 6}


def test_stock_is_kept_of_goods_and_in_pieces(counter: Counter) -> None:
    with pytest.raises(NothingSoldError):
        counter.do(stock.receive, [])
    for code in ("print-a4", "nothing"):
        with pytest.raises(UnknownItemError):
            counter.do(stock.receive, [pieces(code, 1)])
    with pytest.raises(UnknownItemError):  # One thing stands in a count once.
        counter.do(stock.count, [pieces("cola-330", 1), pieces("cola-330", 2)])
    for quantity in (0, -1, 1_000_001):
        with pytest.raises(BadQuantityError):
            counter.do(stock.receive, [pieces("cola-330", quantity)])
    with pytest.raises(BadQuantityError):
        counter.do(stock.count, [pieces("cola-330", -1)])
    with pytest.raises(UnknownReasonError):
        counter.do(stock.write_off, [pieces("cola-330", 1)], reason="eaten")


def test_a_refund_moves_no_stock(counter: Counter) -> None:
    """What was handed over and came back may be faulty: a count says what is on the shelf."""
    counter.do(stock.receive, [pieces("cola-330", 7)])
    line = goods("cola-330")
    counter.do(sales.sell, sale_id="sale", lines=[line], tenders=tenders("cash=400"), job_id=new_id())

    def give(work: UnitOfWork) -> None:
        paid = paid_back.paid(work.connection, sale_id="sale")
        refunds.give(work, paid, [RefundLine(line=1)], refund_id=new_id(), reason="faulty", job_id=new_id())

    counter.do(give)
    assert levels(counter) == {"cola-330": 6}
