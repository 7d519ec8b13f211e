"""The whole scripted demo: found the venue, live the days, export them, verify the export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from billing.publication import in_force
from billing.tables import sales, settlements
from compliance.bundle import export
from compliance.verification import verify
from hardware.id_readers.conversation import ReaderTimes
from hardware.id_readers.reader import IdReader
from hardware.printers.printer import PrinterTimes, ReceiptPrinter
from hardware.printers.profile import PrinterProfile
from hardware.targets import Target
from pos.bootstrap import Venue, open_venue
from pos.counter.print_queue import PrintQueue
from pos.counter.print_worker import PrintWorker
from pos.demo.customers import Cards
from pos.demo.day import Day, Shop
from pos.demo.devices import SimulatedDevices, simulated_devices
from pos.demo.plan import FIRST_DAY, PlannedDay, plan_days
from pos.demo.story import Story
from pos.demo.venue import PAPER_MM, DemoSecrets, demo_venue, found_demo, password
from pos.device_settings import write_devices
from pos.languages import Words, noted
from pos.settings_reading import Devices
from records.clock import SimulatedClock, monotonic_seconds
from records.journal import read_tail
from records.schema import journal
from staff import accounts
from staff.repository import StaffMember
from staff.roles import Operation, require

_PAPER_SECONDS: Final = 30.0
_FOUNDED: Final = timedelta(hours=7, minutes=30)
_TENDERS: Final = ("cash", "wechat", "alipay", "bank", "wallet")


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What a scripted demo is asked for. `folder` is empty or new."""

    folder: Path
    visits: int
    seed: int
    words: Words
    write: Callable[[str], None]


def play(demo: Demo) -> dict[str, Any]:
    """Play the demo and return its JSON answer."""
    began = monotonic_seconds()
    demo.folder.mkdir(parents=True, exist_ok=True)
    secret = DemoSecrets.made(password)
    secret.write(demo.folder / "secrets.toml")
    with simulated_devices(paper=demo.folder / "receipts", width_mm=PAPER_MM) as devices:
        venue_file = demo_venue(devices)
        timezone = venue_file.settings.days.timezone
        clock = SimulatedClock(
            datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=timezone).astimezone(UTC) + _FOUNDED
        )
        story = Story(words=demo.words, write=demo.write, clock=clock, timezone=timezone)
        folder = found_demo(demo.folder, venue_file, secret, clock)
        days = plan_days(visits=demo.visits, seed=demo.seed, timezone=timezone)
        with (
            open_venue(folder, passphrase=lambda: secret.counter_passphrase, clock=clock) as venue,
            _printing(venue, devices) as worker,
            IdReader.open(Target.parse(devices.reader.port), times=ReaderTimes(poll=0.01)) as reader,
        ):
            _tell_beginning(story, venue, devices)
            shop = Shop(
                venue=venue,
                clock=clock,
                cards=Cards(reader=reader, hand=devices.reader),
                printer=devices.printer,
                worker=worker,
                story=story,
                log_in=lambda name: accounts.log_in(venue.records, name=name, pin=secret.pins[name], pad=venue.pin_pad),
            )
            for day in days:
                Day(shop, day).play()
            if not worker.wait_until_idle(_PAPER_SECONDS):
                story.say("-    slips still wait for the printer; they rest in the venue")
            verdict = _export(demo, venue, shop.log_in("li"), days, story)
            answer = _answer(demo, venue, days, verdict)
    write_devices(folder.path, Devices())  # These devices are gone.
    return answer | {"seconds": round(monotonic_seconds() - began, 3)}


@contextmanager
def _printing(venue: Venue, devices: SimulatedDevices) -> Iterator[PrintWorker]:
    worker = PrintWorker(
        queue=PrintQueue(engine=venue.records.engine, clock=venue.records.clock, till=venue.records.till),
        # This printer has no late answers to listen for.
        printer=ReceiptPrinter(Target.parse(devices.printer.port), times=PrinterTimes(settle=0.0)),
        profile=PrinterProfile.for_paper(PAPER_MM),
        folder=venue.folder,
    )
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def _tell_beginning(story: Story, venue: Venue, devices: SimulatedDevices) -> None:
    with venue.records.reading() as connection:
        published = in_force(connection, venue.records.clock.read().second)
    sentence = noted("{name}: a simulated venue; no person and no payment here is real")
    story.head(sentence, name=venue.settings.name)
    story.say("-    card reader at {port}", port=devices.reader.port)
    story.say("-    printer at {port}", port=devices.printer.port)
    story.say(
        "-    price list {number}, {title}, hash {hash}",
        number=published.number,
        title=published.title,
        hash=published.sha256[:12],
    )


def _export(demo: Demo, venue: Venue, owner: StaffMember, days: Sequence[PlannedDay], story: Story) -> dict[str, Any]:
    """Export the days as the owner would, and check the bundle with the start slip's key as the anchor."""
    require(Operation.BUNDLE_EXPORT, owner.role)
    path = demo.folder / "bundle.zip"
    exported = export(venue.records, days[0].day, days[-1].day, path, actor=owner.staff)
    story.head(noted("Proof"))
    story.say("-    {path}: entries {first} to {last}", path=path, first=exported.first, last=exported.last)
    verdict = verify(path, [venue.records.signer.vkeys[0]])
    if verdict["ok"]:
        story.say("-    verified: every entry, signature, price and sum was recomputed from the bundle alone")
    for finding in verdict["findings"]:
        story.say(
            "-    FINDING {code} at entry {seq}: {evidence}",
            **{key: finding[key] for key in ("code", "seq", "evidence")},
        )
    return dict(verdict)


def _answer(demo: Demo, venue: Venue, days: Sequence[PlannedDay], verdict: dict[str, Any]) -> dict[str, Any]:
    """Give the JSON of interfaces §3, each figure asked of the books."""
    with venue.records.reading() as connection:
        tail = read_tail(connection)
        closed = [json.loads(row.entry)["body"] for row in connection.execute(_of_type("shift.closed"))]
        refused = [json.loads(row.entry)["body"] for row in connection.execute(_of_type("id.refused"))]
        return {
            "data": str(demo.folder / "venue"),
            "bundle": str(demo.folder / "bundle.zip"),
            "verified": verdict["ok"],
            "receipts": sorted(path.name for path in (demo.folder / "receipts").glob("*.txt")),
            "price_list": in_force(connection, venue.records.clock.read().second).sha256,
            "visits": connection.execute(sa.select(sa.func.count()).select_from(settlements)).scalar_one(),
            "sales": connection.execute(sa.select(sa.func.count()).select_from(sales)).scalar_one(),
            "refused": [{"reason": body["reason"]} for body in refused],
            "totals_fen": {kind: sum(body["totals_fen"][kind] for body in closed) for kind in _TENDERS},
            "z": closed[-1]["z"],
            "from": days[0].day.isoformat(),
            "to": days[-1].day.isoformat(),
            "journal": {"size": tail.size, "root": tail.frontier.root().hex()},
        }


def _of_type(type_: str) -> sa.Select[Any]:
    return sa.select(journal.c.entry).where(journal.c.type == type_).order_by(journal.c.seq)
