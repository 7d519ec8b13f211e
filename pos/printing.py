"""The print worker of one program, at the printer that the venue's devices name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from pos.settings_reading import Devices
from records.clock import Clock
from records.folder import VenueFolder

PATIENCE_SECONDS: Final = 20.0
"""How long a program that ends waits for its slips; what is not out by then stays queued."""


@contextmanager
def printing(folder: VenueFolder, engine: sa.Engine, clock: Clock, devices: Devices) -> Iterator[Callable[[], None]]:
    """Print what is queued while the block runs and until it is out; gives what wakes the worker after a commit.

    Where no printer is named, slips wait in the queue. Where another program prints, it prints these too.
    """
    if devices.printer is None:
        yield _nobody
        return
    from hardware.printers.printer import ReceiptPrinter
    from hardware.printers.profile import PrinterProfile
    from hardware.targets import Target
    from pos.counter.print_queue import PrintQueue
    from pos.counter.print_worker import PrintWorker

    worker = PrintWorker(
        queue=PrintQueue(engine=engine, clock=clock, till=folder.desk),
        printer=ReceiptPrinter(Target.parse(devices.printer)),
        profile=PrinterProfile.for_paper(devices.printer_width),
        folder=folder,
    )
    worker.start()
    try:
        yield worker.wake
        worker.wait_until_idle(PATIENCE_SECONDS)
    finally:
        worker.stop()


def _nobody() -> None:
    pass
