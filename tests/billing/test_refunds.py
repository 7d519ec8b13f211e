"""Money given back: never above what was paid, by the way it was paid, in the shift that refunds (G-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import deposits, orders, paid_back, reductions, refunds, sales, shifts, visits
from billing.errors import UnknownReasonError
from billing.order_errors import BadQuantityError
from billing.paid_back import PaidWay, Settled
from billing.reasons import ReductionReason
from billing.refund_errors import (
    NothingToRefundError,
    NotSettledError,
    PackageNotRefundableError,
    RefundAbovePaidError,
    RefundedTooManyError,
    RefundRepeatedError,
    UnknownPaidLineError,
)
from billing.refunds import RefundDraft, RefundLine
from billing.sales import SaleReduction
from billing.shift_errors import DrawerShortError, NoShiftError
from billing.tenders import TenderKind, total
from records.ids import new_id
from records.unit_of_work import UnitOfWork
from tests.billing.counter import Counter, goods, service, tenders
from tests.billing.savings_shop import combo, promotion, savings_list


@pytest.fixture
def counter(bare_counter: Counter) -> Counter:
    bare_counter.publish(savings_list())
    bare_counter.open_shift()
    return bare_counter


def refund(
    counter: Counter, *lines: RefundLine, visit_id: str | None = None, sale_id: str | None = None, **options: Any
) -> RefundDraft:
    def give(work: UnitOfWork) -> RefundDraft:
        settled = paid_back.paid(work.connection, visit_id=visit_id, sale_id=sale_id)
        asked = {"refund_id": new_id(), "reason": "returned", "job_id": new_id(), **options}
        return refunds.give(work, settled, lines, **asked)

    return counter.do(give)


def sale(counter: Counter, *lines: Any, given: tuple[str, ...], taken_off_fen: int = 0) -> str:
    sale_id = new_id()
    off = [SaleReduction(fen=taken_off_fen, reason=ReductionReason.GOODWILL)] if taken_off_fen else []
    counter.do(sales.sell, sale_id=sale_id, lines=lines, tenders=tenders(*given), reductions=off, job_id=new_id())
    return sale_id


def test_a_piece_goes_back_at_its_price(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 3), service("print-a4"), given=("cash=2000",))
    body = refund(counter, RefundLine(line=1, quantity=2), sale_id=sale_id, refund_id="back").entry.body
    assert {key: body[key] for key in ("refund", "of", "lines", "amount_fen", "reason", "tenders", "shift")} == {
        "refund": "back",
        "of": {"sale": sale_id},
        "lines": [{"line": 1, "kind": "goods", "code": "cola-330", "qty": 2, "unit_fen": 400, "amount_fen": 800}],
        "amount_fen": 800,
        "reason": "returned",
        "tenders": [{"kind": "cash", "fen": 800}],
        "shift": 1,
    }
    assert body["postings"] == [{"account": "revenue/goods", "fen": 800}, {"account": "cash/desk-1", "fen": -800}]
    assert body["receipt"] == 2
    assert counter.entries()[-1]["gt"]["refunds_fen"] == 800
    with pytest.raises(RefundedTooManyError) as caught:
        refund(counter, RefundLine(line=1, quantity=2), sale_id=sale_id)
    assert caught.value.left == 1


def test_a_visits_lines_are_named_by_their_order(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2), service("print-a4"))
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    with pytest.raises(NotSettledError):
        refund(counter, RefundLine(order_id=order.order_id, line=1), visit_id=visit_id)
    counter.settle(visit_id, "cash=1000")
    with pytest.raises(RefundedTooManyError):
        refund(counter, RefundLine(order_id=order.order_id, line=1, quantity=2), visit_id=visit_id)
    for order_id, line in ((order.order_id, 3), ("none", 1), (None, 1)):
        with pytest.raises(UnknownPaidLineError):
            refund(counter, RefundLine(order_id=order_id, line=line), visit_id=visit_id)
    body = refund(counter, RefundLine(order_id=order.order_id, line=1), visit_id=visit_id).entry.body
    assert (body["of"], body["lines"][0]["order"]) == ({"visit": visit_id}, order.order_id)


def test_money_goes_back_by_the_way_it_was_paid_the_last_one_first(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 5), given=("wechat=500:W1", "alipay=700:A1", "cash=1000"))
    assert refund(counter, RefundLine(line=1, quantity=4), sale_id=sale_id).entry.body["tenders"] == [
        {"kind": "cash", "fen": 800},
        {"kind": "alipay", "fen": 700, "ref": "A1"},
        {"kind": "wechat", "fen": 100, "ref": "W1"},
    ]
    assert refund(counter, RefundLine(line=1), sale_id=sale_id).entry.body["tenders"] == [
        {"kind": "wechat", "fen": 400, "ref": "W1"}
    ]
    settled = counter.ask(paid_back.paid, sale_id=sale_id)
    assert (settled.left_fen, [way.left_fen for way in settled.ways]) == (0, [0, 0, 0])


def test_a_deposit_that_was_used_is_a_way_that_was_paid(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("wechat=1000:W1")[0], job_id=new_id())
    order = counter.order(visit_id, goods("cola-330", 2))
    counter.settle(visit_id)
    body = refund(counter, RefundLine(order_id=order.order_id, line=1, quantity=2), visit_id=visit_id).entry.body
    assert body["tenders"] == [{"kind": "wechat", "fen": 800, "ref": "W1"}]


def test_a_broken_combo_takes_its_saving_along(counter: Counter) -> None:
    sale_id = sale(counter, combo("supper", 2), given=("cash=2400",))
    first = refund(counter, RefundLine(line=2, quantity=1), sale_id=sale_id)
    assert [(line.kind, line.quantity, line.amount_fen) for line in first.lines] == [
        ("goods", 1, 400),
        ("combo", 1, -300),
    ]
    second = refund(counter, RefundLine(line=2, quantity=1), sale_id=sale_id)
    assert [(line.kind, line.amount_fen) for line in second.lines] == [("goods", 400)]
    third = refund(counter, *(RefundLine(line=line, quantity=2) for line in (1, 2, 3)), sale_id=sale_id)
    assert first.amount_fen + second.amount_fen + third.amount_fen == 2400


def test_a_promotion_goes_back_at_what_was_paid_and_a_gift_at_nothing(counter: Counter) -> None:
    sale_id = sale(counter, promotion("cheap-cola", 2), promotion("gift-print"), given=("cash=500",))
    assert refund(counter, RefundLine(line=1), sale_id=sale_id).amount_fen == 250
    with pytest.raises(NothingToRefundError):
        refund(counter, RefundLine(line=3), sale_id=sale_id)
    both = refund(counter, RefundLine(line=3), RefundLine(line=1), sale_id=sale_id)
    assert (both.amount_fen, len(both.lines)) == (250, 4)


def test_what_was_taken_off_the_bill_does_not_come_back(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330"), goods("noodles"))
    counter.do(reductions.give, visit_id, 100, "goodwill")
    counter.settle(visit_id, "cash=900")
    refund(counter, RefundLine(order_id=order.order_id, line=2), visit_id=visit_id)
    rest = refund(counter, RefundLine(order_id=order.order_id, line=1), visit_id=visit_id)
    assert (rest.amount_fen, rest.entry.body["unpaid_fen"]) == (300, 100)
    assert rest.entry.body["postings"] == [
        {"account": "revenue/goods", "fen": 400},
        {"account": "revenue/reductions", "fen": -100},
        {"account": "cash/desk-1", "fen": -300},
    ]


def test_a_reduction_of_a_sale_is_kept_from_what_goes_back_last(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 3), given=("cash=1000",), taken_off_fen=200)
    first = refund(counter, RefundLine(line=1, quantity=2), sale_id=sale_id)
    second = refund(counter, RefundLine(line=1), sale_id=sale_id)
    assert "unpaid_fen" not in first.entry.body
    assert (first.amount_fen, second.amount_fen) == (800, 200)


def test_whose_bill_was_taken_off_whole_gets_nothing_back(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330"), given=(), taken_off_fen=400)
    with pytest.raises(RefundAbovePaidError) as caught:
        refund(counter, RefundLine(line=1), sale_id=sale_id)
    assert caught.value.left_fen == 0


def test_a_package_gives_back_its_posted_share_once(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "2h")
    counter.wait(minutes=20)
    counter.do(visits.buy_package, visit_id, "3h")
    counter.wait(minutes=10)
    counter.settle(visit_id, "cash=1900")
    back = refund(counter, RefundLine(line=1, is_package=True), visit_id=visit_id)
    assert back.entry.body["lines"] == [
        {"line": 1, "kind": "package", "code": "2h", "qty": 1, "unit_fen": 675, "amount_fen": 675}
    ]
    assert back.entry.body["postings"][0] == {"account": "revenue/packages", "fen": 675}
    for place in (1, 2):  # The second gives nothing back: its list says so.
        with pytest.raises(PackageNotRefundableError):
            refund(counter, RefundLine(line=place, is_package=True), visit_id=visit_id)
    with pytest.raises(UnknownPaidLineError):
        refund(counter, RefundLine(line=3, is_package=True), visit_id=visit_id)


def test_a_package_under_a_promotion_gives_back_a_share_of_what_was_paid(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, promotion("cheap-2h"))
    counter.wait(minutes=60)
    counter.settle(visit_id, "cash=600")
    assert refund(counter, RefundLine(line=1, is_package=True), visit_id=visit_id).amount_fen == 300


def test_of_a_bill_at_the_best_price_only_what_was_bought_gives_a_share_back(bare_counter: Counter) -> None:
    prices = savings_list()
    bare_counter.publish(replace(prices, method=replace(prices.method, best_price=True)))
    bare_counter.open_shift()
    visit_id = bare_counter.open()
    bare_counter.wait(hours=10)
    bare_counter.do(visits.buy_package, visit_id, "2h")
    bare_counter.wait(hours=1)
    packages = [line for line in bare_counter.show(visit_id).bill.to_json()["lines"] if line["kind"] == "package"]
    assert [(line["code"], "best_price" in line) for line in packages] == [("3h", True), ("night", True), ("2h", False)]
    bare_counter.pay(visit_id, "cash=3900")
    for place in (1, 2):
        with pytest.raises(PackageNotRefundableError):
            refund(bare_counter, RefundLine(line=place, is_package=True), visit_id=visit_id)
    # It begins when the night is over, after the visit.
    assert refund(bare_counter, RefundLine(line=3, is_package=True), visit_id=visit_id).amount_fen == 900


def test_a_package_that_was_used_up_gives_nothing_back(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "2h")
    counter.wait(hours=2)
    counter.settle(visit_id, "cash=900")
    with pytest.raises(PackageNotRefundableError):
        refund(counter, RefundLine(line=1, is_package=True), visit_id=visit_id)
    assert counter.ask(refunds.refundable, counter.ask(paid_back.paid, visit_id=visit_id)) == []


def test_what_can_go_back_is_told_line_by_line(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "2h")
    order = counter.order(visit_id, goods("cola-330", 2))
    counter.settle(visit_id, "cash=1700")
    refund(counter, RefundLine(order_id=order.order_id, line=1), visit_id=visit_id)
    told = counter.ask(refunds.refundable, counter.ask(paid_back.paid, visit_id=visit_id))
    assert [(line.kind, line.quantity) for line in told] == [("goods", 1)]


def test_a_repeated_refund_gives_nothing_twice(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 2), given=("cash=800",))
    refund(counter, RefundLine(line=1), sale_id=sale_id, refund_id="back")
    with pytest.raises(RefundRepeatedError) as caught:
        refund(counter, RefundLine(line=1), sale_id=sale_id, refund_id="back")
    assert (caught.value.receipt, caught.value.amount_fen) == (2, 400)


def test_a_refund_needs_a_reason_and_pieces(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 2), given=("cash=800",))
    with pytest.raises(UnknownReasonError):
        refund(counter, RefundLine(line=1), sale_id=sale_id, reason="why not")
    with pytest.raises(BadQuantityError):
        refund(counter, RefundLine(line=1, quantity=0), sale_id=sale_id)
    with pytest.raises(NothingToRefundError):
        refund(counter, sale_id=sale_id)


def test_a_refund_belongs_to_the_shift_that_gives_it(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 2), given=("cash=500", "wechat=300:W1"))
    expected = counter.do(shifts.close, counted_fen=20_500, reason=None, job_id=new_id())
    assert expected.reading.totals.cash == 500
    with pytest.raises(NoShiftError):
        refund(counter, RefundLine(line=1), sale_id=sale_id)
    counter.open_shift(10_000)
    refund(counter, RefundLine(line=1), sale_id=sale_id)
    closed = counter.do(shifts.close, counted_fen=9_900, reason=None, job_id=new_id())
    reading = closed.reading
    assert (reading.totals.cash, reading.totals.wechat) == (-100, -300)
    assert (reading.refunds_fen, reading.moved_fen, reading.sales_fen) == (400, 0, 0)


def test_no_more_cash_goes_back_than_the_drawer_holds(counter: Counter) -> None:
    sale_id = sale(counter, goods("cola-330", 2), given=("cash=800",))
    counter.do(shifts.close, counted_fen=20_800, reason=None, job_id=new_id())
    counter.open_shift(100)
    with pytest.raises(DrawerShortError):
        refund(counter, RefundLine(line=1), sale_id=sale_id)


@given(
    ways=st.lists(
        st.tuples(st.sampled_from(list(TenderKind)), st.integers(1, 5000), st.integers(0, 5000)), min_size=1, max_size=6
    ),
    amount_fen=st.integers(1, 30_000),
)
def test_ways_add_up_and_are_never_overdrawn(ways: list[tuple[TenderKind, int, int]], amount_fen: int) -> None:
    made = tuple(
        PaidWay(
            kind=kind,
            reference=None if kind is TenderKind.CASH else f"r{number}",
            paid_fen=paid_fen,
            back_fen=min(back_fen, paid_fen),
        )
        for number, (kind, paid_fen, back_fen) in enumerate(ways)
    )
    settled = Settled(
        visit_id="v",
        sale_id=None,
        job_id="j",
        paid_fen=sum(way.paid_fen for way in made),
        back_fen=sum(way.back_fen for way in made),
        ways=made,
    )
    if amount_fen > settled.left_fen:
        with pytest.raises(RefundAbovePaidError):
            settled.tenders(amount_fen)
        return
    back = settled.tenders(amount_fen)
    assert total(back) == amount_fen
    assert len(back) <= len(made)
