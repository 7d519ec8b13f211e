"""Which entries a bundle holds: the range of the days asked for, and the earlier entries that the range stands on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from records.schema import checkpoints, journal

ALWAYS_ENCLOSED: Final = ("log.started", "key.added", "venue.changed", "prices.published")
SEAT_STATES: Final = ("seat.closed", "seat.reopened")
"""Of these the last one of each seat before the range is enclosed."""
_BATCH_ROWS: Final = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """The entries `first … last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """The size of the log that ends with the range."""
        return self.last + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEntry:
    """An entry as it lies in the journal, and what it says."""

    seq: int
    data: bytes
    leaf: bytes
    entry: Mapping[str, Any]


def find_range(connection: sa.Connection, *, from_day: str, to_day: str) -> Range | None:
    """The smallest contiguous range that holds every entry of these business days; None where there is none."""
    asked = sa.select(sa.func.min(journal.c.seq), sa.func.max(journal.c.seq)).where(
        journal.c.biz_day.between(from_day, to_day)
    )
    first, last = connection.execute(asked).one()
    return None if first is None else Range(first=first, last=last)


def whole_log(connection: sa.Connection) -> Range | None:
    """Every entry there is; None in an empty journal."""
    last = connection.execute(sa.select(sa.func.max(journal.c.seq))).scalar_one()
    return None if last is None else Range(first=0, last=last)


def stored_entries(connection: sa.Connection, asked: Range) -> Iterator[StoredEntry]:
    """The entries of a range, in order, without holding more than a batch of them."""
    query = sa.select(journal.c.seq, journal.c.entry, journal.c.leaf).order_by(journal.c.seq)
    query = query.where(journal.c.seq.between(asked.first, asked.last))
    for row in connection.execute(query).yield_per(_BATCH_ROWS):
        yield _stored(row)


def timezone_before(connection: sa.Connection, first: int) -> str:
    """The time zone in which the range begins: of the last settings before it, or of the first there are."""
    settings = sa.select(journal.c.entry).where(journal.c.type == "venue.changed").limit(1)
    before = settings.where(journal.c.seq < first).order_by(journal.c.seq.desc())
    entry = connection.execute(before).scalar_one_or_none()
    if entry is None:
        entry = connection.execute(settings.order_by(journal.c.seq)).scalar_one()
    timezone: str = json.loads(entry)["body"]["settings"]["timezone"]
    return timezone


def heads_of_days(connection: sa.Connection, asked: Range) -> dict[int, str | None]:
    """The checkpoints that the range's days owe, by ascending size; None where one must still be signed.

    Of each business day the last stored one inside the range, or one of its last entry; and one of the range's end.
    """
    size = journal.c.seq + 1
    days = (
        sa.select(sa.func.max(checkpoints.c.size).label("stored"), sa.func.max(size).label("last"))
        .select_from(journal.outerjoin(checkpoints, checkpoints.c.size == size))
        .where(journal.c.seq.between(asked.first, asked.last))
        .group_by(journal.c.biz_day)
    )
    sizes = {asked.size, *(row.stored or row.last for row in connection.execute(days))}
    notes = sa.select(checkpoints.c.size, checkpoints.c.note).where(checkpoints.c.size.in_(sizes))
    stored = {row.size: row.note for row in connection.execute(notes)}
    return {owed: stored.get(owed) for owed in sorted(sizes)}


@dataclass(kw_only=True)
class Needs:
    """What the entries of a range refer to and what therefore must be found before it."""

    visits: set[str] = field(default_factory=set)
    sales: set[str] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)
    shifts: set[int] = field(default_factory=set)
    lists: set[int] = field(default_factory=set)
    _begun: set[str | int] = field(default_factory=set)

    def note(self, entry: Mapping[str, Any]) -> None:
        """Look at the next entry of the range."""
        kind, body = entry["type"], entry["body"]
        self._note_lists(body)
        if kind in {"visit.opened", "id.checked", "shift.opened", "sale.settled"}:
            self._begun.add(body.get("visit") or body.get("check") or body.get("sale") or body["shift"])
        if kind == "visit.opened":
            self.checks |= {body["check"]} - self._begun
        self.visits |= set(_visits_of(entry)) - self._begun
        self.sales |= set(_sales_of(entry)) - self._begun
        if "shift" in body and kind != "shift.opened":
            self.shifts |= {body["shift"]} - self._begun

    def takes(self, entry: Mapping[str, Any]) -> bool:
        """Whether an earlier entry, seen going backwards, is one of those needed; what it begins is then found."""
        kind, body = entry["type"], entry["body"]
        if kind == "id.checked":
            is_needed = body["check"] in self.checks
            self.checks.discard(body["check"])
            return is_needed
        is_needed = (
            not self.visits.isdisjoint(_visits_of(entry))
            or not self.sales.isdisjoint(_sales_of(entry))
            or ("postings" in body and body.get("shift") in self.shifts)
        )
        if kind == "visit.opened" and body["visit"] in self.visits:
            self.visits.discard(body["visit"])
            self.checks.add(body["check"])
            self._note_lists(body)
        if kind == "sale.settled":
            self.sales.discard(body["sale"])
        if kind == "shift.opened":
            self.shifts.discard(body["shift"])
        return is_needed

    @property
    def are_met(self) -> bool:
        """Whether nothing is left to look for."""
        return not (self.visits or self.checks or self.sales or self.shifts)

    def _note_lists(self, body: Mapping[str, Any]) -> None:
        if "list" in body:
            self.lists.add(body["list"])
        self.lists.update(line["list"] for line in body.get("orders", ()))


def earlier_entries(connection: sa.Connection, first: int, needs: Needs) -> list[StoredEntry]:
    """The entries before the range that it needs (docs/bundle-format.md §2), ascending."""
    query = sa.select(journal.c.seq, journal.c.entry, journal.c.leaf).where(journal.c.seq < first)
    enclosed = query.where(journal.c.type.in_(ALWAYS_ENCLOSED) | (journal.c.seq == first - 1))
    found = {row.seq: _stored(row) for row in connection.execute(enclosed)}
    seats = connection.execute(query.where(journal.c.type.in_(SEAT_STATES)).order_by(journal.c.seq))
    last_of_seats = {stored.entry["body"]["seat"]: stored for stored in map(_stored, seats)}
    found |= {stored.seq: stored for stored in last_of_seats.values()}
    if not needs.are_met:
        backwards = connection.execute(query.order_by(journal.c.seq.desc())).yield_per(_BATCH_ROWS)
        found |= {stored.seq: stored for stored in _until_met(backwards, needs) if needs.takes(stored.entry)}
    return [found[seq] for seq in sorted(found)]


def _until_met(rows: Iterable[Any], needs: Needs) -> Iterator[StoredEntry]:
    for row in rows:
        yield _stored(row)
        if needs.are_met:
            return


def _visits_of(entry: Mapping[str, Any]) -> list[str]:
    """The visits that an entry belongs to, of a refund too; `visits` are ids in an outage alone, elsewhere a number."""
    body = entry["body"]
    if entry["type"].startswith("outage."):
        visits: list[str] = body["visits"]
        return visits
    return [body["visit"]] if "visit" in body else _refunded(entry, "visit")


def _sales_of(entry: Mapping[str, Any]) -> list[str]:
    """The sale that an entry settles or refunds."""
    return [entry["body"]["sale"]] if "sale" in entry["body"] else _refunded(entry, "sale")


def _refunded(entry: Mapping[str, Any], what: str) -> list[str]:
    if entry["type"] != "refund.given" or what not in entry["body"]["of"]:
        return []
    return [entry["body"]["of"][what]]


def _stored(row: Any) -> StoredEntry:
    return StoredEntry(seq=row.seq, data=row.entry, leaf=row.leaf, entry=json.loads(row.entry))
