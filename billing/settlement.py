"""Settling a visit: what was shown is charged, deposits are used first, the rest goes back (G-5, G-8).

One transaction and no look at the clock but the unit's. Trying again after a lost answer finds the first settlement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import ledger, money_rows, repository, shifts, statements
from billing.ledger import Posting
from billing.price_list import ItemKind
from billing.tables import open_visits, settlements
from billing.tenders import Payment, Tender, pay
from billing.visit_bill import VisitBill
from billing.visit_errors import StatementStaleError
from billing.visit_record import ShownStatement, chargeable_seconds
from records.canonical import canonical_sha256
from records.journal import Entry, Totals
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class SettlementDraft:
    """A settlement before its commit; after it `receipt` is known."""

    entry: Entry
    visit_bill: VisitBill
    payment: Payment
    shift: int

    @property
    def receipt(self) -> int:
        """The receipt's number. KeyError before the commit."""
        number: int = self.entry.body["receipt"]
        return number


def look_ahead(connection: sa.Connection, visit_id: str, *, till: str) -> None:
    """Let what `settle` will ask of a visit at this till travel with other questions."""
    repository.look_ahead(connection, visit_id)
    shifts.look_ahead(connection, till=till)


def settle(work: UnitOfWork, visit_id: str, tenders: Sequence[Tender], *, job_id: str) -> SettlementDraft:
    """Close a visit and take the money, all or nothing. The stay ends at the instant of its statement.

    Raises AlreadySettledError, UnknownVisitError, NoShiftError, StatementNeededError, StatementStaleError,
    TendersTooLowError or NonCashAboveDueError; then nothing was written.
    """
    visit = repository.load_visit(work.connection, visit_id)
    shift = shifts.require(work).number
    shown = statements.require_good(work, visit)
    visit_bill = repository.bill_of(work.connection, visit, shown.at)
    statement = visit_bill.statement_json()
    if canonical_sha256(statement) != shown.sha256:
        raise StatementStaleError(visit_id=visit_id, shown_at=shown.shown_at)
    payment = pay(visit_bill.total_fen, deposits=visit_bill.deposits, tenders=tenders)
    used_seconds = chargeable_seconds(visit_bill.usage)
    entry = work.entry(
        "visit.settled",
        _body(visit_bill, payment, shown, statement, used_seconds=used_seconds, shift=shift, job_id=job_id),
        share=Totals(sales_fen=visit_bill.total_fen, used_seconds=used_seconds),
    )
    work.insert(
        settlements,
        _row(visit_bill, shown, used_seconds=used_seconds, shift=shift, job_id=job_id),
        entry=entry,
    )
    money_rows.write_payment(work, entry, payment, shift=shift, job_id=job_id)
    amounts = ledger.payment_postings(payment, till=work.records.till, revenue=_revenue(visit_bill))
    ledger.post(work, entry, amounts, shift=shift)
    money_rows.number_receipt(work, entry, shift=shift, job_id=job_id)
    _FREE_SEAT.ask(work.connection, wanted=visit_id)
    return SettlementDraft(entry=entry, visit_bill=visit_bill, payment=payment, shift=shift)


def _body(
    visit_bill: VisitBill,
    payment: Payment,
    shown: ShownStatement,
    statement: Mapping[str, Any],
    *,
    used_seconds: int,
    shift: int,
    job_id: str,
) -> dict[str, Any]:
    visit = visit_bill.visit
    return {
        "visit": visit.visit_id,
        "check": visit.check_id,
        "seat": visit.seat,
        "zone": visit.zone,
        "tier": visit.tier,
        "list": visit.list_number,
        "list_sha256": visit.prices.sha256,
        "usage": visit_bill.usage.to_json(visit.prices.clock),
        "bill": statement["bill"],
        "orders": statement["orders"],
        **({"reductions": statement["reductions"]} if "reductions" in statement else {}),
        "used_seconds": used_seconds,
        "total_fen": visit_bill.total_fen,
        "deposits": [tender.to_json() for tender in payment.deposits],
        "tenders": [tender.to_json() for tender in payment.tenders],
        "returned": [tender.to_json() for tender in payment.returned],
        "change_fen": payment.change_fen,
        "statement": shown.sha256,
        "ends": visit.ends.value,
        "shift": shift,
        "job": job_id,
    }


def _row(visit_bill: VisitBill, shown: ShownStatement, *, used_seconds: int, shift: int, job_id: str) -> dict[str, Any]:
    return {
        "visit_id": visit_bill.visit.visit_id,
        "shift": shift,
        "statement": shown.number,
        "ended_at": visit_bill.at,
        "ends": visit_bill.visit.ends.value,
        "used_seconds": used_seconds,
        "time_fen": visit_bill.time_fen,
        "packages_fen": visit_bill.packages_fen,
        "orders_fen": visit_bill.orders_fen,
        "reductions_fen": visit_bill.reductions_fen,
        "total_fen": visit_bill.total_fen,
        "job_id": job_id,
    }


def _revenue(visit_bill: VisitBill) -> list[Posting]:
    return [
        Posting(account=ledger.REVENUE_TIME, fen=-visit_bill.time_fen),
        Posting(account=ledger.REVENUE_PACKAGES, fen=-visit_bill.packages_fen),
        Posting(account=ledger.REVENUE_GOODS, fen=-visit_bill.ordered_fen(ItemKind.GOODS)),
        Posting(account=ledger.REVENUE_SERVICES, fen=-visit_bill.ordered_fen(ItemKind.SERVICE)),
        Posting(account=ledger.REVENUE_SAVINGS, fen=-visit_bill.savings_fen),
        Posting(account=ledger.REVENUE_REDUCTIONS, fen=visit_bill.reductions_fen),
    ]


_FREE_SEAT = Prepared(open_visits.delete().where(open_visits.c.visit_id == sa.bindparam("wanted")))
