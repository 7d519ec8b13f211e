"""Goods and services on a visit: a line exists only because someone added it, at its posted price (G-1, G-2, G-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billing import repository
from billing.errors import (
    BadQuantityError,
    CancelledTooManyError,
    NothingSoldError,
    OrderRepeatedError,
    UnknownItemError,
    UnknownOrderLineError,
)
from billing.price_list import Item, ItemKind, PriceList
from billing.publication import in_force
from billing.reasons import CancelReason, reason_of
from billing.tables import open_visits, order_cancellations, order_lines, orders
from billing.visit_bill import SoldLine
from billing.visit_log import overtake_statement
from records.ids import new_id
from records.journal import Totals
from records.statements import Prepared
from records.unit_of_work import UnitOfWork

QUANTITY_MAX: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLine:
    """What is asked for: so many pieces of an item. The price is the list's business."""

    kind: ItemKind
    code: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What was sold to a visit, from the list in force (P-15)."""

    order_id: str
    visit_id: str
    list_number: int
    lines: tuple[SoldLine, ...]

    @property
    def total_fen(self) -> int:
        """The sum of its lines."""
        return sum(line.amount_fen for line in self.lines)


def add(work: UnitOfWork, visit_id: str, lines: Sequence[OrderLine], *, order_id: str | None = None) -> Order:
    """Add an order to a visit. An `order_id` that the caller made tells a repeat: OrderRepeatedError.

    Raises UnknownVisitError, AlreadySettledError, NothingSoldError, BadQuantityError or UnknownItemError.
    """
    order_id = order_id or new_id()
    earlier = repository.find_order(work.connection, order_id)
    if earlier is not None:
        raise OrderRepeatedError(order_id=order_id, visit_id=earlier)
    visit = repository.load_visit(work.connection, visit_id)
    publication = in_force(work.connection, work.now)
    sold = priced(publication.prices, lines)
    body = {
        "order": order_id,
        "visit": visit_id,
        "list": publication.number,
        "lines": [line.to_json() for line in sold],
    }
    entry = work.entry("order.added", body)
    row = {
        "order_id": order_id,
        "visit_id": visit_id,
        "number": visit.order_count + 1,
        "list": publication.number,
        "added_at": work.now,
        "pinned": 0,
    }
    work.insert(orders, row, entry=entry)
    work.insert(order_lines, [{"order_id": order_id, **line_row(line)} for line in sold], entry=entry)
    _COUNT_ORDER.run(work.connection, wanted=visit_id)
    overtake_statement(work, visit)
    return Order(order_id=order_id, visit_id=visit_id, list_number=publication.number, lines=sold)


def cancel(work: UnitOfWork, order_id: str, line: int, quantity: int, reason: str) -> int:
    """Take pieces back that were not handed over (G-4), and return their amount in fen.

    Raises UnknownOrderLineError, CancelledTooManyError, BadQuantityError, UnknownReasonError or AlreadySettledError.
    """
    why = reason_of(CancelReason, reason)
    found = repository.line_left(work.connection, order_id, line)
    if found is None:
        raise UnknownOrderLineError(order_id=order_id, line=line)
    visit = repository.load_visit(work.connection, found.visit_id)
    if quantity <= 0:
        raise BadQuantityError(quantity=quantity)
    if quantity > found.left:
        raise CancelledTooManyError(order_id=order_id, line=line, left=found.left)
    amount_fen = quantity * found.unit_fen
    body = {
        "order": order_id,
        "visit": found.visit_id,
        "line": line,
        "qty": quantity,
        "amount_fen": amount_fen,
        "reason": why.value,
    }
    entry = work.entry("order.cancelled", body, share=Totals(voids_fen=amount_fen))
    row = {
        "order_id": order_id,
        "line": line,
        "number": found.cancellations + 1,
        "quantity": quantity,
        "reason": why.value,
        "saving_quantity": 0,
        "handed_over": 0,
    }
    work.insert(order_cancellations, row, entry=entry)
    overtake_statement(work, visit)
    return amount_fen


def priced(prices: PriceList, lines: Sequence[OrderLine]) -> tuple[SoldLine, ...]:
    """The lines at their posted prices. Raises NothingSoldError, BadQuantityError or UnknownItemError."""
    if not lines:
        raise NothingSoldError
    return tuple(_priced_line(prices, number, line) for number, line in enumerate(lines, start=1))


def _priced_line(prices: PriceList, number: int, line: OrderLine) -> SoldLine:
    if not 0 < line.quantity <= QUANTITY_MAX:
        raise BadQuantityError(quantity=line.quantity)
    if line.kind is ItemKind.PACKAGE:  # A package is time, and bought by a visit (`visits.buy_package`).
        raise UnknownItemError(kind=line.kind.value, item=line.code)
    try:
        unit_fen = prices.price_fen(Item(kind=line.kind, code=line.code))
    except KeyError as error:
        raise UnknownItemError(kind=line.kind.value, item=line.code) from error
    return SoldLine(line=number, kind=line.kind, code=line.code, quantity=line.quantity, unit_fen=unit_fen)


def line_row(line: SoldLine) -> dict[str, object]:
    """The columns of a sold line, in order and sale alike."""
    return {
        "line": line.line,
        "kind": line.kind.value,
        "code": line.code,
        "quantity": line.quantity,
        "unit_fen": line.unit_fen,
    }


_COUNT_ORDER = Prepared(
    open_visits.update().where(open_visits.c.visit_id == sa.bindparam("wanted")).values(orders=open_visits.c.orders + 1)
)
