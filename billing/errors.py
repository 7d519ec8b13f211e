"""The roots of what billing refuses, as facts and codes; the rest stands by its noun in `…_errors`."""

from dataclasses import dataclass
from typing import ClassVar


class BillingError(Exception):
    """The root of everything that billing refuses."""

    code: ClassVar[str] = "billing"


@dataclass(eq=False)
class BooksError(BillingError):
    """The root of what the books refuse: publication, visits, orders, money. Nothing was written."""

    code: ClassVar[str] = "books"


@dataclass(eq=False)
class UnknownReasonError(BooksError):
    """A reason is a code of a fixed list."""

    code: ClassVar[str] = "unknown-reason"

    reason: str
    known: tuple[str, ...]
