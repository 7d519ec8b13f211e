"""A printer on a socket of this computer, and the worker that feeds it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from hardware.printers.printer import PrinterTimes, ReceiptPrinter
from hardware.printers.profile import PrinterProfile
from hardware.simulated.ports import SocketPort
from hardware.simulated.printer import SimulatedPrinter
from hardware.targets import Target
from pos.counter.print_queue import PrintQueue
from pos.counter.print_worker import PrintWorker
from records.folder import VenueFolder
from records.unit_of_work import Records

QUICK = PrinterTimes(connect=0.3, answer=0.3, settle=0.0, confirm=0.3, total=2.0)


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
    thread.join(timeout=5)


@pytest.fixture
def worker(records: Records, folder: VenueFolder, paper: PaperPrinter) -> Iterator[PrintWorker]:
    """A worker that was not started yet."""
    made = new_worker(records, folder, paper.target)
    yield made
    made.stop()


def new_worker(records: Records, folder: VenueFolder, target: Target) -> PrintWorker:
    return PrintWorker(
        queue=PrintQueue(engine=records.engine, clock=records.clock),
        printer=ReceiptPrinter(target, times=QUICK),
        profile=PrinterProfile(),
        folder=folder,
        back_off_seconds=(60.0,),  # Tests say when the printer was seen to.
    )
