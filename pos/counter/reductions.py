"""Reductions: something taken off a visit's bill, with a reason, within the role's limit or with a second person."""

from __future__ import annotations

from dataclasses import dataclass

from billing import reductions, visits
from billing.visit_bill import VisitBill
from pos.counter import requests
from pos.counter.till import Till
from records.repeating import repeated
from staff.approvals import Approval
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True)
class Reductions:
    """What one till takes off bills. A sale's are part of the sale (`Sales.sell`)."""

    till: Till

    @repeated
    def give(self, visit: str, fen: int, *, reason: str, request: str, approval: Approval | None = None) -> VisitBill:
        """Take an amount off a visit's bill, by its id or seat; returns the bill so far.

        `request` is the reduction's id: asked again with it, nothing more is taken off. Raises ApprovalNeededError,
        BadReductionError for more than is due, UnknownReasonError, UnknownVisitError or AlreadySettledError.
        """
        self.till.require(Operation.REDUCTION_GIVE, amount_fen=fen, approval=approval)
        with self.till.begin() as work:
            visit_id = visits.find(work.connection, visit).visit_id
            if requests.of_reduction(work.connection, request, visit=visit_id) is not None:
                return visits.bill_so_far(work.connection, visit_id, work.now)
            reductions.give(work, visit_id, fen, reason, reduction_id=request, approval=approval)
            bill = visits.bill_so_far(work.connection, visit_id, work.now)
            work.commit()
        return bill

    @repeated
    def withdraw(self, reduction_id: str) -> VisitBill:
        """Put a reduction back on the bill; returns the bill so far. Raises UnknownReductionError."""
        self.till.require(Operation.VISIT_CHANGE)
        with self.till.begin() as work:
            visit_id = reductions.withdraw(work, reduction_id)
            bill = visits.bill_so_far(work.connection, visit_id, work.now)
            work.commit()
        return bill
