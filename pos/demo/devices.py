"""The simulated devices of a demo, each a process of its own: a card reader on a line, a printer on the network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

LINE: Final = "socket" if sys.platform == "win32" else "pty"
"""What the reader hangs on: Windows has no pseudo-terminals."""

_PATIENCE_SECONDS: Final = 10.0


@dataclass(kw_only=True)
class SimulatedDevice:
    """A simulator that runs. `port` is what a driver opens."""

    port: str
    process: subprocess.Popen[str]
    commands: IO[str]
    answers: IO[str]

    def tell(self, command: str) -> str:
        """Do something to the device, and return its answer; ValueError if it cannot be done."""
        self.commands.write(command + "\n")
        self.commands.flush()
        while not (answer := self.answers.readline()).startswith(("ok", "error")):
            if not answer:
                raise ValueError(f"the simulator ended at {command!r}")
        if answer.startswith("error"):
            raise ValueError(answer.strip())
        return answer.removeprefix("ok").strip()


@dataclass(frozen=True, kw_only=True)
class SimulatedDevices:
    """The devices of one counter."""

    reader: SimulatedDevice
    printer: SimulatedDevice


@contextmanager
def simulated_devices(*, paper: Path, width_mm: int) -> Iterator[SimulatedDevices]:
    """Run a reader and a printer; cut slips land in the folder `paper` as text."""
    with (
        _running("hardware.simulated.id_reader", "--on", LINE) as reader,
        _running("hardware.simulated.printer", "--paper", str(paper), "--width", str(width_mm)) as printer,
    ):
        yield SimulatedDevices(reader=reader, printer=printer)


@contextmanager
def _running(module: str, *arguments: str) -> Iterator[SimulatedDevice]:
    process = subprocess.Popen(  # noqa: S603  # Our own module, by our own interpreter.
        [sys.executable, "-m", module, *arguments, "--until-eof"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    commands, answers = process.stdin, process.stdout
    assert commands is not None
    assert answers is not None
    try:
        yield SimulatedDevice(port=answers.readline().strip(), process=process, commands=commands, answers=answers)
    finally:
        _end(process, (commands, answers))


def _end(process: subprocess.Popen[str], pipes: Sequence[IO[str]]) -> None:
    pipes[0].close()  # It ends when its standard input does.
    try:
        process.wait(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    pipes[1].close()
