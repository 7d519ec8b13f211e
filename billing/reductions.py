"""Reductions (优惠减免): something taken off a bill, with a reason and within a role's limit (G-2).

It is a line of its own: no price is ever changed. Whether the person may is for the caller to ask.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from billing import repository
from billing.order_errors import BadReductionError, ReductionRepeatedError, UnknownReductionError
from billing.reasons import ReductionReason, reason_of
from billing.tables import open_visits, reduction_withdrawals, reductions
from billing.visit_bill import Reduction
from billing.visit_log import catch_up, overtake_statement
from records.ids import new_id
from records.statements import Prepared
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval


def give(
    work: UnitOfWork,
    visit_id: str,
    fen: int,
    reason: str,
    *,
    reduction_id: str | None = None,
    approval: Approval | None = None,
) -> Reduction:
    """Take an amount off an unsettled visit's bill: at most what it comes to now.

    Raises UnknownVisitError, AlreadySettledError, UnknownReasonError, BadReductionError or ReductionRepeatedError.
    """
    why = reason_of(ReductionReason, reason)
    reduction_id = reduction_id or new_id()
    earlier = _BY_ID.one(work.connection, wanted=reduction_id)
    if earlier is not None:
        raise ReductionRepeatedError(reduction=reduction_id, visit_id=earlier.visit_id)
    visit = catch_up(work, repository.load_visit(work.connection, visit_id), work.now)
    ends_at: datetime = visit.instant(work.now) if visit.end is None else visit.end.at
    if not 0 < fen <= repository.bill_of(work.connection, visit, ends_at).total_fen:
        raise BadReductionError(fen=fen)
    body = {"reduction": reduction_id, "visit": visit_id, "fen": fen, "reason": why.value}
    entry = work.entry("reduction.given", body if approval is None else {**body, "approval": approval.body()})
    row = {
        "visit_id": visit_id,
        "number": visit.reduction_count + 1,
        "reduction_id": reduction_id,
        "fen": fen,
        "reason": why.value,
        "approved_by": None if approval is None else approval.approver.staff,
    }
    work.insert(reductions, row, entry=entry)
    _COUNT.ask(work.connection, wanted=visit_id)
    overtake_statement(work, visit)
    return Reduction(reduction_id=reduction_id, fen=fen, reason=why.value)


def withdraw(work: UnitOfWork, reduction_id: str) -> str:
    """Put a reduction back on the bill, and return its visit. Raises UnknownReductionError or AlreadySettledError."""
    row = _BY_ID.one(work.connection, wanted=reduction_id)
    if row is None or row.withdrawn is not None:
        raise UnknownReductionError(reduction=reduction_id)
    visit = repository.load_visit(work.connection, row.visit_id)
    entry = work.entry("reduction.withdrawn", {"reduction": reduction_id, "visit": row.visit_id})
    work.insert(reduction_withdrawals, {"reduction_id": reduction_id}, entry=entry)
    overtake_statement(work, visit)
    return visit.visit_id


_BY_ID = Prepared(
    sa.select(reductions.c.visit_id, reduction_withdrawals.c.reduction_id.label("withdrawn"))
    .outerjoin(reduction_withdrawals, reduction_withdrawals.c.reduction_id == reductions.c.reduction_id)
    .where(reductions.c.reduction_id == sa.bindparam("wanted", type_=sa.Text))
)
_COUNT = Prepared(
    open_visits.update()
    .where(open_visits.c.visit_id == sa.bindparam("wanted"))
    .values(reductions=open_visits.c.reductions + 1)
)
