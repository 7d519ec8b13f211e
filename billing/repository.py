"""Rows of visits, orders and deposits, turned into values: every query for them is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from billing.order_tables import order_cancellations, order_lines, order_savings, orders
from billing.price_list import ItemKind, SavingKind
from billing.price_tables import price_items, price_lists, price_saving_parts
from billing.publication import prices_of
from billing.tables import (
    deposits,
    open_visits,
    receipts,
    reduction_withdrawals,
    reductions,
    settlements,
    statements,
    visit_events,
    visits,
)
from billing.tenders import Tender, TenderKind
from billing.visit_bill import OrderedLine, Reduction, SoldLine, VisitBill
from billing.visit_errors import AlreadySettledError, UnknownVisitError
from billing.visit_record import EventKind, ShownStatement, Visit, VisitEvent
from records.database import holds_rows
from records.statements import Prepared


def load_visit(connection: sa.Connection, visit_or_seat: str) -> Visit:
    """The unsettled visit with this id or on this seat.

    Raises UnknownVisitError, or AlreadySettledError for the id of a settled one.
    """
    hold_visit(connection, visit_or_seat)
    rows = _ONE_VISIT.rows(connection, wanted=visit_or_seat)
    if rows:
        return _visit(connection, rows)
    on_seat = _on_seat(connection, visit_or_seat)
    if on_seat is not None:
        return _visit(connection, _ONE_VISIT.rows(connection, wanted=on_seat))
    settled = _SETTLED_RECEIPT.one(connection, wanted=visit_or_seat)
    if settled is None:
        raise UnknownVisitError(visit=visit_or_seat)
    raise AlreadySettledError(visit_id=visit_or_seat, receipt=settled.number)


def hold_visit(connection: sa.Connection, visit_id: str) -> None:
    """Keep other desks from an unsettled visit until this unit's commit; what is read of it next stays so.

    A look apart from the reading: a desk that waited here must read what the other one left.
    """
    if holds_rows(connection):
        _HOLD_VISIT.rows(connection, wanted=visit_id)


def _on_seat(connection: sa.Connection, seat: str) -> str | None:
    """The unsettled visit on a seat, held as by `hold_visit`."""
    row = (_HOLD_SEAT if holds_rows(connection) else _SEAT).one(connection, wanted=seat)
    return None if row is None else str(row.visit_id)


def look_ahead(connection: sa.Connection, visit_id: str) -> None:
    """Let what `load_visit` and `bill_of` will ask of an unsettled visit travel with other questions."""
    if holds_rows(connection):
        _HOLD_VISIT.ahead(connection, wanted=visit_id)
    _ONE_VISIT.ahead(connection, wanted=visit_id)
    _LINES.ahead(connection, wanted=visit_id)


def hold_visit_of(connection: sa.Connection, order_id: str) -> None:
    """Hold the visit of an order, as `hold_visit`."""
    if holds_rows(connection) and (visit_id := find_order(connection, order_id)) is not None:
        hold_visit(connection, visit_id)


def reload_visit(connection: sa.Connection, seen: Visit) -> Visit | None:
    """A visit that was just read, held and read again where other desks may be at it; None if it is settled by now."""
    if not holds_rows(connection):
        return seen
    try:
        return load_visit(connection, seen.visit_id)
    except (AlreadySettledError, UnknownVisitError):
        return None


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
        events=tuple(_event(row) for row in sorted(rows, key=_EVENT_NUMBER) if row.event is not None),
        deposit_fen=first.deposit_fen,
        order_count=first.order_count,
        reduction_count=first.reduction_count,
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
    rows = _LINES.rows(connection, wanted=visit.visit_id)  # A line as often as it was cancelled, at least once.
    gone: Counter[tuple[int, int]] = Counter()
    for row in rows:
        gone[row.number, row.line] += row.cancelled or 0
        if row.saving_line is not None:
            gone[row.number, row.saving_line] += row.savings_cancelled or 0
    # Lines and savings of an order share their numbers.
    each = {(row.number, row.line): row for row in rows}
    return tuple(_ordered(each[place], left) for place in sorted(each) if (left := each[place].quantity - gone[place]))


def _ordered(row: Any, left: int) -> OrderedLine:
    return OrderedLine(
        order_id=row.order_id,
        list_number=row.list,
        sold=SoldLine(
            line=row.line,
            kind=SavingKind(row.kind) if row.is_saving else ItemKind(row.kind),
            code=row.code,
            quantity=left,
            unit_fen=row.unit_fen,
            saving_line=row.saving_line,
        ),
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


def reductions_of(connection: sa.Connection, visit: Visit) -> tuple[Reduction, ...]:
    """What was taken off a visit's bill and not withdrawn, in the order in which it was given."""
    if not visit.reduction_count:
        return ()
    rows = _REDUCTIONS.rows(connection, wanted=visit.visit_id)
    return tuple(Reduction(reduction_id=row.reduction_id, fen=row.fen, reason=row.reason) for row in rows)


