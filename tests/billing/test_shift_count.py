"""Shifts: float, X, blind count, Z."""

from __future__ import annotations

import pytest

from billing import deposits, ledger, sales, shifts
from billing.errors import UnknownReasonError
from billing.shift_errors import BadCountError, DifferenceUnexplainedError, NoShiftError, ShiftOpenError
from billing.shifts import ReceiptRange, TenderTotals
from billing.tables import open_shifts
from records.ids import new_id
from tests.billing.counter import FLOAT_FEN, Counter, goods, tenders


def sell(counter: Counter, *texts: str) -> int:
    draft = counter.do(
        sales.sell, sale_id=new_id(), lines=[goods("cola-330")], tenders=tenders(*texts), job_id=new_id()
    )
    return draft.receipt


def test_a_shift_opens_with_a_float_from_the_safe(bare_counter: Counter) -> None:
    assert bare_counter.ask(shifts.current) is None
    assert bare_counter.open_shift(FLOAT_FEN) == 1
    assert bare_counter.last("shift.opened") == {
        "shift": 1,
        "float_fen": FLOAT_FEN,
        "postings": [{"account": "cash/desk-1", "fen": FLOAT_FEN}, {"account": "safe", "fen": -FLOAT_FEN}],
    }
    running = bare_counter.ask(shifts.current)
    assert running is not None
    assert (running.number, running.till, running.float_fen) == (1, "desk-1", FLOAT_FEN)
    assert bare_counter.ask(shifts.current, till="desk-2") is None
    with pytest.raises(ShiftOpenError):
        bare_counter.open_shift()


@pytest.mark.parametrize("amount_fen", [-1, 100_000_001])
def test_a_float_and_a_count_are_amounts_of_cash(bare_counter: Counter, amount_fen: int) -> None:
    with pytest.raises(BadCountError):
        bare_counter.open_shift(amount_fen)
    bare_counter.open_shift(0)
    with pytest.raises(BadCountError):
        bare_counter.do(shifts.close, counted_fen=amount_fen, reason=None, job_id=new_id())


def test_a_shift_tells_what_it_took_net_of_change_and_returned_deposits(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("wechat=3000:w")[0], job_id=new_id())
    counter.do(deposits.take, visit_id, tenders("cash=1000")[0], job_id=new_id())
    sell(counter, "cash=1000")
    sell(counter, "bank=400:b")
    counter.wait(hours=1)
    counter.settle(visit_id)
    job_id = new_id()
    reading = counter.do(shifts.read, job_id=job_id)
    assert reading.totals == TenderTotals(cash=400, wechat=400, bank=400)
    assert (reading.sales_fen, reading.receipts) == (1200, ReceiptRange(first=1, last=5))
    assert counter.last("shift.read") == {"shift": 1, "job": job_id}


def test_a_shift_without_business_has_no_receipts(counter: Counter) -> None:
    counter.do(shifts.close, counted_fen=FLOAT_FEN, reason=None, job_id=new_id())
    assert counter.last("shift.closed")["receipts"] is None


def test_a_shift_that_counts_right_needs_no_reason(counter: Counter) -> None:
    sell(counter, "cash=500")
    job_id = new_id()
    closed = counter.do(shifts.close, counted_fen=FLOAT_FEN + 400, reason="unknown", job_id=job_id)
    assert (closed.z, closed.expected_fen, closed.difference_fen, closed.reason) == (1, FLOAT_FEN + 400, 0, None)
    assert counter.last("shift.closed") == {
        "shift": 1,
        "counted_fen": FLOAT_FEN + 400,
        "expected_fen": FLOAT_FEN + 400,
        "difference_fen": 0,
        "z": 1,
        "totals_fen": {"cash": 400, "wechat": 0, "alipay": 0, "bank": 0, "wallet": 0},
        "sales_fen": 400,
        "receipts": {"first": 1, "last": 1},
        "postings": [
            {"account": "safe", "fen": FLOAT_FEN + 400},
            {"account": "cash/desk-1", "fen": -FLOAT_FEN - 400},
        ],
        "job": job_id,
    }


@pytest.mark.parametrize("difference_fen", [-150, 150])
def test_a_difference_needs_a_reason_and_is_booked(counter: Counter, difference_fen: int) -> None:
    counted_fen = FLOAT_FEN + difference_fen
    with pytest.raises(DifferenceUnexplainedError) as unexplained:
        counter.do(shifts.close, counted_fen=counted_fen, reason=None, job_id=new_id())
    assert str(difference_fen) not in repr(unexplained.value)
    assert str(FLOAT_FEN) not in repr(unexplained.value)
    with pytest.raises(UnknownReasonError):
        counter.do(shifts.close, counted_fen=counted_fen, reason="who knows", job_id=new_id())
    counter.do(shifts.close, counted_fen=counted_fen, reason="change-error", job_id=new_id())
    body = counter.last("shift.closed")
    assert (body["difference_fen"], body["reason"]) == (difference_fen, "change-error")
    assert body["postings"] == [
        {"account": "safe", "fen": counted_fen},
        {"account": "over_short", "fen": -difference_fen},
        {"account": "cash/desk-1", "fen": -FLOAT_FEN},
    ]
    assert counter.ask(ledger.balance, "cash/desk-1") == 0
    assert counter.ask(ledger.balance, "over_short") == -difference_fen
    assert counter.rows(open_shifts) == []


def test_shifts_and_z_slips_are_numbered_without_gaps(counter: Counter) -> None:
    numbers = []
    for _ in range(3):
        closed = counter.do(shifts.close, counted_fen=FLOAT_FEN, reason=None, job_id=new_id())
        numbers.append((closed.reading.shift.number, closed.z))
        with pytest.raises(NoShiftError):
            counter.do(shifts.close, counted_fen=0, reason=None, job_id=new_id())
        with pytest.raises(NoShiftError):
            counter.do(shifts.read, job_id=new_id())
        counter.open_shift()
    assert numbers == [(1, 1), (2, 2), (3, 3)]


def test_a_deposit_of_an_earlier_shift_is_given_back_by_the_one_that_settles(counter: Counter) -> None:
    visit_id = counter.open()
    counter.do(deposits.take, visit_id, tenders("cash=5000")[0], job_id=new_id())
    counter.do(shifts.close, counted_fen=FLOAT_FEN + 5000, reason=None, job_id=new_id())
    counter.open_shift()
    counter.settle(visit_id)
    closed = counter.do(shifts.close, counted_fen=FLOAT_FEN - 5000, reason=None, job_id=new_id())
    assert closed.reading.totals.cash == -5000
