"""The itemised statement (结账清单) that a settlement needs, so that nobody pays what they have not seen (G-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa

from billing import repository
from billing.bill import Bill
from billing.order_errors import ReductionAboveDueError
from billing.tables import open_visits, statements
from billing.tenders import Tender
from billing.visit_bill import OrderedLine, VisitBill
from billing.visit_errors import StatementNeededError, StatementStaleError
from billing.visit_log import catch_up
from billing.visit_record import ShownStatement, Visit
from billing.wall_clock import second_of
from records.canonical import canonical_sha256
from records.statements import Prepared
from records.unit_of_work import UnitOfWork

GOOD_FOR: Final = timedelta(minutes=5)
"""How long a statement may wait for its settlement: the stay ends with it, and the customer may not sit on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What was shown. `at` is where the stay ends on it, `shown_at` when it was shown."""

    sha256: str
    at: datetime
    shown_at: datetime
    visit_bill: VisitBill

    @property
    def visit(self) -> Visit:
        """The visit."""
        return self.visit_bill.visit

    @property
    def bill(self) -> Bill:
        """The stay and its packages."""
        return self.visit_bill.bill

    @property
    def orders(self) -> tuple[OrderedLine, ...]:
        """What was ordered and not cancelled."""
        return self.visit_bill.orders

    @property
    def deposits(self) -> tuple[Tender, ...]:
        """The deposits, oldest first; they are not part of what is hashed."""
        return self.visit_bill.deposits

    @property
    def total_fen(self) -> int:
        """What the visit costs."""
        return self.visit_bill.total_fen

    @property
    def due_fen(self) -> int:
        """What is to be paid beside the deposits."""
        return self.visit_bill.due_fen

    def to_json(self) -> dict[str, Any]:
        """The object whose canonical form has the hash."""
        return self.visit_bill.statement_json()


def look_ahead(connection: sa.Connection, visit_id: str) -> None:
    """Let what `show` will ask of a visit travel with other questions."""
    repository.look_ahead(connection, visit_id)


def show(work: UnitOfWork, visit_id: str, *, how: Literal["screen", "printed"]) -> Statement:
    """Make the statement that the customer is shown; the stay ends at its instant, or where it ended by itself.

    Raises ReductionAboveDueError where more was taken off the bill than is left of it.
    """
    visit = catch_up(work, repository.load_visit(work.connection, visit_id), work.now)
    at = visit.instant(work.now) if visit.end is None else visit.end.at
    visit_bill = repository.bill_of(work.connection, visit, at)
    if visit_bill.total_fen < 0:
        raise ReductionAboveDueError(visit_id=visit_id)
    shown = Statement(
        sha256=canonical_sha256(visit_bill.statement_json()), at=at, shown_at=work.now, visit_bill=visit_bill
    )
    _write(work, shown, how)
    return shown


def _write(work: UnitOfWork, shown: Statement, how: str) -> None:
    visit = shown.visit
    body = {
        "visit": visit.visit_id,
        "at": visit.prices.clock.text(second_of(shown.at)),
        "how": how,
        "sha256": shown.sha256,
    }
    number = repository.statement_count(work.connection, visit.visit_id) + 1
    row = {
        "visit_id": visit.visit_id,
        "number": number,
        "at": shown.at,
        "shown_at": shown.shown_at,
        "how": how,
        "sha256": shown.sha256,
        "total_fen": shown.total_fen,
    }
    work.insert(statements, row, entry=work.entry("statement.shown", body))
    _POINT_AT.ask(work.connection, wanted=visit.visit_id, shown=number)


def is_good(visit: Visit, now: datetime) -> bool:
    """Whether the visit could be settled now on what was shown: nothing changed since, and not long ago."""
    return visit.statement is not None and now - visit.statement.shown_at <= GOOD_FOR


def require_good(work: UnitOfWork, visit: Visit) -> ShownStatement:
    """The statement to settle on. Raises StatementNeededError or StatementStaleError."""
    if visit.statement is not None and is_good(visit, work.now):
        return visit.statement
    shown_at = repository.last_statement_at(work.connection, visit.visit_id)
    if shown_at is None:
        raise StatementNeededError(visit_id=visit.visit_id)
    raise StatementStaleError(visit_id=visit.visit_id, shown_at=shown_at)


_POINT_AT = Prepared(
    open_visits.update().where(open_visits.c.visit_id == sa.bindparam("wanted")).values(statement=sa.bindparam("shown"))
)
