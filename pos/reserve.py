"""The room kept for the end of running visits, as the counter uses it (I-11).

While the reserve stands, there is room to begin something. When the disk refuses a write, the reserve is given up: what
runs can still be settled, and nothing new begins until the reserve stands again. Both turns are journal entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import sqlalchemy as sa

from records.errors import StoreFullError
from records.folder import VenueFolder
from records.repeating import repeated
from records.schema import journal
from records.unit_of_work import Records

FILLED: Final = "store.filled"
RECOVERED: Final = "store.recovered"

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """The reserve of one open venue."""

    folder: VenueFolder
    records: Records

    def has_room(self) -> bool:
        """Say whether something new may begin; builds the reserve again if the disk has room by now."""
        if self.folder.has_reserve():
            return True
        if not self.folder.restore_reserve():
            return False
        self._note_recovery()
        return True

    def finish(self, operation: Callable[[], _Answer]) -> _Answer:
        """Run an operation that ends something; on a full disk once more, from the reserve.

        Raises StoreFullError if even that did not help. The operation left no trace the first time.
        """
        try:
            return operation()
        except StoreFullError:
            if not self.folder.has_reserve():
                raise
        self.give_up()
        return operation()

    @repeated
    def give_up(self) -> None:
        """Free the room and write down that from here on nothing new begins."""
        self.folder.release_reserve()
        with self.records.begin() as work:
            work.entry(FILLED, {"free_bytes": self.folder.free_bytes()})
            work.commit()

    @repeated
    def _note_recovery(self) -> None:
        with self.records.begin() as work:
            # A reserve that was merely missing was no full store, and its return is none's recovery.
            if work.execute(_LAST_TURN).scalar_one_or_none() == FILLED:
                work.entry(RECOVERED, {"free_bytes": self.folder.free_bytes()})
                work.commit()


_LAST_TURN = (
    sa.select(journal.c.type).where(journal.c.type.in_([FILLED, RECOVERED])).order_by(journal.c.seq.desc()).limit(1)
)
