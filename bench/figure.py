"""One measured figure, printed as one JSON line: what was measured, against which floor, under which bound."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A measured value. `bound` limits the ratio to `floor` where there is a floor, else the value itself."""

    name: str
    value: float
    unit: str
    bound: float
    floor: float | None = None
    is_at_least: bool = False
    spread: tuple[float, float] | None = None  # smallest and largest of the runs that `value` is the median of

    @property
    def ratio(self) -> float | None:
        """Value ÷ floor, both taken in the same run."""
        return None if self.floor is None else self.value / self.floor

    @property
    def is_met(self) -> bool:
        """Whether the bound holds."""
        judged = self.value if self.ratio is None else self.ratio
        return judged >= self.bound if self.is_at_least else judged <= self.bound

    def line(self) -> str:
        """Return the JSON line."""

        def short(number: float | None) -> float | None:
            return None if number is None else float(f"{number:.4g}")

        return json.dumps(
            {
                "name": self.name,
                "value": short(self.value),
                "unit": self.unit,
                "floor": short(self.floor),
                "ratio": short(self.ratio),
                "bound": ("≥ " if self.is_at_least else "≤ ") + f"{self.bound:g}",
                "met": self.is_met,
                "spread": None if self.spread is None else [short(number) for number in self.spread],
            },
            ensure_ascii=False,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Runs:
    """Seconds of several runs of the same work."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.seconds)

    def percentile(self, share: int) -> float:
        """Return the time that `share` percent of the runs keep."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[share - 1]

    def spread(self, factor: float = 1.0) -> tuple[float, float]:
        """Return the fastest and slowest run, each times `factor`."""
        return min(self.seconds) * factor, max(self.seconds) * factor


def time_runs(work: Callable[[], object], *, runs: int, warm_up: int = 1) -> Runs:
    """Time `work` several times, after some runs that do not count."""
    for _ in range(warm_up):
        work()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Runs(seconds=tuple(seconds))
