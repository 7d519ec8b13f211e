"""What is taken off a bill, and what is in the customer's hands: reasons, bounds, and taking it back."""

from __future__ import annotations

import pytest

from billing import orders, reductions, sales
from billing.errors import UnknownReasonError
from billing.order_errors import (
    BadReductionError,
    NothingToHandOverError,
    ReductionAboveDueError,
    ReductionRepeatedError,
    UnknownOrderLineError,
    UnknownReductionError,
)
from billing.reasons import ReductionReason
from billing.sales import SaleReduction
from billing.visit_errors import AlreadySettledError
from records.canonical import canonical_sha256
from records.ids import new_id
from staff.approvals import Approval, Reason, Signatory
from staff.roles import Operation, Role
from tests.billing.counter import Counter, goods, service, tenders

APPROVED = Approval(
    operation=Operation.REDUCTION_GIVE,
    requester="s1",
    approver=Signatory(staff="s2", role=Role.MANAGER),
    reason=Reason.GOODWILL,
    amount_fen=300,
)


def test_a_reduction_stands_on_statement_and_settlement(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 2))
    given = counter.do(reductions.give, visit_id, 300, "goodwill", reduction_id="red", approval=APPROVED)
    assert counter.last("reduction.given") == {
        "reduction": "red",
        "visit": visit_id,
        "fen": 300,
        "reason": "goodwill",
        "approval": {"operation": "reduction.give", "by": "s2", "reason": "goodwill"},
    }
    shown = counter.show(visit_id)
    assert shown.to_json()["reductions"] == [{"reduction": given.reduction_id, "fen": 300, "reason": "goodwill"}]
    body = counter.pay(visit_id, "cash=500").entry.body
    assert body["statement"] == canonical_sha256(shown.to_json())
    assert (body["reductions"], body["total_fen"]) == (shown.to_json()["reductions"], 500)
    assert {"account": "revenue/reductions", "fen": 300} in body["postings"]


def test_a_bill_without_reductions_does_not_speak_of_them(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330"))
    assert "reductions" not in counter.show(visit_id).to_json()
    assert "reductions" not in counter.pay(visit_id, "cash=400").entry.body


def test_a_reduction_is_withdrawn_once(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 2))
    counter.do(reductions.give, visit_id, 300, "faulty", reduction_id="red")
    counter.do(reductions.give, visit_id, 100, "faulty", reduction_id="other")
    assert counter.do(reductions.withdraw, "red") == visit_id
    for unknown in ("red", "none"):
        with pytest.raises(UnknownReductionError):
            counter.do(reductions.withdraw, unknown)
    body = counter.settle(visit_id, "cash=700").entry.body
    assert (body["total_fen"], [one["reduction"] for one in body["reductions"]]) == (700, ["other"])
    with pytest.raises(AlreadySettledError):
        counter.do(reductions.withdraw, "other")


@pytest.mark.parametrize("fen", [0, -1, 801])
def test_no_more_is_taken_off_than_is_due(counter: Counter, fen: int) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 2))
    with pytest.raises(BadReductionError):
        counter.do(reductions.give, visit_id, fen, "goodwill")
    counter.do(reductions.give, visit_id, 800, "goodwill")
    with pytest.raises(BadReductionError):
        counter.do(reductions.give, visit_id, 1, "goodwill")
    assert counter.settle(visit_id).entry.body["total_fen"] == 0


def test_a_reduction_has_a_reason_and_is_given_once(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 2))
    with pytest.raises(UnknownReasonError):
        counter.do(reductions.give, visit_id, 1, "because")
    counter.do(reductions.give, visit_id, 1, "goodwill", reduction_id="red")
    with pytest.raises(ReductionRepeatedError):
        counter.do(reductions.give, visit_id, 1, "goodwill", reduction_id="red")


def test_a_bill_that_shrank_below_its_reduction_is_not_shown(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2))
    counter.do(reductions.give, visit_id, 700, "goodwill", reduction_id="red")
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    with pytest.raises(ReductionAboveDueError):
        counter.show(visit_id)
    counter.do(reductions.withdraw, "red")
    assert counter.settle(visit_id, "cash=400").entry.body["total_fen"] == 400


def test_a_reduction_overtakes_what_was_shown(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 2))
    first = counter.show(visit_id)
    counter.do(reductions.give, visit_id, 100, "goodwill", reduction_id="red")
    second = counter.show(visit_id)
    counter.do(reductions.withdraw, "red")
    third = counter.show(visit_id)
    assert first.sha256 == third.sha256 != second.sha256


def test_something_is_taken_off_a_sale(counter: Counter) -> None:
    off = SaleReduction(fen=300, reason=ReductionReason.FAULTY, approval=APPROVED)
    lines = [goods("cola-330", 2), service("print-a4")]
    draft = counter.do(
        sales.sell, sale_id="sale", lines=lines, tenders=tenders("cash=600"), job_id=new_id(), reductions=[off]
    )
    body = draft.entry.body
    assert body["reductions"] == [{"fen": 300, "reason": "faulty", "approval": APPROVED.body()}]
    assert body["total_fen"] == 600
    assert body["postings"][-1] == {"account": "revenue/reductions", "fen": 300}
    for fen in (0, 901):
        bad = SaleReduction(fen=fen, reason=ReductionReason.FAULTY)
        with pytest.raises(BadReductionError):
            counter.do(sales.sell, sale_id=new_id(), lines=lines, tenders=[], job_id=new_id(), reductions=[bad])


def test_lines_are_handed_over_once(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2), service("print-a4"), goods("cola-330"))
    counter.do(orders.cancel, order.order_id, 3, 1, "customer")
    assert counter.do(orders.hand_over, order.order_id, [1]) == (1,)
    assert counter.do(orders.hand_over, order.order_id) == (2,)
    assert counter.last("order.handed_over") == {"order": order.order_id, "visit": visit_id, "lines": [2]}
    with pytest.raises(NothingToHandOverError):
        counter.do(orders.hand_over, order.order_id)
    for order_id, line in ((order.order_id, 9), ("none", 1)):
        with pytest.raises(UnknownOrderLineError):
            counter.do(orders.hand_over, order_id, [line])


def test_a_cancellation_says_that_it_came_after_the_hand_over(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2), service("print-a4"))
    counter.do(orders.hand_over, order.order_id, [1])
    assert counter.do(orders.cancel, order.order_id, 1, 1, "faulty").was_handed_over
    assert counter.last("order.cancelled")["handed_over"] is True
    assert not counter.do(orders.cancel, order.order_id, 2, 1, "customer").was_handed_over
    assert "handed_over" not in counter.last("order.cancelled")
