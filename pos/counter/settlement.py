"""Settling: the itemised statement is shown first, then the visit is closed and the money taken, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import settlement, statements
from billing.statements import Statement
from billing.tenders import Tender, TenderKind
from hardware.receipt import ReceiptDocument
from pos import receipts
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.till import Till
from records.unit_of_work import UnitOfWork
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """A settled visit, as the journal has it: `bill` in the form of `prices quote`."""

    visit_id: str
    receipt: int
    total_fen: int
    change_fen: int
    tenders: tuple[Tender, ...]
    returned: tuple[Tender, ...]
    bill: Mapping[str, Any]
    job_id: str
    seq: int

    @classmethod
    def of_entry(cls, body: Mapping[str, Any], seq: int) -> Settlement:
        """Read the body of `visit.settled`."""
        return cls(
            visit_id=body["visit"],
            receipt=body["receipt"],
            total_fen=body["total_fen"],
            change_fen=body["change_fen"],
            tenders=tuple(_tender(tender) for tender in body["tenders"]),
            returned=tuple(_tender(tender) for tender in body["returned"]),
            bill=body["bill"],
            job_id=body["job"],
            seq=seq,
        )


def _tender(written: Mapping[str, Any]) -> Tender:
    return Tender(kind=TenderKind(written["kind"]), fen=written["fen"], reference=written.get("ref"))


@dataclass(frozen=True, kw_only=True)
class Settlements:
    """Statements and settlements at one till."""

    till: Till

    def show(self, visit_id: str) -> Statement:
        """Put the itemised statement on the screen and note that it was shown (G-5)."""
        self.till.require(Operation.VISIT_SETTLE)
        return self.till.reserve.finish(lambda: self._show(visit_id, job_id=None))

    def print_statement(self, visit_id: str, *, request: str) -> Statement:
        """Print the itemised statement and note that it was (G-5)."""
        self.till.require(Operation.VISIT_SETTLE)
        shown = self.till.reserve.finish(lambda: self._show(visit_id, job_id=request))
        self.till.wake()
        return shown

    def settle(self, visit_id: str, tenders: Sequence[Tender], *, request: str) -> Settlement:
        """Close the visit and take the money, all or nothing; then print.

        `request` is the slip's id, chosen by the caller: asked again with it, the first answer comes back. Raises
        StatementNeededError, StatementStaleError, AlreadySettledError, TendersTooLowError, NonCashAboveDueError,
        NoShiftError; then nothing was written.
        """
        self.till.require(Operation.VISIT_SETTLE)
        settled = self.till.reserve.finish(lambda: self._settle(visit_id, tenders, request))
        self.till.wake()
        return settled

    def answered(self, request: str) -> Settlement | None:
        """Return what was answered to this request before, if it was asked. Raises RequestReusedError."""
        self.till.require(Operation.VISIT_SETTLE)
        with self.till.records.reading() as connection:
            first = requests.of_job(connection, request, type_="visit.settled")
        return None if first is None else Settlement.of_entry(first.body, first.seq)

    def find(self, visit_id: str) -> Settlement | None:
        """Return the settlement of a visit, if it is settled."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            recorded = requests.settlement_of(connection, visit_id)
        return None if recorded is None else Settlement.of_entry(recorded.body, recorded.seq)

    def _settle(self, visit_id: str, tenders: Sequence[Tender], request: str) -> Settlement:
        till = self.till
        with till.begin() as work:
            first = requests.of_job(work.connection, request, type_="visit.settled", visit=visit_id)
            if first is not None:
                return Settlement.of_entry(first.body, first.seq)
            draft = settlement.settle(work, visit_id, tenders, job_id=request)
            entry, lists = draft.entry, till.lists(work.connection)
            till.print_sealed(
                work,
                entry,
                job_id=request,
                kind=SlipKind.SETTLEMENT,
                ref=visit_id,
                facts=till.facts(work.now),
                document=lambda facts: receipts.settlement(entry.body, facts, lists),
            )
            committed = work.commit()
        return Settlement.of_entry(entry.body, committed.seqs[-1])

    def _show(self, visit_id: str, *, job_id: str | None) -> Statement:
        with self.till.begin() as work:
            shown = statements.show(work, visit_id, how="screen" if job_id is None else "printed")
            if job_id is not None:
                self._print(work, shown, job_id)
            work.commit()
        return shown

    def document(self, shown: Statement) -> ReceiptDocument:
        """Lay a statement out as paper, also for a screen."""
        with self.till.records.reading() as connection:
            return self._document(connection, shown)

    def _document(self, connection: sa.Connection, shown: Statement) -> ReceiptDocument:
        facts = self.till.facts(shown.shown_at, seat=shown.visit.seat)
        return receipts.statement(shown.visit_bill, facts, self.till.lists(connection))

    def _print(self, work: UnitOfWork, shown: Statement, job_id: str) -> None:
        document = self._document(work.connection, shown)
        slip = Slip(job_id=job_id, kind=SlipKind.STATEMENT, ref=shown.visit.visit_id, document=document)
        print_jobs.queue(work, work.entries[-1], slip)
