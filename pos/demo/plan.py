"""Who comes when and does what: a plan of some business days, by a seed. Pure; the counter answers later."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

FIRST_DAY: Final = date(2026, 11, 23)
VISITS_A_DAY: Final = 200
"""What sixty seats take without a crowd at the door."""

_DAY_SHIFT: Final = timedelta(hours=7, minutes=45)
_HAND_OVER: Final = timedelta(hours=16)
_LAST_CLOSE: Final = timedelta(hours=29, minutes=50)  # 05:50 of the next morning, still the same business day.
_LAST_END: Final = timedelta(hours=29, minutes=30)
_DELIVERY: Final = (("cola-330", 96), ("water-550", 72), ("noodles", 48), ("sausage", 60))


class Paying(Enum):
    """How a customer likes to pay what the deposit does not cover."""

    CASH = "cash"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    BANK = "bank"
    SPLIT = "split"


class ErrandKind(Enum):
    """What a seated customer asks for."""

    ORDER = "order"
    CANCEL = "cancel"
    REDUCE = "reduce"
    MOVE = "move"
    PAUSE = "pause"
    RESUME = "resume"


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """Something asked for some time after the start.

    `what` is an item's code (an ordered one, of which `quantity` pieces are cancelled), or the zone to move to; of
    something taken off the bill `quantity` is fen.
    """

    after: timedelta
    kind: ErrandKind
    what: str = ""
    quantity: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedVisit:
    """One customer. `is_typed`: a document without a chip, which a second person approves."""

    arrives: datetime
    stays: timedelta
    zone: str
    tier: str
    pays: Paying
    deposit: Paying | None = None
    package: str | None = None
    errands: tuple[Errand, ...] = ()
    is_typed: bool = False
    is_statement_printed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedSale:
    """A passer-by who buys something."""

    at: datetime
    items: tuple[tuple[str, int], ...]
    pays: Paying
    brings_back: timedelta | None = None  # one piece of the first line, so long after the sale


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRefusal:
    """Someone who is turned away; `card` None: the first customer, who is seated already."""

    at: datetime
    card: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedShift:
    """A clerk's hours. `missing_fen` is what is lost from the drawer."""

    clerk: str
    opens: datetime
    closes: datetime
    missing_fen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From one instant to another."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedDay:
    """One business day. `outage` and `without_paper` happen on the first one; a delivery comes and is counted."""

    day: date
    shifts: tuple[PlannedShift, ...]
    visits: tuple[PlannedVisit, ...]
    sales: tuple[PlannedSale, ...]
    refusals: tuple[PlannedRefusal, ...] = ()
    outage: Span | None = None
    without_paper: Span | None = None
    received: tuple[tuple[str, int], ...] = ()
    counted_at: datetime | None = None


def plan_days(*, visits: int, seed: int, timezone: ZoneInfo) -> list[PlannedDay]:
    """Plan as many business days as so many visits need."""
    if visits < 1:
        raise ValueError("a demo has at least one visit")
    chance = random.Random(seed)  # noqa: S311  # A story, not a secret.
    days = math.ceil(visits / VISITS_A_DAY)
    planned = []
    for number in range(days):
        share = visits // days + (number < visits % days)
        planned.append(_Planner(chance, FIRST_DAY + timedelta(days=number), timezone).day(share, is_first=number == 0))
    return planned


