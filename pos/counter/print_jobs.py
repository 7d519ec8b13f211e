"""The print journal: slips are queued in the transaction that causes them, and never printed twice unasked.

| state | meaning | next |
|---|---|---|
| queued | waiting for the printer | sending, cancelled |
| sending | bytes are going out | sent, confirmed, uncertain, failed, or back to queued |
| sent | all bytes were handed over to a printer that never answers | – |
| confirmed | the printer answered behind the job | – |
| uncertain | it may or may not be on paper: a person looks | confirmed, queued, cancelled |
| failed | not on paper, and trying again is useless until someone mends the cause | queued, cancelled |
| cancelled | a person withdrew it | – |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from hardware.receipt import Mark, ReceiptDocument
from pos.counter.errors import PrintJobNotWaitingError, PrintJobUnknownError
from pos.counter.tables import print_attempts, print_jobs
from pos.slip_layout import SlipForm
from records.errors import OvertakenError
from records.journal import Entry
from records.statements import Prepared
from records.unit_of_work import Sealed, UnitOfWork


class SlipKind(StrEnum):
    """What a slip is."""

    START = "start"
    DEPOSIT = "deposit"
    STATEMENT = "statement"
    SETTLEMENT = "settlement"
    SALE = "sale"
    REFUND = "refund"
    OVERCHARGE = "overcharge"
    SHIFT_READING = "shift-reading"
    SHIFT_CLOSE = "shift-close"
    CASH_MOVE = "cash-move"


class PrintState(StrEnum):
    """Where a job is on its way to paper."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Resolution(StrEnum):
    """A person's word about a job that is uncertain, failed or waiting."""

    ON_PAPER = "on-paper"
    NOT_ON_PAPER = "not-on-paper"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintJob:
    """One slip and what became of it at its desk's printer. `cause` is the printer's or the line's trouble, a code."""

    job_id: str
    kind: SlipKind
    ref: str
    copy_no: int
    operator: str
    queued_at: datetime
    state: PrintState
    desk: str | None  # None, as `attempts`: what became of it was lost
    attempts: int | None
    is_again: bool
    cause: str | None
    document: ReceiptDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """A slip to be printed, and what it is about. Its maker chose the job's id."""

    job_id: str
    kind: SlipKind
    ref: str


def queue(
    work: UnitOfWork,
    entry: Entry,
    slip: Slip,
    document: ReceiptDocument,
    *,
    copy_no: int = 1,
    original: str | None = None,
) -> None:
    """Make the slip a fact of this unit of work and put it at the end of the queue."""
    row = {**_row(work, slip), "copy_no": copy_no, "original": original, "document": document.to_json()}
    work.insert(print_jobs, row, entry=entry)
    _enqueue(work, slip.job_id)


def queue_sealed(work: UnitOfWork, entry: Entry, slip: Slip, form: SlipForm) -> None:
    """Queue a slip that bears the signed head which covers its own entry; all but its blanks is written now."""
    row, written = _row(work, slip), form.written()

    def write(sealed: Sealed) -> None:
        work.insert(print_jobs, {**row, "document": written(sealed.head)}, entry=entry)
        _enqueue(work, slip.job_id)

    work.when_sealed(write)


def _row(work: UnitOfWork, slip: Slip) -> dict[str, Any]:
    return {
        "job_id": slip.job_id,
        "kind": slip.kind.value,
        "ref": slip.ref,
        "copy_no": 1,
        "operator": work.actor,
        "queued_at": work.now,
    }


def _enqueue(work: UnitOfWork, job_id: str) -> None:
    _ENQUEUE.ask(work.connection, job=job_id, desk=work.records.till)


def reprint(work: UnitOfWork, job_id: str, *, copy_job_id: str) -> Entry:
    """Queue another copy of a slip, marked 重打 with its number, the time and who asked for it.

    Raises PrintJobUnknownError.
    """
    first = find(work.connection, _original_of(work.connection, job_id))
    copy_no = _copies(work.connection, first.job_id) + 1
    entry = work.entry("receipt.reprinted", {"job": copy_job_id, "of": first.job_id, "copy": copy_no})
    local = work.now.astimezone(work.records.days.timezone)
    mark = Mark(text=f"【重打 第{copy_no}次】{local:%m-%d %H:%M} {work.actor}")
    document = ReceiptDocument(items=(mark, *first.document.items))
    slip = Slip(job_id=copy_job_id, kind=first.kind, ref=first.ref)
    queue(work, entry, slip, document, copy_no=copy_no, original=first.job_id)
    return entry


