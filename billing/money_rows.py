"""Rows that every movement of a customer's money writes: its tenders and its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from billing.tables import receipts, tenders
from billing.tenders import Payment, Tender, TenderKind
from records.journal import Entry
from records.unit_of_work import UnitOfWork


def write_payment(work: UnitOfWork, entry: Entry, payment: Payment, *, shift: int, job_id: str) -> None:
    """Write what was paid now, given back and given as change; deposits were written when they were taken."""
    moved = [
        *(_row("paid", tender) for tender in payment.tenders),
        *(_row("returned", tender) for tender in payment.returned),
    ]
    if payment.change_fen:
        moved.append(_row("change", Tender(kind=TenderKind.CASH, fen=payment.change_fen)))
    _write(work, entry, moved, shift=shift, job_id=job_id)


def write_deposit(work: UnitOfWork, entry: Entry, tender: Tender, *, shift: int, job_id: str) -> None:
    """Write that a deposit was given."""
    _write(work, entry, [_row("deposit", tender)], shift=shift, job_id=job_id)


def _row(direction: str, tender: Tender) -> dict[str, Any]:
    return {
        "direction": direction,
        "kind": tender.kind.value,
        "amount_fen": tender.fen,
        "reference": tender.reference,
    }


def _write(work: UnitOfWork, entry: Entry, moved: Iterable[dict[str, Any]], *, shift: int, job_id: str) -> None:
    rows = [{**row, "job_id": job_id, "number": number, "shift": shift} for number, row in enumerate(moved, start=1)]
    work.insert(tenders, rows, entry=entry)


def number_receipt(work: UnitOfWork, entry: Entry, *, shift: int, job_id: str) -> None:
    """Give the entry the next receipt number when the head is held."""
    work.number(entry, "receipt", receipts.c.number)

    def write() -> None:
        work.insert(receipts, {"number": entry.body["receipt"], "shift": shift, "job_id": job_id}, entry=entry)

    work.when_numbered(write)
