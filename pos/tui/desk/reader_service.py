"""The desk's ID-card reader: a thread that waits for cards and tells one listener what it sees.

A reader that is missing, silent or pulled out is looked for again and again; nothing at the desk waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hardware.deadlines import Deadline
from hardware.errors import CardMovedError, HardwareError, NoCardError, UnreadableError
from hardware.id_readers.reader import DocumentRead, IdReader
from pos.tui.desk.printer_service import DeviceState

LOOK_AGAIN_SECONDS: Final = 3.0
_WAIT_SECONDS: Final = 60.0

OpenReader = Callable[[], IdReader]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderReport:
    """What the thread tells: a card that was read, a card that was not, or a new state of the device."""

    state: DeviceState
    read: DocumentRead | None = None
    trouble: HardwareError | None = None


class ReaderService:
    """The one reader of the desk. `open_reader` is None where the venue names none."""

    def __init__(self, open_reader: OpenReader | None) -> None:
        self._open = open_reader
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Callable[[ReaderReport], None] = _nobody_listens
        self.state = DeviceState.ABSENT if open_reader is None else DeviceState.WAITING
        self.trouble: HardwareError | None = None

    def start(self, listener: Callable[[ReaderReport], None]) -> None:
        """Begin to wait for cards. `listener` is called in the reader's thread."""
        self._listener = listener
        if self._open is not None:
            self._thread = threading.Thread(target=self._run, name="id-reader", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let go of the reader."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=LOOK_AGAIN_SECONDS)

    def _run(self) -> None:
        assert self._open is not None
        while not self._stop.is_set():
            try:
                with self._open() as reader:
                    self._tell(DeviceState.READY)
                    self._serve(reader)
            except HardwareError as error:
                if self.state is not DeviceState.TROUBLED:
                    self._tell(DeviceState.TROUBLED, trouble=error)
                self._stop.wait(LOOK_AGAIN_SECONDS)

    def _serve(self, reader: IdReader) -> None:
        while not self._stop.is_set():
            try:
                read = reader.wait_for_card(Deadline.after(_WAIT_SECONDS), self._stop)
            except NoCardError:
                continue
            except (CardMovedError, UnreadableError) as error:
                self._tell(DeviceState.READY, trouble=error)
            else:
                if read is not None:
                    self._tell(DeviceState.READY, read=read)

    def _tell(
        self, state: DeviceState, *, read: DocumentRead | None = None, trouble: HardwareError | None = None
    ) -> None:
        self.state, self.trouble = state, trouble
        self._listener(ReaderReport(state=state, read=read, trouble=trouble))


def _nobody_listens(report: ReaderReport) -> None:
    """Take a report that comes before the screens do."""
