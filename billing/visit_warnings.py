"""What the desk says 10 and 5 minutes before (P-18): closing time, the end of a package, the end of a deposit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from billing.course import chart
from billing.rating import closing_instant
from billing.time_left import time_left
from billing.usage_errors import FundsExceededError
from billing.visit_record import Visit
from billing.wall_clock import instant_of

WARNED_MINUTES: Final = (5, 10)


class WarnedOf(StrEnum):
    """What comes to its end."""

    CLOSING_TIME = "closing-time"
    PACKAGE_END = "package-end"
    FUNDS_END = "funds-end"


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitWarning:
    """Within so many minutes something ends for a visit; `minutes` is 10 or 5."""

    visit_id: str
    seat: str
    of: WarnedOf
    ends_at: datetime
    minutes: int


def warnings_of(visit: Visit, at: datetime, *, funds_fen: int) -> Iterator[VisitWarning]:
    """Say what ends soon for a visit; `funds_fen` is what of its deposit its time may cost, 0 where it has none.

    Funds that are used up already end at `at`. A paused visit uses no funds up.
    """
    visit = visit.as_of(at)
    if visit.end is not None:
        return
    for of, ends_at in ends_of(visit, at, funds_fen=funds_fen):
        left = ends_at - at
        for minutes in WARNED_MINUTES:
            if timedelta() <= left <= timedelta(minutes=minutes):
                yield VisitWarning(visit_id=visit.visit_id, seat=visit.seat, of=of, ends_at=ends_at, minutes=minutes)
                break


def ends_of(visit: Visit, at: datetime, *, funds_fen: int) -> Iterator[tuple[WarnedOf, datetime]]:
    """Say what will end for a running visit, and when; `funds_fen` as for `warnings_of`."""
    closing = closing_instant(visit.prices, visit.opened_at)
    if closing is not None:
        yield WarnedOf.CLOSING_TIME, closing
    covers = chart(visit.running_usage(), visit.prices).covers
    if covers:
        yield WarnedOf.PACKAGE_END, instant_of(covers[-1].end)
    if funds_fen > 0 and visit.pause is None:
        try:
            funds_end = time_left(visit.running_usage(), visit.prices, funds_fen=funds_fen)
        except FundsExceededError:
            funds_end = at
        if funds_end is not None:
            # What the desk did not see in time is said late rather than never.
            yield WarnedOf.FUNDS_END, max(funds_end, at)
