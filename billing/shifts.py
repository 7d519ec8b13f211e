"""Shifts of a till: opened with a float, read in between (X), closed by a blind count (Z).

The count is blind: what the drawer should hold is told only by the closed shift. The X reading tells takings by
tender, from which it could be guessed; so it is for those whose role may see it (`staff.roles`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billing import ledger
from billing.ledger import Posting
from billing.reasons import DifferenceReason, reason_of
from billing.refund_tables import refund_tenders, refunds
from billing.shift_errors import BadCountError, DifferenceUnexplainedError, NoShiftError, ShiftOpenError
from billing.tables import (
    open_shifts,
    receipts,
    sale_reductions,
    sales,
    settlements,
    shift_closings,
    shifts,
    tenders,
)
from billing.tenders import TENDER_FEN_MAX, TenderKind
from records.statements import Prepared
from records.unit_of_work import UnitOfWork

_SIGNS: Final = {"deposit": 1, "paid": 1, "returned": -1, "change": -1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """An open shift."""

    number: int
    till: str
    float_fen: int
    opened_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TenderTotals:
    """What a shift took by each tender, net of change, of returned deposits and of refunds."""

    cash: int = 0
    wechat: int = 0
    alipay: int = 0
    bank: int = 0
    wallet: int = 0

    def to_json(self) -> dict[str, int]:
        """The `totals_fen` of an entry or an answer."""
        return {
            "cash": self.cash,
            "wechat": self.wechat,
            "alipay": self.alipay,
            "bank": self.bank,
            "wallet": self.wallet,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptRange:
    """The first and the last receipt of a shift."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftReading:
    """What a shift has done so far (X). What the drawer should hold is not part of it.

    `moved_fen` is the cash put in (+) and taken out (−) beside any sale; `refunds_fen` is what it gave back of sales of
    any shift, `reductions_fen` what it took off bills.
    """

    shift: Shift
    read_at: datetime
    totals: TenderTotals
    moved_fen: int
    sales_fen: int
    receipts: ReceiptRange | None
    refunds_fen: int = 0
    reductions_fen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedShift:
    """A closed shift (Z). `difference_fen` = counted − expected."""

    reading: ShiftReading
    counted_fen: int
    expected_fen: int
    reason: DifferenceReason | None
    entry_body: dict[str, Any]

    @property
    def difference_fen(self) -> int:
        """What is over (+) or short (−)."""
        return self.counted_fen - self.expected_fen

    @property
    def z(self) -> int:
        """The number of the Z slip. KeyError before the commit."""
        number: int = self.entry_body["z"]
        return number


def open_shift(work: UnitOfWork, *, float_fen: int) -> Shift:
    """Open this till's shift with a float from the safe. Raises ShiftOpenError or BadCountError."""
    till = work.records.till
    if not 0 <= float_fen <= TENDER_FEN_MAX:
        raise BadCountError(amount_fen=float_fen)
    running = current(work.connection, till=till)
    if running is not None:
        raise ShiftOpenError(till=till, shift=running.number)
    number = (_NEWEST.one(work.connection).newest or 0) + 1
    entry = work.entry("shift.opened", {"shift": number, "float_fen": float_fen})
    row = {"number": number, "till": till, "float_fen": float_fen, "opened_at": work.now}
    work.insert(shifts, row, entry=entry)
    work.insert(open_shifts, {"till": till, "shift": number})
    ledger.post(
        work,
        entry,
        [Posting(account=ledger.drawer(till), fen=float_fen), Posting(account=ledger.SAFE, fen=-float_fen)],
        shift=number,
    )
    return Shift(number=number, till=till, float_fen=float_fen, opened_at=work.now)


def current(connection: sa.Connection, *, till: str | None = None) -> Shift | None:
    """The open shift of a till; without one the newest open shift of the venue."""
    rows = _ALL_OPEN.rows(connection) if till is None else _OPEN.rows(connection, till=till)
    if not rows:
        return None
    row = rows[0]
    return Shift(number=row.number, till=row.till, float_fen=row.float_fen, opened_at=row.opened_at)


