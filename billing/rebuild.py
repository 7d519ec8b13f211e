"""State from facts: what billing's state tables must hold, for `doctor` to compare and `doctor --repair` to rebuild.

Who sits on a seat is no fact of billing: the caller says it, from the registration of the visit's ID check (I-7).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billing.order_tables import order_cancellations, order_lines, orders
from billing.stock_tables import stock_levels, stock_moves
from billing.tables import (
    account_balances,
    deposits,
    open_shifts,
    open_visits,
    postings,
    reduction_withdrawals,
    reductions,
    sale_lines,
    settlements,
    shift_closings,
    shifts,
    statements,
    visit_events,
    visits,
)
from records.schema import journal
from records.unit_of_work import UnitOfWork

PersonOf = Callable[[str], str | None]
"""The person of an ID check; None where the registration is gone."""

_UNKNOWN_TO_FACTS: Final = "person_id"


@dataclass(frozen=True, kw_only=True, slots=True)
class StateTable:
    """A state table and the query of facts that gives its rows."""

    table: sa.Table
    from_facts: sa.Select[Any]

    @property
    def name(self) -> str:
        """The table's name, as a plain string that an entry can hold."""
        return str(self.table.name)

    @property
    def columns(self) -> list[str]:
        """The columns that facts can tell."""
        return [column.name for column in self.table.columns if column.name != _UNKNOWN_TO_FACTS]


def differing(connection: sa.Connection) -> list[str]:
    """Name the state tables that do not hold what the facts say; changes nothing."""
    return [state.name for state in STATE_TABLES if _held(connection, state) != _told(connection, state)]


def _held(connection: sa.Connection, state: StateTable) -> set[tuple[Any, ...]]:
    columns = [state.table.c[name] for name in state.columns]
    return {tuple(row) for row in connection.execute(sa.select(*columns))}


def _told(connection: sa.Connection, state: StateTable) -> set[tuple[Any, ...]]:
    return {tuple(getattr(row, name) for name in state.columns) for row in connection.execute(state.from_facts)}


def rebuild(work: UnitOfWork, *, person_of: PersonOf) -> list[str]:
    """Make the state what the facts say, and name the tables that differed. The caller writes `state.rebuilt`.

    A person who is known neither to the old state nor to `person_of` gets the check's id in their place: the seat
    stays taken and the visit can be settled; only the same person's second seat would go unnoticed.
    """
    wrong = differing(work.connection)
    for state in STATE_TABLES:
        if state.name not in wrong:
            continue
        rows = [dict(row) for row in work.execute(state.from_facts).mappings()]
        if state.table is open_visits:
            _name_persons(work, rows, person_of)
        work.execute(state.table.delete())
        work.insert(state.table, rows)
    return wrong


def _name_persons(work: UnitOfWork, rows: Sequence[dict[str, Any]], person_of: PersonOf) -> None:
    known = {row.visit_id: row.person_id for row in work.execute(_PERSONS)}
    for row in rows:
        check_id = row.pop("check_id")
        row["person_id"] = known.get(row["visit_id"]) or person_of(check_id) or check_id


def _of_this_visit(rows: sa.Select[Any], table: sa.Table) -> sa.ScalarSelect[Any]:
    """The answer of a query over one table, for the visit of the row that it stands in."""
    return rows.where(table.c.visit_id == visits.c.visit_id).correlate(visits).scalar_subquery()


def _newest_seq(table: sa.Table) -> sa.Select[Any]:
    """Where in the log the newest row of a table was made; -1 where there is none."""
    newest = sa.func.coalesce(sa.func.max(journal.c.seq), -1)
    return sa.select(newest).join_from(table, journal, journal.c.entry_id == table.c.entry_id)


