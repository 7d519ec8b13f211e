"""The second person's reason for money matters, told by the first person's: both choose from one list of the shop."""

from __future__ import annotations

from typing import Final

from billing.reasons import CancelReason, ReductionReason, RefundReason
from staff.approvals import Approval, Reason, Signatory
from staff.roles import Operation

_REASONS: Final = {
    CancelReason.CUSTOMER.value: Reason.CUSTOMER_DECLINED,
    CancelReason.OUT_OF_STOCK.value: Reason.OUT_OF_STOCK,
    CancelReason.FAULTY.value: Reason.GOODS_FAULTY,
    CancelReason.KEYED_WRONG.value: Reason.WRONG_ENTRY,
    ReductionReason.GOODWILL.value: Reason.GOODWILL,
    ReductionReason.SERVICE_FAULT.value: Reason.SERVICE_FAULT,
    RefundReason.RETURNED.value: Reason.CUSTOMER_DECLINED,
    RefundReason.NOT_DELIVERED.value: Reason.OUT_OF_STOCK,
    RefundReason.LEFT_EARLY.value: Reason.CUSTOMER_DECLINED,
}


def second_reason(reason: str) -> Reason:
    """Return the reason with which a second person approves what the first does for `reason`."""
    return _REASONS.get(reason, Reason.GOODWILL)


def approval_of(operation: Operation, *, requester: str, approver: Signatory, reason: str, amount_fen: int) -> Approval:
    """Make the second person's approval of a cancellation, reduction or refund for the reason that was given.

    Raises ApprovalRefusedError where it does not count.
    """
    return Approval(
        operation=operation,
        requester=requester,
        approver=approver,
        reason=second_reason(reason),
        amount_fen=amount_fen,
    )