def look_ahead(connection: sa.Connection, *, till: str) -> None:
    """Let the question for a till's open shift travel with others; `require` takes the answer."""
    _OPEN.ahead(connection, till=till)


def require(work: UnitOfWork) -> Shift:
    """The open shift of this till. Raises NoShiftError."""
    till = work.records.till
    shift = current(work.connection, till=till)
    if shift is None:
        raise NoShiftError(till=till)
    return shift


def read(work: UnitOfWork, *, job_id: str) -> ShiftReading:
    """Read the shift without closing it (X). Raises NoShiftError."""
    shift = require(work)
    work.entry("shift.read", {"shift": shift.number, "job": job_id})
    return _reading(work, shift)


def close(work: UnitOfWork, *, counted_fen: int, reason: str | None, job_id: str) -> ClosedShift:
    """Close the shift by what was counted (Z), and empty the drawer into the safe.

    A difference needs a reason; DifferenceUnexplainedError tells that there is one, not how much.
    Raises NoShiftError, BadCountError or UnknownReasonError too.
    """
    shift = require(work)
    why = None if reason is None else reason_of(DifferenceReason, reason)
    if not 0 <= counted_fen <= TENDER_FEN_MAX:
        raise BadCountError(amount_fen=counted_fen)
    expected_fen = ledger.balance(work.connection, ledger.drawer(shift.till))
    if counted_fen == expected_fen:
        why = None
    elif why is None:
        raise DifferenceUnexplainedError(shift=shift.number)
    body: dict[str, Any] = {}
    closed = ClosedShift(
        reading=_reading(work, shift),
        counted_fen=counted_fen,
        expected_fen=expected_fen,
        reason=why,
        entry_body=body,
    )
    body |= _body(closed, job_id)
    _write(work, closed, job_id)
    return closed


def _body(closed: ClosedShift, job_id: str) -> dict[str, Any]:
    reading = closed.reading
    body: dict[str, Any] = {
        "shift": reading.shift.number,
        "counted_fen": closed.counted_fen,
        "expected_fen": closed.expected_fen,
        "difference_fen": closed.difference_fen,
        "totals_fen": reading.totals.to_json(),
        "sales_fen": reading.sales_fen,
        "receipts": reading.receipts and {"first": reading.receipts.first, "last": reading.receipts.last},
        "job": job_id,
    }
    return body if closed.reason is None else {**body, "reason": closed.reason.value}


def _write(work: UnitOfWork, closed: ClosedShift, job_id: str) -> None:
    shift = closed.reading.shift
    entry = work.entry("shift.closed", closed.entry_body)
    ledger.post(
        work,
        entry,
        [
            Posting(account=ledger.SAFE, fen=closed.counted_fen),
            Posting(account=ledger.OVER_SHORT, fen=-closed.difference_fen),
            Posting(account=ledger.drawer(shift.till), fen=-closed.expected_fen),
        ],
        shift=shift.number,
    )
    work.number(entry, "z", shift_closings.c.z)

    def write() -> None:
        row = {
            "shift": shift.number,
            "z": closed.z,
            "closed_at": work.now,
            "counted_fen": closed.counted_fen,
            "expected_fen": closed.expected_fen,
            "reason": None if closed.reason is None else closed.reason.value,
            "job_id": job_id,
        }
        work.insert(shift_closings, row, entry=entry)

    work.when_numbered(write)
    _CLOSE.ask(work.connection, till=shift.till)


