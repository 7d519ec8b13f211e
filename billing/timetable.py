"""Which posted rate counts at each instant: the list's bands laid onto real time (P-1 … P-3, P-19).

Bands are clock times and days have kinds, but a charge runs over elapsed seconds. So each zone and tier is laid out
once for each UTC day, as pieces `[start, end)` in seconds since 1970 under one entry of `[[rates]]`; rating then only
clips and adds. A piece exists only within the opening hours. The caches are bounded and live as long as the list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from billing.calendar import DAY_SECONDS, DayKind, day_of
from billing.price_list import Hours, PriceList, Rate

_CACHED_DAYS = 512
_CACHED_ZONES = 256


@dataclass(frozen=True, slots=True)
class Band:
    """Clock times `[begins, ends)` of one date under one rate, by the rate's place in the list."""

    begins: int
    ends: int
    rate_index: int


class Piece(NamedTuple):
    """Instants `[start, end)` under one rate, by the rate's place in the list."""

    start: int
    end: int
    rate_index: int
    fen_per_hour: int


def day_bands(rates: Iterable[tuple[int, Rate]], *, before: DayKind, kind: DayKind) -> list[Band]:
    """The bands of a date by its kind and that of the date before, ascending (P-2).

    A rate that runs past midnight belongs to the day it began on: its tail stands on the next date.
    """
    bands = []
    for index, rate in rates:
        is_overnight = rate.ends <= rate.begins
        if kind in rate.days:
            bands.append(Band(rate.begins, DAY_SECONDS if is_overnight else rate.ends, index))
        if is_overnight and before in rate.days:
            bands.append(Band(0, rate.ends, index))
    return sorted((band for band in bands if band.begins < band.ends), key=lambda band: band.begins)


def open_bands(hours: Hours) -> list[Band]:
    """The clock times of any date at which the venue is open."""
    if hours.is_all_day:
        return [Band(0, DAY_SECONDS, 0)]
    if hours.open < hours.close:
        return [Band(hours.open, hours.close, 0)]
    spans = [Band(0, hours.close, 0), Band(hours.open, DAY_SECONDS, 0)]
    return [span for span in spans if span.begins < span.ends]


def opened(bands: Iterable[Band], spans: Iterable[Band]) -> list[Band]:
    """The bands within the opening hours, ascending; those beyond them may overlap and mean nothing (P-3)."""
    spans = tuple(spans)
    clipped = [
        Band(max(band.begins, span.begins), min(band.ends, span.ends), band.rate_index)
        for band in bands
        for span in spans
    ]
    return sorted((band for band in clipped if band.begins < band.ends), key=lambda band: band.begins)