def resolve(work: UnitOfWork, job_id: str, resolution: Resolution) -> Entry:
    """Take a person's word about a job; one that is not on paper waits for the printer again.

    Raises PrintJobUnknownError, and PrintJobNotWaitingError where nothing is open about the job: it is being sent
    this moment, or what became of it is known.
    """
    job = find(work.connection, job_id)
    allowed = {PrintState.UNCERTAIN, PrintState.FAILED}
    if resolution is Resolution.CANCELLED:
        allowed.add(PrintState.QUEUED)
    if job.state not in allowed:
        raise PrintJobNotWaitingError(job_id=job_id, state=job.state.value)
    entry = work.entry("print.resolved", {"job": job_id, "outcome": resolution.value})
    state = _AFTER_WORD[resolution]
    # 补打 stands on a slip that might be on paper already.
    is_again = job.is_again or (state is PrintState.QUEUED and job.state is PrintState.UNCERTAIN)
    changes = {"state": state.value, "cause": None, "is_again": int(is_again)}
    known = print_attempts.update().where(print_attempts.c.job_id == job_id)
    if job.attempts is None:
        _enqueue(work, job_id)
        work.execute(known.values(**changes))
    elif not work.execute(known.where(print_attempts.c.state == job.state.value).values(**changes)).rowcount:
        raise OvertakenError  # Its printer took it this moment.
    return entry


_AFTER_WORD: Final = {
    Resolution.ON_PAPER: PrintState.CONFIRMED,
    Resolution.NOT_ON_PAPER: PrintState.QUEUED,
    Resolution.CANCELLED: PrintState.CANCELLED,
}


def find(connection: sa.Connection, job_id: str) -> PrintJob:
    """Read one job. Raises PrintJobUnknownError."""
    row = connection.execute(_JOB.where(print_jobs.c.job_id == job_id)).one_or_none()
    if row is None:
        raise PrintJobUnknownError(job_id=job_id)
    return _job(row)


def is_known(connection: sa.Connection, job_id: str) -> bool:
    """Say whether there is such a job."""
    return connection.execute(sa.select(print_jobs.c.job_id).where(print_jobs.c.job_id == job_id)).first() is not None


def in_states(connection: sa.Connection, till: str, *states: PrintState) -> Sequence[PrintJob]:
    """Read one desk's jobs in these states, oldest first; one whose state was lost is every desk's."""
    wanted = _STATE.in_([state.value for state in states]), sa.func.coalesce(print_attempts.c.till, till) == till
    return [_job(row) for row in connection.execute(_JOB.where(*wanted).order_by(print_attempts.c.position))]


def of_ref(connection: sa.Connection, ref: str) -> Sequence[PrintJob]:
    """Read the jobs about one visit, sale or shift, oldest first."""
    rows = connection.execute(_JOB.where(print_jobs.c.ref == ref).order_by(print_attempts.c.position))
    return [_job(row) for row in rows]


def newest(connection: sa.Connection, *, limit: int) -> Sequence[PrintJob]:
    """Read the jobs that were queued last at any desk, the newest first."""
    # A job whose state was lost has no position; it is among the first to be looked at.
    newest_first = (
        print_attempts.c.position.is_not(None),
        print_jobs.c.queued_at.desc(),
        print_attempts.c.position.desc(),
    )
    rows = connection.execute(_JOB.order_by(*newest_first).limit(limit))
    return [_job(row) for row in rows]


def _job(row: sa.Row[Any]) -> PrintJob:
    return PrintJob(
        job_id=row.job_id,
        kind=SlipKind(row.kind),
        ref=row.ref,
        copy_no=row.copy_no,
        operator=row.operator,
        queued_at=row.queued_at,
        state=PrintState(row.state),
        desk=row.till,
        attempts=row.attempts,
        is_again=bool(row.is_again),
        cause=row.cause,
        document=ReceiptDocument.from_json(row.document),
    )


def _original_of(connection: sa.Connection, job_id: str) -> str:
    row = connection.execute(sa.select(print_jobs.c.original).where(print_jobs.c.job_id == job_id)).one_or_none()
    if row is None:
        raise PrintJobUnknownError(job_id=job_id)
    return row.original or job_id


def _copies(connection: sa.Connection, original: str) -> int:
    newest: int | None = connection.execute(
        sa.select(sa.func.max(print_jobs.c.copy_no)).where(print_jobs.c.original == original)
    ).scalar_one()
    return newest or 1


# A fact without its state: the state was lost, so nothing is known of the paper.
_STATE = sa.func.coalesce(print_attempts.c.state, PrintState.UNCERTAIN.value)
_JOB = sa.select(
    print_jobs,
    _STATE.label("state"),
    print_attempts.c.till,
    print_attempts.c.attempts,
    print_attempts.c.is_again,
    print_attempts.c.cause,
).select_from(print_jobs.outerjoin(print_attempts, print_attempts.c.job_id == print_jobs.c.job_id))

# A desk's units of work come one by one, so that no other one takes the place.
_ENQUEUE = Prepared(
    print_attempts.insert().values(
        job_id=sa.bindparam("job"),
        till=sa.bindparam("desk"),
        position=sa.select(sa.func.coalesce(sa.func.max(print_attempts.c.position), 0) + 1)
        .where(print_attempts.c.till == sa.bindparam("desk"))
        .scalar_subquery(),
        state=PrintState.QUEUED.value,
        attempts=0,
        is_again=0,
    )
)
