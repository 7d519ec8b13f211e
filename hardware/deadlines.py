"""Deadlines on a monotonic clock. A wall clock may jump; a device's patience may not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

Monotonic = Callable[[], float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """An instant in the future, in seconds of a clock that measures spans and tells no time of day."""

    at: float
    clock: Monotonic

    @classmethod
    def after(cls, seconds: float, clock: Monotonic = time.monotonic) -> Self:
        """The instant `seconds` from now."""
        return cls(at=clock() + seconds, clock=clock)

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - self.clock())

    @property
    def has_passed(self) -> bool:
        """Whether there is nothing left."""
        return self.clock() >= self.at

    def within(self, seconds: float) -> "Deadline":
        """The sooner of this deadline and `seconds` from now."""
        return Deadline(at=min(self.at, self.clock() + seconds), clock=self.clock)
