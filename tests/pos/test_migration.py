"""A venue that an older program made: it opens, its schema follows, and everything in it still holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from billing import price_checks
from compliance.doctor import examine
from pos import founding, mending
from pos.bootstrap import Venue, open_venue
from records import migrations
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from records.schema import metadata
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import DEMO, PASSPHRASE, cash, counter_of, found_venue, goods, seat_someone

NAMED = """
[[combos]]
code = "3h-two-colas"
name = "三小时+可乐"
items = [{ package = "3h", qty = 1 }, { goods = "cola-330", qty = 2 }]
price_fen = 1800

[[combos]]
code = "late-supper"
name = "夜宵"
items = [{ goods = "noodles", qty = 1 }, { service = "print-a4", qty = 3 }, { goods = "sausage", qty = 2 }]
price_fen = 1400

[[promotions]]
code = "gift"
name = "送水"
item = { goods = "water-550" }
price_fen = 0
from = "2026-11-23T00:00:00"
until = "2026-12-24T12:30:00"
conditions = "每人一瓶"

[[promotions]]
code = "dearer"
name = "贵了"
item = { service = "headset" }
price_fen = 600
from = "2026-11-23T00:00:00"
until = "2026-12-24T00:00:00"
conditions = "不卖"
"""


def opened(folder: VenueFolder) -> AbstractContextManager[Venue]:
    return open_venue(folder, passphrase=lambda: PASSPHRASE)


@pytest.fixture
def old_venue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VenueFolder:
    """A venue of schema 0001: founded, worked in with goods at their single prices, a shift and a visit still open."""
    prices = (DEMO / "prices.toml").read_text(encoding="utf-8") + NAMED
    folder = VenueFolder(path=tmp_path / "venue", reserve_bytes=65536)
    with monkeypatch.context() as patch:
        for module in (founding, mending):
            patch.setattr(module, "migrations", SimpleNamespace(HEAD="0001"))
        patch.setattr(price_checks, "check_new_rules", lambda *_: None)  # It let a promotion be dearer than its item.
        found_venue(folder.path, SimulatedClock(MONDAY_EVENING), prices=prices)
        with opened(folder) as venue:
            counter_of(venue, "zhou").shifts.open(float_fen=20_000)
            work_a_little(venue, "A01", "adult-a")
            seat_someone(counter_of(venue, "zhou"), "adult-b", "A09", deposit=cash(2_000))
    age(folder.database, tmp_path / "old.db")
    return folder


def age(database: Path, beside: Path) -> None:
    """Write a database's rows into tables as revision 0001 had them; no guard stands there."""
    with closing(sqlite3.connect(beside)) as old, closing(sqlite3.connect(database)) as new:
        new.execute("UPDATE alembic_version SET version_num = '0001'")
        new.commit()
        for statement in migrations.ddl("0001", "sqlite"):
            old.execute(statement)
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        for (table,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
            rows = new.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            old.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
        old.commit()
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    beside.chmod(0o600)
    beside.replace(database)


def work_a_little(venue: Venue, seat: str, who: str) -> None:
    """Sell and settle a little, in a shift that stays open."""
    counter = counter_of(venue, "zhou")
    visit = seat_someone(counter, who, seat, package="3h")
    counter.sales.order(visit, [goods("cola-330", 2)], request=new_id())
    counter.settlements.show(visit)
    counter.settlements.settle(visit, [cash(10_000)], request=new_id())
    counter.sales.sell([goods("cola-330")], [cash(400)], request=new_id())


def rows(folder: VenueFolder, *tables: str) -> dict[str, set[Any]]:
    with closing(sqlite3.connect(folder.database)) as raw:
        return {table: set(raw.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}


def test_a_venue_of_the_version_before_opens_and_goes_on(old_venue: VenueFolder) -> None:
    with opened(old_venue) as venue:
        assert venue.notices == ()
        work_a_little(venue, "A02", "adult-c")
        counter = counter_of(venue, "zhou")
        (left,) = counter.seats.running()
        counter.settlements.show(left.visit.visit_id)
        counter.settlements.settle(left.visit.visit_id, [], request=new_id())
        counter.shifts.close(counted_fen=23_600, reason="unknown", request=new_id())
    assert len(rows(old_venue, "settlements")["settlements"]) == 3
    assert [check for check in examine(old_venue, metadata) if not check.is_ok] == []


def test_lists_published_before_get_the_savings_that_publication_writes(old_venue: VenueFolder) -> None:
    with opened(old_venue):
        pass
    savings = {row[1:4] for row in rows(old_venue, "price_savings")["price_savings"]}
    assert savings >= {
        ("combo", "3h-two-colas", 1800 - 1200 - 800),
        ("combo", "late-supper", 1400 - 600 - 300 - 500),
        ("promotion", "gift", -200),
    }
    assert "dearer" not in {code for _, code, _ in savings}
    assert [check for check in examine(old_venue, metadata) if not check.is_ok] == []


def test_the_migration_is_in_the_journal(old_venue: VenueFolder) -> None:
    with opened(old_venue):
        pass
    with closing(sqlite3.connect(old_venue.database)) as raw:
        told = [
            json.loads(entry)["body"]
            for (entry,) in raw.execute("SELECT entry FROM journal WHERE type = 'schema.migrated'")
        ]
    assert told == [{"from": "0001", "to": migrations.HEAD}]
