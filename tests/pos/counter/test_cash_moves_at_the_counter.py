"""Cash put in and taken out at the till: who may, what is printed, and what the drawer should hold then."""

from __future__ import annotations

import pytest

from billing.cash_moves import CashDirection, CashMove, CashPurpose
from billing.rebuild import differing
from compliance.fact_comparison import facts_differing
from compliance.verification import verify_journal
from hardware.receipt import preview
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from pos.counter.print_jobs import SlipKind
from records.ids import new_id
from staff.approvals import Approval, Reason, Signatory
from staff.errors import ApprovalNeededError
from staff.roles import Operation, Role
from tests.pos.counter.venues import counter_of, member

BANKING = CashMove(direction=CashDirection.OUT, purpose=CashPurpose.BANKED, fen=5_000)


def approval(venue: Venue, *, fen: int = 5_000) -> Approval:
    return Approval(
        operation=Operation.CASH_MOVE,
        requester=member(venue, "chen").staff,
        approver=Signatory(staff=member(venue, "wang").staff, role=Role.MANAGER),
        reason=Reason.BANKED,
        amount_fen=fen,
    )


def test_a_cashier_moves_cash_with_a_managers_word_and_both_stand_on_the_slip(venue: Venue, counter: Counter) -> None:
    with pytest.raises(ApprovalNeededError):
        counter.shifts.move_cash(BANKING, request=new_id())
    assert counter.shifts.move_cash(BANKING, request=new_id(), approval=approval(venue)) == BANKING
    job = next(job for job in counter.slips.about("1") if job.kind is SlipKind.CASH_MOVE)
    said = "\n".join(preview(job.document, 32))
    assert "缴款" in said
    assert "￥50.00" in said
    assert f"员工 {member(venue, 'wang').staff}" in said
    assert [(one.move, one.actor) for one in counter.shifts.cash_moves()] == [(BANKING, member(venue, "chen").staff)]


def test_a_manager_moves_cash_alone_and_asked_twice_it_moves_once(venue: Venue, counter: Counter) -> None:
    manager, request = counter_of(venue, "wang"), new_id()
    manager.shifts.move_cash(BANKING, request=request)
    manager.shifts.move_cash(BANKING, request=request)
    assert len(counter.shifts.cash_moves()) == 1
    closed = counter.shifts.close(counted_fen=15_000, reason=None, request=new_id())
    assert closed.difference_fen == 0
    assert counter.shifts.cash_moves() == ()
    job = next(job for job in counter.slips.about("1") if job.kind is SlipKind.SHIFT_CLOSE)
    assert any("现金存取" in line and "-50.00" in line for line in preview(job.document, 32))


def test_a_stranger_checks_what_was_moved(venue: Venue, counter: Counter) -> None:
    counter.shifts.move_cash(BANKING, request=new_id(), approval=approval(venue))
    manager = counter_of(venue, "wang")
    for direction, fen in ((CashDirection.OUT, 3_000), (CashDirection.IN, 1_250)):
        moved = CashMove(direction=direction, purpose=CashPurpose.PETTY_CASH, fen=fen)
        manager.shifts.move_cash(moved, request=new_id())
    counter.shifts.close(counted_fen=13_250, reason=None, request=new_id())
    assert verify_journal(venue.records)["findings"] == []
    with venue.records.reading() as connection:
        assert list(facts_differing(connection)) == []
        assert differing(connection) == []
