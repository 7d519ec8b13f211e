"""The print queue as its worker sees it: the next job to take, and what became of the one before.

One short transaction notes the outcome of a job and takes the next. A job is `sending` before its first byte leaves,
so that a crash in between leaves it uncertain, not queued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from hardware.printers.printer import Outcome, PrintResult
from hardware.receipt import Mark, ReceiptDocument
from pos.counter.print_jobs import PrintState
from pos.counter.tables import print_attempts, print_jobs
from records import database
from records.clock import Clock
from records.statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenJob:
    """A job that is `sending` now."""

    job_id: str
    document: ReceiptDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class FinishedJob:
    """A job and what one attempt made of it."""

    job_id: str
    result: PrintResult


_STATE_AFTER: Final = {
    Outcome.CONFIRMED: PrintState.CONFIRMED,
    Outcome.SENT: PrintState.SENT,
    Outcome.UNCERTAIN: PrintState.UNCERTAIN,
    Outcome.NOT_STARTED: PrintState.QUEUED,
    Outcome.FAILED: PrintState.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class PrintQueue:
    """The queue of one desk's printer. Only whoever holds `VenueFolder.held_by_printing` may use it."""

    engine: sa.Engine
    clock: Clock
    till: str

    def give_up_orphans(self) -> None:
        """Call every job uncertain that a program was sending when it died."""
        with database.writing(self.engine) as connection:
            changes = {"state": PrintState.UNCERTAIN.value, "cause": "crash"}
            connection.execute(
                print_attempts.update()
                .where(print_attempts.c.till == self.till, print_attempts.c.state == PrintState.SENDING.value)
                .values(**changes)
            )
            connection.commit()

    def has_waiting(self) -> bool:
        """Say whether a job waits; a look that holds up no writer. Who takes it commits that, and so the job too."""
        with database.glance(self.engine) as connection:
            return _NEXT.one(connection, wanted=self.till) is not None

    def finish_and_take(self, finished: FinishedJob | None, *, takes: bool) -> TakenJob | None:
        """Note what became of `finished`; if `takes`, take the oldest waiting job."""
        with database.writing(self.engine) as connection:
            if finished is not None:
                self._note(connection, finished)
            job = self._take(connection) if takes else None
            connection.commit()
            return job

    def _note(self, connection: sa.Connection, finished: FinishedJob) -> None:
        result = finished.result
        now: datetime = self.clock.read().second
        _NOTE.run(
            connection,
            job=finished.job_id,
            new_state=_STATE_AFTER[result.outcome].value,
            new_cause=None if result.cause is None else result.cause.value,
            sent=now if result.handed_over_bytes else None,
            confirmed=now if result.outcome is Outcome.CONFIRMED else None,
        )

    def _take(self, connection: sa.Connection) -> TakenJob | None:
        row = _NEXT.one(connection, wanted=self.till)
        if row is None or not _SENDING.run(connection, job=row.job_id):
            return None  # Nothing waits, or somebody has just withdrawn what did.
        document = ReceiptDocument.from_json(row.document)
        if row.is_again:
            document = ReceiptDocument(items=(Mark(text="【补打】"), *document.items))
        return TakenJob(job_id=row.job_id, document=document)


_NEXT = Prepared(
    sa.select(print_attempts.c.job_id, print_attempts.c.is_again, print_jobs.c.document)
    .join(print_jobs, print_jobs.c.job_id == print_attempts.c.job_id)
    .where(print_attempts.c.till == sa.bindparam("wanted"), print_attempts.c.state == PrintState.QUEUED.value)
    .order_by(print_attempts.c.position)
    .limit(1)
)
_SENDING = Prepared(
    print_attempts.update()
    .where(print_attempts.c.job_id == sa.bindparam("job"), print_attempts.c.state == PrintState.QUEUED.value)
    .values(state=PrintState.SENDING.value, attempts=print_attempts.c.attempts + 1)
)
_NOTE = Prepared(
    print_attempts.update()
    .where(print_attempts.c.job_id == sa.bindparam("job"))
    .values(
        state=sa.bindparam("new_state"),
        cause=sa.bindparam("new_cause"),
        sent_at=sa.bindparam("sent"),
        confirmed_at=sa.bindparam("confirmed"),
    )
)