def bill_of(connection: sa.Connection, visit: Visit, at: datetime) -> VisitBill:
    """What a visit comes to if it ends at `at`."""
    return VisitBill.of(
        visit,
        at,
        orders=ordered_lines(connection, visit),
        deposits=deposits_of(connection, visit),
        reductions=reductions_of(connection, visit),
    )


def find_order(connection: sa.Connection, order_id: str) -> str | None:
    """The visit of an order."""
    row = _ORDER.one(connection, wanted=order_id)
    return None if row is None else str(row.visit_id)


def order_ids(connection: sa.Connection, visit_id: str) -> list[str]:
    """The orders of a visit, settled or not, the oldest first."""
    return [row.order_id for row in _ORDER_IDS.rows(connection, wanted=visit_id)]


def package_price_fen(connection: sa.Connection, visit_id: str, *, place: int, posted_fen: int) -> int:
    """What was paid for the n-th package that a visit bought: under a combo or promotion its part of that price."""
    bought = _PACKAGES.rows(connection, wanted=visit_id)[place - 1]
    if bought.saving_fen is None:
        return posted_fen
    singly_fen = _SINGLY.one(
        connection, list_number=bought.list, saving_kind=bought.kind, saving_code=bought.code
    ).singly_fen
    return int(posted_fen * (singly_fen + bought.saving_fen) // singly_fen) if singly_fen else 0


def receipt_of(connection: sa.Connection, job_id: str) -> int | None:
    """The number of the receipt that a job prints."""
    row = _RECEIPT.one(connection, wanted=job_id)
    return None if row is None else int(row.number)


_EVENT_NUMBER = attrgetter("event_number")  # Sorted here: a server needs longer to make ready for it than to sort.


def _visit_query() -> sa.Select[Any]:
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
        open_visits.c.reductions.label("reduction_count"),
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
        events.c.number.label("event_number"),
        events.c.kind.label("event"),
        events.c.at.label("event_at"),
        events.c.seat.label("event_seat"),
        events.c.zone.label("event_zone"),
        events.c.code.label("event_code"),
    )
    return sa.select(*columns).select_from(rows)


_WANTED = sa.bindparam("wanted", type_=sa.Text)
_ONE_VISIT = Prepared(_visit_query().where(open_visits.c.visit_id == _WANTED))
_HOLD_VISIT = Prepared(sa.select(open_visits.c.visit_id).where(open_visits.c.visit_id == _WANTED).with_for_update())
_on_wanted_seat = sa.select(open_visits.c.visit_id).where(open_visits.c.seat == _WANTED)
_SEAT, _HOLD_SEAT = Prepared(_on_wanted_seat), Prepared(_on_wanted_seat.with_for_update())
_ALL_VISITS = Prepared(_visit_query().order_by(visits.c.opened_at, open_visits.c.visit_id))
_SETTLED_RECEIPT = Prepared(
    sa.select(receipts.c.number)
    .join(settlements, settlements.c.job_id == receipts.c.job_id)
    .where(settlements.c.visit_id == _WANTED)
)
_LAST_SHOWN = Prepared(
    sa.select(sa.func.max(statements.c.shown_at).label("shown_at")).where(statements.c.visit_id == _WANTED)
)
_STATEMENT_COUNT = Prepared(sa.select(sa.func.count().label("count")).where(statements.c.visit_id == _WANTED))


