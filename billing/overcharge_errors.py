"""Refusals of a refund of an overcharge (REQ-P-26)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billing.errors import BooksError


@dataclass(eq=False)
class NotOverchargedError(BooksError):
    """Under that list nothing was paid too much, or it went back already; or the list cannot rate the visit.

    `reason` is then the code of why.
    """

    code: ClassVar[str] = "not-overcharged"

    visit_id: str
    list_number: int
    reason: str | None
