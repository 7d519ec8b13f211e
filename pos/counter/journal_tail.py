"""The end of the journal, as anybody at the counter may read it: what happened when, by whom, to which seat.

No amounts: from them the drawer's content could be guessed before it is counted. No person: entries hold none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from pos.counter.till import Till
from records.schema import journal
from staff.roles import Operation


class ToldFact(StrEnum):
    """The facts of an entry's body that are told; the value is the key there."""

    SEAT = "seat"
    RECEIPT = "receipt"
    SHIFT = "shift"
    LIST = "list"
    REASON = "reason"
    CODE = "code"
    COPY = "copy"
    OUTCOME = "outcome"
    PURPOSE = "purpose"
    ROLE = "role"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalLine:
    """One entry, short: `told` are some of its body's facts, their values as they stand there."""

    seq: int
    type: str
    at: datetime
    actor: str
    told: Mapping[ToldFact, str]
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
        told=_told(entry["body"]),
        leaf=row.leaf.hex(),
    )


def _told(body: Mapping[str, Any]) -> Mapping[ToldFact, str]:
    return {fact: str(body[fact]) for fact in ToldFact if isinstance(body.get(fact), str | int)}
