"""Slips in hand: copies, and a person's word about those that may or may not be on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos.counter import print_jobs
from pos.counter.print_jobs import PrintJob, PrintState, Resolution
from pos.counter.till import Till
from records.repeating import repeated
from staff.roles import Operation


@dataclass(frozen=True, kw_only=True)
class Slips:
    """The print journal at one till."""

    till: Till

    def open(self) -> Sequence[PrintJob]:
        """Every slip of this desk that is not known to be on paper, the oldest first."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            states = PrintState.QUEUED, PrintState.SENDING, PrintState.UNCERTAIN, PrintState.FAILED
            return print_jobs.in_states(connection, self.till.records.till, *states)

    def newest(self, *, limit: int) -> Sequence[PrintJob]:
        """The slips that were queued last at any desk, the newest first."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return print_jobs.newest(connection, limit=limit)

    def about(self, ref: str) -> Sequence[PrintJob]:
        """Every slip about a visit, sale or shift, the oldest first."""
        self.till.require(Operation.VISIT_READ)
        with self.till.records.reading() as connection:
            return print_jobs.of_ref(connection, ref)

    @repeated
    def reprint(self, job_id: str, *, request: str) -> PrintJob:
        """Print another copy, marked as one; `request` is the copy's id: asked again with it, no further copy comes."""
        self.till.require(Operation.RECEIPT_REPRINT)
        with self.till.begin() as work:
            if not print_jobs.is_known(work.connection, request):
                print_jobs.reprint(work, job_id, copy_job_id=request)
                copy = print_jobs.find(work.connection, request)
                work.commit()
            else:
                copy = print_jobs.find(work.connection, request)
        self.till.wake()
        return copy

    @repeated
    def resolve(self, job_id: str, resolution: Resolution) -> PrintJob:
        """Say whether an uncertain slip is on paper; if not, it is printed again, marked 补打."""
        self.till.require(Operation.PRINT_RESOLVE)
        with self.till.begin() as work:
            print_jobs.resolve(work, job_id, resolution)
            job = print_jobs.find(work.connection, job_id)
            work.commit()
        self.till.wake()
        return job
