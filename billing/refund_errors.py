"""Refusals of money that should go back (G-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billing.errors import BooksError


@dataclass(eq=False)
class NotSettledError(BooksError):
    """Nothing was paid: what is on an unsettled visit is cancelled, not refunded; or there is no such visit or sale."""

    code: ClassVar[str] = "not-settled"

    settled: str


@dataclass(eq=False)
class RefundRepeatedError(BooksError):
    """The refund was given before under the same id; these are the facts of the first time."""

    code: ClassVar[str] = "refund-repeated"

    refund_id: str
    receipt: int
    amount_fen: int


@dataclass(eq=False)
class RefundAbovePaidError(BooksError):
    """More would go back than is left of what was paid: earlier refunds and the bill's reductions are taken off."""

    code: ClassVar[str] = "refund-above-paid"

    amount_fen: int
    left_fen: int


@dataclass(eq=False)
class NothingToRefundError(BooksError):
    """The lines come to nothing: they were gifts, or the savings that fall away with them are worth as much."""

    code: ClassVar[str] = "nothing-to-refund"


@dataclass(eq=False)
class UnknownPaidLineError(BooksError):
    """Nothing that was paid has this line; `order` is empty for a line of a sale, and for a package."""

    code: ClassVar[str] = "unknown-paid-line"

    order: str
    line: int


@dataclass(eq=False)
class RefundedTooManyError(BooksError):
    """Fewer pieces of the line are left than should go back."""

    code: ClassVar[str] = "refunded-too-many"

    order: str
    line: int
    left: int


@dataclass(eq=False)
class PackageNotRefundableError(BooksError):
    """The package gives nothing back: its list says so, it was used up, or it went back before."""

    code: ClassVar[str] = "package-not-refundable"

    line: int
    package: str
