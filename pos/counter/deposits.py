"""Deposits (押金): a liability that comes back in full, less nothing but posted charges (G-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing import deposits, visits
from billing.deposits import DepositDraft
from billing.tenders import Tender
from pos import receipts
from pos.counter import print_jobs, requests
from pos.counter.print_jobs import Slip, SlipKind
from pos.counter.till import Till
from records.repeating import repeated
from records.unit_of_work import UnitOfWork
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositTaken:
    """A deposit as the journal has it."""

    visit_id: str
    fen: int
    receipt: int
    job_id: str

    @classmethod
    def of_entry(cls, body: Mapping[str, Any]) -> DepositTaken:
        """Read the body of `deposit.taken`."""
        return cls(visit_id=body["visit"], fen=body["tender"]["fen"], receipt=body["receipt"], job_id=body["job"])


@dataclass(frozen=True, kw_only=True)
class Deposits:
    """Deposits and top-ups at one till."""

    till: Till

    @repeated
    def top_up(self, visit: str, tender: Tender, *, request: str) -> DepositTaken:
        """Take a deposit for a running visit, by its id or seat; then print the slip.

        `request` is the slip's id: asked again with it, the first answer comes back.
        """
        self.till.require(Operation.VISIT_CHANGE)
        with self.till.begin() as work:
            first = self.first_answer(work.connection, request)
            if first is not None:
                return first
            draft = self.add(work, visits.find(work.connection, visit).visit_id, tender, job_id=request)
            work.commit()
        self.till.wake()
        return DepositTaken.of_entry(draft.entry.body)

    def add(self, work: UnitOfWork, visit_id: str, tender: Tender, *, job_id: str) -> DepositDraft:
        """Take a deposit in a unit of work that goes on; its receipt has a number after the commit."""
        draft = deposits.take(work, visit_id, tender, job_id=job_id)
        entry = draft.entry
        form = receipts.deposit(entry.body, self.till.facts(work.now, seat=draft.visit.seat))
        print_jobs.queue_sealed(work, entry, Slip(job_id=job_id, kind=SlipKind.DEPOSIT, ref=visit_id), form)
        return draft

    def first_answer(self, connection: sa.Connection, request: str) -> DepositTaken | None:
        """Tell what was taken under this id before, if anything was."""
        first = requests.of_job(connection, request, type_="deposit.taken")
        return None if first is None else DepositTaken.of_entry(first.body)
