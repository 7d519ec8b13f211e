"""Which posted rate counts at an instant, and what follows it: what a desk tells before anybody asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billing.calendar import DAY_SECONDS
from billing.price_list import PriceList, Rate
from billing.rating import rate_at
from billing.wall_clock import instant_of, second_of

_LOOKS_AHEAD_SECONDS: Final = 2 * DAY_SECONDS
"""A band comes round within a day, also where the next day is of another kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RatesAhead:
    """The rate in force and the next different one. `next` is None where the venue closes, or nothing changes."""

    now: Rate | None
    changes_at: datetime | None
    next: Rate | None


def rates_ahead(prices: PriceList, *, zone: str, tier: str, at: datetime) -> RatesAhead:
    """Look at the timetable from an instant on. Outside the opening hours there is no rate at all."""
    now, second = rate_at(prices, zone, tier, at), second_of(at)
    if now is None:
        return RatesAhead(now=None, changes_at=None, next=None)
    pieces = prices.timetable.zone(zone, tier).pieces(second, second + _LOOKS_AHEAD_SECONDS)
    for piece, before in zip(pieces[1:], pieces, strict=False):
        if before.end != piece.start:
            break
        if piece.fen_per_hour != now.fen_per_hour:
            changes_at, after = instant_of(piece.start), prices.rates[piece.rate_index]
            return RatesAhead(now=now, changes_at=changes_at, next=after)
    return RatesAhead(now=now, changes_at=None, next=None)
