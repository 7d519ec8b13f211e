"""From the floor to what the map draws: looks, times, titles with the posted rates, a legend that counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from billing.price_list import PriceList
from billing.rates_ahead import rates_ahead
from pos.counter.floor import Floor, SeatNow, VisitNow
from pos.languages import Words, noted
from pos.tui.desk.times import clock_time, duration, money
from pos.tui.widgets.seat_map import SIGNS, Look, SeatBlock, SeatCell

_SOON: Final = timedelta(minutes=10)
_NOW: Final = timedelta(minutes=5)

LOOK_NAMES: Final[Mapping[Look, str]] = {
    Look.RUNNING: noted("by the hour"),
    Look.PACKAGE: noted("package"),
    Look.PAUSED: noted("paused"),
    Look.SOON: noted("10 min left"),
    Look.NOW: noted("5 min left"),
    Look.ENDED: noted("to be paid"),
    Look.FREE: noted("free"),
}


class Filter(StrEnum):
    """Which seats the map shows."""

    ALL = "all"
    FREE = "free"
    TAKEN = "taken"
    NEEDED = "needed"
    """Seats that want a hand: time nearly over, or over and not paid."""


FILTER_NAMES: Final[Mapping[Filter, str]] = {
    Filter.ALL: noted("all seats"),
    Filter.FREE: noted("free seats"),
    Filter.TAKEN: noted("taken seats"),
    Filter.NEEDED: noted("seats that want a hand"),
}

_SHOWN: Final[Mapping[Filter, Callable[[Look], bool]]] = {
    Filter.ALL: lambda look: True,  # noqa: ARG005  # Every look.
    Filter.FREE: lambda look: look is Look.FREE,
    Filter.TAKEN: lambda look: look is not Look.FREE,
    Filter.NEEDED: lambda look: look in {Look.SOON, Look.NOW, Look.ENDED},
}


def look_of(visit: VisitNow | None, now: datetime) -> Look:
    """Tell how a seat looks: what wants a hand comes before what it is."""
    if visit is None:
        return Look.FREE
    if visit.has_ended:
        return Look.ENDED
    if visit.stopped_at is not None:
        return Look.PAUSED
    if visit.ends_at is not None and visit.ends_at - now <= _SOON:
        return Look.NOW if visit.ends_at - now <= _NOW else Look.SOON
    return Look.PACKAGE if visit.has_package else Look.RUNNING


def time_of(visit: VisitNow, now: datetime) -> timedelta:
    """Tell the time a map shows: what is left where a package or a deposit ends it, else what was used."""
    if visit.covered_until is None or visit.stopped_at is not None:
        return visit.used(now)
    return max(visit.covered_until - now, timedelta())


class Placed(NamedTuple):
    """A seat's cell, and the block that it belongs to. A named tuple, as the cell is."""

    zone: str
    prefix: str
    cell: SeatCell


@dataclass(frozen=True, kw_only=True, slots=True)
class FloorView:
    """How one desk looks at a floor. `masks` are masked names by visit."""

    words: Words
    timezone: tzinfo
    masks: Mapping[str, str]

    def cells(self, floor: Floor, now: datetime) -> list[Placed]:
        """Return every seat as it looks at an instant, in the floor's order."""
        return [self._placed(one, now) for one in floor.seats]

    def _placed(self, one: SeatNow, now: datetime) -> Placed:
        visit, label = one.visit, one.seat.label
        prefix, look = _prefix(label), look_of(visit, now)
        if visit is None:
            cell = SeatCell(label, label[len(prefix) :], look)
        else:
            time, who = duration(time_of(visit, now)), self.masks.get(visit.visit_id, "")
            cell = SeatCell(label, label[len(prefix) :], look, time, who, money(visit.total_fen))
        return Placed(one.seat.zone, prefix, cell)

    def blocks(
        self,
        placed: Sequence[Placed],
        prices: PriceList | None,
        now: datetime,
        *,
        shown: Filter = Filter.ALL,
        search: str = "",
    ) -> list[SeatBlock]:
        """Return the map's blocks: seats of one zone and one letter stand together. Empty blocks are left out."""
        found = []
        for (zone, prefix), together in groupby(placed, key=lambda one: (one.zone, one.prefix)):
            seats = tuple(one.cell for one in together if _fits(one.cell, shown, search))
            if seats:
                found.append(SeatBlock(title=self._title(prices, zone, prefix, now), seats=seats))
        return found

    def _title(self, prices: PriceList | None, zone: str, prefix: str, now: datetime) -> str:
        if prices is None or zone not in prices.zone_by_code:
            return f"{zone} {prefix}".strip()
        name = f"{prices.zone_by_code[zone].name} {prefix}".strip()
        return f"{name} · {self.rate_line(prices, zone, prices.tiers[0].code, now)}"

    def rate_line(self, prices: PriceList, zone: str, tier: str, now: datetime) -> str:
        """Say the posted rate in force, and the next one with its hour."""
        ahead = rates_ahead(prices, zone=zone, tier=tier, at=now)
        if ahead.now is None:
            return self.words(noted("closed now"))
        line = self.words(noted("{rate} yuan/h")).format(rate=money(ahead.now.fen_per_hour))
        if ahead.next is None or ahead.changes_at is None:
            return line
        at = clock_time(ahead.changes_at.astimezone(self.timezone), today=now.astimezone(self.timezone))
        return f"{line} · " + self.words(noted("from {time} {rate}")).format(
            time=at, rate=money(ahead.next.fen_per_hour)
        )

    def legend(self, placed: Sequence[Placed]) -> list[tuple[Look, str]]:
        """Return every look with its sign, count and name; the calm ones are there even at 0."""
        counts = Counter(one.cell.look for one in placed)
        return [
            (look, f"{SIGNS[look]} {counts[look]} {self.words(name)}")
            for look, name in LOOK_NAMES.items()
            if counts[look] or look in {Look.RUNNING, Look.FREE}
        ]


def _fits(cell: SeatCell, shown: Filter, search: str) -> bool:
    return _SHOWN[shown](cell.look) and (not search or search in cell.label.upper() or search in cell.who.upper())


@lru_cache(maxsize=8192)
def _prefix(label: str) -> str:
    return label.rstrip("0123456789")
