"""Cash beside sales: put in, taken out, and what the drawer should hold afterwards."""

from __future__ import annotations

import pytest

from billing import cash_moves, ledger, shifts
from billing.cash_moves import PURPOSES, CashDirection, CashMove, CashPurpose
from billing.errors import UnknownReasonError
from billing.shift_errors import BadCountError, DrawerShortError, NoShiftError
from records.ids import new_id
from staff.approvals import Approval, Reason, Signatory
from staff.roles import Operation, Role
from tests.billing.counter import FLOAT_FEN, Counter


def cash(direction: CashDirection, purpose: CashPurpose, fen: int) -> CashMove:
    return CashMove(direction=direction, purpose=purpose, fen=fen)


def move(counter: Counter, moved: CashMove, approval: Approval | None = None) -> None:
    counter.do(cash_moves.move, moved, job_id=new_id(), approval=approval)


def test_a_banking_goes_to_the_safe_and_is_expected_no_more(counter: Counter) -> None:
    approval = Approval(
        operation=Operation.CASH_MOVE,
        requester="s1",
        approver=Signatory(staff="s2", role=Role.MANAGER),
        reason=Reason.BANKED,
        amount_fen=5_000,
    )
    move(counter, cash(CashDirection.OUT, CashPurpose.BANKED, 5_000), approval)
    body = counter.last("cash.moved")
    assert body["approval"] == {"operation": "cash.move", "by": "s2", "reason": "banked"}
    assert body["postings"] == [{"account": "cash/desk-1", "fen": -5_000}, {"account": "safe", "fen": 5_000}]
    closed = counter.do(shifts.close, counted_fen=FLOAT_FEN - 5_000, reason=None, job_id=new_id())
    assert (closed.difference_fen, closed.reading.moved_fen) == (0, -5_000)


def test_petty_cash_is_an_expense_of_which_the_rest_comes_back(counter: Counter) -> None:
    move(counter, cash(CashDirection.OUT, CashPurpose.PETTY_CASH, 3_000))
    move(counter, cash(CashDirection.IN, CashPurpose.PETTY_CASH, 800))
    with counter.records.reading() as connection:
        assert ledger.balance(connection, ledger.PETTY_CASH) == 2_200
        told = cash_moves.moves_of(connection, shift=1)
    assert [(one.move.direction.value, one.move.fen, one.actor) for one in told] == [
        ("out", 3_000, "s1"),
        ("in", 800, "s1"),
    ]


def test_takings_are_not_touched(counter: Counter) -> None:
    move(counter, cash(CashDirection.IN, CashPurpose.CHANGE_MONEY, 10_000))
    reading = counter.do(shifts.read, job_id=new_id())
    assert (reading.totals.cash, reading.sales_fen, reading.moved_fen) == (0, 0, 10_000)


def test_no_more_comes_out_than_the_drawer_can_hold(counter: Counter) -> None:
    with pytest.raises(DrawerShortError):
        move(counter, cash(CashDirection.OUT, CashPurpose.BANKED, FLOAT_FEN + 1))
    move(counter, cash(CashDirection.OUT, CashPurpose.BANKED, FLOAT_FEN))


def test_nothing_comes_in_from_the_bank(counter: Counter) -> None:
    assert CashPurpose.BANKED not in PURPOSES[CashDirection.IN]
    with pytest.raises(UnknownReasonError):
        move(counter, cash(CashDirection.IN, CashPurpose.BANKED, 100))


@pytest.mark.parametrize("fen", [-1, 0, 100_000_001])
def test_what_is_moved_is_an_amount(counter: Counter, fen: int) -> None:
    with pytest.raises(BadCountError):
        move(counter, cash(CashDirection.IN, CashPurpose.CHANGE_MONEY, fen))


def test_cash_moves_in_an_open_shift_only(bare_counter: Counter) -> None:
    with pytest.raises(NoShiftError):
        move(bare_counter, cash(CashDirection.IN, CashPurpose.CHANGE_MONEY, 100))
