"""How the look and the time of a seat move on while nothing happens at it.

Pure, and in whole seconds since 1970: hundreds of seats are reckoned each second, and dates would take three times as
long. Nothing is charged by this.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple, Self

from pos.counter.floor import VisitNow
from pos.tui.widgets.seat_map import Look

_SOON: Final = 10 * 60
_NOW: Final = 5 * 60
NEVER: Final = 1 << 62
"""Later than any second."""


def second_of(at: datetime) -> int:
    """Return the second in which an instant lies."""
    return int(at.timestamp())


class SeatCourse(NamedTuple):
    """Where a seat's time is counted from, and what ends it. `calm` is how it looks until an end is near."""

    calm: Look
    since: int = 0
    stopped: int | None = 0
    covered_until: int | None = None
    ends: int | None = None

    @classmethod
    def of(cls, visit: VisitNow | None) -> Self:
        """Say how a seat goes on that somebody has, or nobody."""
        if visit is None:
            return cls(Look.FREE)
        since = second_of(visit.opened_at + visit.paused)
        if visit.stopped_at is not None:
            return cls(Look.ENDED if visit.has_ended else Look.PAUSED, since, second_of(visit.stopped_at))
        return cls(
            Look.PACKAGE if visit.has_package else Look.RUNNING,
            since,
            None,
            None if visit.covered_until is None else second_of(visit.covered_until),
            None if visit.ends_at is None else second_of(visit.ends_at),
        )

    def at(self, now: int) -> tuple[Look, int, int]:
        """Tell how it looks at a second, the seconds shown, and the first second when look or minutes may be others.

        Shown is what is left where a package or a deposit ends it, or closing time soon, else what was used. A bare
        tuple: to make a named one takes as long as all the rest.
        """
        look, since, stopped, covered_until, ends = self
        if covered_until is None and ends is not None and ends - now <= _SOON:
            covered_until = ends
        if covered_until is not None:
            shown = covered_until - now if covered_until > now else 0
            until = now + shown % 60 + 1
        else:
            counted = now if stopped is None or now < stopped else stopped
            shown = counted - since if counted > since else 0
            until = NEVER if stopped is not None and stopped <= now else now + 60 - shown % 60
        if ends is not None:
            if ends - now <= _NOW:
                look = Look.NOW
            elif ends - now <= _SOON:
                look, until = Look.SOON, min(until, ends - _NOW)
            else:
                until = min(until, ends - _SOON)
        return look, shown, until
