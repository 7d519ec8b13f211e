"""A venue whose 500 seats are all taken, a clock that hurries, and the clerk's program on both.

`python -m bench.desk_venue FOLDER` runs that program on this terminal, as `mingjia desk` would.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from billing import visits
from billing.price_checks import check
from members.tables import id_checks
from pos.bootstrap import Venue, open_venue
from pos.counter.counter import counter_at
from pos.demo.devices import simulated_devices
from pos.device_settings import write_devices
from pos.founding import Costs, Plan, found
from pos.languages import Language, words_of
from pos.secrets_file import StaffSecret
from pos.settings import read_venue_file
from pos.settings_reading import Devices
from pos.tui.desk.opening import opened_desk
from pos.tui.desk.services import DeskServices
from privacy.passphrases import Argon2Cost
from records.clock import Reading, SimulatedClock, monotonic_seconds
from records.folder import VenueFolder
from records.ids import new_id
from staff import repository
from staff.pins import PinCost

SEATS: Final = 500
PIN: Final = "416273"
_PASSPHRASE: Final = "counter passphrase of a benchmark"  # noqa: S105  # It guards an invented venue for a minute.
_BEGINS: Final = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
_OPENED: Final = _BEGINS + timedelta(minutes=30)

_VENUE: Final = f"""
schema = 1
name = "基准网咖"
venue_code = "44010410000001"
licence_no = "示例-0001"
licence_until = 2027-12-31
uscc = ""
address = "示例市示例路1号"
timezone = "Asia/Shanghai"
day_starts = "06:00"
complaint_phone = "12315"
licensed_terminals = {SEATS}
lan = ["10.0.0.0/8"]
[[seats]]
zone = "hall"
prefix = "A"
from = 1
to = {SEATS // 2}
[[seats]]
zone = "hall"
prefix = "B"
from = 1
to = {SEATS // 2}
"""


class HastyClock:
    """A simulated clock that stands, or that moves a minute with each second."""

    is_simulated = True

    def __init__(self, *, runs: bool) -> None:
        self._clock = SimulatedClock(_OPENED)
        self._begun = monotonic_seconds() if runs else None
        self._passed = 0

    def read(self) -> Reading:
        """Look at the simulated time."""
        if self._begun is not None:
            seconds = int(monotonic_seconds() - self._begun)
            self._clock.advance(timedelta(minutes=seconds - self._passed))
            self._passed = seconds
        return self._clock.read()

    def pass_minute(self) -> None:
        """Let one minute pass."""
        self._clock.advance(timedelta(minutes=1))


def goods_list(count: int) -> str:
    """Write a price list with so many goods."""
    from bench.books import LIST

    head = LIST[: LIST.index("goods = [")]
    goods = "\n".join(
        f'[[goods]]\ncode = "g{n}"\nname = "可口可乐{n}号"\nspec = "{n % 900 + 100}ml"\nunit = "瓶"\n'
        f'price_fen = {n % 90 * 10 + 100}\nbarcode = "69{n:011d}"'
        for n in range(count)
    )
    return f"{head}\n{goods}\n"


def found_full_house(folder: Path, *, prices: str | None = None, seats: int = SEATS) -> None:
    """Found the venue, open its shift, and seat somebody on each of so many seats."""
    from bench.books import LIST

    clock = SimulatedClock(_BEGINS)
    plan = Plan(
        folder=folder,
        venue=read_venue_file(_VENUE, path="venue.toml"),
        venue_path="venue.toml",
        prices=check(LIST if prices is None else prices).require(),
        staff=(
            StaffSecret(name="li", role="owner", pin="628194"),
            StaffSecret(name="chen", role="cashier", pin=PIN),
        ),
        owner_key_path=folder.parent / f"{folder.name}-owner-key.pem",
        owner_passphrase="owner passphrase of a benchmark",  # noqa: S106  # As above.
        counter_passphrase=_PASSPHRASE,
        clock=clock,
        product="bench",
        costs=Costs(
            passphrase=Argon2Cost(memory_kib=64, iterations=1, lanes=1),
            pin=PinCost(memory_kib=64, iterations=1, lanes=1),
            reserve_bytes=65536,
        ),
    )
    found(plan)
    (folder.parent / "passphrase").write_text(_PASSPHRASE + "\n", encoding="utf-8")
    with open_venue(VenueFolder(path=folder), passphrase=lambda: _PASSPHRASE, clock=clock) as venue:
        _fill(venue, seats)


def _fill(venue: Venue, seats: int) -> None:
    with venue.records.reading() as connection:
        chen = repository.member_named(connection, "chen")
        assert chen is not None
    counter_at(venue, chen).shifts.open(float_fen=20_000)
    labels = list(venue.settings.seats())[:seats]
    with venue.records.begin(actor=chen.staff) as work:
        for label in labels:
            check_id = new_id()
            checked = {"kind": "resident", "method": "machine", "verdict": "adult"}
            entry = work.entry("id.checked", {"check": check_id, **checked})
            work.insert(id_checks, {"check_id": check_id, "checked_at": work.now, **checked}, entry=entry)
            visits.open_visit(
                work,
                visit_id=new_id(),
                check_id=check_id,
                person_id=new_id(),
                seat=label,
                zone="hall",
                tier="guest",
            )
        work.commit()


@contextmanager
def with_devices(folder: Path) -> Iterator[None]:
    """Let the desk of a venue have a card reader and a printer, each a simulator in a process of its own."""
    with simulated_devices(paper=folder.parent / f"{folder.name}-paper", width_mm=58) as devices:
        write_devices(folder, Devices(id_reader=devices.reader.port, printer=devices.printer.port))
        yield


def opened(folder: Path, clock: HastyClock) -> Callable[[], AbstractContextManager[DeskServices]]:
    """Return what opens the desk on a folder."""
    return lambda: opened_desk(
        VenueFolder(path=folder),
        passphrase=lambda: _PASSPHRASE,
        language=Language.ZH_CN,
        words=words_of(Language.ZH_CN),
        clock=clock,
    )


def main(folder: str) -> None:
    """Run the program on this terminal."""
    from pos.tui.desk.app import DeskApp

    app = DeskApp(opened(Path(folder), HastyClock(runs=True)), words_of(Language.ZH_CN))
    try:
        app.run()
    finally:
        app.close_desk()


if __name__ == "__main__":
    main(sys.argv[1])
