"""How long the program takes to say anything: `mingjia --help` beside an interpreter that does nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.figure import Figure

RUNS = 15

_NOTHING = (sys.executable, "-c", "pass")
_HELP = (sys.executable, "-m", "pos.cli.main", "--help")


def figures() -> Iterator[Figure]:
    """Time both in turn, so that a busy moment falls on both."""
    nothing, help_ = [], []
    for _ in range(RUNS):
        nothing.append(_seconds(_NOTHING))
        help_.append(_seconds(_HELP))
    yield Figure(
        name="mingjia --help",
        value=statistics.median(help_) * 1000,
        unit="ms",
        floor=statistics.median(nothing) * 1000,
        bound=12,
        spread=(min(help_) * 1000, max(help_) * 1000),
    )


def _seconds(command: tuple[str, ...]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # Our own interpreter.
    return time.perf_counter() - start
