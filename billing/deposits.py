"""Guest deposits (押金): a liability, as many as the customer gives during the visit (G-8)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from billing import ledger, money_rows, repository, shifts
from billing.ledger import Posting
from billing.payment_errors import DepositRepeatedError
from billing.tables import deposits, open_visits
from billing.tenders import Tender
from billing.visit_record import Visit
from records.journal import Entry
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositDraft:
    """A deposit before its commit; after it `receipt` is known. `deposit_fen` is all that the visit has left now."""

    entry: Entry
    visit: Visit
    tender: Tender
    deposit_fen: int
    shift: int

    @property
    def receipt(self) -> int:
        """The receipt's number. KeyError before the commit."""
        number: int = self.entry.body["receipt"]
        return number


def take(work: UnitOfWork, visit_id: str, tender: Tender, *, job_id: str) -> DepositDraft:
    """Take a deposit or more of it. `job_id` tells a repeat from a second deposit: DepositRepeatedError.

    Raises UnknownVisitError, AlreadySettledError or NoShiftError.
    """
    _refuse_repeat(work, job_id)
    visit = repository.load_visit(work.connection, visit_id)
    shift = shifts.require(work).number
    entry = work.entry("deposit.taken", {"visit": visit_id, "tender": tender.to_json(), "shift": shift, "job": job_id})
    row = {
        "visit_id": visit_id,
        "number": _COUNT.one(work.connection, wanted=visit_id).count + 1,
        "shift": shift,
        "kind": tender.kind.value,
        "amount_fen": tender.fen,
        "reference": tender.reference,
        "job_id": job_id,
    }
    work.insert(deposits, row, entry=entry)
    money_rows.write_deposit(work, entry, tender, shift=shift, job_id=job_id)
    ledger.post(
        work,
        entry,
        [
            Posting(account=ledger.tender_account(tender.kind, work.records.till), fen=tender.fen),
            Posting(account=ledger.DEPOSITS, fen=-tender.fen),
        ],
        shift=shift,
    )
    money_rows.number_receipt(work, entry, shift=shift, job_id=job_id)
    _ADD.ask(work.connection, wanted=visit_id, more_fen=tender.fen)
    return DepositDraft(
        entry=entry, visit=visit, tender=tender, deposit_fen=visit.deposit_fen + tender.fen, shift=shift
    )


def _refuse_repeat(work: UnitOfWork, job_id: str) -> None:
    row = _BY_JOB.one(work.connection, wanted=job_id)
    if row is None:
        return
    receipt = repository.receipt_of(work.connection, job_id)
    raise DepositRepeatedError(visit_id=row.visit_id, job_id=job_id, receipt=receipt or 0, amount_fen=row.amount_fen)


_BY_JOB = Prepared(
    sa.select(deposits.c.visit_id, deposits.c.amount_fen).where(deposits.c.job_id == sa.bindparam("wanted"))
)
_COUNT = Prepared(sa.select(sa.func.count().label("count")).where(deposits.c.visit_id == sa.bindparam("wanted")))
_ADD = Prepared(
    open_visits.update()
    .where(open_visits.c.visit_id == sa.bindparam("wanted"))
    .values(deposit_fen=open_visits.c.deposit_fen + sa.bindparam("more_fen"))
)
