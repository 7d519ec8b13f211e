"""Refusals around price lists: a list with mistakes, one that is not there, one that cannot count when it should."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from billing.errors import BillingError, BooksError
from billing.price_problems import Problem


@dataclass(eq=False)
class ListInvalidError(BillingError):
    """A price list has these problems, so nothing may be priced by it."""

    code: ClassVar[str] = "list-invalid"

    problems: tuple[Problem, ...]


@dataclass(eq=False)
class NoPriceListError(BooksError):
    """No list was in force at that instant, so there is no price (P-15)."""

    code: ClassVar[str] = "no-price-list"

    at: dt.datetime


@dataclass(eq=False)
class UnknownListError(BooksError):
    """No list of this number was published."""

    code: ClassVar[str] = "unknown-list"

    number: int


@dataclass(eq=False)
class EffectiveInPastError(BooksError):
    """A list would count from an instant that is over."""

    code: ClassVar[str] = "effective-in-past"

    effective: dt.datetime
    now: dt.datetime


@dataclass(eq=False)
class EffectiveTakenError(BooksError):
    """Another list counts from the same instant."""

    code: ClassVar[str] = "effective-taken"

    effective: dt.datetime
    number: int


@dataclass(eq=False)
class UnknownListHashError(BooksError):
    """No published list has this hash, or it is none."""

    code: ClassVar[str] = "unknown-list-hash"

    given: str


@dataclass(eq=False)
class ListOverError(BooksError):
    """A later list counts in this one's place: nobody hangs its board up any more."""

    code: ClassVar[str] = "list-over"

    number: int
    over_since: dt.datetime
