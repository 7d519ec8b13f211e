"""Refusals of what is ordered and sold: items, quantities, savings, what is handed over or taken off a bill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billing.errors import BooksError


@dataclass(eq=False)
class UnknownItemError(BooksError):
    """The list in force sells no such goods or service (G-2)."""

    code: ClassVar[str] = "unknown-item"

    kind: str
    item: str


@dataclass(eq=False)
class BadQuantityError(BooksError):
    """A quantity is positive, and no more than a counter hands over."""

    code: ClassVar[str] = "bad-quantity"

    quantity: int


@dataclass(eq=False)
class NothingSoldError(BooksError):
    """An order or a sale has at least one line."""

    code: ClassVar[str] = "nothing-sold"


@dataclass(eq=False)
class OrderRepeatedError(BooksError):
    """The order was added before under the same id."""

    code: ClassVar[str] = "order-repeated"

    order_id: str
    visit_id: str


@dataclass(eq=False)
class UnknownOrderLineError(BooksError):
    """No order has such a line."""

    code: ClassVar[str] = "unknown-order-line"

    order_id: str
    line: int


@dataclass(eq=False)
class CancelledTooManyError(BooksError):
    """Fewer pieces are left on the line than should be cancelled."""

    code: ClassVar[str] = "cancelled-too-many"

    order_id: str
    line: int
    left: int


@dataclass(eq=False)
class SaleRepeatedError(BooksError):
    """The sale was made before under the same id; these are the facts of the first time."""

    code: ClassVar[str] = "sale-repeated"

    sale_id: str
    receipt: int
    total_fen: int
    change_fen: int


@dataclass(eq=False)
class NotPromotedError(BooksError):
    """The promotion is not running now, or it is no cheaper than its item: the item is sold at its single price."""

    code: ClassVar[str] = "not-promoted"

    promotion: str


@dataclass(eq=False)
class PartNotInComboError(BooksError):
    """What should be left out is no part of the combo."""

    code: ClassVar[str] = "part-not-in-combo"

    combo: str
    part: str


@dataclass(eq=False)
class VisitNeededError(BooksError):
    """What holds a package is sold to a seated customer only."""

    code: ClassVar[str] = "visit-needed"

    item: str


@dataclass(eq=False)
class OrderMixedError(BooksError):
    """A combo with a package is an order of its own: it is sold from the visit's list, all else from a newer one."""

    code: ClassVar[str] = "order-mixed"

    combo: str


@dataclass(eq=False)
class NothingToHandOverError(BooksError):
    """The lines were handed over before, or nothing of them is left."""

    code: ClassVar[str] = "nothing-to-hand-over"

    order_id: str


@dataclass(eq=False)
class BadReductionError(BooksError):
    """A reduction takes something off, and no more than what is due."""

    code: ClassVar[str] = "bad-reduction"

    fen: int


@dataclass(eq=False)
class ReductionAboveDueError(BooksError):
    """What was taken off the bill is now more than the bill: a reduction must be withdrawn."""

    code: ClassVar[str] = "reduction-above-due"

    visit_id: str


@dataclass(eq=False)
class UnknownReductionError(BooksError):
    """No unsettled visit has this reduction, or it was withdrawn before."""

    code: ClassVar[str] = "unknown-reduction"

    reduction: str


@dataclass(eq=False)
class ReductionRepeatedError(BooksError):
    """The reduction was given before under the same id."""

    code: ClassVar[str] = "reduction-repeated"

    reduction: str
    visit_id: str
