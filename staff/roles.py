"""One table: which role may do what, up to which amount, and where a second person is needed.

Whatever stands in no row is refused, also to the owner. No row admits a minor, changes a posted price, edits an
entry or deletes a record: nobody may, so there is no operation of that kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from staff.errors import ApprovalNeededError, RoleRefusedError


class Role(StrEnum):
    """The roles; the value stands in files and entries."""

    CASHIER = "cashier"
    MANAGER = "manager"
    OWNER = "owner"
    AUDITOR = "auditor"  # reads numbers and proofs, never a person's data; changes nothing


class Operation(StrEnum):
    """Everything that is asked of a role before it is done; the value stands in approvals' entries."""

    SHIFT_OPEN = "shift.open"
    SHIFT_READ = "shift.read"
    SHIFT_CLOSE = "shift.close"
    CASH_MOVE = "cash.move"
    DRAWER_OPEN = "drawer.open"

    VISIT_OPEN = "visit.open"
    DOCUMENT_TYPE = "document.type"
    VISIT_CHANGE = "visit.change"
    VISIT_SETTLE = "visit.settle"
    VISIT_READ = "visit.read"
    OUTAGE_DECLARE = "outage.declare"
    SEAT_CLOSE = "seat.close"

    SALE_MAKE = "sale.make"
    ORDER_CANCEL = "order.cancel"
    REFUND_GIVE = "refund.give"
    REDUCTION_GIVE = "reduction.give"

    STOCK_MOVE = "stock.move"
    STOCK_WRITE_OFF = "stock.write-off"

    RECEIPT_REPRINT = "receipt.reprint"
    PRINT_RESOLVE = "print.resolve"
    DEVICE_TEST = "device.test"

    STAFF_ADD = "staff.add"
    STAFF_DISABLE = "staff.disable"
    STAFF_RESET_PIN = "staff.reset-pin"
    STAFF_READ = "staff.read"

    PRICES_PUBLISH = "prices.publish"
    BOARD_CONFIRM = "board.confirm"
    VENUE_CHANGE = "venue.change"
    STATE_REPAIR = "state.repair"

    BOOKS_READ = "books.read"
    BUNDLE_EXPORT = "bundle.export"
    BUNDLE_IDENTITIES = "bundle.identities"
    IDENTITY_OPEN = "identity.open"
    IDENTITY_FIND = "identity.find"
    ERASURE_PROPOSE = "erasure.propose"
    ERASURE_APPROVE = "erasure.approve"
    KEYS_MANAGE = "keys.manage"


UNLIMITED: Final = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """One row. `limits_fen` holds the roles that may, each with what it may do alone (None: any amount).

    `approvers` are the roles of a second person. With `always_approved` every use needs one; else only an amount
    beyond the limit does, and then only an approver whose own limit covers it.
    """

    limits_fen: Mapping[Role, int | None]
    approvers: frozenset[Role] = field(default_factory=frozenset)
    always_approved: bool = False


def _any_amount(*roles: Role) -> dict[Role, int | None]:
    return dict.fromkeys(roles, UNLIMITED)


_COUNTER: Final = (Role.CASHIER, Role.MANAGER, Role.OWNER)
_MANAGERS: Final = (Role.MANAGER, Role.OWNER)
_READERS: Final = (Role.MANAGER, Role.OWNER, Role.AUDITOR)
_EVERYBODY: Final = tuple(Role)

_AT_THE_COUNTER: Final = Permission(limits_fen=_any_amount(*_COUNTER))
_BY_MANAGERS: Final = Permission(limits_fen=_any_amount(*_MANAGERS))
_BY_THE_OWNER: Final = Permission(limits_fen=_any_amount(Role.OWNER))
_FOR_READERS: Final = Permission(limits_fen=_any_amount(*_READERS))

