"""The clock on the venue's wall: between instants and what the clock shows (P-19).

Inside the pricing rules an instant is a whole number of seconds since 1970-01-01T00:00:00Z, and what the wall
shows is a number of the same kind, `instant + offset`: its quotient by 86 400 is the day, its remainder the clock
time. At the edge of the package instants are aware `datetime` values.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from billing.calendar import DAY_SECONDS, date_of, day_of

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Counted from by addition: Windows converts no negative timestamp, and days before 1970 are asked for their offset."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:)(\d\d)(?:(Z)|([+-])(\d\d):(\d\d))?", re.ASCII)

YEAR_MIN = 1970
YEAR_MAX = 9990
"""Python's dates end with 9999; some years are left for stays, packages and offsets to reach into."""

_OFFSET_SECONDS_MAX = 16 * 3600
"""No zone was ever further from UTC."""

_LAST_SECOND = int(dt.datetime(9999, 12, 30, tzinfo=dt.UTC).timestamp())
"""From here on clocks stay as they are. A queue of year-long packages reaches beyond, though no visit does."""

_CACHED_DAYS = 1024

_MINUTE_TEXTS = tuple(f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(1440))
_SECOND_TEXTS = tuple(f"{second:02}" for second in range(60))
_MINUTE_SECONDS = {text: minute * 60 for minute, text in enumerate(_MINUTE_TEXTS)}
_SECONDS = {text: second for second, text in enumerate(_SECOND_TEXTS)}
"""A batch reads and writes ten times a visit: these halve the work on the common form `2026-11-23T21:00:00`."""


class TimeFlaw(StrEnum):
    """Why a text is no time."""

    FORM = "form"
    NO_SUCH = "no-such"
    YEAR = "year"
    LEFT_OUT = "left-out"


@dataclass(eq=False)
class UnreadableTimeError(ValueError):
    """A text is no time that the clock shows; `flaw` says why. One that is left out is P-19's."""

    flaw: TimeFlaw
    text: str


def instant_of(second: int) -> dt.datetime:
    """The aware instant (UTC) of a whole number of seconds since 1970."""
    return _EPOCH + dt.timedelta(seconds=second)


def second_of(instant: dt.datetime) -> int:
    """The whole seconds since 1970 of an aware instant. Raises ValueError if it is naive or has a fraction."""
    if instant.tzinfo is None or instant.microsecond:
        raise ValueError(f"an instant here is aware and in whole seconds: {instant!r}")
    return int(instant.timestamp())


class OffsetRun(NamedTuple):
    """Instants `[start, end)` at which the wall shows `instant + offset`."""

    start: int
    end: int
    offset: int


