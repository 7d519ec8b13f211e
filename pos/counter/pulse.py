"""The pulse of the books: a few cheap look-ups that tell a screen whether anything happened since it looked last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pos.counter.print_jobs import PrintState, SlipKind
from pos.counter.tables import print_attempts, print_jobs
from records.schema import desk_clocks, journal
from records.statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """How far the journal has come, how many slips of this desk are not on paper, when a signed head went out last.

    A slip that bears a head and is in a customer's hands is an anchor: from there on nobody can rewrite what is before
    it unseen, whichever desk printed it. `anchored_at` is None as long as there is none at any desk.
    """

    entries: int
    unsent: int
    anchored_at: datetime | None


def entries(connection: sa.Connection) -> int:
    """How far the journal has come: the least that tells whether anything happened."""
    newest = _NEWEST.one(connection).seq
    return 0 if newest is None else int(newest) + 1


def feel(connection: sa.Connection, till: str) -> Pulse:
    """Look at the books of one state, from one desk."""
    heads = [at for row in _LAST_HEADS.rows(connection) for at in (row.sent, row.confirmed) if at is not None]
    return Pulse(
        entries=entries(connection),
        unsent=_UNSENT.one(connection, wanted=till).count,
        anchored_at=max(heads, default=None),
    )


def _last_head(state: PrintState) -> sa.ScalarSelect[datetime]:
    """When a desk's newest slip in a state came out: by its position, which its index has, and not by every slip."""
    at = sa.func.coalesce(print_attempts.c.confirmed_at, print_attempts.c.sent_at, type_=print_attempts.c.sent_at.type)
    return (
        sa.select(at)
        .join(print_jobs, print_jobs.c.job_id == print_attempts.c.job_id)
        .where(
            print_attempts.c.till == desk_clocks.c.till,
            print_attempts.c.state == state.value,
            print_jobs.c.kind != SlipKind.STATEMENT.value,  # It bears no head.
        )
        .order_by(print_attempts.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )


_OPEN = (PrintState.QUEUED, PrintState.SENDING, PrintState.UNCERTAIN, PrintState.FAILED)

_NEWEST = Prepared(sa.select(sa.func.max(journal.c.seq).label("seq")))
_UNSENT = Prepared(
    sa.select(sa.func.count().label("count")).where(
        print_attempts.c.till == sa.bindparam("wanted"),
        sa.or_(*(print_attempts.c.state == state.value for state in _OPEN)),
    )
)
_OF_EACH_DESK: Any = (  # Of each that ever wrote anything.
    sa.select(
        _last_head(PrintState.SENT).label("sent"), _last_head(PrintState.CONFIRMED).label("confirmed")
    ).select_from(desk_clocks)
)
_LAST_HEADS = Prepared(_OF_EACH_DESK)
