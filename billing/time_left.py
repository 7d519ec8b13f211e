"""How long given funds last (P-18)."""

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass

from billing.calendar import DAY_SECONDS
from billing.course import Course, Span, chart
from billing.price_list import PriceList
from billing.rating import bill_of, hourly_charge, is_within_grace, missing_unit_seconds
from billing.timetable import ZoneTimetable
from billing.usage import Usage
from billing.usage_errors import FundsExceededError
from billing.wall_clock import instant_of

HORIZON_DAYS = 7


def time_left(usage: Usage, prices: PriceList, *, funds_fen: int) -> dt.datetime | None:
    """The latest end that the funds cover, and every earlier one from the last given event on (P-18).

    At most closing time and the end that `package_end = "stop"` sets; None if the funds last beyond seven days from
    the start. The usage is that of a running visit, without an end.

    Raises FundsExceededError if the cost at the last event is above the funds, and every UsageError of `rate`.
    A visit that has ended is a caller's bug: ValueError.
    """
    if usage.end is not None:
        raise ValueError("a visit that has ended has no time left")
    course = chart(usage, prices)
    event = course.last_event
    cost_fen = bill_of(course, event).total_fen
    if cost_fen > funds_fen:
        raise FundsExceededError(funds_fen, cost_fen)
    horizon = course.start + HORIZON_DAYS * DAY_SECONDS
    limit = min(end for end in (course.closing, course.stop, max(horizon, event)) if end is not None)
    for stretch in _hourly_stretches(course, event, limit):
        future = _Stretch.of(course, stretch)
        if future.cost_fen(stretch.end) > funds_fen:
            return instant_of(future.last_end_within(funds_fen))
    return None if limit == max(horizon, event) else instant_of(limit)


def _hourly_stretches(course: Course, event: int, limit: int) -> list[Span]:
    """The hourly time to come in the last zone, from the last event on.

    While a package covers the customer the cost stands still, so only these can use up the funds.
    """
    return [Span(start=max(span.start, event), end=span.end) for span in course.hourly_spans(limit) if span.end > event]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stretch:
    """Running hourly time: what it costs to leave at any of its instants after the first.

    Within a stretch the extension (P-9) follows the stretch itself, so the cost never falls and can be bisected.
    """

    course: Course
    timetable: ZoneTimetable
    span: Span
    seconds_before: int
    exact_before: int
    packages_fen: int

    @classmethod
    def of(cls, course: Course, span: Span) -> "_Stretch":
        spans = [spent for spent in course.hourly_spans(span.start) if spent.start < spent.end]
        zone, tier = course.entries[-1].zone, course.tier.code
        timetable = course.prices.timetable
        return cls(
            course=course,
            timetable=timetable.zone(zone, tier),
            span=span,
            seconds_before=sum(spent.end - spent.start for spent in spans),
            exact_before=sum(timetable.zone(spent.zone, tier).exact(spent.start, spent.end) for spent in spans),
            packages_fen=sum(cover.package.price_fen for cover in course.covers),
        )

    def cost_fen(self, end: int) -> int:
        if is_within_grace(self.course, end):
            return 0
        charged_until = end + missing_unit_seconds(self.course, self.seconds_before + end - self.span.start)
        if self.course.closing is not None:
            charged_until = min(charged_until, self.course.closing)
        exact = self.exact_before + self.timetable.exact(self.span.start, charged_until)
        return hourly_charge(self.course, exact).rounded_fen + self.packages_fen

    def last_end_within(self, funds_fen: int) -> int:
        """The second before the first end that costs more; the stretch's own end does."""
        ends = range(self.span.start + 1, self.span.end)
        return self.span.start + bisect_left(ends, funds_fen + 1, key=self.cost_fen)
