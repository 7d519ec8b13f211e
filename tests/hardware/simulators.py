"""Simulated devices as processes of their own, for tests: started, spoken to, stopped."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from hardware.id_readers.conversation import ReaderTimes
from hardware.printers.printer import PrinterTimes
from hardware.targets import Target
from tests.patience import LONGEST_SECONDS

READER_TIMES = ReaderTimes(
    connect=LONGEST_SECONDS,
    status=LONGEST_SECONDS,
    find=LONGEST_SECONDS,
    select=LONGEST_SECONDS,
    read=LONGEST_SECONDS,
    new_address=LONGEST_SECONDS,
    restart=LONGEST_SECONDS,
    gap=0.25,
    poll=0.01,
)
"""Patient with every answer, and quick where nothing follows half of one: simulators send an answer in one piece."""

PRINTER_TIMES = PrinterTimes(answer=LONGEST_SECONDS, confirm=0.05, settle=0.04, total=2 * LONGEST_SECONDS)
"""Patient with every answer. A confirmation that comes later than that is heard with the next answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulator:
    """One running simulator."""

    process: subprocess.Popen[str]
    port: str

    @property
    def target(self) -> Target:
        return Target.parse(self.port)

    def tell(self, command: str) -> str:
        """Give a command and return its answer's line."""
        pipe = self.process.stdin
        assert pipe is not None
        pipe.write(command + "\n")
        pipe.flush()
        return self.next_line()

    def next_line(self) -> str:
        return _line(self.process.stdout)


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().rstrip("\n")


@contextmanager
def _running(module: str, *arguments: str) -> Iterator[Simulator]:
    command = [sys.executable, "-m", f"hardware.simulated.{module}", "--until-eof", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Simulator(process=process, port=_line(process.stdout))
        finally:
            assert process.stdin is not None
            process.stdin.close()  # The end of its input ends it.
            process.wait(timeout=LONGEST_SECONDS)


@contextmanager
def id_reader(*arguments: str, on: str = "socket") -> Iterator[Simulator]:
    with _running("id_reader", "--on", on, *arguments) as simulator:
        yield simulator


@contextmanager
def printer(*arguments: str, on: str = "socket") -> Iterator[Simulator]:
    with _running("printer", "--on", on, *arguments) as simulator:
        yield simulator
