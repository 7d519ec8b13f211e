"""The course of a visit: a usage checked against a list, in seconds since 1970, ready to be priced.

The checks run in the order of docs/pricing.md §5, so that the first error that fits is the one raised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple

from billing.calendar import DAY_SECONDS
from billing.packages import Cover, cover_of
from billing.price_list import PackageEnd, PriceList, Tier
from billing.usage import Purchase, Usage
from billing.usage_errors import (
    BadUsageError,
    NotOnSaleError,
    OutsideHoursError,
    UnknownPackageError,
    UnknownTierError,
    UnknownZoneError,
    UsageFlaw,
)
from billing.wall_clock import second_of

STAY_DAYS_MAX = 366
"""A visit of more than a year is a typing error, and would be laid out day by day."""


class Span(NamedTuple):
    """Seconds since 1970 `[start, end)`."""

    start: int
    end: int


class ZoneSpan(NamedTuple):
    """Seconds since 1970 `[start, end)` in one zone."""

    zone: str
    start: int
    end: int


class ZoneEntry(NamedTuple):
    """The second at which the customer sits down in a zone."""

    zone: str
    start: int


class _Bought(NamedTuple):
    """A package that somebody, or the best price, bought at this second."""

    at: int
    code: str
    is_added: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A visit that the list can price.

    `end` is None for a running visit; `last_event` is its last start, stay, pause's end or purchase (P-18).
    `closing` is when the opening hours end in which the visit began, None if never (or if it began outside them, which
    only a visit without length can). `stop` is the end that `package_end = "stop"` sets, if it does.
    """

    prices: PriceList
    tier: Tier
    start: int
    end: int | None
    entries: tuple[ZoneEntry, ...]
    pauses: tuple[Span, ...]
    covers: tuple[Cover, ...]
    last_event: int
    closing: int | None
    stop: int | None
    returning_hourly_fen: int | None

    def chargeable_seconds(self, end: int) -> int:
        """The stay until `end` less its pauses (P-4); no pause may begin after `end`."""
        return end - self.start - sum([min(pause.end, end) - pause.start for pause in self.pauses])

    def hourly_spans(self, end: int) -> list[ZoneSpan]:
        """The chargeable time until `end` that no package covers (P-8), ascending; moves within a zone joined."""
        spans: list[ZoneSpan] = []
        entries = self.entries
        for place, entry in enumerate(entries):
            stay_end = entries[place + 1].start if place + 1 < len(entries) else end
            start = entry.start
            for blocked in self._blocked(entry.zone):
                if blocked.start >= stay_end:
                    break
                if start < blocked.start:
                    _add_span(spans, zone=entry.zone, start=start, end=blocked.start)
                start = max(start, blocked.end)
            if start < stay_end:
                _add_span(spans, zone=entry.zone, start=start, end=stay_end)
        return spans

    def _blocked(self, zone: str) -> list[Span | Cover]:
        """What isn't charged by the hour in a zone, by its beginning."""
        covers = [cover for cover in self.covers if zone in cover.package.zones]
        if not covers:
            return [*self.pauses]
        return sorted([*self.pauses, *covers], key=attrgetter("start"))


def _add_span(spans: list[ZoneSpan], *, zone: str, start: int, end: int) -> None:
    if spans and spans[-1].end == start and spans[-1].zone == zone:
        start = spans.pop().start
    spans.append(ZoneSpan(zone, start, end))


def chart(usage: Usage, prices: PriceList, *, added: Sequence[Purchase] = ()) -> Course:
    """Check a usage against a list and lay it out.

    `added` are packages that the best price buys beside those of the usage (P-16), after them at one instant.

    Raises the UsageError that docs/pricing.md §5 names first.
    """
    tier = _known_codes(usage, prices)
    start = second_of(usage.start)
    end = None if usage.end is None else second_of(usage.end)
    entries = tuple([ZoneEntry(stay.zone, second_of(stay.start)) for stay in usage.stays])
    pauses = _pauses(usage)
    purchases = [_Bought(second_of(bought.bought_at), bought.code, False) for bought in usage.packages]
    purchases += [_Bought(second_of(bought.bought_at), bought.code, True) for bought in added]
    last_event = max(
        [
            start,
            *[entry.start for entry in entries],
            *[pause.end for pause in pauses],
            *[purchase.at for purchase in purchases],
        ]
    )
    until = last_event if end is None else end

    _check_order(start=start, end=end, entries=entries)
    if until - start > STAY_DAYS_MAX * DAY_SECONDS:
        raise BadUsageError(UsageFlaw.TOO_LONG, most=STAY_DAYS_MAX)
    if pauses:
        _check_pauses(usage, prices, pauses, start=start, end=end)
    _check_purchases(purchases, start=start, end=end)
    covers: list[Cover] = []
    refused: NotOnSaleError | None = None
    if purchases:
        try:
            covers = _covers(prices, purchases, tier=usage.tier)
        except NotOnSaleError as error:
            refused = error  # Opening hours speak first (§5).
    stop = covers[-1].end if covers and prices.method.package_end is PackageEnd.STOP else None
    if stop is not None and until > stop:
        raise BadUsageError(UsageFlaw.AFTER_LAST_PACKAGE)
    closing = _closing(prices, start=start, until=until, is_running=end is None)
    if refused is not None:
        raise refused
    return Course(
        prices=prices,
        tier=tier,
        start=start,
        end=end,
        entries=entries,
        pauses=pauses,
        covers=tuple(covers),
        last_event=last_event,
        closing=closing,
        stop=stop,
        returning_hourly_fen=usage.returning_hourly_fen,
    )


