"""The one thread that feeds a printer. Commits wake it; nobody waits for it.

What did not leave the house is tried again, at growing intervals; what may be on paper waits for a person's word.
"""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Protocol

from hardware.printers.printer import Cause, Outcome, PrintResult
from hardware.printers.profile import PrinterProfile
from hardware.printers.receipt_bytes import render
from pos.counter.print_queue import FinishedJob, PrintQueue, TakenJob
from records.errors import AlreadyOpenError, RecordsError
from records.folder import VenueFolder

_log = logging.getLogger(__name__)

POLL_SECONDS: Final = 2.0
"""How often the queue is looked at unasked: another program may have put something in."""
BACK_OFF_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


class Printer(Protocol):
    """Whatever prints one job and says honestly what came of it."""

    def print(self, job: bytes) -> PrintResult:
        """Print one rendered job; never raises for what a device does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterTrouble:
    """Why slips wait: the cause of the last attempt, and how many attempts failed in a row."""

    cause: Cause | None
    attempts: int


class PrintWorker:
    """A thread between the print queue and one printer.

    `back_off_seconds` are the pauses after the first, second, … attempt that did not start; the last one repeats.
    """

    def __init__(
        self,
        *,
        queue: PrintQueue,
        printer: Printer,
        profile: PrinterProfile,
        folder: VenueFolder,
        back_off_seconds: tuple[float, ...] = BACK_OFF_SECONDS,
    ) -> None:
        self._queue = queue
        self._printer = printer
        self._profile = profile
        self._folder = folder
        self._back_off_seconds = back_off_seconds
        self._changed = threading.Condition()
        self._has_work = True  # What an earlier program left.
        self._retries_now = False
        self._stops = False
        self._stops_at_trouble = False
        self._is_idle = False
        self._trouble: PrinterTrouble | None = None
        self._thread = threading.Thread(target=self._run, name="print-worker", daemon=True)

    def start(self) -> None:
        """Begin to print what waits."""
        self._thread.start()

    def wake(self) -> None:
        """Say that a slip was queued. Returns at once; a pause after a failure is not cut short."""
        with self._changed:
            self._has_work = True
            self._is_idle = False
            self._changed.notify_all()

    def retry(self) -> None:
        """Say that the printer was seen to: try again at once."""
        with self._changed:
            self._retries_now = True
            self._has_work = True
            self._is_idle = False
            self._trouble = None
            self._changed.notify_all()

    @property
    def trouble(self) -> PrinterTrouble | None:
        """What keeps slips waiting just now; None while all is well."""
        with self._changed:
            return self._trouble

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is queued any more, or until a failure: for programs that end. False after `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_idle or self._trouble is not None, timeout=seconds)

    def stop(self, *, seconds: float = 20.0) -> None:
        """Finish the job that is being sent and end. What waits stays queued."""
        with self._changed:
            self._stops = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=seconds)

    def _run(self) -> None:
        with ExitStack() as held:
            if self._hold_queue(held):
                self._serve()

    def _hold_queue(self, held: ExitStack) -> bool:
        """Become the one program that prints; whoever is it now may end some time."""
        while True:
            try:
                held.enter_context(self._folder.held_by_printing())
                self._queue.give_up_orphans()
            except AlreadyOpenError:
                with self._changed:
                    self._is_idle = True  # The other program prints what this one queues.
                    self._changed.notify_all()
            except RecordsError as error:
                held.close()
                _log.warning("the print queue cannot be opened: %s", error.code)
            else:
                return True
            if self._pause(POLL_SECONDS):
                return False

    def _serve(self) -> None:
        finished: FinishedJob | None = None
        failures = 0
        while True:
            try:
                job = self._next(finished)
            except RecordsError as error:
                # What came of the last job is kept in mind until the store can be written again.
                _log.warning("the print queue cannot be used: %s", error.code)
                if self._pause(self._back_off_seconds[-1]):
                    return
                continue
            finished = None
            if job is None:
                if self._wait_for_work():
                    return
                continue
            finished = self._print(job)
            if finished.result.outcome is not Outcome.NOT_STARTED:
                failures = 0
                self._note_trouble(None)
                continue
            failures += 1
            trouble = PrinterTrouble(cause=finished.result.cause, attempts=failures)
            finished = self._put_back(finished)
            self._note_trouble(trouble)
            self._pause(self._back_off_seconds[min(failures, len(self._back_off_seconds)) - 1])

    def _next(self, finished: FinishedJob | None) -> TakenJob | None:
        takes = not self._must_stop()
        if finished is None and not (takes and self._queue.has_waiting()):
            return None  # Nothing to write, so no writer is held up.
        return self._queue.finish_and_take(finished, takes=takes)

    def _put_back(self, finished: FinishedJob) -> FinishedJob | None:
        """Queue a job again whose bytes never left; keep it in mind if even that cannot be written now."""
        try:
            self._queue.finish_and_take(finished, takes=False)
        except RecordsError:
            return finished
        return None

    def _print(self, job: TakenJob) -> FinishedJob:
        return FinishedJob(job_id=job.job_id, result=self._printer.print(render(job.document, self._profile)))

    def _note_trouble(self, trouble: PrinterTrouble | None) -> None:
        with self._changed:
            if self._trouble != trouble:
                self._trouble = trouble
                self._changed.notify_all()

    def _must_stop(self) -> bool:
        with self._changed:
            return self._stops

    def _wait_for_work(self) -> bool:
        """Wait for a commit, or for the next look at the queue; True when told to stop."""
        with self._changed:
            if not self._has_work:
                self._is_idle = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._has_work or self._stops, timeout=POLL_SECONDS)
            self._has_work = False
            return self._stops

    def _pause(self, seconds: float) -> bool:
        """Wait after a failure; True when told to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stops or self._retries_now, timeout=seconds)
            self._retries_now = False
            return self._stops