PERMISSIONS: Final[Mapping[Operation, Permission]] = {
    Operation.SHIFT_OPEN: _AT_THE_COUNTER,
    Operation.SHIFT_READ: Permission(limits_fen=_any_amount(*_EVERYBODY)),
    Operation.SHIFT_CLOSE: _AT_THE_COUNTER,
    Operation.CASH_MOVE: Permission(
        limits_fen={Role.CASHIER: 0, Role.MANAGER: UNLIMITED, Role.OWNER: UNLIMITED}, approvers=frozenset(_MANAGERS)
    ),
    Operation.DRAWER_OPEN: _BY_MANAGERS,
    Operation.VISIT_OPEN: _AT_THE_COUNTER,
    # REQ-ID-3: a reason and a second member of staff, whoever the first one is.
    Operation.DOCUMENT_TYPE: Permission(
        limits_fen=_any_amount(*_COUNTER), approvers=frozenset(_COUNTER), always_approved=True
    ),
    Operation.VISIT_CHANGE: _AT_THE_COUNTER,
    Operation.VISIT_SETTLE: _AT_THE_COUNTER,
    Operation.VISIT_READ: Permission(limits_fen=_any_amount(*_EVERYBODY)),
    Operation.OUTAGE_DECLARE: _AT_THE_COUNTER,
    Operation.SEAT_CLOSE: _AT_THE_COUNTER,
    Operation.SALE_MAKE: _AT_THE_COUNTER,
    Operation.ORDER_CANCEL: Permission(
        limits_fen={Role.CASHIER: 5_000, Role.MANAGER: UNLIMITED, Role.OWNER: UNLIMITED},
        approvers=frozenset(_MANAGERS),
    ),
    Operation.REFUND_GIVE: Permission(
        limits_fen={Role.CASHIER: 2_000, Role.MANAGER: 50_000, Role.OWNER: UNLIMITED}, approvers=frozenset(_MANAGERS)
    ),
    Operation.REDUCTION_GIVE: Permission(
        limits_fen={Role.CASHIER: 0, Role.MANAGER: 10_000, Role.OWNER: UNLIMITED}, approvers=frozenset(_MANAGERS)
    ),
    Operation.STOCK_MOVE: _AT_THE_COUNTER,
    Operation.STOCK_WRITE_OFF: _BY_MANAGERS,
    Operation.RECEIPT_REPRINT: _AT_THE_COUNTER,
    Operation.PRINT_RESOLVE: _AT_THE_COUNTER,
    Operation.DEVICE_TEST: _AT_THE_COUNTER,
    Operation.STAFF_ADD: _BY_THE_OWNER,
    Operation.STAFF_DISABLE: _BY_THE_OWNER,
    Operation.STAFF_RESET_PIN: _BY_MANAGERS,
    Operation.STAFF_READ: _FOR_READERS,
    Operation.PRICES_PUBLISH: _BY_THE_OWNER,
    Operation.BOARD_CONFIRM: _AT_THE_COUNTER,
    Operation.VENUE_CHANGE: _BY_THE_OWNER,
    Operation.STATE_REPAIR: _BY_MANAGERS,
    Operation.BOOKS_READ: _FOR_READERS,
    Operation.BUNDLE_EXPORT: _FOR_READERS,
    # What the owner's key opens leaves the house only before a second pair of eyes.
    Operation.BUNDLE_IDENTITIES: Permission(
        limits_fen=_any_amount(Role.OWNER),
        approvers=frozenset({Role.MANAGER, Role.OWNER, Role.AUDITOR}),
        always_approved=True,
    ),
    Operation.IDENTITY_OPEN: _BY_THE_OWNER,
    Operation.IDENTITY_FIND: _AT_THE_COUNTER,
    Operation.ERASURE_PROPOSE: _BY_MANAGERS,
    Operation.ERASURE_APPROVE: _BY_THE_OWNER,
    Operation.KEYS_MANAGE: _BY_THE_OWNER,
}


def may(operation: Operation, role: Role, *, amount_fen: int = 0) -> bool:
    """Tell whether the role may do this alone."""
    permission = PERMISSIONS.get(operation)
    if permission is None or role not in permission.limits_fen or permission.always_approved:
        return False
    return _covers(permission, role, amount_fen)


def require(operation: Operation, role: Role, *, amount_fen: int = 0, is_approved: bool = False) -> None:
    """Raise RoleRefusedError or ApprovalNeededError unless the role may, alone or with the approval it has.

    `is_approved` says that `approvals.Approval` has been made and checked for this very operation and amount.
    """
    permission = PERMISSIONS.get(operation)
    if permission is None or role not in permission.limits_fen:
        raise RoleRefusedError(operation=operation.value, role=role.value)
    if may(operation, role, amount_fen=amount_fen) or (is_approved and permission.approvers):
        return
    if not permission.approvers:
        raise RoleRefusedError(operation=operation.value, role=role.value)
    limit_fen = None if permission.always_approved else permission.limits_fen[role]
    raise ApprovalNeededError(operation=operation.value, role=role.value, limit_fen=limit_fen)


def may_approve(operation: Operation, role: Role, *, amount_fen: int = 0) -> bool:
    """Tell whether the role may be the second person, for this amount."""
    permission = PERMISSIONS.get(operation)
    if permission is None or role not in permission.approvers:
        return False
    return permission.always_approved or (role in permission.limits_fen and _covers(permission, role, amount_fen))


def may_reset_pin_of(role: Role, other: Role) -> bool:
    """Tell whether one role resets the other's PIN: who could reset the owner's could become the owner."""
    if role is Role.OWNER:
        return True
    return role is Role.MANAGER and other in {Role.CASHIER, Role.AUDITOR}


def _covers(permission: Permission, role: Role, amount_fen: int) -> bool:
    limit_fen = permission.limits_fen[role]
    return limit_fen is UNLIMITED or amount_fen <= limit_fen
