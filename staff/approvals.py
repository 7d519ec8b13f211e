"""Four eyes: a second person's word on one operation of a first, with a reason from a list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staff.errors import ApprovalRefusedError
from staff.roles import Operation, Role, may_approve


class Reason(StrEnum):
    """Reasons are codes: a free remark could hold personal data, and an entry keeps it for ever."""

    # document.type
    CARD_UNREADABLE = "card-unreadable"
    READER_BROKEN = "reader-broken"
    NO_CHIP = "no-chip"
    # money
    CUSTOMER_DECLINED = "customer-declined"
    WRONG_ENTRY = "wrong-entry"
    OUT_OF_STOCK = "out-of-stock"
    GOODS_FAULTY = "goods-faulty"
    SERVICE_FAULT = "service-fault"
    GOODWILL = "goodwill"
    OVERCHARGED = "overcharged"
    # cash
    CHANGE_MONEY = "change-money"
    BANKED = "banked"
    PETTY_CASH = "petty-cash"
    # identities
    LAWFUL_QUERY = "lawful-query"
    OWN_DATA_REQUEST = "own-data-request"


_MONEY_REASONS: Final = frozenset(
    {
        Reason.CUSTOMER_DECLINED,
        Reason.WRONG_ENTRY,
        Reason.OUT_OF_STOCK,
        Reason.GOODS_FAULTY,
        Reason.SERVICE_FAULT,
        Reason.GOODWILL,
    }
)

REASONS: Final = {
    Operation.DOCUMENT_TYPE: frozenset({Reason.CARD_UNREADABLE, Reason.READER_BROKEN, Reason.NO_CHIP}),
    Operation.ORDER_CANCEL: _MONEY_REASONS,
    Operation.REFUND_GIVE: _MONEY_REASONS | {Reason.OVERCHARGED},
    Operation.REDUCTION_GIVE: _MONEY_REASONS,
    Operation.CASH_MOVE: frozenset({Reason.CHANGE_MONEY, Reason.BANKED, Reason.PETTY_CASH}),
    Operation.BUNDLE_IDENTITIES: frozenset({Reason.LAWFUL_QUERY, Reason.OWN_DATA_REQUEST}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Signatory:
    """A person who has just given a PIN: staff number and role."""

    staff: str
    role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One approval. It exists only if it counts: making one that does not raises ApprovalRefusedError.

    `amount_fen` is the most that it covers.
    """

    operation: Operation
    requester: str
    approver: Signatory
    reason: Reason
    amount_fen: int = 0

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            raise ApprovalRefusedError(operation=self.operation.value, problem=problem)

    def check(self, operation: Operation, *, requester: str, amount_fen: int = 0) -> None:
        """Raise ApprovalRefusedError unless it was given to this person for this operation and amount."""
        if operation is not self.operation or amount_fen > self.amount_fen:
            raise ApprovalRefusedError(operation=operation.value, problem="other-operation")
        if requester != self.requester:
            raise ApprovalRefusedError(operation=operation.value, problem="other-person")

    def body(self) -> dict[str, str]:
        """Give the journal's form: the second person, never the actor."""
        return {"operation": self.operation.value, "by": self.approver.staff, "reason": self.reason.value}

    def _problem(self) -> str:
        if self.approver.staff == self.requester:
            return "same-person"
        if not may_approve(self.operation, self.approver.role, amount_fen=self.amount_fen):
            return "role"
        return "" if self.reason in REASONS.get(self.operation, ()) else "reason"
