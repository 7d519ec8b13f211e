"""Days and clock times as a price list means them: day kinds (P-1) and `"HH:MM"`.

A day is a number: days since 1970-01-01, in the list's own time zone. A clock time is a number too: seconds after
midnight, from 0 to 86 400, where 86 400 is `"24:00"`, the end of the day.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

DAY_SECONDS = 86_400

_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


class DayKind(StrEnum):
    """The kind of a date, by which rates and packages differ (P-1)."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


EVERY_DAY = tuple(DayKind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The dates that depart from the week: holidays, and weekend days that are worked (调休)."""

    holidays: frozenset[dt.date] = frozenset()
    workdays: frozenset[dt.date] = frozenset()

    def kind(self, date: dt.date) -> DayKind:
        """The kind of one date (P-1)."""
        if date in self.holidays:
            return DayKind.HOLIDAY
        if date in self.workdays or date.weekday() < 5:
            return DayKind.WORKDAY
        return DayKind.WEEKEND


def day_of(date: dt.date) -> int:
    """The number of a date: 0 is 1970-01-01."""
    return date.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> dt.date:
    """The date with a number."""
    return dt.date.fromordinal(day + _EPOCH_ORDINAL)


def parse_clock_time(text: str) -> int:
    """The seconds after midnight of `"HH:MM"`. Raises ValueError if it is no clock time."""
    match = _CLOCK_TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"not a clock time HH:MM: {text!r}")
    hours, minutes = match.groups()
    return DAY_SECONDS if hours is None else int(hours) * 3600 + int(minutes) * 60


def clock_text(seconds: int) -> str:
    """A clock time as `"HH:MM"`."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
