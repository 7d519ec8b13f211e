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

QUICK_READER = ReaderTimes(status=0.3, find=0.3, select=0.3, read=0.6, new_address=0.3, gap=0.25, poll=0.01, restart=1)
QUICK_PRINTER = PrinterTimes(connect=0.4, answer=0.25, confirm=0.25, settle=0.04, total=3)


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
            process.wait(timeout=10)


@contextmanager
def id_reader(*arguments: str, on: str = "socket") -> Iterator[Simulator]:
    with _running("id_reader", "--on", on, *arguments) as simulator:
        yield simulator


@contextmanager
def printer(*arguments: str, on: str = "socket") -> Iterator[Simulator]:
    with _running("printer", "--on", on, *arguments) as simulator:
        yield simulator
