"""Sales to passers-by: goods, services, combos and promotions of the list in force, paid at once (P-15, G-2, G-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import ledger, money_rows, repository, shifts, stock
from billing.ledger import Posting
from billing.order_errors import BadReductionError, SaleRepeatedError, VisitNeededError
from billing.price_list import ItemKind
from billing.publication import in_force
from billing.reasons import ReductionReason
from billing.sold_lines import OrderLine, line_row, priced
from billing.tables import sale_lines, sale_reductions, sale_savings, sales
from billing.tenders import Payment, Tender, pay
from billing.visit_bill import SoldLine
from records.journal import Entry, Totals
from records.statements import Prepared
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class SaleDraft:
    """A sale before its commit; after it `receipt` is known."""

    entry: Entry
    sale_id: str
    list_number: int
    lines: tuple[SoldLine, ...]
    payment: Payment
    shift: int

    @property
    def receipt(self) -> int:
        """The receipt's number. KeyError before the commit."""
        number: int = self.entry.body["receipt"]
        return number


@dataclass(frozen=True, kw_only=True, slots=True)
class SaleReduction:
    """Something taken off a sale, for a reason (G-2); who may was asked by the caller."""

    fen: int
    reason: ReductionReason
    approval: Approval | None = None

    def to_json(self) -> dict[str, Any]:
        """The reduction in the entry's body."""
        plain: dict[str, Any] = {"fen": self.fen, "reason": self.reason.value}
        return plain if self.approval is None else {**plain, "approval": self.approval.body()}


def sell(
    work: UnitOfWork,
    *,
    sale_id: str,
    lines: Sequence[OrderLine],
    tenders: Sequence[Tender],
    job_id: str,
    reductions: Sequence[SaleReduction] = (),
) -> SaleDraft:
    """Sell and take the money, all or nothing. A sale made before under this id: SaleRepeatedError.

    Raises NoShiftError, NoPriceListError, NothingSoldError, BadQuantityError, UnknownItemError, NotPromotedError,
    VisitNeededError, BadReductionError, TendersTooLowError or NonCashAboveDueError.
    """
    _refuse_repeat(work, sale_id)
    shift = shifts.require(work).number
    publication = in_force(work.connection, work.now)
    priced_lines = priced(publication.prices, lines, at=work.now)
    if priced_lines.packages:
        raise VisitNeededError(item=priced_lines.packages[0].code)
    sold = priced_lines.lines
    taken_off_fen = _taken_off(priced_lines.total_fen, reductions)
    payment = pay(priced_lines.total_fen - taken_off_fen, deposits=(), tenders=tenders)
    body = {
        "sale": sale_id,
        "list": publication.number,
        "lines": [line.to_json() for line in sold],
        **({"reductions": [reduction.to_json() for reduction in reductions]} if reductions else {}),
        "total_fen": payment.total_fen,
        "tenders": [tender.to_json() for tender in payment.tenders],
        "change_fen": payment.change_fen,
        "shift": shift,
        "job": job_id,
    }
    entry = work.entry("sale.settled", body, share=Totals(sales_fen=payment.total_fen))
    row = {
        "sale_id": sale_id,
        "list": publication.number,
        "shift": shift,
        "sold_at": work.now,
        "total_fen": payment.total_fen,
        "change_fen": payment.change_fen,
        "job_id": job_id,
    }
    work.insert(sales, row, entry=entry)
    _write_lines(work, entry, sale_id, sold)
    work.insert(sale_reductions, _reduction_rows(sale_id, reductions), entry=entry)
    stock.sell(work, sold)
    money_rows.write_payment(work, entry, payment, shift=shift, job_id=job_id)
    revenue = _revenue(sold, taken_off_fen)
    ledger.post(work, entry, ledger.payment_postings(payment, till=work.records.till, revenue=revenue), shift=shift)
    money_rows.number_receipt(work, entry, shift=shift, job_id=job_id)
    return SaleDraft(
        entry=entry,
        sale_id=sale_id,
        list_number=publication.number,
        lines=sold,
        payment=payment,
        shift=shift,
    )


def _write_lines(work: UnitOfWork, entry: Entry, sale_id: str, sold: Sequence[SoldLine]) -> None:
    for table, is_saving in ((sale_lines, False), (sale_savings, True)):
        rows = [{"sale_id": sale_id, **line_row(line)} for line in sold if line.is_saving is is_saving]
        work.insert(table, rows, entry=entry)


def _taken_off(lines_fen: int, reductions: Sequence[SaleReduction]) -> int:
    taken_off_fen = 0
    for reduction in reductions:
        taken_off_fen += reduction.fen
        if reduction.fen <= 0 or taken_off_fen > lines_fen:
            raise BadReductionError(fen=reduction.fen)
    return taken_off_fen


def _reduction_rows(sale_id: str, reductions: Sequence[SaleReduction]) -> list[dict[str, Any]]:
    return [
        {
            "sale_id": sale_id,
            "number": number,
            "fen": reduction.fen,
            "reason": reduction.reason.value,
            "approved_by": None if reduction.approval is None else reduction.approval.approver.staff,
        }
        for number, reduction in enumerate(reductions, start=1)
    ]


def _revenue(sold: Sequence[SoldLine], taken_off_fen: int) -> list[Posting]:
    def credit(kind: ItemKind) -> int:
        return -sum(line.amount_fen for line in sold if line.kind is kind)

    return [
        Posting(account=ledger.REVENUE_GOODS, fen=credit(ItemKind.GOODS)),
        Posting(account=ledger.REVENUE_SERVICES, fen=credit(ItemKind.SERVICE)),
        Posting(account=ledger.REVENUE_SAVINGS, fen=-sum(line.amount_fen for line in sold if line.is_saving)),
        Posting(account=ledger.REVENUE_REDUCTIONS, fen=taken_off_fen),
    ]


def _refuse_repeat(work: UnitOfWork, sale_id: str) -> None:
    row = _BY_ID.one(work.connection, wanted=sale_id)
    if row is None:
        return
    receipt = repository.receipt_of(work.connection, row.job_id)
    raise SaleRepeatedError(sale_id=sale_id, receipt=receipt or 0, total_fen=row.total_fen, change_fen=row.change_fen)


_BY_ID = Prepared(
    sa.select(sales.c.job_id, sales.c.total_fen, sales.c.change_fen).where(sales.c.sale_id == sa.bindparam("wanted"))
)
