"""Goods, services, combos and promotions on a visit: a line exists only because someone added it (G-1 … G-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from billing import repository, stock, visits
from billing.order_errors import (
    BadQuantityError,
    CancelledTooManyError,
    NothingToHandOverError,
    NotPromotedError,
    OrderMixedError,
    OrderRepeatedError,
    UnknownOrderLineError,
)
from billing.order_tables import hand_overs, order_cancellations, order_lines, order_savings, orders
from billing.ordered_rows import order_rows
from billing.price_list import ItemKind, PriceList, SavingKind
from billing.publication import Publication, in_force, load
from billing.reasons import CancelReason, reason_of
from billing.sold_lines import OrderLine, Priced, line_row, priced
from billing.tables import open_visits
from billing.visit_bill import SoldLine
from billing.visit_log import overtake_statement, require_running
from billing.visit_record import Visit
from records.ids import new_id
from records.journal import Totals
from records.statements import Prepared
from records.unit_of_work import UnitOfWork
from staff.approvals import Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What was sold to a visit, from the list in force; with a package in it, from the visit's list (P-15)."""

    order_id: str
    visit_id: str
    list_number: int
    lines: tuple[SoldLine, ...]

    @property
    def total_fen(self) -> int:
        """The sum of its lines; packages stand on the visit's bill."""
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancelled:
    """What was taken back: `amount_fen` of the pieces, and of the savings that fell away with them (≤ 0)."""

    amount_fen: int
    saving_fen: int
    was_handed_over: bool

    @property
    def net_fen(self) -> int:
        """By how much the bill fell."""
        return self.amount_fen + self.saving_fen


def add(work: UnitOfWork, visit_id: str, lines: Sequence[OrderLine], *, order_id: str | None = None) -> Order:
    """Add an order to a visit. An `order_id` that the caller made tells a repeat: OrderRepeatedError.

    Packages of a combo or promotion are bought in the same unit. Raises UnknownVisitError, AlreadySettledError,
    NothingSoldError, BadQuantityError, UnknownItemError, NotPromotedError, OrderMixedError, and with a package what
    `visits.buy_package` raises.
    """
    order_id = order_id or new_id()
    earlier = repository.find_order(work.connection, order_id)
    if earlier is not None:
        raise OrderRepeatedError(order_id=order_id, visit_id=earlier)
    visit = repository.load_visit(work.connection, visit_id)
    pinned = are_pinned(visit.prices, lines)
    publication = load(work.connection, visit.list_number) if pinned else in_force(work.connection, work.now)
    sold = priced(publication.prices, lines, at=work.now)
    if sold.packages:
        visit = require_running(work, visit)
        _require_same_package_prices(publication.prices, visit.prices, lines)
    _write(work, visit, order_id, publication, sold, pinned=pinned)
    stock.sell(work, sold.lines)
    return Order(order_id=order_id, visit_id=visit_id, list_number=publication.number, lines=sold.lines)


def are_pinned(prices: PriceList, lines: Sequence[OrderLine]) -> bool:
    """Whether lines are sold from the visit's list, which this is: combos with a package (P-15).

    Raises OrderMixedError where some are and others not.
    """
    pinned = [line for line in lines if is_pinned(prices, line)]
    if pinned and len(pinned) < len(lines):
        raise OrderMixedError(combo=pinned[0].code)
    return bool(pinned)


def is_pinned(prices: PriceList, line: OrderLine) -> bool:
    """Whether a line is a combo with a package of the visit's list."""
    combo = prices.combo_by_code.get(line.code) if line.kind is SavingKind.COMBO else None
    return combo is not None and combo.holds_package


def _require_same_package_prices(prices: PriceList, billed: PriceList, lines: Sequence[OrderLine]) -> None:
    """A promoted package stands on the bill at the price of the visit's list, so the saving must be off that one."""
    for line in lines:
        promotion = prices.promotion_by_code.get(line.code) if line.kind is SavingKind.PROMOTION else None
        if promotion is None or promotion.item.kind is not ItemKind.PACKAGE:
            continue
        own = billed.package_by_code.get(promotion.item.code)
        if own is None or own.price_fen != prices.price_fen(promotion.item):
            raise NotPromotedError(promotion=promotion.code)


