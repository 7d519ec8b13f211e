"""Sales to passers-by: goods and services from the list in force, paid at once (P-15, G-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from billing import ledger, money_rows, repository, shifts
from billing.errors import SaleRepeatedError
from billing.ledger import Posting
from billing.orders import OrderLine, line_row, priced
from billing.price_list import ItemKind
from billing.publication import in_force
from billing.tables import sale_lines, sales
from billing.tenders import Payment, Tender, pay
from billing.visit_bill import SoldLine
from records.journal import Entry, Totals
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


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


def sell(
    work: UnitOfWork, *, sale_id: str, lines: Sequence[OrderLine], tenders: Sequence[Tender], job_id: str
) -> SaleDraft:
    """Sell and take the money, all or nothing. A sale made before under this id: SaleRepeatedError.

    Raises NoShiftError, NoPriceListError, NothingSoldError, BadQuantityError, UnknownItemError, TendersTooLowError or
    NonCashAboveDueError.
    """
    _refuse_repeat(work, sale_id)
    shift = shifts.require(work).number
    publication = in_force(work.connection, work.now)
    sold = priced(publication.prices, lines)
    payment = pay(sum(line.amount_fen for line in sold), deposits=(), tenders=tenders)
    body = {
        "sale": sale_id,
        "list": publication.number,
        "lines": [line.to_json() for line in sold],
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
    work.insert(sale_lines, [{"sale_id": sale_id, **line_row(line)} for line in sold], entry=entry)
    money_rows.write_payment(work, entry, payment, shift=shift, job_id=job_id)
    ledger.post(
        work,
        entry,
        ledger.payment_postings(payment, till=work.records.till, revenue=_revenue(sold)),
        shift=shift,
    )
    money_rows.number_receipt(work, entry, shift=shift, job_id=job_id)
    return SaleDraft(
        entry=entry,
        sale_id=sale_id,
        list_number=publication.number,
        lines=sold,
        payment=payment,
        shift=shift,
    )


def _revenue(sold: Sequence[SoldLine]) -> list[Posting]:
    def credit(kind: ItemKind) -> int:
        return -sum(line.amount_fen for line in sold if line.kind is kind)

    return [
        Posting(account=ledger.REVENUE_GOODS, fen=credit(ItemKind.GOODS)),
        Posting(account=ledger.REVENUE_SERVICES, fen=credit(ItemKind.SERVICE)),
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
