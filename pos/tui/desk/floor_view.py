"""From the floor to what the map draws: looks, times, titles with the posted rates, a legend that counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import lru_cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from billing.price_list import PriceList
from billing.rates_ahead import rates_ahead
from pos.counter.floor import Floor, SeatNow, VisitNow
from pos.languages import Words, noted
from pos.tui.desk.seat_course import NEVER, SeatCourse, second_of
from pos.tui.desk.times import clock_time, minutes_text, money
from pos.tui.widgets.seat_map import SIGNS, Look, SeatBlock, SeatCell

LOOK_NAMES: Final[Mapping[Look, str]] = {
    Look.RUNNING: noted("hourly"),
    Look.PACKAGE: noted("package"),
    Look.PAUSED: noted("paused"),
    Look.SOON: noted("10 min left"),
    Look.NOW: noted("5 min left"),
    Look.ENDED: noted("to be paid"),
    Look.FREE: noted("free"),
    Look.CLOSED: noted("out of use"),
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
    Filter.TAKEN: lambda look: look not in {Look.FREE, Look.CLOSED},
    Filter.NEEDED: lambda look: look in {Look.SOON, Look.NOW, Look.ENDED},
}


_cell: Final[Callable[[tuple[str, str, Look, str, str, str]], SeatCell]] = partial(tuple.__new__, SeatCell)
"""What calling the class does, without the function in Python that each call of it goes through: half the time."""


def look_of(visit: VisitNow | None, now: datetime) -> Look:
    """Tell how a seat looks: what wants a hand comes before what it is."""
    look, _, _ = SeatCourse.of(visit).at(second_of(now))
    return look


class Group(NamedTuple):
    """Seats that stand together, from `first` to before `last` in the floor's order: one zone, one letter."""

    zone: str
    prefix: str
    first: int
    last: int


class FloorView:
    """How one desk looks at a floor, second after second. `masks` are masked names by visit.

    What a cell shows changes once a minute and not each second: only those whose minute is over are made anew.
    """

    def __init__(self, *, words: Words, timezone: tzinfo, masks: Mapping[str, str]) -> None:
        self.words = words
        self.timezone = timezone
        self.masks = masks
        self._floor: Floor | None = None
        self._seen_at = 0
        self._courses: list[SeatCourse] = []
        self._until: list[int] = []  # Until which second a cell stays as it is.
        self._cells: list[SeatCell] = []
        self._groups: tuple[Group, ...] = ()

    def cells(self, floor: Floor, now: datetime) -> Sequence[SeatCell]:
        """Return every seat as it looks at an instant, in the floor's order."""
        second = second_of(now)
        if floor is not self._floor or second < self._seen_at:
            self._begin(floor)
        self._seen_at = second
        if due := [number for number, until in enumerate(self._until) if until <= second]:
            cells, courses, until = self._cells.copy(), self._courses, self._until
            for number in due:
                look, shown, until[number] = courses[number].at(second)
                label, at, _, _, who, amount = cells[number]
                cells[number] = _cell((label, at, look, minutes_text(shown // 60), who, amount))
            self._cells = cells  # Whoever was given the others keeps what was.
        return self._cells

    def _begin(self, floor: Floor) -> None:
        """Say of every seat what does not move; of a free one that is all."""
        self._floor = floor
        self._courses = [SeatCourse.of(one.visit) for one in floor.seats]
        self._until = [NEVER if one.visit is None else -NEVER for one in floor.seats]
        self._cells = [self._still(one) for one in floor.seats]
        self._groups = tuple(_groups(floor))

    def _still(self, one: SeatNow) -> SeatCell:
        visit, label = one.visit, one.seat.label
        cell = SeatCell(label, label[len(_prefix(label)) :], Look.FREE if one.closed is None else Look.CLOSED)
        if visit is None:
            return cell
        return cell._replace(who=self.masks.get(visit.visit_id, ""), amount=money(visit.total_fen))

    def blocks(
        self,
        seen: Sequence[SeatCell],
        prices: PriceList | None,
        now: datetime,
        *,
        shown: Filter = Filter.ALL,
        search: str = "",
    ) -> list[SeatBlock]:
        """Return the map's blocks of the floor seen last: a zone's seats of one letter. Empty ones are left out."""
        found, shows_all = [], shown is Filter.ALL and not search
        for zone, prefix, first, last in self._groups:
            together = seen[first:last]
            seats = tuple(together if shows_all else (one for one in together if _fits(one, shown, search)))
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

    def legend(self, seen: Sequence[SeatCell]) -> list[tuple[Look, str]]:
        """Return every look with its sign, count and name; the calm ones are there even at 0."""
        counts = Counter(map(attrgetter("look"), seen))
        return [
            (look, f"{SIGNS[look]} {counts[look]} {self.words(name)}")
            for look, name in LOOK_NAMES.items()
            if counts[look] or look in {Look.RUNNING, Look.FREE}
        ]


def _groups(floor: Floor) -> Iterator[Group]:
    first = 0
    for (zone, prefix), together in groupby(floor.seats, key=lambda one: (one.seat.zone, _prefix(one.seat.label))):
        last = first + sum(1 for _ in together)
        yield Group(zone, prefix, first, last)
        first = last


def _fits(cell: SeatCell, shown: Filter, search: str) -> bool:
    return _SHOWN[shown](cell.look) and (not search or search in cell.label.upper() or search in cell.who.upper())


@lru_cache(maxsize=8192)
def _prefix(label: str) -> str:
    return label.rstrip("0123456789")