def _open_visits_query() -> sa.Select[Any]:
    last_seat = _of_this_visit(
        sa.select(visit_events.c.seat)
        .where(visit_events.c.kind == "moved")
        .order_by(visit_events.c.number.desc())
        .limit(1),
        visit_events,
    )
    deposit_fen = _of_this_visit(sa.select(sa.func.coalesce(sa.func.sum(deposits.c.amount_fen), 0)), deposits)
    reductions_given = _of_this_visit(sa.select(sa.func.count(reductions.c.reduction_id)), reductions)
    cancelled_seq = _newest_seq(order_cancellations).join(orders, orders.c.order_id == order_cancellations.c.order_id)
    withdrawn_seq = _newest_seq(reduction_withdrawals).join(
        reductions, reductions.c.reduction_id == reduction_withdrawals.c.reduction_id
    )
    # A statement counts until something of the visit's comes after it in the log.
    shown_seq = _of_this_visit(_newest_seq(statements), statements)
    is_good = sa.and_(
        shown_seq > _of_this_visit(_newest_seq(visit_events), visit_events),
        shown_seq > _of_this_visit(_newest_seq(orders), orders),
        shown_seq > _of_this_visit(cancelled_seq, orders),
        shown_seq > _of_this_visit(_newest_seq(reductions), reductions),
        shown_seq > _of_this_visit(withdrawn_seq, reductions),
    )
    return (
        sa.select(
            visits.c.visit_id,
            visits.c.check_id,
            sa.func.coalesce(last_seat, visits.c.seat).label("seat"),
            deposit_fen.label("deposit_fen"),
            _of_this_visit(sa.select(sa.func.count(orders.c.order_id)), orders).label("orders"),
            reductions_given.label("reductions"),
            sa.case((is_good, _of_this_visit(sa.select(sa.func.max(statements.c.number)), statements))).label(
                "statement"
            ),
        )
        .outerjoin(settlements, settlements.c.visit_id == visits.c.visit_id)
        .where(settlements.c.visit_id.is_(None))
    )


def _stock_query() -> sa.Select[Any]:
    """Levels of goods that were received or counted, from the first such entry on (`billing.stock`)."""
    of_entry = journal.alias("of_entry")

    def seq_of(table: sa.Table) -> sa.ColumnElement[bool]:
        return of_entry.c.entry_id == table.c.entry_id

    moved = sa.select(stock_moves.c.code, of_entry.c.seq, stock_moves.c.pieces).join(of_entry, seq_of(stock_moves))
    sold = [
        sa.select(lines.c.code, of_entry.c.seq, -lines.c.quantity)
        .join(of_entry, seq_of(lines))
        .where(lines.c.kind == "goods")
        for lines in (order_lines, sale_lines)
    ]
    cancelled = (
        sa.select(order_lines.c.code, of_entry.c.seq, order_cancellations.c.quantity)
        .join_from(
            order_cancellations,
            order_lines,
            sa.and_(
                order_lines.c.order_id == order_cancellations.c.order_id,
                order_lines.c.line == order_cancellations.c.line,
            ),
        )
        .join(of_entry, seq_of(order_cancellations))
        .where(order_lines.c.kind == "goods")
    )
    every = sa.union_all(moved, *sold, cancelled).subquery()
    first = (
        sa.select(stock_moves.c.code, sa.func.min(journal.c.seq).label("seq"))
        .join(journal, journal.c.entry_id == stock_moves.c.entry_id)
        .group_by(stock_moves.c.code)
        .subquery()
    )
    return (
        sa.select(every.c.code, sa.func.sum(every.c.pieces).label("pieces"))
        .join(first, sa.and_(first.c.code == every.c.code, every.c.seq >= first.c.seq))
        .group_by(every.c.code)
    )


STATE_TABLES: Final = (
    StateTable(table=open_visits, from_facts=_open_visits_query()),
    StateTable(
        table=account_balances,
        from_facts=sa.select(postings.c.account, sa.func.sum(postings.c.amount_fen).label("balance_fen")).group_by(
            postings.c.account
        ),
    ),
    StateTable(
        table=open_shifts,
        from_facts=sa.select(shifts.c.till, shifts.c.number.label("shift"))
        .outerjoin(shift_closings, shift_closings.c.shift == shifts.c.number)
        .where(shift_closings.c.shift.is_(None)),
    ),
    StateTable(table=stock_levels, from_facts=_stock_query()),
)

_PERSONS = sa.select(open_visits.c.visit_id, open_visits.c.person_id)
