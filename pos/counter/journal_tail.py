"""The end of the journal, as anybody at the counter may read it: what happened when, by whom, to which seat.

No amounts: from them the drawer's content could be guessed before it is counted. No person: entries hold none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from pos.counter.till import Till
from records.schema import journal
from staff.roles import Operation

_TOLD: Final = ("seat", "receipt", "shift", "list", "reason", "code", "copy", "outcome", "purpose", "role", "staff")


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalLine:
    """One entry, short: `told` are some of its body's facts, in the journal's own words."""

    seq: int
    type: str
    at: datetime
    actor: str
    told: tuple[str, ...]
    leaf: str


@dataclass(frozen=True, kw_only=True)
class JournalTail:
    """Reads the newest entries."""

    till: Till

    def newest(self, *, limit: int) -> Sequence[JournalLine]:
        """Return the newest entries, the newest first."""
        self.till.require(Operation.VISIT_READ)
        query = sa.select(journal).order_by(journal.c.seq.desc()).limit(limit)
        with self.till.records.reading() as connection:
            return [_line(row) for row in connection.execute(query)]


def _line(row: sa.Row[Any]) -> JournalLine:
    entry = json.loads(row.entry)
    return JournalLine(
        seq=row.seq,
        type=row.type,
        at=row.wall,
        actor=entry["actor"],
        told=tuple(_told(entry["body"])),
        leaf=row.leaf.hex(),
    )


def _told(body: Mapping[str, Any]) -> list[str]:
    return [f"{key} {body[key]}" for key in _TOLD if isinstance(body.get(key), str | int)]
