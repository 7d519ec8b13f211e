"""What was paid for a visit or a sale, by which way, and what of it went back: the part that all refunds share (G-4).

Whoever gives money back asks `paid(...)` for what is left, makes the entry, and has `write` do the rest:

    settled = paid(work.connection, visit_id=visit_id)     # NotSettledError
    tenders = settled.tenders(amount_fen)                  # RefundAbovePaidError; the last way paid comes first
    entry = work.entry("refund.given", {...}, share=Totals(refunds_fen=amount_fen))
    write(work, entry, settled, GivenBack(...), tenders=tenders, taken_back=[Posting(...), ...], job_id=job_id)

`write` puts tenders, shift, job, postings and, when numbered, the receipt into the entry's body, and writes the rows of
the refund, its ways, its postings and its receipt. It belongs to the shift that is open at this till.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billing import ledger, money_rows, shifts
from billing.ledger import Posting
from billing.refund_errors import NotSettledError, RefundAbovePaidError
from billing.refund_tables import refund_tenders, refunds
from billing.shift_errors import DrawerShortError
from billing.tables import deposits, receipts, sale_reductions, sales, settlements, tenders
from billing.tenders import Tender, TenderKind, total
from records.journal import Entry
from records.statements import Prepared
from records.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class PaidWay:
    """A way of paying, by kind and reference: what was paid by it less change and returned deposits, what went back."""

    kind: TenderKind
    reference: str | None
    paid_fen: int
    back_fen: int

    @property
    def left_fen(self) -> int:
        """What may still go back by it."""
        return self.paid_fen - self.back_fen


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What was paid for one visit or one sale. `ways` are in the order in which they were last used.

    `reduced_fen` was taken off its bill: lines have their posted prices, and so much of them was not paid.
    """

    visit_id: str | None
    sale_id: str | None
    job_id: str
    paid_fen: int
    back_fen: int
    ways: tuple[PaidWay, ...]
    reduced_fen: int = 0

    @property
    def left_fen(self) -> int:
        """The most that may still go back."""
        return self.paid_fen - self.back_fen

    @property
    def named(self) -> str:
        """The id of the visit or the sale."""
        return self.visit_id or self.sale_id or ""

    def unpaid_fen(self, lines_fen: int) -> int:
        """How much of what lines cost does not go back, because it was taken off the bill (G-4).

        Only what exceeds the rest of what was paid. Raises RefundAbovePaidError where nothing is left, or where more
        is missing than was taken off.
        """
        missing_fen = max(lines_fen - self.left_fen, 0)
        if missing_fen and (self.left_fen <= 0 or missing_fen > self.reduced_fen):
            raise RefundAbovePaidError(amount_fen=lines_fen, left_fen=self.left_fen)
        return missing_fen

    def tenders(self, amount_fen: int) -> tuple[Tender, ...]:
        """By which ways an amount goes back: the last one paid first. Raises RefundAbovePaidError."""
        if amount_fen > self.left_fen:
            raise RefundAbovePaidError(amount_fen=amount_fen, left_fen=self.left_fen)
        back: list[Tender] = []
        for way in reversed(self.ways):
            fen = min(amount_fen, way.left_fen)
            if fen > 0:
                back.append(Tender(kind=way.kind, fen=fen, reference=way.reference))
                amount_fen -= fen
        return tuple(back)


@dataclass(frozen=True, kw_only=True, slots=True)
class Overcharge:
    """What was charged for a visit and what should have been, under the list that should have counted."""

    list_number: int
    charged_fen: int
    due_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenBack:
    """One refund: of lines, with a reason, or of an overcharge. `approved_by` is a staff number.

    `amount_fen` is what goes back.
    """

    refund_id: str
    amount_fen: int
    reason: str | None = None
    overcharge: Overcharge | None = None
    approved_by: str | None = None


def paid(connection: sa.Connection, *, visit_id: str | None = None, sale_id: str | None = None) -> Settled:
    """What was paid for a settled visit, or for a sale: exactly one of them is named. Raises NotSettledError."""
    row = _SETTLED.one(connection, visit=visit_id, sale=sale_id)
    if row is None:
        raise NotSettledError(settled=visit_id or sale_id or "")
    back = _BACK.rows(connection, visit=visit_id, sale=sale_id)
    return Settled(
        visit_id=visit_id,
        sale_id=sale_id,
        job_id=row.job_id,
        paid_fen=row.total_fen,
        back_fen=sum(given.amount_fen for given in back),
        reduced_fen=row.reduced_fen,
        ways=_ways(_MOVED.rows(connection, visit=visit_id, job=row.job_id), back),
    )


def settled_by_receipt(connection: sa.Connection, receipt: int) -> Settled:
    """What was paid on the receipt of a settlement or a sale. Raises NotSettledError, also for a deposit's."""
    row = _BY_RECEIPT.one(connection, receipt=receipt)
    if row is None or (row.visit_id is None and row.sale_id is None):
        raise NotSettledError(settled=str(receipt))
    return paid(connection, visit_id=row.visit_id, sale_id=row.sale_id)


_SIGNS: Final = {"deposit": 1, "paid": 1, "returned": -1, "change": -1}