class ZoneTimetable:
    """The pieces of one zone for one tier."""

    def __init__(self, timetable: "Timetable", *, zone: str, tier: str) -> None:
        prices = timetable.prices
        self._timetable = timetable
        self._all_rates = prices.rates
        self._rates = [
            (index, rate) for index, rate in enumerate(prices.rates) if rate.zone == zone and tier in rate.tiers
        ]
        self._open = open_bands(prices.hours)
        self._bands = lru_cache(maxsize=len(DayKind) ** 2)(self._find_bands)
        self._pieces_of_day = lru_cache(maxsize=_CACHED_DAYS)(self._find_pieces)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The pieces of `[start, end)`, clipped to it, in time order; closed time has none.

        Neighbours under one rate are one piece: midnight does not split it (P-14).
        """
        found: list[Piece] = []
        for day in range(start // DAY_SECONDS, (end - 1) // DAY_SECONDS + 1):
            for piece in self._pieces_of_day(day):
                begins, ends, rate_index, fen_per_hour = piece
                if ends <= start:
                    continue
                if begins >= end:
                    break
                if begins < start or ends > end:
                    piece = Piece(max(begins, start), min(ends, end), rate_index, fen_per_hour)  # noqa: PLW2901  # Clipped.
                _append(found, piece)
        return found

    def exact(self, start: int, end: int) -> int:
        """The exact hourly charge of `[start, end)`: seconds × fen an hour, summed (P-8)."""
        return sum((piece.end - piece.start) * piece.fen_per_hour for piece in self.pieces(start, end))

    def _find_bands(self, before: DayKind, kind: DayKind) -> list[Band]:
        return opened(day_bands(self._rates, before=before, kind=kind), self._open)

    def _find_pieces(self, day: int) -> tuple[Piece, ...]:
        found: list[Piece] = []
        for run in self._timetable.local_runs(day):
            midnight = run.local_day * DAY_SECONDS - run.offset
            kind, before = self._timetable.kind(run.local_day), self._timetable.kind(run.local_day - 1)
            for band in self._bands(before, kind):
                start, end = max(midnight + band.begins, run.start), min(midnight + band.ends, run.end)
                if start < end:
                    fen_per_hour = self._all_rates[band.rate_index].fen_per_hour
                    _append(found, Piece(start, end, band.rate_index, fen_per_hour))
        return tuple(found)


def _append(found: list[Piece], piece: Piece) -> None:
    """Add a piece, joined to the one before if that is the same rate without a gap."""
    if found:
        before = found[-1]
        if before.rate_index == piece.rate_index and before.end == piece.start:
            found[-1] = Piece(before.start, piece.end, piece.rate_index, piece.fen_per_hour)
            return
    found.append(piece)


class LocalRun(NamedTuple):
    """Instants `[start, end)` within one local day, at one offset."""

    start: int
    end: int
    offset: int
    local_day: int


class Timetable:
    """The timetables of a list's zones and tiers, and its opening hours, on real time."""

    def __init__(self, prices: PriceList) -> None:
        self.prices = prices
        self.never_closes = prices.hours.is_all_day
        self._clock = prices.clock
        self._holidays = frozenset(map(day_of, prices.calendar.holidays))
        self._workdays = frozenset(map(day_of, prices.calendar.workdays))
        self._zones = lru_cache(maxsize=_CACHED_ZONES)(self._make_zone)

    def zone(self, zone: str, tier: str) -> ZoneTimetable:
        """The timetable of one zone for one tier."""
        return self._zones(zone, tier)

    def kind(self, day: int) -> DayKind:
        """The kind of a local day (P-1); the same as `Calendar.kind`, by day number."""
        if day in self._holidays:
            return DayKind.HOLIDAY
        # Day 0 was a Thursday, so Saturdays leave 2 and Sundays 3.
        if day in self._workdays or day % 7 not in {2, 3}:
            return DayKind.WORKDAY
        return DayKind.WEEKEND

    def local_runs(self, utc_day: int) -> Iterator[LocalRun]:
        """A UTC day cut at transitions and at local midnights."""
        day_end = (utc_day + 1) * DAY_SECONDS
        for run in self._clock.runs(utc_day * DAY_SECONDS):
            if run.start >= day_end:
                return
            start = run.start
            while start < run.end:
                local_day = (start + run.offset) // DAY_SECONDS
                end = min(run.end, (local_day + 1) * DAY_SECONDS - run.offset)
                yield LocalRun(start, end, run.offset, local_day)
                start = end

    def is_open(self, second: int) -> bool:
        """Whether the wall shows opening hours at an instant."""
        return self.never_closes or self.prices.hours.has(self._clock.shown(second) % DAY_SECONDS)

    def closing(self, second: int) -> int | None:
        """When the opening hours that contain an instant end; None if the venue never closes.

        The instant must be within the opening hours. Where a transition skips the closing time, it is the transition.
        """
        if self.never_closes:
            return None
        hours = self.prices.hours
        for run in self._clock.runs(second):
            clock_time = (run.start + run.offset) % DAY_SECONDS
            if not hours.has(clock_time):
                return run.start
            closing = run.start + (hours.close - clock_time) % DAY_SECONDS
            if closing < run.end:
                return closing
        raise AssertionError("a venue with hours closes")

    def _make_zone(self, zone: str, tier: str) -> ZoneTimetable:
        return ZoneTimetable(self, zone=zone, tier=tier)
