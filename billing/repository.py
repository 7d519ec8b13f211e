"""Rows of visits, orders and deposits, turned into values: every query for them is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from billing.errors import AlreadySettledError, UnknownVisitError
from billing.price_list import ItemKind
from billing.price_tables import price_lists
from billing.publication import prices_of
from billing.tables import (
    deposits,
    open_visits,
    order_cancellations,
    order_lines,
    orders,
    receipts,
    settlements,
    statements,
    visit_events,
    visits,
)
from billing.tenders import Tender, TenderKind
from billing.visit_bill import OrderedLine, SoldLine, VisitBill
from billing.visit_record import EventKind, ShownStatement, Visit, VisitEvent
from records.statements import Prepared


def load_visit(connection: sa.Connection, visit_or_seat: str) -> Visit:
    """The unsettled visit with this id or on this seat.

    Raises UnknownVisitError, or AlreadySettledError for the id of a settled one.
    """
    rows = _ONE_VISIT.rows(connection, wanted=visit_or_seat)
    if rows:
        return _visit(connection, rows)
    settled = _SETTLED_RECEIPT.one(connection, wanted=visit_or_seat)
    if settled is None:
        raise UnknownVisitError(visit=visit_or_seat)
    raise AlreadySettledError(visit_id=visit_or_seat, receipt=settled.number)


def load_open_visits(connection: sa.Connection) -> list[Visit]:
    """Every unsettled visit, the oldest first."""
    rows = _ALL_VISITS.rows(connection)
    return [_visit(connection, list(group)) for _, group in groupby(rows, key=attrgetter("visit_id"))]


def _visit(connection: sa.Connection, rows: Sequence[Any]) -> Visit:
    first = rows[0]
    return Visit(
        visit_id=first.visit_id,
        check_id=first.check_id,
        person_id=first.person_id,
        opened_at=first.opened_at,
        first_seat=first.seat,
        first_zone=first.zone,
        tier=first.tier,
        list_number=first.list,
        prices=prices_of(connection, number=first.list, sha256=first.list_sha256),
        events=tuple(_event(row) for row in rows if row.event is not None),
        deposit_fen=first.deposit_fen,
        order_count=first.order_count,
        statement=_statement(first),
    )


def _event(row: Any) -> VisitEvent:
    return VisitEvent(
        kind=EventKind(row.event), at=row.event_at, seat=row.event_seat, zone=row.event_zone, code=row.event_code
    )


def _statement(row: Any) -> ShownStatement | None:
    if row.statement is None:
        return None
    return ShownStatement(number=row.statement, at=row.statement_at, shown_at=row.shown_at, sha256=row.statement_sha256)


def last_statement_at(connection: sa.Connection, visit_id: str) -> datetime | None:
    """When the visit's last statement was shown, overtaken or not."""
    shown_at: datetime | None = _LAST_SHOWN.one(connection, wanted=visit_id).shown_at
    return shown_at


def statement_count(connection: sa.Connection, visit_id: str) -> int:
    """How many statements of the visit have been shown."""
    count: int = _STATEMENT_COUNT.one(connection, wanted=visit_id).count
    return count


def ordered_lines(connection: sa.Connection, visit: Visit) -> tuple[OrderedLine, ...]:
    """What the visit has ordered, less what was cancelled, in the order of its orders and lines."""
    if not visit.order_count:
        return ()
    rows = _ORDERED.rows(connection, wanted=visit.visit_id)
    return tuple(
        OrderedLine(
            order_id=row.order_id,
            list_number=row.list,
            sold=SoldLine(
                line=row.line, kind=ItemKind(row.kind), code=row.code, quantity=row.left, unit_fen=row.unit_fen
            ),
        )
        for row in rows
        if row.left
    )


def deposits_of(connection: sa.Connection, visit: Visit) -> tuple[Tender, ...]:
    """The deposits of a visit, the oldest first."""
    if not visit.deposit_fen:
        return ()
    rows = _DEPOSITS.rows(connection, wanted=visit.visit_id)
    return tuple(tender_of(row) for row in rows)


def tender_of(row: Any) -> Tender:
    """The tender in a row with kind, amount_fen and reference."""
    return Tender(kind=TenderKind(row.kind), fen=row.amount_fen, reference=row.reference)


def bill_of(connection: sa.Connection, visit: Visit, at: datetime) -> VisitBill:
    """What a visit comes to if it ends at `at`."""
    return VisitBill.of(visit, at, orders=ordered_lines(connection, visit), deposits=deposits_of(connection, visit))


@dataclass(frozen=True, kw_only=True, slots=True)
class LineLeft:
    """A line of an order: how much of it is not cancelled, and how often something was."""

    visit_id: str
    left: int
    unit_fen: int
    cancellations: int


