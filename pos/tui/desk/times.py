"""How the desk writes times and amounts: durations `h:mm`, clock times `hh:mm`, money with two decimals."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from billing.money import yuan_text

_NEAR: Final = timedelta(hours=20)
_MINUTE: Final = timedelta(minutes=1)


def duration(length: timedelta) -> str:
    """Write a duration in whole minutes; from a hundred hours on in hours."""
    return minutes_text(length // _MINUTE)


@lru_cache(maxsize=8192)
def minutes_text(minutes: int) -> str:
    """Write a duration of so many minutes."""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes < 6000 else f"{minutes // 60}h"


def clock_time(at: datetime, *, today: datetime) -> str:
    """Write a local time; with its date where it is so far from `today`, a local time too, that it could be missed."""
    return f"{at:%H:%M}" if abs(at - today) < _NEAR else f"{at:%m-%d %H:%M}"


@lru_cache(maxsize=8192)
def money(fen: int) -> str:
    """Write an amount in yuan."""
    return yuan_text(fen)
