"""What happens at the other desks: a thread that listens on the server and tells one listener that the journal grew.

Hearing nothing proves nothing: the books are looked at now and then all the same (`floor_watch`), more often while
nobody listens. However busy the house is, the listener hears of it a few times a second.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from records.announcements import listening
from records.clock import monotonic_seconds
from records.errors import RecordsError

QUIET_SECONDS: Final = 0.25
"""So long after it told something the thread tells nothing: it is one look at the floor for all of that time."""

NAME_EVERY_SECONDS: Final = 10.0
"""How often it is seen to that the desk's name is held, also where the connection that did is gone."""

_STOPS_WITHIN_SECONDS: Final = 0.5
_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 8.0


class HouseNews:
    """The one ear of the desk `till`. `engine` is None where there are no other desks."""

    def __init__(self, engine: sa.Engine | None, *, till: str = "") -> None:
        self._engine = engine
        self._till = till
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Callable[[int], None] = _nobody_listens
        self.is_listening = False

    def start(self, listener: Callable[[int], None]) -> None:
        """Begin to listen. `listener` is called in the thread of this, with how many entries the journal has."""
        self._listener = listener
        if self._engine is not None:
            self._thread = threading.Thread(target=self._run, args=[self._engine], name="house-news", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let go of the connection."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=4 * _STOPS_WITHIN_SECONDS)

    def _run(self, engine: sa.Engine) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            try:
                self._listen(engine)
            except (RecordsError, OSError):  # The server is away, or the password's file.
                pause = _FIRST_PAUSE_SECONDS if self.is_listening else min(2 * pause, _LONGEST_PAUSE_SECONDS)
            self.is_listening = False
            self._stop.wait(pause * (0.5 + random.random()))  # noqa: S311  # Chance between desks, no secret.

    def _listen(self, engine: sa.Engine) -> None:
        with listening(engine, till=self._till) as heard:
            self.is_listening = True
            heard.keep_name()
            named_at = monotonic_seconds()
            self._listener(heard.length_before)
            while not self._stop.is_set():
                length = heard.wait(_STOPS_WITHIN_SECONDS)
                if length is not None:
                    self._listener(length)
                    self._stop.wait(QUIET_SECONDS)
                if monotonic_seconds() - named_at >= NAME_EVERY_SECONDS:
                    heard.keep_name()
                    named_at = monotonic_seconds()


def _nobody_listens(length: int) -> None:
    """Take what comes before the screens do."""
