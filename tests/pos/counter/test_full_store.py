"""A full disk: no new visit begins, running ones are settled from the reserve."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pos.bootstrap import Venue
from pos.counter.counter import Counter, registrar_of
from pos.counter.errors import NothingNewBeginsError
from pos.counter.till import Till
from pos.reserve import Reserve
from records.clock import SimulatedClock
from records.errors import StoreFullError
from records.folder import VenueFolder
from records.ids import new_id
from records.schema import journal
from tests.pos.counter.venues import cash, goods, member, seat_someone
from tests.servers import ON_A_FILE

ROOM_PAGES = 200


@dataclass
class Disk:
    """The largest number of pages that the database may have."""

    pages: int = 2**30
    free_bytes: int = 2**30


@dataclass(frozen=True, kw_only=True, slots=True)
class SmallFolder(VenueFolder):
    """A folder on a disk that can be full."""

    disk: Disk = field(default_factory=Disk)

    def release_reserve(self) -> None:
        VenueFolder.release_reserve(self)
        self.disk.pages += ROOM_PAGES

    def free_bytes(self) -> int:
        return self.disk.free_bytes


@pytest.fixture
def disk(venue: Venue) -> Iterator[Disk]:
    disk = Disk()

    def limit(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {disk.pages}")

    sa.event.listen(venue.records.engine, "checkout", limit)
    yield disk
    sa.event.remove(venue.records.engine, "checkout", limit)


@pytest.fixture
def counter(venue: Venue, disk: Disk) -> Counter:
    folder = SmallFolder(path=Path(venue.folder.path), reserve_bytes=65536, disk=disk)
    reserve = Reserve(folder=folder, records=venue.records)
    till = Till(records=venue.records, reserve=reserve, cashier=member(venue, "chen"))
    made = Counter.of(till, registrar_of(venue))
    made.shifts.open(float_fen=20_000)
    return made


def fill(venue: Venue, disk: Disk, counter: Counter) -> None:
    """Let the disk be full, to the last page."""
    with venue.records.reading() as connection:
        disk.pages = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
    disk.free_bytes = 0
    with pytest.raises(StoreFullError):
        sell_on(counter)


def sell_on(counter: Counter) -> None:
    for _ in range(200):  # Until the last pages are full.
        counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())


def turns(venue: Venue) -> list[str]:
    with venue.records.reading() as connection:
        rows = connection.execute(sa.select(journal.c.entry).where(journal.c.type.like("store.%")))
        return [json.loads(row.entry)["type"] for row in rows]


@ON_A_FILE
def test_on_a_full_disk_running_visits_are_settled_and_no_new_one_begins(
    venue: Venue, counter: Counter, disk: Disk, clock: SimulatedClock
) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
    clock.advance(timedelta(hours=1))
    fill(venue, disk, counter)
    counter.settlements.show(visit_id)
    settled = counter.settlements.settle(visit_id, (), request=new_id())
    assert settled.total_fen == 500
    with pytest.raises(NothingNewBeginsError):
        seat_someone(counter, "adult-b", "A02")
    assert turns(venue) == ["store.filled"]
    disk.pages, disk.free_bytes = 2**30, 2**30
    seat_someone(counter, "adult-b", "A02")
    assert turns(venue) == ["store.filled", "store.recovered"]
