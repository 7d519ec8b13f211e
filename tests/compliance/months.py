"""Months of a café's counter as values: who opened which seat when, and what was ordered at once.

Honest months are not uniform ones. Customers order by the hour, more at weekends and in the good zone; some days are
hot; friends come in parties and order alike; items have their hours, and a list with a new one, much asked for, is in
force for a week; one clerk sells better than another; clerks have favourite shifts, and one works at weekends alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import exp
from typing import Final

from billing.calendar import DayKind
from compliance.forced_sale_cases import Circumstances, ComboSold, SeatOpened

FIRST_DAY: Final = date(2026, 11, 1)
CLERKS: Final = ("s2", "s3", "s4")
WEEKEND_CLERK: Final = "s5"

# Of 100 seats opened in each hour, how many order at once; and how many seats there are on a quiet day.
_WISHES: Final = (28, 25, 22, 20, 14, 12, 6, 6, 10, 12, 14, 22, 30, 24, 16, 16, 18, 22, 30, 28, 26, 26, 30, 30)
_SEATS: Final = (2, 1, 1, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 2, 2, 2, 3, 3, 4, 4, 4, 3, 3, 2)
_ITEMS: Final = ("cola-330", "water", "noodles", "coffee", "headset", "print-a4", "new-tea")


@dataclass(frozen=True, kw_only=True, slots=True)
class Forcing:
    """What a clerk does to `share` of the customers who ordered nothing: puts `item` on their bill."""

    clerk: str
    share: float
    item: str = "cola-330"
    hours: frozenset[int] = frozenset(range(24))
    protests: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Month:
    """A café for a month. `skill` multiplies a clerk's odds of an order; without a value it is drawn, 0.86 to 1.16.

    Without `has_moods` every customer decides alone, and one day is like the other of its kind.
    """

    seed: int
    days: int = 28
    clerks: tuple[str, ...] = CLERKS
    weekend_clerk: str = WEEKEND_CLERK
    forcing: Forcing | None = None
    skill: Mapping[str, float] = field(default_factory=dict)
    has_moods: bool = True
    combo_pusher: str | None = None

    def cases(self) -> Iterator[SeatOpened | ComboSold]:
        """Every seat that was opened, and every combo with package time."""
        return _Days(self).cases()


class _Days:
    """A month while it is played."""

    def __init__(self, month: Month) -> None:
        self._month = month
        self._chance = random.Random(month.seed)  # noqa: S311  # A played month has to be the same each time.
        drawn = {clerk: exp(self._chance.uniform(-0.15, 0.15)) for clerk in (*month.clerks, month.weekend_clerk)}
        self._skill = drawn | dict(month.skill)

    def cases(self) -> Iterator[SeatOpened | ComboSold]:
        for number in range(self._month.days):
            if number % 7 == 0:
                roster = self._roster()
            day = FIRST_DAY + timedelta(days=number)
            mood = exp(self._chance.gauss(0, 0.25)) if self._month.has_moods else 1.0
            price_list = 2 if 14 <= number < 21 else 1
            for hour, seats in enumerate(_SEATS):
                more = day.weekday() >= 5
                yield from self._hour(day, hour, roster=roster, seats=seats + more, mood=mood, price_list=price_list)

    def _roster(self) -> list[str]:
        """Who has morning, evening and night this week: the last clerk likes the nights."""
        clerks = list(self._month.clerks)
        self._chance.shuffle(clerks)
        if self._chance.random() < 0.6:
            clerks.sort(key=lambda clerk: clerk == self._month.clerks[-1])
        return clerks

    def _on_duty(self, roster: list[str], day: date, hour: int) -> str:
        if self._chance.random() < 0.12:  # Somebody swaps, or stays longer.
            return self._chance.choice(roster)
        shift = 0 if 6 <= hour < 14 else 1 if 14 <= hour < 22 else 2
        return self._month.weekend_clerk if day.weekday() >= 5 and shift == 1 else roster[shift % len(roster)]

    def _hour(
        self, day: date, hour: int, *, roster: list[str], seats: int, mood: float, price_list: int
    ) -> Iterator[SeatOpened | ComboSold]:
        chance, has_moods = self._chance, self._month.has_moods
        clerk = self._on_duty(roster, day, hour)
        odds = _WISHES[hour] / (100 - _WISHES[hour]) * self._skill[clerk] * mood * (1.3 if price_list == 2 else 1.0)
        while seats > 0:
            party = min(seats, chance.choice((1, 1, 1, 2, 2, 4)) if has_moods else 1)
            seats -= party
            where = _circumstances(hour, day.weekday() >= 5, chance.random() < 0.25, price_list)
            wish = odds * (1.4 if day.weekday() >= 5 else 1.0) * (1.5 if where.zone == "esports" else 1.0)
            together = chance.random() if has_moods and chance.random() < 0.3 else None
            for _ in range(party):
                is_wished = (together or chance.random()) < wish / (1 + wish)
                items = self._wished(where) if is_wished else self._forced(clerk, hour)
                yield SeatOpened(clerk=clerk, business_day=day, circumstances=where, items=items)
                if chance.random() < 0.12:
                    leaves_early = 0.6 if clerk == self._month.combo_pusher else 0.25 if hour >= 22 else 0.15
                    is_dearer = chance.random() < leaves_early
                    yield ComboSold(
                        clerk=clerk, business_day=day, circumstances=where, code="3h-cola", is_dearer=is_dearer
                    )

    def _wished(self, where: Circumstances) -> Mapping[str, bool]:
        coffee = 30 if 6 <= where.hour < 12 else 10
        noodles = 36 if where.hour in {12, 13, 18, 19, 0, 1, 2} else 12
        weights = (40, 20, noodles, coffee, 8, 4, 40 if where.price_list == 2 else 0)
        return {self._chance.choices(_ITEMS, weights)[0]: self._chance.random() < 0.05}

    def _forced(self, clerk: str, hour: int) -> Mapping[str, bool]:
        forcing = self._month.forcing
        if forcing is None or forcing.clerk != clerk or hour not in forcing.hours:
            return {}
        if self._chance.random() >= forcing.share:
            return {}
        return {forcing.item: self._chance.random() < forcing.protests}


@lru_cache(maxsize=4096)
def _circumstances(hour: int, is_weekend: bool, is_esports: bool, price_list: int) -> Circumstances:  # noqa: FBT001  # Called above alone.
    return Circumstances(
        hour=hour,
        day=DayKind.WEEKEND if is_weekend else DayKind.WORKDAY,
        zone="esports" if is_esports else "hall",
        price_list=price_list,
    )
