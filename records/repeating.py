"""The one way in which a transaction is tried again: another desk was first, or the connection was lost.

What is repeated is a whole operation, from its reading to its commit: its ids were made by whoever asked, so that the
second time finds what the first one left. Devices come after it. On SQLite nothing is ever repeated.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from records.clock import monotonic_seconds
from records.errors import OvertakenError, StoreLockedError, StoreLostError

PATIENCE_SECONDS: Final = 12.0
"""How long an operation is tried again before the person at the desk hears of it."""

_FIRST_PAUSE_SECONDS: Final = 0.004
_LONGEST_PAUSE_SECONDS: Final = 0.5

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class Patience:
    """Growing pauses with chance in them, so that two desks do not meet again, until the time is over."""

    def __init__(self) -> None:
        self._until = monotonic_seconds() + PATIENCE_SECONDS
        self._pause = _FIRST_PAUSE_SECONDS

    def pause(self) -> bool:
        """Wait a little and say True; False at once where the time is over."""
        if monotonic_seconds() >= self._until:
            return False
        time.sleep(self._pause * (0.5 + random.random()))  # noqa: S311  # Chance between desks, no secret.
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return True


class _Running(threading.local):
    is_repeating = False


_RUNNING: Final = _Running()


def repeated(operation: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Run an operation of one transaction again as long as it leaves no trace for reasons that pass.

    Inside another repeated operation it is a part of that one. Raises the last OvertakenError, StoreLockedError or
    StoreLostError after `PATIENCE_SECONDS`.
    """

    @wraps(operation)
    def run(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Answer:
        if _RUNNING.is_repeating:
            return operation(*arguments, **options)
        patience = Patience()
        _RUNNING.is_repeating = True
        try:
            while True:
                try:
                    return operation(*arguments, **options)
                except (OvertakenError, StoreLockedError, StoreLostError):
                    if not patience.pause():
                        raise
        finally:
            _RUNNING.is_repeating = False

    return run