class _Planner:
    """Plans one day; times are counted from its midnight."""

    def __init__(self, chance: random.Random, day: date, timezone: ZoneInfo) -> None:
        self._chance = chance
        self._day = day
        self._midnight = datetime(day.year, day.month, day.day, tzinfo=timezone)

    def day(self, visits: int, *, is_first: bool) -> PlannedDay:
        planned = list(self._scenes())[:visits] if is_first else []
        planned += [self._somebody() for _ in range(visits - len(planned))]
        return PlannedDay(
            day=self._day,
            shifts=self._shifts(missing_fen=100 if is_first else 0),
            visits=tuple(planned),
            sales=tuple(self._sales(max(1, visits * 2 // 5), is_first=is_first)),
            refusals=self._refusals() if is_first else (),
            outage=self._span(14, 20, minutes=25) if is_first else None,
            without_paper=self._span(13, 0, minutes=65) if is_first else None,
            received=_DELIVERY if is_first else (),
            counted_at=self._at(15, 40) if is_first else None,
        )

    def _at(self, hours: int, minutes: int = 0) -> datetime:
        return self._midnight + timedelta(hours=hours, minutes=minutes)

    def _span(self, hours: int, at_minutes: int, *, minutes: int) -> Span:
        begins = self._at(hours, at_minutes)
        return Span(begins=begins, ends=begins + timedelta(minutes=minutes))

    def _shifts(self, *, missing_fen: int) -> tuple[PlannedShift, ...]:
        hand_over = self._midnight + _HAND_OVER
        return (
            PlannedShift(clerk="chen", opens=self._midnight + _DAY_SHIFT, closes=hand_over, missing_fen=missing_fen),
            PlannedShift(clerk="zhou", opens=hand_over, closes=self._midnight + _LAST_CLOSE),
        )

    def _refusals(self) -> tuple[PlannedRefusal, ...]:
        return (
            PlannedRefusal(at=self._at(8, 40), card=None),
            PlannedRefusal(at=self._at(9, 25), card="expired"),
            PlannedRefusal(at=self._at(16, 35), card="minor"),
        )

    def _scenes(self) -> Iterator[PlannedVisit]:
        """The customers of the first day who show one thing each."""
        yield from self._morning_scenes()
        yield from self._noon_scenes()
        yield from self._evening_scenes()

    def _morning_scenes(self) -> Iterator[PlannedVisit]:
        yield PlannedVisit(
            arrives=self._at(8, 12),
            stays=_minutes(168),
            zone="hall",
            tier="guest",
            pays=Paying.CASH,
            deposit=Paying.CASH,
            errands=(
                Errand(after=_minutes(50), kind=ErrandKind.ORDER, what="cola-330", quantity=2),
                Errand(after=_minutes(53), kind=ErrandKind.CANCEL, what="cola-330"),
                Errand(after=_minutes(95), kind=ErrandKind.ORDER, what="print-a4", quantity=6),
            ),
        )
        yield PlannedVisit(
            arrives=self._at(9, 3),
            stays=_minutes(200),
            zone="esports",
            tier="gold",
            pays=Paying.WECHAT,
            errands=(
                Errand(after=_minutes(20), kind=ErrandKind.ORDER, what="headset"),
                Errand(after=_minutes(185), kind=ErrandKind.REDUCE, quantity=200),
            ),
        )
        yield PlannedVisit(
            arrives=self._at(10, 0),
            stays=_minutes(240),
            zone="hall",
            tier="guest",
            pays=Paying.ALIPAY,
            package="3h",
        )
        yield PlannedVisit(
            arrives=self._at(10, 20),
            stays=_minutes(135),
            zone="hall",
            tier="guest",
            pays=Paying.CASH,
            deposit=Paying.WECHAT,
            errands=(
                Errand(after=_minutes(5), kind=ErrandKind.ORDER, what="3h-cola"),
                Errand(after=_minutes(40), kind=ErrandKind.PAUSE),
                Errand(after=_minutes(60), kind=ErrandKind.RESUME),
            ),
        )
        yield PlannedVisit(
            arrives=self._at(11, 5),
            stays=_minutes(180),
            zone="hall",
            tier="guest",
            pays=Paying.BANK,
            deposit=Paying.CASH,
            errands=(Errand(after=_minutes(75), kind=ErrandKind.MOVE, what="esports"),),
        )

    def _noon_scenes(self) -> Iterator[PlannedVisit]:
        yield PlannedVisit(
            arrives=self._at(11, 40),
            stays=_minutes(90),
            zone="hall",
            tier="guest",
            pays=Paying.CASH,
            deposit=Paying.CASH,
            is_typed=True,
        )
        yield PlannedVisit(
            arrives=self._at(12, 10),
            stays=_minutes(3),
            zone="hall",
            tier="guest",
            pays=Paying.CASH,
            deposit=Paying.ALIPAY,
        )
        yield PlannedVisit(
            arrives=self._at(13, 0),
            stays=_minutes(330),
            zone="hall",
            tier="guest",
            pays=Paying.CASH,
            deposit=Paying.CASH,
        )
        yield PlannedVisit(
            arrives=self._at(15, 10),
            stays=_minutes(150),
            zone="esports",
            tier="guest",
            pays=Paying.SPLIT,
            errands=(Errand(after=_minutes(45), kind=ErrandKind.ORDER, what="noodles"),),
            is_statement_printed=True,
        )

    def _evening_scenes(self) -> Iterator[PlannedVisit]:
        yield PlannedVisit(
            arrives=self._at(16, 30),
            stays=_minutes(440),
            zone="hall",
            tier="gold",
            pays=Paying.WECHAT,
            errands=(Errand(after=_minutes(120), kind=ErrandKind.ORDER, what="water-550", quantity=2),),
        )
        yield PlannedVisit(
            arrives=self._at(21, 30),
            stays=_minutes(475),
            zone="esports",
            tier="guest",
            pays=Paying.ALIPAY,
            package="night",
        )
        yield PlannedVisit(
            arrives=self._at(22, 35),
            stays=_minutes(190),
            zone="hall",
            tier="guest",
            pays=Paying.CASH,
            deposit=Paying.CASH,
        )

    def _somebody(self) -> PlannedVisit:
        chance = self._chance
        arrives = timedelta(minutes=chance.randint(8 * 60 + 5, 23 * 60 + 30))
        tier = chance.choice(("guest", "guest", "guest", "gold"))
        package = self._package(arrives)
        stays = timedelta(minutes=chance.choice((25, 55, 70, 95, 120, 140, 185, 230)))
        if package is not None:
            stays = timedelta(minutes={"3h": 180, "5h": 300, "night": 420}[package] + chance.randint(-40, 25))
        stays = min(stays, _LAST_END - arrives)
        return PlannedVisit(
            arrives=self._midnight + arrives,
            stays=stays,
            zone=self._zone(package),
            tier=tier,
            pays=chance.choice((Paying.CASH, Paying.WECHAT, Paying.WECHAT, Paying.ALIPAY, Paying.BANK, Paying.SPLIT)),
            deposit=None if tier == "gold" or package else chance.choice((Paying.CASH, Paying.WECHAT, Paying.ALIPAY)),
            package=package,
            errands=tuple(self._errands(stays)),
        )

    def _zone(self, package: str | None) -> str:
        if package in {"3h", "5h"}:  # Nobody buys a package for another zone.
            return "hall" if package == "3h" else "esports"
        return "esports" if self._chance.random() < 0.3 else "hall"

    def _package(self, arrives: timedelta) -> str | None:
        if arrives >= timedelta(hours=21) and self._chance.random() < 0.5:
            return "night"
        return self._chance.choice((None, None, None, None, "3h", "5h"))

    def _errands(self, stays: timedelta) -> Iterator[Errand]:
        chance, minutes = self._chance, stays // timedelta(minutes=1)
        if minutes < 40:
            return
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            yield Errand(
                after=timedelta(minutes=chance.randint(5, minutes - 10)),
                kind=ErrandKind.ORDER,
                what=chance.choice(("cola-330", "water-550", "noodles", "sausage", "print-a4", "headset")),
                quantity=chance.choice((1, 1, 1, 2)),
            )
        if chance.random() < 0.15:
            begins = chance.randint(5, minutes - 30)
            yield Errand(after=timedelta(minutes=begins), kind=ErrandKind.PAUSE)
            yield Errand(after=timedelta(minutes=begins + chance.randint(4, 20)), kind=ErrandKind.RESUME)

    def _sales(self, number: int, *, is_first: bool) -> Iterator[PlannedSale]:
        """The passers-by of a day; the first two of the first day buy what is cheaper together or for a while."""
        scenes: tuple[tuple[tuple[str, int], ...], ...] = (
            (("supper", 1), ("gift-water", 1)),
            (("night-noodles", 2),),
        )
        for place in range(number):
            sale = self._sale()
            if is_first and place < len(scenes) < number:
                back = _minutes(25) if place == 0 else None
                sale = replace(sale, at=self._at(10 + place, 32), items=scenes[place], brings_back=back)
            yield sale

    def _sale(self) -> PlannedSale:
        chance = self._chance
        items = chance.sample(("cola-330", "water-550", "noodles", "sausage", "print-a4"), k=chance.choice((1, 1, 2)))
        return PlannedSale(
            at=self._midnight + timedelta(minutes=chance.randint(8 * 60, 23 * 60)),
            items=tuple((code, chance.choice((1, 1, 2, 3))) for code in items),
            pays=chance.choice((Paying.CASH, Paying.WECHAT, Paying.ALIPAY)),
        )
