from __future__ import annotations

import pytest

from staff.approvals import REASONS, Approval, Reason, Signatory
from staff.errors import ApprovalNeededError, ApprovalRefusedError, RoleRefusedError
from staff.roles import PERMISSIONS, Operation, Role, may, may_approve, may_reset_pin_of, require

COLUMNS = (Role.CASHIER, Role.MANAGER, Role.OWNER, Role.AUDITOR)

# One line an operation: what each role of COLUMNS may do alone without an amount (x), with a second person (2), or
# not at all (-). Written by hand beside the table in `roles`: a change there is a change here.
MATRIX = """
shift.open            x x x -
shift.read            x x x x
shift.close           x x x -
cash.move             x x x -
drawer.open           - x x -
visit.open            x x x -
document.type         2 2 2 -
visit.change          x x x -
visit.settle          x x x -
visit.read            x x x x
outage.declare        x x x -
seat.close            x x x -
sale.make             x x x -
order.cancel          x x x -
refund.give           x x x -
reduction.give        x x x -
stock.move            x x x -
stock.write-off       - x x -
receipt.reprint       x x x -
print.resolve         x x x -
device.test           x x x -
staff.add             - - x -
staff.disable         - - x -
staff.reset-pin       - x x -
staff.read            - x x x
prices.publish        - - x -
board.confirm         x x x -
venue.change          - - x -
state.repair          - x x -
books.read            - x x x
bundle.export         - x x x
bundle.identities     - - 2 -
identity.open         - - x -
identity.find         x x x -
erasure.propose       - x x -
erasure.approve       - - x -
keys.manage           - - x -
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()]


def sign_of(operation: Operation, role: Role) -> str:
    try:
        require(operation, role)
    except RoleRefusedError:
        return "-"
    except ApprovalNeededError:
        return "2"
    return "x"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_each_role_may_do_what_the_matrix_says(row: list[str]) -> None:
    operation = Operation(row[0])
    assert [sign_of(operation, role) for role in COLUMNS] == row[1:]


def test_the_matrix_has_every_operation_and_so_has_the_table() -> None:
    assert [row[0] for row in ROWS] == [operation.value for operation in Operation]
    assert set(PERMISSIONS) == set(Operation)


def test_what_stands_in_no_row_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staff.roles.PERMISSIONS", {})
    for operation in Operation:
        for role in Role:
            assert not may(operation, role)
            assert not may_approve(operation, role)
            with pytest.raises(RoleRefusedError):
                require(operation, role, is_approved=True)


@pytest.mark.parametrize(
    ("operation", "role", "limit_fen"),
    [
        ("order.cancel", "cashier", 5_000),
        ("refund.give", "cashier", 2_000),
        ("refund.give", "manager", 50_000),
        ("reduction.give", "cashier", 0),
        ("reduction.give", "manager", 10_000),
        ("cash.move", "cashier", 0),
    ],
)
def test_an_amount_beyond_the_limit_needs_a_second_person(operation: str, role: str, limit_fen: int) -> None:
    require(Operation(operation), Role(role), amount_fen=limit_fen)
    with pytest.raises(ApprovalNeededError) as refused:
        require(Operation(operation), Role(role), amount_fen=limit_fen + 1)
    assert refused.value.limit_fen == limit_fen
    require(Operation(operation), Role(role), amount_fen=limit_fen + 1, is_approved=True)


def test_an_approval_does_not_lift_a_refusal() -> None:
    for operation in Operation:
        for role in Role:
            if sign_of(operation, role) == "-":
                with pytest.raises(RoleRefusedError):
                    require(operation, role, is_approved=True)


def test_a_second_person_covers_the_amount_alone() -> None:
    assert may_approve(Operation.REFUND_GIVE, Role.MANAGER, amount_fen=50_000)
    assert not may_approve(Operation.REFUND_GIVE, Role.MANAGER, amount_fen=50_001)
    assert may_approve(Operation.REFUND_GIVE, Role.OWNER, amount_fen=10**9)


def test_the_auditor_approves_nothing_but_the_handing_over_of_identities() -> None:
    assert [operation for operation in Operation if may_approve(operation, Role.AUDITOR)] == [
        Operation.BUNDLE_IDENTITIES
    ]


def test_who_could_reset_the_owners_pin_could_become_the_owner() -> None:
    allowed = {(by, other) for by in Role for other in Role if may_reset_pin_of(by, other)}
    assert allowed == {(Role.OWNER, other) for other in Role} | {
        (Role.MANAGER, Role.CASHIER),
        (Role.MANAGER, Role.AUDITOR),
    }


def approval(
    *,
    operation: Operation = Operation.DOCUMENT_TYPE,
    requester: str = "s2",
    approver: str = "s1",
    role: Role = Role.MANAGER,
    reason: Reason = Reason.NO_CHIP,
    amount_fen: int = 0,
) -> Approval:
    return Approval(
        operation=operation,
        requester=requester,
        approver=Signatory(staff=approver, role=role),
        reason=reason,
        amount_fen=amount_fen,
    )


def test_an_approval_names_the_second_person_in_the_entry() -> None:
    assert approval().body() == {"operation": "document.type", "by": "s1", "reason": "no-chip"}


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (lambda: approval(approver="s2"), "same-person"),
        (lambda: approval(role=Role.AUDITOR), "role"),
        (lambda: approval(operation=Operation.PRICES_PUBLISH), "role"),
        (lambda: approval(operation=Operation.REFUND_GIVE, role=Role.CASHIER, reason=Reason.GOODWILL), "role"),
        (
            lambda: approval(operation=Operation.REFUND_GIVE, reason=Reason.GOODWILL, amount_fen=50_001),
            "role",
        ),
        (lambda: approval(reason=Reason.GOODWILL), "reason"),
    ],
)
def test_an_approval_that_does_not_count_is_never_made(made: object, problem: str) -> None:
    assert callable(made)
    with pytest.raises(ApprovalRefusedError) as refused:
        made()
    assert refused.value.problem == problem


def test_an_approval_holds_for_its_person_operation_and_amount() -> None:
    given = approval(operation=Operation.ORDER_CANCEL, reason=Reason.WRONG_ENTRY, amount_fen=6_000)
    given.check(Operation.ORDER_CANCEL, requester="s2", amount_fen=6_000)
    for operation, requester, amount_fen, problem in (
        (Operation.ORDER_CANCEL, "s3", 0, "other-person"),
        (Operation.REFUND_GIVE, "s2", 0, "other-operation"),
        (Operation.ORDER_CANCEL, "s2", 6_001, "other-operation"),
    ):
        with pytest.raises(ApprovalRefusedError) as refused:
            given.check(operation, requester=requester, amount_fen=amount_fen)
        assert refused.value.problem == problem


def test_every_operation_that_can_be_approved_has_reasons() -> None:
    assert {operation for operation, permission in PERMISSIONS.items() if permission.approvers} == set(REASONS)
    assert set().union(*REASONS.values()) == set(Reason)