def _lines_of_visit(table: sa.Table, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The lines of a visit's orders in one of their two tables, with `more` that is told of each."""
    columns = (table.c.line, table.c.kind, table.c.code, table.c.quantity, table.c.unit_fen)
    return (
        sa.select(orders.c.number, orders.c.order_id, orders.c.list, *columns, *more)
        .join(table, table.c.order_id == orders.c.order_id)
        .where(orders.c.visit_id == _WANTED)
    )


_NOTHING = sa.literal_column("NULL", sa.Integer)
_LINES = Prepared(
    _lines_of_visit(
        order_lines,
        order_lines.c.saving_line,
        sa.literal_column("0", sa.Integer).label("is_saving"),
        order_cancellations.c.quantity.label("cancelled"),
        order_cancellations.c.saving_quantity.label("savings_cancelled"),
    )
    .outerjoin(
        order_cancellations,
        sa.and_(
            order_cancellations.c.order_id == order_lines.c.order_id,
            order_cancellations.c.line == order_lines.c.line,
        ),
    )
    .union_all(
        _lines_of_visit(
            order_savings,
            _NOTHING.label("saving_line"),
            sa.literal_column("1", sa.Integer).label("is_saving"),
            _NOTHING.label("cancelled"),
            _NOTHING.label("savings_cancelled"),
        )
    )
)
_REDUCTIONS = Prepared(
    sa.select(reductions.c.reduction_id, reductions.c.fen, reductions.c.reason)
    .outerjoin(reduction_withdrawals, reduction_withdrawals.c.reduction_id == reductions.c.reduction_id)
    .where(reductions.c.visit_id == _WANTED, reduction_withdrawals.c.reduction_id.is_(None))
    .order_by(reductions.c.number)
)
_ORDER = Prepared(sa.select(orders.c.visit_id).where(orders.c.order_id == _WANTED))
_ORDER_IDS = Prepared(sa.select(orders.c.order_id).where(orders.c.visit_id == _WANTED).order_by(orders.c.number))
_PACKAGES = Prepared(
    sa.select(orders.c.list, order_savings.c.kind, order_savings.c.code, order_savings.c.unit_fen.label("saving_fen"))
    .select_from(visit_events)
    .outerjoin(orders, orders.c.order_id == visit_events.c.order_id)
    .outerjoin(
        order_savings,
        sa.and_(
            order_savings.c.order_id == visit_events.c.order_id, order_savings.c.line == visit_events.c.saving_line
        ),
    )
    .where(visit_events.c.visit_id == _WANTED, visit_events.c.kind == EventKind.PACKAGE.value)
    .order_by(visit_events.c.number)
)
_SINGLY = Prepared(
    sa.select(sa.func.sum(price_saving_parts.c.quantity * price_items.c.unit_fen).label("singly_fen"))
    .join(
        price_items,
        sa.and_(
            price_items.c.list == price_saving_parts.c.list,
            price_items.c.kind == price_saving_parts.c.item_kind,
            price_items.c.code == price_saving_parts.c.item_code,
        ),
    )
    .where(
        price_saving_parts.c.list == sa.bindparam("list_number", type_=sa.Integer),
        price_saving_parts.c.kind == sa.bindparam("saving_kind", type_=sa.Text),
        price_saving_parts.c.code == sa.bindparam("saving_code", type_=sa.Text),
    )
)
_DEPOSITS = Prepared(
    sa.select(deposits.c.kind, deposits.c.amount_fen, deposits.c.reference)
    .where(deposits.c.visit_id == _WANTED)
    .order_by(deposits.c.number)
)
_RECEIPT = Prepared(sa.select(receipts.c.number).where(receipts.c.job_id == _WANTED))