def _ways(moved: Sequence[Any], back: Sequence[Any]) -> tuple[PaidWay, ...]:
    paid_fen: dict[tuple[str, str | None], int] = {}
    for row in moved:
        way = (row.kind, row.reference)
        before = paid_fen.pop(way, 0) if _SIGNS[row.direction] > 0 else paid_fen.get(way, 0)
        paid_fen[way] = before + _SIGNS[row.direction] * row.amount_fen
    given: dict[tuple[str, str | None], int] = {}
    for row in back:
        given[row.kind, row.reference] = given.get((row.kind, row.reference), 0) + row.amount_fen
    return tuple(
        PaidWay(kind=TenderKind(kind), reference=reference, paid_fen=fen, back_fen=given.get((kind, reference), 0))
        for (kind, reference), fen in paid_fen.items()
        if fen
    )


def write(
    work: UnitOfWork,
    entry: Entry,
    settled: Settled,
    given: GivenBack,
    *,
    tenders: Sequence[Tender],
    taken_back: Sequence[Posting],
    job_id: str,
) -> int:
    """Write a refund's rows, postings and receipt, and return its shift; `taken_back` are the debits of income.

    Rows that belong to it (its lines) are written by the caller, after this. Raises NoShiftError, and DrawerShortError
    where the drawer does not hold the cash by the books.
    """
    till = work.records.till
    shift = shifts.require(work).number
    _require_cash(work, tenders)
    entry.body |= {"tenders": [tender.to_json() for tender in tenders], "shift": shift, "job": job_id}
    over = given.overcharge
    row = {
        "refund_id": given.refund_id,
        "visit_id": settled.visit_id,
        "sale_id": settled.sale_id,
        "shift": shift,
        "refunded_at": work.now,
        "amount_fen": given.amount_fen,
        "reason": given.reason,
        "list": None if over is None else over.list_number,
        "charged_fen": None if over is None else over.charged_fen,
        "due_fen": None if over is None else over.due_fen,
        "approved_by": given.approved_by,
        "job_id": job_id,
    }
    work.insert(refunds, row, entry=entry)
    ways = [
        {
            "refund_id": given.refund_id,
            "number": number,
            "kind": tender.kind.value,
            "amount_fen": tender.fen,
            "reference": tender.reference,
        }
        for number, tender in enumerate(tenders, start=1)
    ]
    work.insert(refund_tenders, ways, entry=entry)
    gone = [Posting(account=ledger.tender_account(tender.kind, till), fen=-tender.fen) for tender in tenders]
    ledger.post(work, entry, [*taken_back, *gone], shift=shift)
    money_rows.number_receipt(work, entry, shift=shift, job_id=job_id)
    return shift


def _require_cash(work: UnitOfWork, given: Sequence[Tender]) -> None:
    cash_fen = total(tender for tender in given if tender.kind is TenderKind.CASH)
    if cash_fen > ledger.balance(work.connection, ledger.drawer(work.records.till)):
        raise DrawerShortError(amount_fen=cash_fen)


_VISIT, _SALE = sa.bindparam("visit", type_=sa.Text), sa.bindparam("sale", type_=sa.Text)
_taken_off = (
    sa.select(sa.func.coalesce(sa.func.sum(sale_reductions.c.fen), 0))
    .where(sale_reductions.c.sale_id == sales.c.sale_id)
    .scalar_subquery()
)
_every = sa.union_all(
    sa.select(settlements.c.job_id, settlements.c.total_fen, settlements.c.reductions_fen.label("reduced_fen")).where(
        settlements.c.visit_id == _VISIT
    ),
    sa.select(sales.c.job_id, sales.c.total_fen, _taken_off).where(sales.c.sale_id == _SALE),
).subquery()
_SETTLED = Prepared(sa.select(_every.c.job_id, _every.c.total_fen, _every.c.reduced_fen))
_BACK = Prepared(
    sa.select(refund_tenders.c.kind, refund_tenders.c.reference, refund_tenders.c.amount_fen)
    .join(refunds, refunds.c.refund_id == refund_tenders.c.refund_id)
    .where(sa.or_(refunds.c.visit_id == _VISIT, refunds.c.sale_id == _SALE))
)
_BY_RECEIPT = Prepared(
    sa.select(settlements.c.visit_id, sales.c.sale_id)
    .select_from(receipts)
    .outerjoin(settlements, settlements.c.job_id == receipts.c.job_id)
    .outerjoin(sales, sales.c.job_id == receipts.c.job_id)
    .where(receipts.c.number == sa.bindparam("receipt", type_=sa.Integer))
)
_deposited = (
    sa.select(
        sa.literal(0).label("place"),
        deposits.c.number,
        sa.literal("deposit").label("direction"),
        deposits.c.kind,
        deposits.c.amount_fen,
        deposits.c.reference,
    )
).where(deposits.c.visit_id == _VISIT)
_settled = sa.select(
    sa.literal(1), tenders.c.number, tenders.c.direction, tenders.c.kind, tenders.c.amount_fen, tenders.c.reference
).where(tenders.c.job_id == sa.bindparam("job", type_=sa.Text))
_moved = sa.union_all(_deposited, _settled).subquery()
_MOVED = Prepared(
    sa.select(_moved.c.direction, _moved.c.kind, _moved.c.amount_fen, _moved.c.reference).order_by(
        _moved.c.place, _moved.c.number
    )
)
