"""The pulse of the books: a few cheap look-ups that tell a screen whether anything happened since it looked last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pos.counter.print_jobs import PrintState, SlipKind
from pos.counter.tables import print_attempts, print_jobs
from records.schema import journal
from records.statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """How far the journal has come, how many slips are not on paper, and when the last signed head went out.

    A slip that bears a head and is in a customer's hands is an anchor: from there on nobody can rewrite what is before
    it unseen. `anchored_at` is None as long as there is none.
    """

    entries: int
    unsent: int
    anchored_at: datetime | None


def entries(connection: sa.Connection) -> int:
    """How far the journal has come: the least that tells whether anything happened."""
    newest = _NEWEST.one(connection).seq
    return 0 if newest is None else int(newest) + 1


def feel(connection: sa.Connection) -> Pulse:
    """Look at the books of one state."""
    heads = [
        row.at for state in _ON_PAPER if (row := _LAST_HEAD.one(connection, wanted=state.value)) and row.at is not None
    ]
    return Pulse(
        entries=entries(connection),
        unsent=_UNSENT.one(connection).count,
        anchored_at=max(heads, default=None),
    )


_ON_PAPER = (PrintState.SENT, PrintState.CONFIRMED)
_OPEN = (PrintState.QUEUED, PrintState.SENDING, PrintState.UNCERTAIN, PrintState.FAILED)

_NEWEST = Prepared(sa.select(sa.func.max(journal.c.seq).label("seq")))
_UNSENT = Prepared(
    sa.select(sa.func.count().label("count")).where(sa.or_(*(print_attempts.c.state == state.value for state in _OPEN)))
)
_LAST_HEAD = Prepared(
    sa.select(
        sa.func.coalesce(
            print_attempts.c.confirmed_at, print_attempts.c.sent_at, type_=print_attempts.c.sent_at.type
        ).label("at")
    )
    .join(print_jobs, print_jobs.c.job_id == print_attempts.c.job_id)
    # A statement bears no head.
    .where(
        print_attempts.c.state == sa.bindparam("wanted", type_=sa.Text), print_jobs.c.kind != SlipKind.STATEMENT.value
    )
    .order_by(print_attempts.c.position.desc())
    .limit(1)
)
