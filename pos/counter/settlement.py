"""Settling: the itemised statement is shown first, then the visit is closed and the money taken, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import settlement, statements
from billing.settlement import SettlementDraft
from billing.statements import Statement
from billing.tenders import Tender, share
from hardware.receipt import ReceiptDocument
from pos import receipts
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.till import Till
from records.repeating import repeated
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
            tenders=tuple(Tender.from_json(tender) for tender in body["tenders"]),
            returned=tuple(Tender.from_json(tender) for tender in body["returned"]),
            bill=body["bill"],
            job_id=body["job"],
            seq=seq,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One of several visits that somebody pays for: what its statement says is due, and the id of its slip."""

    visit_id: str
    due_fen: int
    request: str


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

    def settle_together(self, owed: Sequence[Owed], tenders: Sequence[Tender]) -> Sequence[Settlement]:
        """Close several visits for one payer, all or none of them; then print a receipt for each.

        Asked again with the same slips' ids, the first answers come back. Raises what `settle` raises.
        """
        self.till.require(Operation.VISIT_SETTLE)
        settled = self.till.reserve.finish(lambda: self._settle_together(owed, tenders))
        self.till.wake()
        return settled

    @repeated
    def _settle_together(self, owed: Sequence[Owed], tenders: Sequence[Tender]) -> Sequence[Settlement]:
        def look_ahead(connection: sa.Connection) -> None:
            for one in owed:
                self._look_ahead(connection, one.visit_id, one.request)

        with self.till.begin(ahead=look_ahead) as work:
            firsts = [self._first_answer(work, one.visit_id, one.request) for one in owed]
            answered = [first for first in firsts if first is not None]
            if len(answered) == len(owed):
                return answered
            shares = share([one.due_fen for one in owed], tenders)
            drafts = [
                self._draft(work, one.visit_id, shared, one.request) for one, shared in zip(owed, shares, strict=True)
            ]
            committed = work.commit()
        return [
            Settlement.of_entry(draft.entry.body, seq)
            for draft, seq in zip(drafts, committed.seqs[-len(drafts) :], strict=True)
        ]

    def find(self, visit_id: str) -> Settlement | None:
        """Return the settlement of a visit, if it is settled."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            recorded = requests.settlement_of(connection, visit_id)
        return None if recorded is None else Settlement.of_entry(recorded.body, recorded.seq)

    @repeated
    def _settle(self, visit_id: str, tenders: Sequence[Tender], request: str) -> Settlement:
        with self.till.begin(ahead=lambda connection: self._look_ahead(connection, visit_id, request)) as work:
            first = self._first_answer(work, visit_id, request)
            if first is not None:
                return first
            draft = self._draft(work, visit_id, tenders, request)
            committed = work.commit()
        return Settlement.of_entry(draft.entry.body, committed.seqs[-1])

    def _look_ahead(self, connection: sa.Connection, visit_id: str, request: str) -> None:
        settlement.look_ahead(connection, visit_id, till=self.till.records.till)
        requests.look_ahead(connection, request)

    @staticmethod
    def _first_answer(work: UnitOfWork, visit_id: str, request: str) -> Settlement | None:
        first = requests.of_job(work.connection, request, type_="visit.settled", visit=visit_id)
        return None if first is None else Settlement.of_entry(first.body, first.seq)

    def _draft(self, work: UnitOfWork, visit_id: str, tenders: Sequence[Tender], request: str) -> SettlementDraft:
        draft = settlement.settle(work, visit_id, tenders, job_id=request)
        entry, visit = draft.entry, draft.visit_bill.visit
        lists = self.till.lists(work.connection, {visit.list_number: visit.prices})
        form = receipts.settlement(entry.body, self.till.facts(work.now), lists)
        print_jobs.queue_sealed(work, entry, Slip(job_id=request, kind=SlipKind.SETTLEMENT, ref=visit_id), form)
        return draft

    @repeated
    def _show(self, visit_id: str, *, job_id: str | None) -> Statement:
        with self.till.begin(ahead=lambda connection: statements.look_ahead(connection, visit_id)) as work:
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
        slip = Slip(job_id=job_id, kind=SlipKind.STATEMENT, ref=shown.visit.visit_id)
        print_jobs.queue(work, work.entries[-1], slip, document)
