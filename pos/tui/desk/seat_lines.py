"""The chosen seat in lines: the bill so far line by line, the rate in force, what comes next.

Pure: from values to lines of one width. Amounts stand right, words give way to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import Any, Final

from billing.bill import AdjustmentKind, AdjustmentLine, PackageLine, TimeLine
from billing.course import chart
from billing.packages import on_sale
from billing.price_list import ItemKind, PriceList, SavingKind
from billing.rates_ahead import rates_ahead
from billing.rating import closing_instant
from billing.usage import Pause
from billing.visit_bill import OrderedLine, VisitBill
from billing.wall_clock import instant_of
from pos.counter.floor import Floor, SeatNow, VisitNow
from pos.languages import Words, noted
from pos.tui.desk.floor_view import LOOK_NAMES, look_of
from pos.tui.desk.reason_words import SEAT_WORDS, reduction_name
from pos.tui.desk.times import clock_time, duration, money
from pos.tui.widgets.columns import apart, cells
from pos.tui.widgets.seat_map import SIGNS, Look

ADJUSTMENT_NAMES: Final = {
    AdjustmentKind.DISCOUNT: noted("discount"),
    AdjustmentKind.MINIMUM: noted("up to the minimum"),
    AdjustmentKind.ROUNDING: noted("rounding"),
    AdjustmentKind.GRACE: noted("within the grace"),
}


class Tone(StrEnum):
    """How a line is meant; the panel gives each its style."""

    TITLE = "title"
    PLAIN = "plain"
    QUIET = "quiet"
    RULE = "rule"
    SUM = "sum"
    LOUD = "loud"


def stay_of(bill: VisitBill) -> list[TimeLine | Pause]:
    """Return what is charged by the hour and the pauses, which nobody charges, in the order of time."""
    times = (line for line in bill.bill.lines if isinstance(line, TimeLine))
    return sorted([*times, *bill.usage.pauses], key=attrgetter("start"))


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One line of the panel."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatLines:
    """Writes a seat's lines, `width` cells wide."""

    words: Words
    timezone: tzinfo
    width: int
    now: datetime

    def of_free(self, one: SeatNow, floor: Floor) -> Iterator[PanelLine]:
        """Say what is posted for a free seat."""
        prices, zone = floor.prices, one.seat.zone
        if prices is None or zone not in prices.zone_by_code:
            yield from self._head(one, zone, self.words(noted("no price list is in force")))
            return
        here = prices.zone_by_code[zone]
        look = Look.FREE if one.closed is None else Look.CLOSED
        yield from self._head(one, here.name, f"{SIGNS[look]} {self.words(LOOK_NAMES[look])}")
        if one.closed is not None:
            why = self.words(SEAT_WORDS[one.closed.reason])
            yield PanelLine(apart(why, self._time(one.closed.closed_at), self.width), Tone.LOUD)
        yield PanelLine(here.spec, Tone.QUIET)
        yield self._rule()
        yield from self._rates(prices, zone)
        yield from self._packages(prices, zone)

    def of_unbilled(self, one: SeatNow, visit: VisitNow, floor: Floor) -> Iterator[PanelLine]:
        """Say what is known of a running visit before its bill is."""
        look = look_of(visit, self.now)
        zone = None if floor.prices is None else floor.prices.zone_by_code.get(one.seat.zone)
        yield from self._head(
            one, one.seat.zone if zone is None else zone.name, f"{SIGNS[look]} {self.words(LOOK_NAMES[look])}"
        )

    def of_visit(self, one: SeatNow, visit: VisitNow, bill: VisitBill, who: str) -> Iterator[PanelLine]:
        """Say everything about a running visit."""
        prices = bill.visit.prices
        look = look_of(visit, self.now)
        zone = prices.zone_by_code[bill.visit.zone].name
        yield from self._head(one, zone, f"{SIGNS[look]} {self.words(LOOK_NAMES[look])}")
        tier = prices.tier_by_code[bill.visit.tier].name
        yield PanelLine(self._pair(noted("customer"), f"{who} {tier}".strip()))
        used = self.words(noted("used"))
        began = f"{self._time(visit.opened_at)}  {used} {duration(visit.used(self.now))}"
        yield PanelLine(self._pair(noted("began"), began))
        yield self._rule()
        yield from self._bill(bill)
        yield self._rule()
        yield self._amount(noted("If settled now"), bill.total_fen, Tone.SUM)
        if bill.deposits_fen:
            yield self._amount(noted("Deposit"), bill.deposits_fen)
            left_fen = bill.deposits_fen - bill.total_fen
            name = noted("Comes back") if left_fen >= 0 else noted("Still to pay")
            yield self._amount(name, abs(left_fen))
        yield from self._ahead(visit, bill)

    # Parts.

    def _head(self, one: SeatNow, zone: str, state: str) -> Iterator[PanelLine]:
        yield PanelLine(apart(f"{one.seat.label} {zone}", state, self.width), Tone.TITLE)

    def _rates(self, prices: PriceList, zone: str) -> Iterator[PanelLine]:
        for tier in prices.tiers:
            ahead = rates_ahead(prices, zone=zone, tier=tier.code, at=self.now)
            price = self.words(noted("closed now")) if ahead.now is None else self._rate(ahead.now.fen_per_hour)
            if tier.discount_bp:
                price += f" −{tier.discount_bp / 100:g}%"
            yield PanelLine(apart(tier.name, price, self.width))
            if ahead.next is not None and ahead.changes_at is not None:
                later = self.words(noted("from {time}")).format(time=self._time(ahead.changes_at))
                yield PanelLine(apart(f"  {later}", self._rate(ahead.next.fen_per_hour), self.width), Tone.QUIET)
        yield from (PanelLine(line, Tone.QUIET) for line in self._method(prices))

    def _method(self, prices: PriceList) -> Iterator[str]:
        method, parts = prices.method, []
        if method.unit_minutes:
            parts.append(self.words(noted("units of {minutes} min")).format(minutes=method.unit_minutes))
        if method.minimum_fen:
            parts.append(self.words(noted("at least {amount}")).format(amount=money(method.minimum_fen)))
        if method.grace_minutes:
            parts.append(self.words(noted("{minutes} min free")).format(minutes=method.grace_minutes))
        line = ""
        for part in parts:  # No condition is torn in two where there is no room for all in one line.
            longer = f"{line} · {part}" if line else part
            if line and cells(longer) > self.width:
                yield line
                longer = part
            line = longer
        if line:
            yield line

    def _packages(self, prices: PriceList, zone: str) -> Iterator[PanelLine]:
        offers = [one for one in on_sale(prices, prices.tiers[0].code, self.now) if zone in one.package.zones]
        if offers:
            yield self._rule()
        for offer in offers:
            until = self.words(noted("to {time}")).format(time=self._time(offer.end))
            yield PanelLine(apart(f"{offer.package.name} {until}", money(offer.package.price_fen), self.width))

    def _bill(self, bill: VisitBill) -> Iterator[PanelLine]:
        several_zones = len({line.zone for line in bill.bill.lines if isinstance(line, TimeLine)}) > 1
        for one in stay_of(bill):
            if isinstance(one, Pause):
                yield self._pause(one)
            else:
                yield from self._time_line(one, bill.visit.prices, names_zone=several_zones)
        for line in bill.bill.lines:
            if isinstance(line, PackageLine):
                name = bill.visit.prices.package_by_code[line.code].name
                yield self._line(name, line.amount_fen)
                if line.added_at is not None:
                    best = self.words(noted("best price: counted from {time} on"))
                    yield PanelLine(f"  {best.format(time=self._time(line.added_at))}", Tone.QUIET)
            elif isinstance(line, AdjustmentLine):
                yield self._adjustment(line)
        for order in bill.orders:
            yield self._order(order, bill.visit.prices)
        for reduction in bill.reductions:
            yield self._line(reduction_name(reduction, self.words), -reduction.fen)

    def _pause(self, pause: Pause) -> PanelLine:
        paused = self.words(noted("paused {span}")).format(span=f"{self._time(pause.start)}–{self._time(pause.end)}")
        return PanelLine(apart(paused, "", self.width), Tone.QUIET)

    def _time_line(self, line: TimeLine, prices: PriceList, *, names_zone: bool) -> Iterator[PanelLine]:
        span = f"{self._time(line.start)}–{self._time(line.end)} {self._rate(line.fen_per_hour)}"
        if names_zone:
            yield PanelLine(prices.zone_by_code[line.zone].name, Tone.QUIET)
        yield self._line(span, line.amount_fen)
        if line.extension_seconds:
            unit = self.words(noted("of it {time} fills the unit")).format(
                time=duration(timedelta(seconds=line.extension_seconds))
            )
            yield PanelLine(f"  {unit}", Tone.QUIET)

    def _adjustment(self, line: AdjustmentLine) -> PanelLine:
        return self._line(self.words(ADJUSTMENT_NAMES[line.kind]), line.amount_fen)

    def _order(self, order: OrderedLine, prices: PriceList) -> PanelLine:
        sold = order.sold
        # A later list may have sold what this one does not know.
        name = _names_of(prices, sold.kind).get(sold.code, sold.code)
        return self._line(f"{name} ×{sold.quantity}", sold.amount_fen)

    def _ahead(self, visit: VisitNow, bill: VisitBill) -> Iterator[PanelLine]:
        """What comes next, the nearest first."""
        if visit.has_ended:
            yield PanelLine(self.words(noted("The time is over; the bill is to be paid.")), Tone.LOUD)
            return
        coming: list[tuple[datetime, str, dict[str, str]]] = []
        limit = bill.visit.pause_limit()
        if limit is not None:
            coming.append((limit, noted("pause ends at {time}"), {}))
        prices = bill.visit.prices
        covers = chart(bill.visit.running_usage(), prices).covers
        package_end = instant_of(covers[-1].end) if covers else None
        is_covered = package_end is not None and package_end > self.now
        closing = closing_instant(prices, visit.opened_at)
        if package_end is not None and is_covered and (closing is None or package_end < closing):
            coming.append((package_end, noted("package until {time}"), {}))
        elif closing is not None:
            coming.append((closing, noted("closing time {time}"), {}))
        if visit.covered_until not in {None, package_end, closing}:
            coming.append((visit.covered_until, noted("deposit until {time}"), {}))
        ahead = rates_ahead(prices, zone=bill.visit.zone, tier=bill.visit.tier, at=self.now)
        if ahead.changes_at is not None and ahead.next is not None and not is_covered:
            rate = self._rate(ahead.next.fen_per_hour)
            coming.append((ahead.changes_at, noted("from {time} {rate}"), {"rate": rate}))
        for at, name, facts in sorted(coming, key=itemgetter(0)):
            yield self._next(self.words(name).format(time=self._time(at), **facts), at)

    def _next(self, text: str, at: datetime) -> PanelLine:
        left = at - self.now
        tone = Tone.LOUD if timedelta() <= left <= timedelta(minutes=10) else Tone.QUIET
        return PanelLine(apart(text, duration(max(left, timedelta())), self.width), tone)

    # Words.

    def _rule(self) -> PanelLine:
        return PanelLine("─" * self.width, Tone.RULE)

    def _pair(self, name: str, value: str) -> str:
        return f"{self.words(name)}  {value}"

    def _line(self, text: str, amount_fen: int) -> PanelLine:
        return PanelLine(apart(text, money(amount_fen), self.width))

    def _amount(self, name: str, amount_fen: int, tone: Tone = Tone.PLAIN) -> PanelLine:
        return PanelLine(apart(self.words(name), money(amount_fen), self.width), tone)

    def _rate(self, fen_per_hour: int) -> str:
        return self.words(noted("{rate}/h")).format(rate=money(fen_per_hour))

    def _time(self, at: datetime) -> str:
        return clock_time(at.astimezone(self.timezone), today=self.now.astimezone(self.timezone))


def _names_of(prices: PriceList, kind: ItemKind | SavingKind) -> Mapping[str, str]:
    named: Mapping[ItemKind | SavingKind, Mapping[str, Any]] = {
        ItemKind.GOODS: prices.goods_by_code,
        ItemKind.SERVICE: prices.service_by_code,
        ItemKind.PACKAGE: prices.package_by_code,
        SavingKind.COMBO: prices.combo_by_code,
        SavingKind.PROMOTION: prices.promotion_by_code,
    }
    return {code: thing.name for code, thing in named[kind].items()}
