"""The packages that one visit's customer could have bought, and what each would have saved by the hour (P-16).

Money is counted in exact hourly sums (seconds × fen an hour) times the basis points that the tier pays of them, so that
all of it is whole: `SHARES_A_FEN` are one fen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from billing.course import Course
from billing.hourly_time import HourlyTime, chargeable_time
from billing.money import BASIS_POINTS, EXACT_DENOMINATOR
from billing.packages import Window, duration_end, is_duration_on_sale, sale_days, window_of
from billing.price_list import DurationPackage, Package, PriceList, WindowPackage

SHARES_A_FEN: Final = EXACT_DENOMINATOR * BASIS_POINTS


class Span(NamedTuple):
    """Seconds since 1970 `[start, end)` that a package covers, perhaps beyond the visit."""

    start: int
    end: int


class Saving(NamedTuple):
    """What is taken off the hourly time."""

    money: int
    seconds: int


class Coverage:
    """A visit's chargeable time inside and outside the zones of a package."""

    def __init__(self, visit: HourlyTime, zones: frozenset[str], *, share: int) -> None:
        self._inside = visit.within(zones)
        self._share = share
        self._until: dict[int, Saving] = {}
        self.outside = visit.within(visit.zones - zones)

    def until(self, instant: int) -> Saving:
        """What a package saves that covers all that lies before an instant."""
        found = self._until.get(instant)
        if found is None:
            exact, seconds = self._inside.until(instant)
            found = self._until[instant] = Saving(exact * self._share, seconds)
        return found


class Offer:
    """One package that the customer's tier may buy. `coverage` is the place of its own among the visit's."""

    def __init__(self, prices: PriceList, place: int, *, coverage: int, days: range) -> None:
        package: Package = prices.packages[place]
        self.place = place
        self.package = package
        self.price = package.price_fen * SHARES_A_FEN
        self.coverage = coverage
        self._prices = prices
        # What a duration covers that no clock time cuts short: by far the most frequent question.
        self._seconds = 0
        if isinstance(package, DurationPackage) and package.until is None:
            self._seconds = package.minutes * 60
        self._windows: dict[int, Window] = {}
        if isinstance(package, WindowPackage):
            found = ((day, window_of(prices, package, day)) for day in days)
            self._windows = {day: window for day, window in found if window is not None}
        self._by_start = sorted(self._windows.values())

    def on_sale(self, second: int) -> tuple[Window, ...] | None:
        """None if it isn't on sale at an instant; the windows that are, none for a duration."""
        if isinstance(self.package, DurationPackage):
            return () if is_duration_on_sale(self._prices, self.package, second) else None
        windows = [self._windows[day] for day in sale_days(self._prices, second) if day in self._windows]
        return tuple([window for window in windows if window.sale_start <= second < window.sale_end]) or None

    def span(self, windows: tuple[Window, ...], free_from: int) -> Span | None:
        """What it covers no earlier than `free_from`; `windows` are those on sale when it is bought (P-5, P-6)."""
        if self._seconds:
            return Span(free_from, free_from + self._seconds)
        if isinstance(self.package, DurationPackage):
            return Span(free_from, duration_end(self._prices, self.package, free_from))
        for window in windows:
            if free_from < window.end:
                return Span(max(free_from, window.start), window.end)
        return None

    def ends_from(self, start: int) -> Sequence[int]:
        """Where covers end that begin at an instant, on sale or not."""
        if self._seconds:
            return (start + self._seconds,)
        if isinstance(self.package, DurationPackage):
            return (duration_end(self._prices, self.package, start),)
        begun = bisect_right(self._by_start, start, key=lambda window: window.start)
        # A window lasts a day at most, or a little more where the clock is set back.
        return [window.end for window in self._by_start[max(begun - 2, 0) : begun] if start < window.end]


class VisitOffers:
    """A visit without its packages, and all that its customer's tier may buy.

    `window_starts` are those of all windows within the visit, whoever may buy them, ascending.
    """

    def __init__(self, course: Course, end: int) -> None:
        prices = course.prices
        days = range(sale_days(prices, course.start)[0], sale_days(prices, end)[-1] + 1)
        self.time: HourlyTime = chargeable_time(course, end)
        self._course = course
        self._share = BASIS_POINTS - course.tier.discount_bp
        self.hourly_money = self.time.exact * self._share
        zones = [frozenset(package.zones) & self.time.zones for package in prices.packages]
        distinct = list(dict.fromkeys(zones))
        self.coverages = tuple(Coverage(self.time, inside, share=self._share) for inside in distinct)
        self.offers = tuple(
            Offer(prices, place, coverage=distinct.index(zones[place]), days=days)
            for place, package in enumerate(prices.packages)
            if course.tier.code in package.tiers
        )
        self.window_starts = _window_starts(prices, days, start=course.start, end=end)

    def offer(self, code: str) -> Offer:
        """A package that the customer has bought."""
        return next(offer for offer in self.offers if offer.package.code == code)

    def extension_money(self, hourly_end: int, missing_seconds: int) -> int:
        """What the unit's missing seconds cost from the end of the last hourly time on (P-9)."""
        closing = self._course.closing
        until = hourly_end + missing_seconds if closing is None else min(hourly_end + missing_seconds, closing)
        zone = self.time.zone_before(hourly_end)
        timetable = self._course.prices.timetable.zone(zone, self._course.tier.code)
        return timetable.exact(hourly_end, until) * self._share


def _window_starts(prices: PriceList, days: range, *, start: int, end: int) -> tuple[int, ...]:
    starts: set[int] = set()
    for package in prices.packages:
        if isinstance(package, WindowPackage):
            windows = (window_of(prices, package, day) for day in days)
            starts.update(window.start for window in windows if window is not None and start <= window.start < end)
    return tuple(sorted(starts))
