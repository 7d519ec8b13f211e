"""A terminal's reference that was taken before is asked about once, where the money would be booked.

Most often it is a mistyped number, or one payment on a phone that is shown for the second time. It may be right: one
payer's payment for two bills. So Enter again books it. On one screen nothing is asked twice: an answer that got lost
would find its own payment in the books.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from textual.message import Message

from billing.payment_errors import ReferenceUsedError
from billing.tenders import Tender
from pos.tui.desk.asking import DeskScreen
from pos.tui.desk.key_order import OrderlyApp

READING_SECONDS: Final = 0.8
"""An Enter that was struck sooner after the question stood there was struck before anybody can have read it."""

_Answer = TypeVar("_Answer")
_Reference = tuple[str, str | None]


class AskedReferences:
    """The references that one screen has looked up.

    What counts is when the key was struck and when the question was painted, not when a slow machine came to either.
    """

    def __init__(self, screen: DeskScreen[Any]) -> None:
        self._screen = screen
        self._passed: set[_Reference] = set()
        self._shown_at: dict[_Reference, float] = {}

    def before(self, tenders: Sequence[Tender], book: Callable[[], _Answer]) -> Callable[[], _Answer]:
        """Return `book` behind the look-up, which raises ReferenceUsedError until the question can have been read.

        To be called where the key is answered that is to book it; what is raised goes to `refused`.
        """
        known = self._passed | self._accepted()
        payments = self._screen.desk.counter.payments

        def look_and_book() -> _Answer:
            payments.require_unused([one for one in tenders if _reference(one) not in known])
            self._passed.update(map(_reference, tenders))
            return book()

        return look_and_book

    def refused(self, error: Exception) -> None:
        """Say why nothing was booked; where it was the look-up, that is the question."""
        self._screen.refuse(error)
        if isinstance(error, ReferenceUsedError):
            self._screen.call_after_refresh(partial(self._was_shown, (error.kind, error.reference)))

    def _was_shown(self, reference: _Reference) -> None:
        self._shown_at.setdefault(reference, Message().time)

    def _accepted(self) -> set[_Reference]:
        app = self._screen.app
        assert isinstance(app, OrderlyApp)
        return {reference for reference, at in self._shown_at.items() if app.struck_at - at >= READING_SECONDS}


def _reference(tender: Tender) -> _Reference:
    return tender.kind, tender.reference