def _write(
    work: UnitOfWork, visit: Visit, order_id: str, publication: Publication, sold: Priced, *, pinned: bool
) -> None:
    body = {
        "order": order_id,
        "visit": visit.visit_id,
        "list": publication.number,
        "lines": [line.to_json() for line in sold.lines],
    }
    entry = work.entry("order.added", {**body, "pinned": True} if pinned else body)
    row = {
        "order_id": order_id,
        "visit_id": visit.visit_id,
        "number": visit.order_count + 1,
        "list": publication.number,
        "added_at": work.now,
        "pinned": int(pinned),
    }
    work.insert(orders, row, entry=entry)
    singles = [line for line in sold.lines if not line.is_saving]
    work.insert(order_lines, [{"order_id": order_id, **line_row(line)} for line in singles], entry=entry)
    for package in sold.packages:
        visits.buy_package(work, visit.visit_id, package.code, order_id=order_id, saving_line=package.saving_line)
    # After what they cover, so that the database can compare.
    savings = [line for line in sold.lines if line.is_saving]
    work.insert(order_savings, [{"order_id": order_id, **line_row(line)} for line in savings], entry=entry)
    _COUNT_ORDER.ask(work.connection, wanted=visit.visit_id)
    overtake_statement(work, visit)


def cancel(
    work: UnitOfWork, order_id: str, line: int, quantity: int, reason: str, *, approval: Approval | None = None
) -> Cancelled:
    """Take pieces back (G-4), and with them the savings that no longer have all their parts.

    Whether the person may, alone or with the approval, is for the caller to ask: after the hand-over the role's limit
    counts. Raises UnknownOrderLineError, CancelledTooManyError, BadQuantityError, UnknownReasonError or
    AlreadySettledError.
    """
    why = reason_of(CancelReason, reason)
    repository.hold_visit_of(work.connection, order_id)
    found = order_rows(work.connection, order_id)
    piece = None if found is None else found.line(line)
    if found is None or piece is None:
        raise UnknownOrderLineError(order_id=order_id, line=line)
    visit = repository.load_visit(work.connection, found.visit_id)
    if quantity <= 0:
        raise BadQuantityError(quantity=quantity)
    if quantity > piece.left:
        raise CancelledTooManyError(order_id=order_id, line=line, left=piece.left)
    falls = found.savings_falling({line: quantity})
    saving = next(iter(falls), None)
    cancelled = Cancelled(
        amount_fen=quantity * piece.unit_fen,
        saving_fen=sum(fall.amount_fen for fall in falls),
        was_handed_over=piece.is_handed_over,
    )
    body = {
        "order": order_id,
        "visit": found.visit_id,
        "line": line,
        "qty": quantity,
        "amount_fen": cancelled.amount_fen,
        "reason": why.value,
    }
    if saving is not None:
        body["saving"] = {"line": saving.line, "qty": saving.quantity, "amount_fen": saving.amount_fen}
    if piece.is_handed_over:
        body["handed_over"] = True
    if approval is not None:
        body["approval"] = approval.body()
    row = {
        "order_id": order_id,
        "line": line,
        "number": piece.cancellations + 1,
        "quantity": quantity,
        "reason": why.value,
        "saving_quantity": 0 if saving is None else saving.quantity,
        "handed_over": int(piece.is_handed_over),
        "approved_by": None if approval is None else approval.approver.staff,
    }
    entry = work.entry("order.cancelled", body, share=Totals(voids_fen=cancelled.amount_fen))
    work.insert(order_cancellations, row, entry=entry)
    stock.take_back(work, piece.item, quantity)
    overtake_statement(work, visit)
    return cancelled


def hand_over(work: UnitOfWork, order_id: str, lines: Sequence[int] | None = None) -> tuple[int, ...]:
    """Note that lines of an order are in the customer's hands (G-4), and return which; without lines all that wait.

    Raises UnknownOrderLineError, NothingToHandOverError or AlreadySettledError.
    """
    repository.hold_visit_of(work.connection, order_id)
    found = order_rows(work.connection, order_id)
    if found is None:
        raise UnknownOrderLineError(order_id=order_id, line=0)
    repository.load_visit(work.connection, found.visit_id)
    for line in lines or ():
        if found.line(line) is None:
            raise UnknownOrderLineError(order_id=order_id, line=line)
    handed = tuple(
        piece.line
        for piece in found.lines
        if piece.left and not piece.is_handed_over and (lines is None or piece.line in lines)
    )
    if not handed:
        raise NothingToHandOverError(order_id=order_id)
    entry = work.entry("order.handed_over", {"order": order_id, "visit": found.visit_id, "lines": list(handed)})
    rows = [{"order_id": order_id, "line": line, "handed_at": work.now} for line in handed]
    work.insert(hand_overs, rows, entry=entry)
    return handed


_COUNT_ORDER = Prepared(
    open_visits.update().where(open_visits.c.visit_id == sa.bindparam("wanted")).values(orders=open_visits.c.orders + 1)
)
