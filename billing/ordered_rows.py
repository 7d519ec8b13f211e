"""One order as its rows tell it: what is left of each line, what was handed over, what its savings still cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from billing.order_tables import hand_overs, order_cancellations, order_lines, order_savings, orders
from billing.price_list import Item, ItemKind, SavingKind
from billing.savings import whole_savings
from billing.tables import sale_lines, sale_savings
from records.statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class PieceLine:
    """A line of goods or services: `sold` pieces at first, `left` of them now."""

    line: int
    item: Item
    sold: int
    left: int
    unit_fen: int
    saving_line: int | None
    is_handed_over: bool = False
    cancellations: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SavingLine:
    """A line of a combo or promotion, likewise. `unit_fen` is at most 0."""

    line: int
    kind: SavingKind
    code: str
    sold: int
    left: int
    unit_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FallingSaving:
    """So many of a saving that no longer have all their parts. `amount_fen` is at most 0."""

    line: int
    kind: SavingKind
    code: str
    quantity: int
    unit_fen: int

    @property
    def amount_fen(self) -> int:
        """What the customer does not save after all."""
        return self.quantity * self.unit_fen


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRows:
    """An order of a visit, or the lines of a sale (then without a visit)."""

    visit_id: str
    list_number: int
    lines: tuple[PieceLine, ...]
    savings: tuple[SavingLine, ...]

    def line(self, number: int) -> PieceLine | None:
        """The line of goods or services with a number."""
        return next((line for line in self.lines if line.line == number), None)

    def savings_falling(self, gone: Mapping[int, int]) -> list[FallingSaving]:
        """The savings that lose a part when so many pieces of the numbered lines go (journal-format.md §6)."""
        falling: list[FallingSaving] = []
        for saving in self.savings:
            covered = [line for line in self.lines if line.saving_line == saving.line]
            if not covered:
                continue
            whole = whole_savings(
                [line.left - gone.get(line.line, 0) for line in covered],
                pieces_each=[line.sold // saving.sold for line in covered],
            )
            if whole < saving.left:
                falling.append(
                    FallingSaving(
                        line=saving.line,
                        kind=saving.kind,
                        code=saving.code,
                        quantity=saving.left - whole,
                        unit_fen=saving.unit_fen,
                    )
                )
        return falling


Back = Mapping[tuple[int, bool], int]
"""Pieces that were refunded, by line and whether it is a saving."""


def order_rows(connection: sa.Connection, order_id: str, *, back: Back | None = None) -> OrderRows | None:
    """An order less what was cancelled, and less what was refunded; None where there is none."""
    order = _ORDER.one(connection, wanted=order_id)
    if order is None:
        return None
    cancelled = _CANCELLED.rows(connection, wanted=order_id)
    lines = _LINES.rows(connection, wanted=order_id)
    gone = {row.line: row for row in cancelled}
    saved: dict[int, int] = {}
    for row in lines:
        if row.saving_line is not None and row.line in gone:
            saved[row.saving_line] = saved.get(row.saving_line, 0) + gone[row.line].savings
    return OrderRows(
        visit_id=order.visit_id,
        list_number=order.list,
        lines=tuple(
            _piece(
                row,
                gone=(gone[row.line].pieces if row.line in gone else 0) + _back(back, row.line, is_saving=False),
                cancellations=gone[row.line].times if row.line in gone else 0,
                is_handed_over=row.handed_at is not None,
            )
            for row in lines
        ),
        savings=tuple(
            _saving(row, gone=saved.get(row.line, 0) + _back(back, row.line, is_saving=True))
            for row in _SAVINGS.rows(connection, wanted=order_id)
        ),
    )


def sale_rows(connection: sa.Connection, sale_id: str, *, list_number: int, back: Back) -> OrderRows:
    """The lines of a sale less what was refunded."""
    return OrderRows(
        visit_id="",
        list_number=list_number,
        lines=tuple(
            _piece(row, gone=_back(back, row.line, is_saving=False))
            for row in _SALE_LINES.rows(connection, wanted=sale_id)
        ),
        savings=tuple(
            _saving(row, gone=_back(back, row.line, is_saving=True))
            for row in _SALE_SAVINGS.rows(connection, wanted=sale_id)
        ),
    )


def _back(back: Back | None, line: int, *, is_saving: bool) -> int:
    return 0 if back is None else back.get((line, is_saving), 0)


def _piece(row: Any, *, gone: int, cancellations: int = 0, is_handed_over: bool = False) -> PieceLine:
    return PieceLine(
        line=row.line,
        item=Item(kind=ItemKind(row.kind), code=row.code),
        sold=row.quantity,
        left=row.quantity - gone,
        unit_fen=row.unit_fen,
        saving_line=row.saving_line,
        is_handed_over=is_handed_over,
        cancellations=cancellations,
    )


def _saving(row: Any, *, gone: int) -> SavingLine:
    return SavingLine(
        line=row.line,
        kind=SavingKind(row.kind),
        code=row.code,
        sold=row.quantity,
        left=row.quantity - gone,
        unit_fen=row.unit_fen,
    )


_WANTED = sa.bindparam("wanted", type_=sa.Text)
_ORDER = Prepared(sa.select(orders.c.visit_id, orders.c.list).where(orders.c.order_id == _WANTED))
_CANCELLED = Prepared(
    sa.select(
        order_cancellations.c.line,
        sa.func.sum(order_cancellations.c.quantity).label("pieces"),
        sa.func.sum(order_cancellations.c.saving_quantity).label("savings"),
        sa.func.count().label("times"),
    )
    .where(order_cancellations.c.order_id == _WANTED)
    .group_by(order_cancellations.c.line)
)


def _columns(table: sa.Table) -> Sequence[sa.ColumnElement[Any]]:
    return [table.c.line, table.c.kind, table.c.code, table.c.quantity, table.c.unit_fen]


_LINES = Prepared(
    sa.select(*_columns(order_lines), order_lines.c.saving_line, hand_overs.c.handed_at)
    .outerjoin(
        hand_overs,
        sa.and_(hand_overs.c.order_id == order_lines.c.order_id, hand_overs.c.line == order_lines.c.line),
    )
    .where(order_lines.c.order_id == _WANTED)
    .order_by(order_lines.c.line)
)
_SAVINGS = Prepared(
    sa.select(*_columns(order_savings)).where(order_savings.c.order_id == _WANTED).order_by(order_savings.c.line)
)
_SALE_LINES = Prepared(
    sa.select(*_columns(sale_lines), sale_lines.c.saving_line)
    .where(sale_lines.c.sale_id == _WANTED)
    .order_by(sale_lines.c.line)
)
_SALE_SAVINGS = Prepared(
    sa.select(*_columns(sale_savings)).where(sale_savings.c.sale_id == _WANTED).order_by(sale_savings.c.line)
)
