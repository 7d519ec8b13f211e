"""The hourly prices of a zone as tables: days and clock times down, classes of customers across.

What stands beyond the opening hours charges nobody and is not shown (P-3). Customers whose clock times differ have
tables of their own, so that no cell is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from billing.calendar import DAY_SECONDS, EVERY_DAY, DayKind, clock_text
from billing.price_list import Hours, PriceList, Rate, Tier, Zone
from pos.board.board import Column, Row, Table
from pos.board.phrases import Phrases

_TIERS_ACROSS: Final = 3
"""Classes of customers side by side; more go into a further table."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class _Priced:
    """Clock times of the day a band begins on (after 24:00: the next day's), at one price."""

    begins: int
    ends: int
    fen_per_hour: int


_Week = dict[DayKind, tuple[_Priced, ...]]
_Shape = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Customers:
    """Tiers that pay the same everywhere in the zone, under the same conditions."""

    tiers: tuple[Tier, ...]
    week: _Week


def rate_tables(zone: Zone, phrases: Phrases) -> Iterator[Table]:
    """Make the tables of a zone; the first one names it and its computers."""
    heading, remark = zone.name, zone.spec
    for customers in _tables(_customers(zone, phrases.prices)):
        yield Table(
            columns=(
                Column(title=phrases.words("Days"), weight=24, is_merged=True),
                Column(title=phrases.words("Time"), weight=34),
                *(Column(title=_who(group, phrases), weight=36, is_price=True) for group in customers),
            ),
            rows=tuple(_rows(zone, customers, phrases)),
            heading=heading,
            remark=remark,
        )
        heading, remark = phrases.say("{zone}, continued", zone=zone.name), zone.spec


def _customers(zone: Zone, prices: PriceList) -> list[_Customers]:
    groups: dict[object, _Customers] = {}
    for tier in prices.tiers:
        week = _week(zone.code, tier.code, prices)
        terms = (tuple(week.values()), tier.discount_bp, tier.conditions)
        known = groups[terms].tiers if terms in groups else ()
        groups[terms] = _Customers(tiers=(*known, tier), week=week)
    return list(groups.values())


def _week(zone: str, tier: str, prices: PriceList) -> _Week:
    rates = [rate for rate in prices.rates if rate.zone == zone and tier in rate.tiers]
    return {
        kind: tuple(sorted(band for rate in rates if kind in rate.days for band in _opened(rate, prices.hours)))
        for kind in EVERY_DAY
    }


def _opened(rate: Rate, hours: Hours) -> Iterator[_Priced]:
    """Clip a rate to the opening hours of its day and the next."""
    ends = rate.ends if rate.ends > rate.begins else rate.ends + DAY_SECONDS
    for open_from, open_until in _open_spans(hours):
        begins, end = max(rate.begins, open_from), min(ends, open_until)
        if begins < end:
            yield _Priced(begins=begins, ends=end, fen_per_hour=rate.fen_per_hour)


def _open_spans(hours: Hours) -> list[tuple[int, int]]:
    if hours.is_all_day:
        return [(0, 2 * DAY_SECONDS)]
    close = hours.close if hours.close > hours.open else hours.close + DAY_SECONDS
    return [(hours.open + day * DAY_SECONDS, close + day * DAY_SECONDS) for day in (-1, 0, 1)]


def _tables(customers: list[_Customers]) -> Iterator[list[_Customers]]:
    by_shape: dict[_Shape, list[_Customers]] = {}
    for group in customers:
        shape = tuple(tuple((band.begins, band.ends) for band in group.week[kind]) for kind in EVERY_DAY)
        by_shape.setdefault(shape, []).append(group)
    for alike in by_shape.values():
        across = -(-len(alike) // -(-len(alike) // _TIERS_ACROSS))  # Tables of one size: four are two and two.
        for first in range(0, len(alike), across):
            yield alike[first : first + across]


def _who(group: _Customers, phrases: Phrases) -> str:
    """Name the customers with what makes them such, in one size."""
    tier = group.tiers[0]
    discount = (
        phrases.say("{percent} off the hourly charge", percent=phrases.percent(tier.discount_bp))
        if tier.discount_bp
        else ""
    )
    names = phrases.tiers([tier.code for tier in group.tiers])
    return "\n".join(text for text in (names, discount, tier.conditions) if text)


def _rows(zone: Zone, customers: list[_Customers], phrases: Phrases) -> Iterator[Row]:
    days_of_week: dict[object, list[DayKind]] = {}
    for kind in EVERY_DAY:
        days_of_week.setdefault(tuple(group.week[kind] for group in customers), []).append(kind)
    tiers = "+".join(tier.code for group in customers for tier in group.tiers)
    for kinds in days_of_week.values():
        for place, band in enumerate(customers[0].week[kinds[0]]):
            days = "+".join(kinds)
            hours = f"{clock_text(band.begins % DAY_SECONDS)}-{clock_text(band.ends)}"
            yield Row(
                item=f"rate/{zone.code}/{tiers}/{days}/{hours}",
                cells=(
                    phrases.days(kinds),
                    phrases.band(band.begins, band.ends),
                    *(_price(group, group.week[kinds[0]][place], phrases) for group in customers),
                ),
            )


def _price(group: _Customers, band: _Priced, phrases: Phrases) -> str:
    price = phrases.per_hour(band.fen_per_hour)
    if band.fen_per_hour == 0:
        return phrases.say("{price} (free)", price=price)
    discount_bp = group.tiers[0].discount_bp
    if discount_bp:
        return phrases.say("{price} −{percent}", price=price, percent=phrases.percent(discount_bp))
    return price
