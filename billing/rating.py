"""What a visit costs: rules P-8 to P-14 of docs/pricing.md over the course that P-4 to P-7 give.

Pure: the same usage and list give the same bill for ever.
"""

import datetime as dt
from typing import NamedTuple

from billing.bill import AdjustmentKind, AdjustmentLine, Bill, Line, PackageLine, TimeLine
from billing.course import Course, ZoneSpan, chart
from billing.money import discounted_floor_fen, floor_fen, round_down_fen
from billing.price_list import PriceList, Rate
from billing.usage import Usage
from billing.usage_errors import OutsideHoursError
from billing.wall_clock import instant_of, second_of

_ADJUSTMENTS = (AdjustmentKind.DISCOUNT, AdjustmentKind.MINIMUM, AdjustmentKind.ROUNDING)


def rate(usage: Usage, prices: PriceList) -> Bill:
    """Price one visit under the list it began with (P-1 … P-15, P-19, P-20).

    Amounts are whole fen; the lines add up to `Bill.total_fen` exactly (P-14). What the customer pays is the business
    of `billing.best_price.charge`: where the list promises the best price, packages are added first (P-16).

    Raises a UsageError for a usage that cannot be priced. A visit without an end is a caller's bug: ValueError.
    """
    course = chart(usage, prices)
    if course.end is None:
        raise ValueError("a running visit has no bill: give it an end")
    return bill_of(course, course.end)


def bill_of(course: Course, end: int) -> Bill:
    """The bill of a course that ends at `end`, which is not before its last event."""
    clock = course.prices.clock
    if is_within_grace(course, end):
        return Bill(lines=(AdjustmentLine(kind=AdjustmentKind.GRACE, amount_fen=0),), clock=clock)
    spans = course.hourly_spans(end)
    lines: list[Line] = []
    if spans:
        exact = _add_time_lines(lines, course, spans)
        lines += hourly_charge(course, exact).adjustments()
    lines += [
        PackageLine(cover.package.code, cover.package.price_fen, cover.added_at)
        for cover in course.covers
        if cover.package.price_fen or cover.added_at is not None
    ]
    return Bill(lines=tuple(lines), clock=clock)


def is_within_grace(course: Course, end: int) -> bool:
    """Whether the visit costs nothing because it was so short (P-10); a returning one has no grace (P-20)."""
    if course.covers or course.returning_hourly_fen is not None:
        return False
    return course.chargeable_seconds(end) <= course.prices.method.grace_minutes * 60


def missing_unit_seconds(course: Course, hourly_seconds: int) -> int:
    """What is missing to a whole unit (P-9)."""
    unit_seconds = course.prices.method.unit_minutes * 60
    return -hourly_seconds % unit_seconds if unit_seconds else 0


class HourlyCharge(NamedTuple):
    """The steps from the exact hourly sum to what is charged for it (P-11 … P-13)."""

    floor_fen: int
    discounted_fen: int
    raised_fen: int
    rounded_fen: int

    def adjustments(self) -> list[AdjustmentLine]:
        """The lines that lead from the time lines to the charge; those of 0 are left out (P-14)."""
        lines = []
        for kind, before_fen, after_fen in zip(_ADJUSTMENTS, self, self[1:], strict=False):
            if after_fen != before_fen:
                lines.append(AdjustmentLine(kind=kind, amount_fen=after_fen - before_fen))
        return lines


def hourly_charge(course: Course, exact: int) -> HourlyCharge:
    """The charge for hourly time whose exact sum is `exact`; there is some, perhaps at a rate of 0 (P-12)."""
    method = course.prices.method
    discounted_fen = discounted_floor_fen(exact, discount_bp=course.tier.discount_bp)
    minimum_fen = 0 if course.covers else method.minimum_fen - (course.returning_hourly_fen or 0)
    raised_fen = max(discounted_fen, minimum_fen)
    return HourlyCharge(
        floor_fen=floor_fen(exact),
        discounted_fen=discounted_fen,
        raised_fen=raised_fen,
        rounded_fen=round_down_fen(raised_fen, multiple_fen=method.round_to_fen),
    )


def _add_time_lines(lines: list[Line], course: Course, spans: list[ZoneSpan]) -> int:
    """Append the time lines, the unit's extension included (P-9). Returns the exact sum."""
    timetable, tier = course.prices.timetable, course.tier.code
    hourly_end = spans[-1].end
    charged_until = hourly_end + missing_unit_seconds(course, sum([span.end - span.start for span in spans]))
    if course.closing is not None:
        charged_until = min(charged_until, course.closing)
    exact = whole_fen = 0
    for zone, start, end in spans:
        pieces = timetable.zone(zone, tier).pieces(start, charged_until if end == hourly_end else end)
        for piece_start, piece_end, rate_index, fen_per_hour in pieces:
            exact += (piece_end - piece_start) * fen_per_hour
            before_fen, whole_fen = whole_fen, floor_fen(exact)
            is_extended = piece_end > hourly_end
            lines.append(
                TimeLine(
                    zone=zone,
                    start_second=piece_start,
                    end_second=piece_end,
                    extension_seconds=piece_end - max(piece_start, hourly_end) if is_extended else 0,
                    fen_per_hour=fen_per_hour,
                    amount_fen=whole_fen - before_fen,
                    rate_index=rate_index,
                )
            )
    return exact


def closing_instant(prices: PriceList, at: dt.datetime) -> dt.datetime | None:
    """When the opening hours that contain `at` end; None if the venue is open all day.

    Raises OutsideHoursError if the venue is closed at that instant.
    """
    second = second_of(at)
    if not prices.timetable.is_open(second):
        raise OutsideHoursError(prices.clock.text(second))
    closing = prices.timetable.closing(second)
    return None if closing is None else instant_of(closing)


def forced_end(usage: Usage, prices: PriceList) -> dt.datetime | None:
    """When the visit ends by itself: at closing time or, with `package_end = "stop"`, with its last package.

    The earlier of the two; None if neither ends it. The usage may be a running one. Raises a UsageError.
    """
    course = chart(usage, prices)
    ends = [end for end in (course.closing, course.stop) if end is not None]
    return instant_of(min(ends)) if ends else None


def rate_at(prices: PriceList, zone: str, tier: str, at: dt.datetime) -> Rate | None:
    """The posted rate of a zone for a tier at an instant (P-3); None while the venue is closed."""
    second = second_of(at)
    pieces = prices.timetable.zone(zone, tier).pieces(second, second + 1)
    return prices.rates[pieces[0].rate_index] if pieces else None
