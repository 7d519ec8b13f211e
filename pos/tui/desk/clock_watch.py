"""Watches whether the computer's clock jumped ahead while customers sat: their bills count by it.

Within one boot the wall clock and the monotonic one keep their distance. Each running visit is known by the distance
at its opening; where it is greater now, somebody set the clock ahead meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from pos.counter.floor import VisitNow
from records.clock import Reading

_TOLERANCE: Final = timedelta(minutes=1)


class ClockWatch:
    """Knows the visits of one desk's floor, each by the distance of the clocks when it was seen first.

    A visit that ended by itself is known only where the clock had jumped before: what comes after its end counts for
    nothing.
    """

    def __init__(self) -> None:
        self._distances: dict[str, timedelta] = {}

    def see(self, visits: Iterable[VisitNow], now: Reading) -> None:
        """Take these for the unsettled visits; whoever is new sat down under the clock of now."""
        distance, before = _distance(now), self._distances
        self._distances = {}
        for visit in visits:
            at_opening = before.get(visit.visit_id, distance)
            if not visit.has_ended or distance - at_opening > _TOLERANCE:
                self._distances[visit.visit_id] = at_opening

    def recall(self, openings: Mapping[str, Reading]) -> None:
        """Take what the clocks read when visits began, which were there before this program was."""
        self._distances |= {visit_id: _distance(reading) for visit_id, reading in openings.items()}

    def ahead(self, now: Reading) -> timedelta:
        """Tell by how much the clock jumped ahead since the first of the visits sat down; zero up to a minute."""
        ahead = _distance(now) - min(self._distances.values(), default=_distance(now))
        return ahead if ahead > _TOLERANCE else timedelta()


def _distance(reading: Reading) -> timedelta:
    return timedelta(milliseconds=reading.wall_ms) - timedelta(microseconds=reading.mono_us)
