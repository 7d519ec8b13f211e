"""A terminal's reference that was taken before is asked about once, where the money would be booked.

Most often it is a mistyped number, or one payment on a phone that is shown for the second time. It may be right: one
payer's payment for two bills. So Enter again books it. On one screen nothing is asked twice: an answer that got lost
would find its own payment in the books.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from billing.payment_errors import ReferenceUsedError
from billing.tenders import Tender
from pos.tui.desk.services import DeskServices
from records.clock import monotonic_seconds

READING_SECONDS: Final = 0.8
"""An Enter that comes sooner was struck before anybody can have read the question."""

_Answer = TypeVar("_Answer")
_Reference = tuple[str, str | None]


class AskedReferences:
    """The references that one screen has looked up."""

    def __init__(self, desk: DeskServices) -> None:
        self._desk = desk
        self._passed: set[_Reference] = set()
        self._told: dict[_Reference, float] = {}

    def before(self, tenders: Sequence[Tender], book: Callable[[], _Answer]) -> Callable[[], _Answer]:
        """Return `book` behind the look-up, which raises ReferenceUsedError until the question can have been read."""

        def look_and_book() -> _Answer:
            now = monotonic_seconds()
            accepted = {reference for reference, at in self._told.items() if now - at >= READING_SECONDS}
            known = self._passed | accepted
            try:
                self._desk.counter.payments.require_unused([one for one in tenders if _reference(one) not in known])
            except ReferenceUsedError as error:
                self._told.setdefault((error.kind, error.reference), now)
                raise
            self._passed.update(map(_reference, tenders))
            return book()

        return look_and_book


def _reference(tender: Tender) -> _Reference:
    return tender.kind, tender.reference