def _reading(work: UnitOfWork, shift: Shift) -> ShiftReading:
    taken = dict.fromkeys(TenderKind, 0)
    for row in _TAKEN.rows(work.connection, shift=shift.number):
        taken[TenderKind(row.kind)] += _SIGNS[row.direction] * row.amount_fen
    refunded_fen = 0
    for row in _REFUNDED.rows(work.connection, shift=shift.number):
        taken[TenderKind(row.kind)] -= row.amount_fen
        refunded_fen += row.amount_fen
    numbers = _RECEIPTS.one(work.connection, shift=shift.number)
    drawer_fen = ledger.balance(work.connection, ledger.drawer(shift.till))
    return ShiftReading(
        shift=shift,
        read_at=work.now,
        totals=TenderTotals(**{kind.value: fen for kind, fen in taken.items()}),
        moved_fen=drawer_fen - shift.float_fen - taken[TenderKind.CASH],
        sales_fen=_SALES.one(work.connection, shift=shift.number).sales_fen,
        receipts=None if numbers.first is None else ReceiptRange(first=numbers.first, last=numbers.last),
        refunds_fen=refunded_fen,
        reductions_fen=_TAKEN_OFF.one(work.connection, shift=shift.number).reductions_fen,
    )


_NEWEST = Prepared(sa.select(sa.func.max(shifts.c.number).label("newest")))
_ANY_OPEN = sa.select(shifts).join(open_shifts, open_shifts.c.shift == shifts.c.number)
_ALL_OPEN = Prepared(_ANY_OPEN.order_by(shifts.c.number.desc()))
_OPEN = Prepared(_ANY_OPEN.where(open_shifts.c.till == sa.bindparam("till")))  # A till has one.
_CLOSE = Prepared(open_shifts.delete().where(open_shifts.c.till == sa.bindparam("till")))
_SHIFT = sa.bindparam("shift", type_=sa.Integer)
# What a shift did is found by its receipts: one index to keep, not one for each kind of row.
_TAKEN = Prepared(
    sa.select(tenders.c.direction, tenders.c.kind, sa.func.sum(tenders.c.amount_fen).label("amount_fen"))
    .join_from(receipts, tenders, tenders.c.job_id == receipts.c.job_id)
    .where(receipts.c.shift == _SHIFT)
    .group_by(tenders.c.direction, tenders.c.kind)
)
_REFUNDED = Prepared(
    sa.select(refund_tenders.c.kind, sa.func.sum(refund_tenders.c.amount_fen).label("amount_fen"))
    .join_from(receipts, refunds, refunds.c.job_id == receipts.c.job_id)
    .join(refund_tenders, refund_tenders.c.refund_id == refunds.c.refund_id)
    .where(receipts.c.shift == _SHIFT)
    .group_by(refund_tenders.c.kind)
)
_of_visits = (
    sa.select(settlements.c.reductions_fen.label("fen"))
    .join_from(receipts, settlements, settlements.c.job_id == receipts.c.job_id)
    .where(receipts.c.shift == _SHIFT)
)
_of_sales = (
    sa.select(sale_reductions.c.fen)
    .join_from(receipts, sales, sales.c.job_id == receipts.c.job_id)
    .join(sale_reductions, sale_reductions.c.sale_id == sales.c.sale_id)
    .where(receipts.c.shift == _SHIFT)
)
_taken_off = sa.union_all(_of_visits, _of_sales).subquery()
_TAKEN_OFF = Prepared(sa.select(sa.func.coalesce(sa.func.sum(_taken_off.c.fen), 0).label("reductions_fen")))
_RECEIPTS = Prepared(
    sa.select(sa.func.min(receipts.c.number).label("first"), sa.func.max(receipts.c.number).label("last")).where(
        receipts.c.shift == _SHIFT
    )
)
_SALES = Prepared(
    sa.select(
        (
            sa.func.coalesce(sa.func.sum(settlements.c.total_fen), 0)
            + sa.func.coalesce(sa.func.sum(sales.c.total_fen), 0)
        ).label("sales_fen")
    )
    .select_from(receipts)
    .outerjoin(settlements, settlements.c.job_id == receipts.c.job_id)
    .outerjoin(sales, sales.c.job_id == receipts.c.job_id)
    .where(receipts.c.shift == _SHIFT)
)