def line_left(connection: sa.Connection, order_id: str, line: int) -> LineLeft | None:
    """Find a line of an order."""
    row = _LINE_LEFT.one(connection, wanted=order_id, wanted_line=line)
    if row is None:
        return None
    return LineLeft(visit_id=row.visit_id, left=row.left, unit_fen=row.unit_fen, cancellations=row.cancellations)


def find_order(connection: sa.Connection, order_id: str) -> str | None:
    """The visit of an order."""
    row = _ORDER.one(connection, wanted=order_id)
    return None if row is None else str(row.visit_id)


def receipt_of(connection: sa.Connection, job_id: str) -> int | None:
    """The number of the receipt that a job prints."""
    row = _RECEIPT.one(connection, wanted=job_id)
    return None if row is None else int(row.number)


def _visit_query(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    shown, events = statements, visit_events
    rows = (
        open_visits.join(visits, visits.c.visit_id == open_visits.c.visit_id)
        .join(price_lists, price_lists.c.number == visits.c.list)
        .outerjoin(
            shown, sa.and_(shown.c.visit_id == open_visits.c.visit_id, shown.c.number == open_visits.c.statement)
        )
        .outerjoin(events, events.c.visit_id == open_visits.c.visit_id)
    )
    columns: Iterable[sa.ColumnElement[Any]] = (
        open_visits.c.visit_id,
        open_visits.c.person_id,
        open_visits.c.deposit_fen,
        open_visits.c.orders.label("order_count"),
        open_visits.c.statement,
        visits.c.check_id,
        visits.c.seat,
        visits.c.zone,
        visits.c.tier,
        visits.c.list,
        visits.c.opened_at,
        price_lists.c.sha256.label("list_sha256"),
        shown.c.at.label("statement_at"),
        shown.c.shown_at,
        shown.c.sha256.label("statement_sha256"),
        events.c.kind.label("event"),
        events.c.at.label("event_at"),
        events.c.seat.label("event_seat"),
        events.c.zone.label("event_zone"),
        events.c.code.label("event_code"),
    )
    return (
        sa.select(*columns)
        .select_from(rows)
        .where(*conditions)
        .order_by(visits.c.opened_at, open_visits.c.visit_id, events.c.number)
    )


_WANTED = sa.bindparam("wanted", type_=sa.Text)
_ONE_VISIT = Prepared(_visit_query(sa.or_(open_visits.c.visit_id == _WANTED, open_visits.c.seat == _WANTED)))
_ALL_VISITS = Prepared(_visit_query())
_SETTLED_RECEIPT = Prepared(
    sa.select(receipts.c.number)
    .join(settlements, settlements.c.job_id == receipts.c.job_id)
    .where(settlements.c.visit_id == _WANTED)
)
_LAST_SHOWN = Prepared(
    sa.select(sa.func.max(statements.c.shown_at).label("shown_at")).where(statements.c.visit_id == _WANTED)
)
_STATEMENT_COUNT = Prepared(sa.select(sa.func.count().label("count")).where(statements.c.visit_id == _WANTED))

_cancelled = sa.select(sa.func.coalesce(sa.func.sum(order_cancellations.c.quantity), 0)).where(
    order_cancellations.c.order_id == order_lines.c.order_id, order_cancellations.c.line == order_lines.c.line
)
_cancellations = sa.select(sa.func.count()).where(
    order_cancellations.c.order_id == order_lines.c.order_id, order_cancellations.c.line == order_lines.c.line
)
_left = (order_lines.c.quantity - _cancelled.scalar_subquery()).label("left")
_ORDERED = Prepared(
    sa.select(
        orders.c.order_id,
        orders.c.list,
        order_lines.c.line,
        order_lines.c.kind,
        order_lines.c.code,
        order_lines.c.unit_fen,
        _left,
    )
    .join(order_lines, order_lines.c.order_id == orders.c.order_id)
    .where(orders.c.visit_id == _WANTED)
    .order_by(orders.c.number, order_lines.c.line)
)
_LINE_LEFT = Prepared(
    sa.select(
        orders.c.visit_id,
        order_lines.c.unit_fen,
        _left,
        _cancellations.scalar_subquery().label("cancellations"),
    )
    .join(order_lines, order_lines.c.order_id == orders.c.order_id)
    .where(orders.c.order_id == _WANTED, order_lines.c.line == sa.bindparam("wanted_line"))
)
_ORDER = Prepared(sa.select(orders.c.visit_id).where(orders.c.order_id == _WANTED))
_DEPOSITS = Prepared(
    sa.select(deposits.c.kind, deposits.c.amount_fen, deposits.c.reference)
    .where(deposits.c.visit_id == _WANTED)
    .order_by(deposits.c.number)
)
_RECEIPT = Prepared(sa.select(receipts.c.number).where(receipts.c.job_id == _WANTED))
