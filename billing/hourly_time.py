"""A visit's chargeable time as running sums: what it costs and how long it is up to any instant.

The search for the best price (P-16) asks this for thousands of instants of one visit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from billing.course import Course


class Segment(NamedTuple):
    """Chargeable seconds since 1970 `[start, end)` in one zone under one rate."""

    start: int
    end: int
    zone: str
    fen_per_hour: int


class HourlyTime:
    """Segments of a visit, ascending. Sums are exact: seconds × fen an hour (P-8)."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.segments = tuple(segments)
        self.zones = frozenset(segment.zone for segment in self.segments)
        self._starts = [segment.start for segment in self.segments]
        self._before: list[tuple[int, int]] = []
        exact = seconds = 0
        for segment in self.segments:
            self._before.append((exact, seconds))
            exact += (segment.end - segment.start) * segment.fen_per_hour
            seconds += segment.end - segment.start
        self.exact, self.seconds = exact, seconds

    def until(self, instant: int) -> tuple[int, int]:
        """The exact price and the seconds of what lies before an instant."""
        place = bisect_right(self._starts, instant) - 1
        if place < 0:
            return 0, 0
        start, end, _, fen_per_hour = self.segments[place]
        exact, seconds = self._before[place]
        spent = min(instant, end) - start
        return exact + spent * fen_per_hour, seconds + spent

    def last_end(self, after: int, before: int) -> int | None:
        """Where the last of it within `[after, before)` ends; None if there is none."""
        place = bisect_left(self._starts, before) - 1
        if place < 0:
            return None
        end = min(self.segments[place].end, before)
        return end if end > after else None

    def zone_before(self, end: int) -> str:
        """The zone of the second that ends at `end`, which is chargeable."""
        return self.segments[bisect_left(self._starts, end) - 1].zone

    def within(self, zones: frozenset[str]) -> HourlyTime:
        """The part of it in these zones."""
        return HourlyTime(segment for segment in self.segments if segment.zone in zones)


def chargeable_time(course: Course, end: int) -> HourlyTime:
    """All chargeable time of a visit that ends at `end`, as if no package covered any (P-4)."""
    return HourlyTime(_segments(replace(course, covers=()), end))


def _segments(course: Course, end: int) -> Iterator[Segment]:
    timetable, tier = course.prices.timetable, course.tier.code
    for zone, span_start, span_end in course.hourly_spans(end):
        for start, piece_end, _, fen_per_hour in timetable.zone(zone, tier).pieces(span_start, span_end):
            yield Segment(start, piece_end, zone, fen_per_hour)
