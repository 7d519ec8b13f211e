"""Books to measure on: a venue with real keys and a standing clock, and visits to settle."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import pos.schema  # noqa: F401  # Every table: the guards are measured with the rows.
from billing import orders, publication, shifts, visits
from billing.price_checks import check
from billing.price_list import ItemKind
from billing.sold_lines import OrderLine
from members.tables import id_checks
from pos.bootstrap import VenueRecords
from pos.counter.till import Till
from pos.reserve import Reserve
from pos.settings import Settings
from pos.settings_reading import SeatRun
from records.canonical import canonical
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from records.notes import HeadSigner
from records.schema import metadata, venue_settings
from staff.repository import StaffMember
from staff.roles import Role

ORIGIN: Final = "mingjia/BENCHMARKBENCHMA/1"
EVENING: Final = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai

LIST: Final = """
schema = 1
title = "基准价目"
timezone = "Asia/Shanghai"
currency = "CNY"
hours = { open = "00:00", close = "24:00", exemption = "示例" }
method = { unit_minutes = 15, grace_minutes = 5, minimum_fen = 300, round_to_fen = 10 }
zones = [{ code = "hall", name = "大厅", spec = "i5" }]
tiers = [{ code = "guest", name = "散客" }]
rates = [
    { zone = "hall", from = "08:00", to = "22:00", fen_per_hour = 400 },
    { zone = "hall", from = "22:00", to = "08:00", fen_per_hour = 300 },
]
goods = [{ code = "cola-330", name = "可乐", spec = "330ml 罐", unit = "罐", price_fen = 400 }]
"""

SETTINGS: Final = Settings(
    name="基准网咖",
    venue_code="44010410000001",
    licence_no="示例-0001",
    licence_until=date(2027, 12, 31),
    uscc="",
    address="示例市示例路1号",
    timezone="Asia/Shanghai",
    day_starts=360,
    complaint_phone="12315",
    licensed_terminals=60,
    lan=("192.168.0.0/16",),
    seat_runs=(SeatRun(zone="hall", prefix="A", first=1, last=60, first_ip=None),),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Books:
    """An open venue in a temporary folder."""

    folder: Path
    records: VenueRecords
    clock: SimulatedClock
    till: Till

    def raw_connection(self) -> sqlite3.Connection:
        """The driver's connection under the product's own, to count with."""
        with self.records.engine.connect() as connection:
            raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw


@contextmanager
def open_books() -> Iterator[Books]:
    """Found a venue with a list in force and an open shift; it is gone afterwards."""
    with TemporaryDirectory(prefix="mingjia-bench-") as path:
        folder = VenueFolder(path=Path(path) / "venue")
        records = VenueRecords(
            engine=folder.found(metadata),
            clock=SimulatedClock(EVENING),
            signer=HeadSigner(
                origin=ORIGIN, ed25519=Ed25519PrivateKey.generate(), p256=ec.generate_private_key(ec.SECP256R1())
            ),
            till=folder.desk,
            venue_code=SETTINGS.venue_code,
            days=SETTINGS.days,
            settings=SETTINGS,
            settings_version=1,
        )
        cashier = StaffMember(staff="s1", name="测试甲", role=Role.CASHIER, is_active=True)
        till = Till(records=records, reserve=Reserve(folder=folder, records=records), cashier=cashier)
        assert isinstance(records.clock, SimulatedClock)
        begin_business(records)
        yield Books(folder=folder.path, records=records, clock=records.clock, till=till)
        records.engine.dispose()


def begin_business(records: VenueRecords) -> None:
    """Put settings, list and an open shift into empty books."""
    with super(VenueRecords, records).begin() as work:
        settings = SETTINGS.to_json()
        entry = work.entry("venue.changed", {"settings": settings})
        work.insert(venue_settings, {"version": 1, "settings": canonical(settings).decode()}, entry=entry)
        publication.publish(work, check(LIST).require(), effective=None)
        shifts.open_shift(work, float_fen=20_000)
        work.commit()


def seat(books: Books, count: int) -> list[str]:
    """Open so many visits, each with one order; an hour passes."""
    visit_ids = [new_id() for _ in range(count)]
    for number, visit_id in enumerate(visit_ids):
        seat_visit(books.records, visit_id, f"{number}")
    books.clock.advance(timedelta(hours=1))
    return visit_ids


def seat_visit(records: VenueRecords, visit_id: str, seat_label: str) -> None:
    """Open one visit with one order."""
    with records.begin(actor="s1") as work:
        check_id = new_id()
        checked = {"kind": "resident", "method": "machine", "verdict": "adult"}
        entry = work.entry("id.checked", {"check": check_id, **checked})
        work.insert(id_checks, {"check_id": check_id, "checked_at": work.now, **checked}, entry=entry)
        visits.open_visit(
            work,
            visit_id=visit_id,
            check_id=check_id,
            person_id=new_id(),
            seat=seat_label,
            zone="hall",
            tier="guest",
        )
        orders.add(work, visit_id, [OrderLine(kind=ItemKind.GOODS, code="cola-330", quantity=2)])
        work.commit()