class WallClock:
    """What the clock of one time zone shows. Immutable but for bounded caches; equal by its zone's name."""

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._runs_of_day = lru_cache(maxsize=_CACHED_DAYS)(self._find_runs)
        self._plain_offset = lru_cache(maxsize=_CACHED_DAYS)(self._find_plain_offset)
        self._date_text = lru_cache(maxsize=_CACHED_DAYS)(lambda day: date_of(day).isoformat())
        self._day = lru_cache(maxsize=_CACHED_DAYS)(_read_day)
        self._parse_instant = lru_cache(maxsize=_CACHED_DAYS)(lambda text: instant_of(self.parse(text)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WallClock) and self.timezone == other.timezone

    def __hash__(self) -> int:
        return hash(self.timezone)

    def __repr__(self) -> str:
        return f"WallClock({self.timezone!r})"

    def shown(self, second: int) -> int:
        """What the wall shows at an instant, as seconds: day × 86 400 + clock time."""
        offset = self._plain_offset(second // DAY_SECONDS)
        if offset is not None:
            return second + offset
        runs = self._runs_of_day(second // DAY_SECONDS)
        for run in runs:
            if second < run.end:
                return second + run.offset
        raise AssertionError("runs fill their day")

    def runs(self, start: int) -> Iterator[OffsetRun]:
        """The runs of one offset from an instant on, without end; a run ends at a transition or at a UTC day."""
        day = start // DAY_SECONDS
        while True:
            for run in self._runs_of_day(day):
                if run.end > start:
                    yield run if run.start >= start else OffsetRun(start=start, end=run.end, offset=run.offset)
            day += 1

    def first_showing(self, shown: int) -> int | None:
        """The first instant at which the wall shows this; None where a transition leaves it out."""
        offset = self._plain_offset(shown // DAY_SECONDS)
        if offset is not None:
            return shown - offset
        return min(self._all_showing(shown), default=None)

    def first_showing_or_transition(self, shown: int) -> int:
        """The same, and for a time that is left out the instant of the transition, as a list means it (P-19)."""
        second = self.first_showing(shown)
        if second is not None:
            return second
        return next(run.start for run in self.runs(shown - _OFFSET_SECONDS_MAX) if run.start + run.offset > shown)

    def next_showing(self, after: int, clock_time: int) -> int:
        """The next strictly later instant at which the wall shows this clock time (P-5)."""
        for run in self.runs(after + 1):
            second = run.start + (clock_time - run.start - run.offset) % DAY_SECONDS
            if second < run.end:
                return second
        raise AssertionError("every clock time comes again")

    def text(self, second: int) -> str:
        """An instant as `2026-11-23T21:00:00` in local time, with its offset only where that is ambiguous."""
        offset = self._plain_offset(second // DAY_SECONDS)
        shown = second + offset if offset is not None else self.shown(second)
        day, clock_time = divmod(shown, DAY_SECONDS)
        minute, seconds = divmod(clock_time, 60)
        text = self._date_text(day) + _MINUTE_TEXTS[minute] + _SECOND_TEXTS[seconds]
        if offset is None and len(list(self._all_showing(shown))) > 1:
            text += _offset_text(shown - second)
        return text

    def text_with_offset(self, second: int) -> str:
        """An instant in local time with its offset, always."""
        zoned = instant_of(second).astimezone(self._zone)
        return zoned.isoformat()

    def parse(self, text: str) -> int:
        """The instant of `2026-11-23T21:00:00`, local, or with `Z` or an offset `+08:00`.

        A time that occurs twice is its first occurrence (P-19). Raises UnreadableTimeError for another form, a
        fraction of a second, a year outside 1970–9990, and a time that the local clock leaves out.
        """
        minute_seconds, seconds = _MINUTE_SECONDS.get(text[10:17]), _SECONDS.get(text[17:])
        if minute_seconds is not None and seconds is not None:
            shown = self._day(text[:10]) + minute_seconds + seconds
        else:
            shown, offset = _read_instant(text)
            if offset is not None:
                return shown - offset
        second = self.first_showing(shown)
        if second is None:
            raise UnreadableTimeError(TimeFlaw.LEFT_OUT, text)
        return second

    def parse_instant(self, text: str) -> dt.datetime:
        """The same as an aware `datetime`."""
        return self._parse_instant(text)

    def parse_for_list(self, text: str) -> int:
        """The same for a time that stands in a price list: one that is left out is the transition (P-19)."""
        shown, offset = _read_instant(text)
        return self.first_showing_or_transition(shown) if offset is None else shown - offset

    def _all_showing(self, shown: int) -> Iterator[int]:
        for run in self.runs(shown - _OFFSET_SECONDS_MAX):
            if run.start > shown + _OFFSET_SECONDS_MAX:
                return
            if run.start <= shown - run.offset < run.end:
                yield shown - run.offset

    def _offset_at(self, second: int) -> int:
        offset = instant_of(min(second, _LAST_SECOND)).astimezone(self._zone).utcoffset()
        assert offset is not None, "a zoned instant has an offset"
        return offset.days * DAY_SECONDS + offset.seconds

    def _find_runs(self, day: int) -> tuple[OffsetRun, ...]:
        """The runs of one UTC day. No zone has had two transitions within an hour, so each hour is asked once."""
        start, day_end = day * DAY_SECONDS, (day + 1) * DAY_SECONDS
        offset = self._offset_at(start)
        runs = []
        for hour in range(start, day_end, 3600):
            if self._offset_at(hour + 3600) == offset:
                continue
            transition = self._find_transition(hour, hour + 3600)
            if transition < day_end:
                runs.append(OffsetRun(start=start, end=transition, offset=offset))
                start, offset = transition, self._offset_at(transition)
        return (*runs, OffsetRun(start=start, end=day_end, offset=offset))

    def _find_transition(self, low: int, high: int) -> int:
        """The first instant in (low, high] with another offset than `low`."""
        offset = self._offset_at(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset_at(middle) == offset:
                low = middle
            else:
                high = middle
        return high

    def _find_plain_offset(self, day: int) -> int | None:
        """The one offset around a day, be it counted in UTC or locally; None if there is a transition near it."""
        offsets = {run.offset for utc_day in range(day - 2, day + 3) for run in self._runs_of_day(utc_day)}
        return offsets.pop() if len(offsets) == 1 else None


def _read_day(text: str) -> int:
    """The local midnight of a date `2026-11-23`, as the wall shows it. Raises UnreadableTimeError."""
    if _DATE.fullmatch(text) is None:
        raise UnreadableTimeError(TimeFlaw.FORM, text)
    try:
        date = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableTimeError(TimeFlaw.NO_SUCH, text) from error
    if not YEAR_MIN <= date.year <= YEAR_MAX:
        raise UnreadableTimeError(TimeFlaw.YEAR, text)
    return day_of(date) * DAY_SECONDS


def _read_instant(text: str) -> tuple[int, int | None]:
    """What is shown, and the offset if one is given. Raises UnreadableTimeError."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise UnreadableTimeError(TimeFlaw.FORM, text)
    date, minute, second, zulu, sign, offset_hours, offset_minutes = match.groups()
    if minute not in _MINUTE_SECONDS or second not in _SECONDS:
        raise UnreadableTimeError(TimeFlaw.NO_SUCH, text)
    shown = _read_day(date) + _MINUTE_SECONDS[minute] + _SECONDS[second]
    if zulu:
        return shown, 0
    if not sign:
        return shown, None
    if offset_hours > "23" or offset_minutes > "59":
        raise UnreadableTimeError(TimeFlaw.NO_SUCH, text)
    offset = int(offset_hours) * 3600 + int(offset_minutes) * 60
    return shown, -offset if sign == "-" else offset


def _offset_text(offset: int) -> str:
    hours, rest = divmod(abs(offset), 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
    return f"{text}:{seconds:02}" if seconds else text
