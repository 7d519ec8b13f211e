"""A printer on a socket of this computer, and the worker that feeds it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardware.printers.printer import PrinterTimes, ReceiptPrinter
from hardware.printers.profile import PrinterProfile
from hardware.simulated.ports import SocketPort
from hardware.simulated.printer import SimulatedPrinter
from hardware.targets import Target
from pos.bootstrap import Venue, open_venue
from pos.counter.counter import Counter
from pos.counter.print_queue import PrintQueue
from pos.counter.print_worker import PrintWorker
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.unit_of_work import Records
from tests.conftest import MONDAY_EVENING
from tests.patience import LONGEST_SECONDS
from tests.pos.counter.venues import PASSPHRASE, counter_of, found_venue
from tests.servers import Home

TIMES = PrinterTimes(connect=0.3, answer=LONGEST_SECONDS, settle=0.0, confirm=0.3, total=2 * LONGEST_SECONDS)
"""Patient with every answer. A confirmation that comes later than that is heard with the next answer."""


@dataclass(kw_only=True)
class PaperPrinter:
    """A simulated printer and what fell out of it."""

    machine: SimulatedPrinter
    slips: list[str] = field(default_factory=list)

    @property
    def target(self) -> Target:
        return Target.parse(self.machine.port.name)

    def fault(self, name: str) -> None:
        self.machine.obey(["fault", name])

    def refill(self) -> None:
        self.machine.obey(["refill"])

    def clear(self) -> None:
        self.machine.obey(["clear"])


@pytest.fixture
def paper() -> Iterator[PaperPrinter]:
    slips: list[str] = []
    machine = SimulatedPrinter(port=SocketPort(scheme="tcp"), columns=32, on_receipt=slips.append)
    thread = threading.Thread(target=machine.serve, daemon=True)
    thread.start()
    yield PaperPrinter(machine=machine, slips=slips)
    machine.stop()
    thread.join(timeout=LONGEST_SECONDS)


@pytest.fixture
def worker(records: Records, folder: VenueFolder, paper: PaperPrinter) -> Iterator[PrintWorker]:
    """A worker that was not started yet."""
    made = new_worker(records, folder, paper.target)
    yield made
    made.stop()


def new_worker(records: Records, folder: VenueFolder, target: Target, *, times: PrinterTimes = TIMES) -> PrintWorker:
    return PrintWorker(
        queue=PrintQueue(engine=records.engine, clock=records.clock, till=records.till),
        printer=ReceiptPrinter(target, times=times),
        profile=PrinterProfile(),
        folder=folder,
        back_off_seconds=(60.0,),  # Tests say when the printer was seen to.
    )


@pytest.fixture(scope="session")
def founded_venue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded venue at 19:00 on a Monday, made once."""
    path = tmp_path_factory.mktemp("founded") / "venue"
    found_venue(path, SimulatedClock(MONDAY_EVENING, boot="test-boot"))
    return path


@pytest.fixture
def venue(home: Home, founded_venue: Path, tmp_path: Path, clock: SimulatedClock) -> Iterator[Venue]:
    """This test's own open venue, at 19:00 on a Monday."""
    path = home.settle(founded_venue, tmp_path / "shop")
    with open_venue(VenueFolder(path=path, reserve_bytes=65536), passphrase=lambda: PASSPHRASE, clock=clock) as opened:
        yield opened


@pytest.fixture
def counter(venue: Venue) -> Counter:
    """A cashier behind the counter, with an open shift and 200 yuan in the drawer."""
    made = counter_of(venue, "chen")
    made.shifts.open(float_fen=20_000)
    return made
