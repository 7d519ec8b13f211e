"""What desks hear of each other's commits: only how long the journal is now (PostgreSQL's NOTIFY).

Each entry is announced by the statement that writes it, so what is heard is committed, what was rolled back is never
heard, and nothing is written in silence. Who announces queues for the others at the commit, as for the journal's head.
Announcements may be lost with their connection and may come from anybody who may connect: they are a reason to look and
nothing that is believed. The channel has the name of the venue's schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from records import database
from records.schema import journal
from records.statements import Prepared

if TYPE_CHECKING:
    from records.postgres import Ear


ANNOUNCED: Final = sa.func.pg_notify(
    sa.func.current_schema(), sa.cast(journal.c.seq + sa.literal_column("1", sa.Integer), sa.Text)
)
"""What a server evaluates for each entry that is written, so that other desks hear how long the journal is with it."""


class Listening:
    """A connection of its own on which announcements are heard. `length_before` is the journal's when that began."""

    def __init__(self, ear: Ear, *, length_before: int) -> None:
        self._ear = ear
        self.length_before = length_before

    def keep_name(self) -> None:
        """Hold the desk's name on this connection, should the one that did be gone; raises StoreLostError."""
        with database.translated():
            self._ear.keep_name()

    def wait(self, seconds: float) -> int | None:
        """Wait at most so long for an announcement; return the greatest length that was heard, or None.

        Raises StoreLostError where the connection has gone.
        """
        with database.translated():
            heard = self._ear.hear(seconds)
        return max((int(said) for said in heard if _NUMBER.fullmatch(said)), default=None)


@contextmanager
def listening(engine: sa.Engine, *, till: str = "") -> Iterator[Listening]:
    """Listen to a venue's channel, as the program that is `till` (`records.desk_names`) if it is one.

    Raises StoreLostError, StoreDeniedError or StoreBusyError.
    """
    from records import postgres

    with database.translated(), postgres.ear(engine, till=till) as ear:
        # Only now, so that no commit falls between the look and the listening.
        with database.snapshot(engine) as connection:
            newest = _NEWEST.one(connection).seq
        yield Listening(ear, length_before=0 if newest is None else newest + 1)


_NUMBER = re.compile(r"[0-9]{1,18}")  # What is longer did not come from a journal.
_NEWEST = Prepared(sa.select(sa.func.max(journal.c.seq).label("seq")))
