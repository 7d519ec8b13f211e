"""Refusals around shifts and their cash."""

from dataclasses import dataclass
from typing import ClassVar

from billing.errors import BooksError


@dataclass(eq=False)
class NoShiftError(BooksError):
    """No shift is open at this till: no visit opens and no money moves."""

    code: ClassVar[str] = "no-shift"

    till: str


@dataclass(eq=False)
class ShiftOpenError(BooksError):
    """This till has an open shift already."""

    code: ClassVar[str] = "shift-open"

    till: str
    shift: int


@dataclass(eq=False)
class BadCountError(BooksError):
    """A float or a count is no amount of cash."""

    code: ClassVar[str] = "bad-count"

    amount_fen: int


@dataclass(eq=False)
class DrawerShortError(BooksError):
    """More cash was to be taken out than the drawer can hold by the books. How much it holds is not told."""

    code: ClassVar[str] = "drawer-short"

    amount_fen: int


@dataclass(eq=False)
class DifferenceUnexplainedError(BooksError):
    """The count differs from what was expected and no reason was given. How much is not told: the count is blind."""

    code: ClassVar[str] = "difference-unexplained"

    shift: int
