"""Refusals of what a customer pays with."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from billing.errors import BooksError


@dataclass(eq=False)
class DepositRepeatedError(BooksError):
    """A deposit was taken before under the same job; these are the facts of the first time."""

    code: ClassVar[str] = "deposit-repeated"

    visit_id: str
    job_id: str
    receipt: int
    amount_fen: int


@dataclass(eq=False)
class BadTenderError(BooksError):
    """What was given is no tender: `text` is what was read, `flaw` one of kind, amount, reference."""

    code: ClassVar[str] = "bad-tender"

    text: str
    flaw: str


@dataclass(eq=False)
class TendersTooLowError(BooksError):
    """Deposits and tenders do not cover the total."""

    code: ClassVar[str] = "tenders-too-low"

    total_fen: int
    deposits_fen: int
    given_fen: int

    @property
    def due_fen(self) -> int:
        """What is to be paid beside the deposits."""
        return self.total_fen - self.deposits_fen


@dataclass(eq=False)
class NonCashAboveDueError(BooksError):
    """More was given without cash than is due: change is given from cash only."""

    code: ClassVar[str] = "non-cash-above-due"

    due_fen: int
    non_cash_fen: int


@dataclass(eq=False)
class ReferenceUsedError(BooksError):
    """A terminal's reference was taken within a day already, on this receipt. Nothing was written."""

    code: ClassVar[str] = "reference-used"

    kind: str
    reference: str
    at: datetime
    receipt: int
