"""When a package is on sale and what time it covers (P-5, P-6, P-6a)."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from billing.calendar import DAY_SECONDS
from billing.price_list import DurationPackage, Package, PriceList, WindowPackage
from billing.wall_clock import instant_of, second_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """Seconds since 1970 `[start, end)` that a package covers, in its zones.

    `added_at` is the second of its purchase if nobody bought it: the best price did (P-16).
    """

    package: Package
    start: int
    end: int
    added_at: int | None = None


class Window(NamedTuple):
    """What a window package covers on one of its dates, and when that is on sale: seconds since 1970, half-open."""

    start: int
    end: int
    sale_start: int
    sale_end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A package that can be bought now, and the time it would cover: closing time ends it too."""

    package: Package
    start: dt.datetime
    end: dt.datetime


def on_sale(prices: PriceList, tier: str, at: dt.datetime, *, after: dt.datetime | None = None) -> tuple[Offer, ...]:
    """The packages that a customer of this tier can buy at an instant, in the list's order; none while it is closed.

    `after` is the end of the packages already bought in the visit: a further one begins no earlier (P-5).
    """
    bought_at = second_of(at)
    if not prices.timetable.is_open(bought_at):
        return ()
    closing = prices.timetable.closing(bought_at)
    free_from = bought_at if after is None else second_of(after)
    covers = (
        cover_of(prices, package, tier=tier, bought_at=bought_at, free_from=free_from) for package in prices.packages
    )
    return tuple(
        Offer(
            package=cover.package,
            start=instant_of(cover.start),
            end=instant_of(cover.end if closing is None else min(cover.end, closing)),
        )
        for cover in covers
        if cover is not None and (closing is None or cover.start < closing)
    )


def cover_of(prices: PriceList, package: Package, *, tier: str, bought_at: int, free_from: int) -> Cover | None:
    """What a package bought then covers, no earlier than `free_from`; None if it is not on sale (P-6a)."""
    if tier not in package.tiers:
        return None
    if isinstance(package, DurationPackage):
        return _duration_cover(prices, package, bought_at=bought_at, free_from=free_from)
    return _window_cover(prices, package, bought_at=bought_at, free_from=free_from)


def _duration_cover(prices: PriceList, package: DurationPackage, *, bought_at: int, free_from: int) -> Cover | None:
    if not is_duration_on_sale(prices, package, bought_at):
        return None
    start = max(bought_at, free_from)
    return Cover(package=package, start=start, end=duration_end(prices, package, start))


def is_duration_on_sale(prices: PriceList, package: DurationPackage, second: int) -> bool:
    """Whether a duration package can be bought at an instant, by the clock time and the date (P-5)."""
    day, clock_time = divmod(prices.clock.shown(second), DAY_SECONDS)
    return prices.timetable.kind(day) in package.days and _has_sale_time(package, clock_time)


def duration_end(prices: PriceList, package: DurationPackage, start: int) -> int:
    """Where the cover of a duration package ends that begins at `start` (P-5)."""
    end = start + package.minutes * 60
    return end if package.until is None else min(end, prices.clock.next_showing(start, package.until))


def _has_sale_time(package: DurationPackage, clock_time: int) -> bool:
    if package.sold_from is None and package.sold_until is None:
        return True
    sold_from = package.sold_from or 0
    sold_until = DAY_SECONDS if package.sold_until is None else package.sold_until
    if sold_from < sold_until:
        return sold_from <= clock_time < sold_until
    return clock_time >= sold_from or clock_time < sold_until


def _window_cover(prices: PriceList, package: WindowPackage, *, bought_at: int, free_from: int) -> Cover | None:
    for day in sale_days(prices, bought_at):
        window = window_of(prices, package, day)
        if window is None:
            continue
        start = max(bought_at, window.start, free_from)
        if window.sale_start <= bought_at < window.sale_end and start < window.end:
            return Cover(package=package, start=start, end=window.end)
    return None


def sale_days(prices: PriceList, second: int) -> range:
    """The dates whose windows can be on sale at an instant.

    A sale interval lasts less than two days; where midnight occurs twice, it may be tomorrow's already.
    """
    today = prices.clock.shown(second) // DAY_SECONDS
    return range(today - 2, today + 2)


def window_of(prices: PriceList, package: WindowPackage, day: int) -> Window | None:
    """The window of a date; None if its kind has none (P-6)."""
    if prices.timetable.kind(day) not in package.days:
        return None
    start = _list_instant(prices, day, package.start)
    end = _next_list_instant(prices, day, package.end, after=start)
    sale_start, sale_end = start, end
    if package.sold_from is not None:
        sale_start = _list_instant(prices, day, package.sold_from)
    if package.sold_until is not None:
        sale_end = _next_list_instant(prices, day, package.sold_until, after=sale_start)
    return Window(start, end, sale_start, sale_end)


def _list_instant(prices: PriceList, day: int, clock_time: int) -> int:
    return prices.clock.first_showing_or_transition(day * DAY_SECONDS + clock_time)


def _next_list_instant(prices: PriceList, day: int, clock_time: int, *, after: int) -> int:
    """The next such clock time after an instant, from the given day on."""
    while True:
        instant = _list_instant(prices, day, clock_time)
        if instant > after:
            return instant
        day += 1
