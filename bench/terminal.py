"""A program on a pseudo-terminal of this computer: what it writes, when, and what it costs. POSIX only."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_CHUNK: Final = 65536
_PATIENCE_SECONDS: Final = 60.0


class ProgramOnTerminal:
    """A program that runs on a terminal of its own; a thread takes what it writes."""

    def __init__(self, command: Sequence[str], *, columns: int, lines: int, environment: Mapping[str, str]) -> None:
        import fcntl
        import termios

        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603  # Our own programs.
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        )
        os.close(slave)
        self._is_hung_up = False
        self._written = bytearray()
        self._arrived = threading.Condition()
        self._reader = threading.Thread(target=self._take, daemon=True)
        self._reader.start()

    def _take(self) -> None:
        while True:
            try:
                select.select([self._master], [], [])
                chunk = os.read(self._master, _CHUNK)
            except (OSError, ValueError):  # The program has ended, or the terminal was taken away.
                chunk = b""
            with self._arrived:
                self._written += chunk
                self._arrived.notify_all()
            if not chunk:
                return

    def press(self, keys: str) -> None:
        """Press keys as the terminal would send them."""
        self.send(keys.encode())

    def send(self, block: bytes) -> None:
        """Have the program read some bytes."""
        os.write(self._master, block)

    def mark(self) -> int:
        """Return how much was written so far."""
        with self._arrived:
            return len(self._written)

    def wait_for(self, text: str, *, after: int = 0, seconds: float = _PATIENCE_SECONDS) -> float:
        """Wait until a text was written after a mark, and return when; TimeoutError shows the end of what was."""
        wanted = text.encode()
        with self._arrived:
            if not self._arrived.wait_for(lambda: self._written.find(wanted, after) >= 0, timeout=seconds):
                raise TimeoutError(f"{text!r} never came; the end was {bytes(self._written[-2000:])!r}")
            return time.perf_counter()

    def wait_until_ended(self, seconds: float = _PATIENCE_SECONDS) -> int:
        """Wait until the program has ended, and return its status."""
        return self._process.wait(timeout=seconds)

    def processor_seconds(self) -> float:
        """Return the processor time that the program has used (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window does."""
        os.close(self._master)
        self._is_hung_up = True

    def end(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if not self._is_hung_up:
            os.close(self._master)
        self._reader.join(timeout=1)


@contextmanager
def on_terminal(
    *words: str, columns: int, lines: int, environment: Mapping[str, str] | None = None
) -> Iterator[ProgramOnTerminal]:
    """Run `python WORDS…` on a terminal until the block ends."""
    program = ProgramOnTerminal([sys.executable, *words], columns=columns, lines=lines, environment=environment or {})
    try:
        yield program
    finally:
        program.end()
