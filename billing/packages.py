"""When a package is on sale and what time it covers (P-5, P-6, P-6a)."""

import datetime as dt
from dataclasses import dataclass

from billing.calendar import DAY_SECONDS
from billing.price_list import DurationPackage, Package, PriceList, WindowPackage
from billing.wall_clock import instant_of, second_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """Seconds since 1970 `[start, end)` that a package covers, in its zones."""

    package: Package
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A package that can be bought now, and the time it would cover."""

    package: Package
    start: dt.datetime
    end: dt.datetime


def on_sale(prices: PriceList, tier: str, at: dt.datetime, *, after: dt.datetime | None = None) -> tuple[Offer, ...]:
    """The packages that a customer of this tier can buy at an instant, in the list's order.

    `after` is the end of the packages already bought in the visit: a further one begins no earlier (P-5).
    """
    bought_at = second_of(at)
    free_from = bought_at if after is None else second_of(after)
    covers = (
        cover_of(prices, package, tier=tier, bought_at=bought_at, free_from=free_from) for package in prices.packages
    )
    return tuple(
        Offer(package=cover.package, start=instant_of(cover.start), end=instant_of(cover.end))
        for cover in covers
        if cover is not None
    )


def cover_of(prices: PriceList, package: Package, *, tier: str, bought_at: int, free_from: int) -> Cover | None:
    """What a package bought then covers, no earlier than `free_from`; None if it is not on sale (P-6a)."""
    if tier not in package.tiers:
        return None
    if isinstance(package, DurationPackage):
        return _duration_cover(prices, package, bought_at=bought_at, free_from=free_from)
    return _window_cover(prices, package, bought_at=bought_at, free_from=free_from)


def _duration_cover(prices: PriceList, package: DurationPackage, *, bought_at: int, free_from: int) -> Cover | None:
    day, clock_time = divmod(prices.clock.shown(bought_at), DAY_SECONDS)
    if prices.timetable.kind(day) not in package.days or not _has_sale_time(package, clock_time):
        return None
    start = max(bought_at, free_from)
    end = start + package.minutes * 60
    if package.until is not None:
        end = min(end, prices.clock.next_showing(start, package.until))
    return Cover(package=package, start=start, end=end)


def _has_sale_time(package: DurationPackage, clock_time: int) -> bool:
    if package.sold_from is None and package.sold_until is None:
        return True
    sold_from = package.sold_from or 0
    sold_until = DAY_SECONDS if package.sold_until is None else package.sold_until
    if sold_from < sold_until:
        return sold_from <= clock_time < sold_until
    return clock_time >= sold_from or clock_time < sold_until


def _window_cover(prices: PriceList, package: WindowPackage, *, bought_at: int, free_from: int) -> Cover | None:
    today = prices.clock.shown(bought_at) // DAY_SECONDS
    # A sale interval lasts less than two days; where midnight occurs twice, it may be tomorrow's already.
    for day in range(today - 2, today + 2):
        if prices.timetable.kind(day) not in package.days:
            continue
        window_start = _list_instant(prices, day, package.start)
        window_end = _next_list_instant(prices, day, package.end, after=window_start)
        sale_start, sale_end = window_start, window_end
        if package.sold_from is not None:
            sale_start = _list_instant(prices, day, package.sold_from)
        if package.sold_until is not None:
            sale_end = _next_list_instant(prices, day, package.sold_until, after=sale_start)
        start = max(bought_at, window_start, free_from)
        if sale_start <= bought_at < sale_end and start < window_end:
            return Cover(package=package, start=start, end=window_end)
    return None


def _list_instant(prices: PriceList, day: int, clock_time: int) -> int:
    return prices.clock.first_showing_or_transition(day * DAY_SECONDS + clock_time)


def _next_list_instant(prices: PriceList, day: int, clock_time: int, *, after: int) -> int:
    """The next such clock time after an instant, from the given day on."""
    while True:
        instant = _list_instant(prices, day, clock_time)
        if instant > after:
            return instant
        day += 1
