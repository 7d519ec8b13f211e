"""The desk's printer: the worker that feeds it, and what is known of its state."""

from __future__ import annotations

from enum import StrEnum

from hardware.printers.printer import Cause
from pos.counter.print_worker import PrintWorker


class DeviceState(StrEnum):
    """What a lamp in the header tells."""

    ABSENT = "absent"
    """The venue names no such device."""
    WAITING = "waiting"
    """It has not answered yet."""
    READY = "ready"
    TROUBLED = "troubled"


class PrinterService:
    """The one printer of the desk; without a printer slips wait in the queue."""

    def __init__(self, worker: PrintWorker | None) -> None:
        self._worker = worker

    def start(self) -> None:
        """Begin to print what waits."""
        if self._worker is not None:
            self._worker.start()

    def stop(self) -> None:
        """Finish the slip that is being sent; what waits stays queued."""
        if self._worker is not None:
            self._worker.stop()

    def wake(self) -> None:
        """Say that a slip was queued; returns at once."""
        if self._worker is not None:
            self._worker.wake()

    def retry(self) -> None:
        """Say that somebody saw to the printer: try again at once."""
        if self._worker is not None:
            self._worker.retry()

    @property
    def state(self) -> DeviceState:
        """Whether slips come out."""
        if self._worker is None:
            return DeviceState.ABSENT
        return DeviceState.READY if self._worker.trouble is None else DeviceState.TROUBLED

    @property
    def cause(self) -> Cause | None:
        """Why slips wait just now, where that is known."""
        trouble = None if self._worker is None else self._worker.trouble
        return None if trouble is None else trouble.cause