def _known_codes(usage: Usage, prices: PriceList) -> Tier:
    tier = prices.tier_by_code.get(usage.tier)
    if tier is None:
        raise UnknownTierError(usage.tier)
    for stay in usage.stays:
        if stay.zone not in prices.zone_by_code:
            raise UnknownZoneError(stay.zone)
    for purchase in usage.packages:
        if purchase.code not in prices.package_by_code:
            raise UnknownPackageError(purchase.code)
    return tier


def _pauses(usage: Usage) -> tuple[Span, ...]:
    pauses = [Span(second_of(pause.start), second_of(pause.end)) for pause in usage.pauses]
    return tuple(sorted(pauses, key=attrgetter("start")))


def _check_order(*, start: int, end: int | None, entries: tuple[ZoneEntry, ...]) -> None:
    if end is not None and end < start:
        raise BadUsageError(UsageFlaw.ENDS_BEFORE_START)
    if not entries or entries[0].start != start:
        raise BadUsageError(UsageFlaw.FIRST_STAY)
    for before, entry in pairwise(entries):
        if entry.start <= before.start:
            raise BadUsageError(UsageFlaw.STAYS_ORDER)
    if end is not None and len(entries) > 1 and entries[-1].start >= end:
        raise BadUsageError(UsageFlaw.STAY_AFTER_END)


def _check_pauses(usage: Usage, prices: PriceList, pauses: tuple[Span, ...], *, start: int, end: int | None) -> None:
    free_from = start
    for pause in pauses:
        if pause.end <= pause.start:
            raise BadUsageError(UsageFlaw.PAUSE_EMPTY)
        if pause.start < free_from:
            raise BadUsageError(UsageFlaw.PAUSES_OVERLAP)
        free_from = pause.end
    if end is not None and free_from > end:
        raise BadUsageError(UsageFlaw.PAUSE_AFTER_END)
    method = prices.method
    own = [pause.end - pause.start for pause in usage.pauses if not pause.venue]
    if method.pauses_max is not None and len(own) > method.pauses_max:
        raise BadUsageError(UsageFlaw.PAUSES_TOO_MANY, most=method.pauses_max)
    if method.pause_minutes_max is not None and any(
        length.total_seconds() > method.pause_minutes_max * 60 for length in own
    ):
        raise BadUsageError(UsageFlaw.PAUSE_TOO_LONG, most=method.pause_minutes_max)


def _check_purchases(purchases: list[_Bought], *, start: int, end: int | None) -> None:
    for purchase in purchases:
        if purchase.at < start or (end is not None and purchase.at >= end):
            raise BadUsageError(UsageFlaw.PACKAGE_OUTSIDE_VISIT)


def _covers(prices: PriceList, purchases: list[_Bought], *, tier: str) -> list[Cover]:
    """What the purchases cover, one after another (P-5). Raises NotOnSaleError."""
    covers: list[Cover] = []
    for bought_at, code, is_added in sorted(purchases, key=itemgetter(0)):
        free_from = covers[-1].end if covers else bought_at
        cover = cover_of(prices, prices.package_by_code[code], tier=tier, bought_at=bought_at, free_from=free_from)
        if cover is None:
            raise NotOnSaleError(code, prices.clock.text(bought_at))
        covers.append(replace(cover, added_at=bought_at) if is_added else cover)
    return covers


def _closing(prices: PriceList, *, start: int, until: int, is_running: bool) -> int | None:
    """The closing time that a stay from `start` to `until` respects. Raises OutsideHoursError if it doesn't.

    Only a visit that is over without length may lie outside the opening hours.
    """
    if prices.timetable.never_closes:
        return None
    if not prices.timetable.is_open(start):
        if until > start or is_running:
            raise OutsideHoursError(prices.clock.text(start))
        return start
    closing = prices.timetable.closing(start)
    if closing is not None and until > closing:
        raise OutsideHoursError(prices.clock.text(closing))
    return closing
