"""A bill in rows, in the reader's language: time with its posted rate, packages, adjustments, orders, deposits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from billing.bill import AdjustmentKind, AdjustmentLine, PackageLine, TimeLine
from billing.price_list import ItemKind, PriceList, SavingKind
from billing.usage import Pause
from billing.visit_bill import OrderedLine, SoldLine, VisitBill
from pos.languages import Words, noted
from pos.tui.desk.reason_words import reduction_name
from pos.tui.desk.seat_lines import ADJUSTMENT_NAMES, stay_of
from pos.tui.desk.tender_words import TENDER_WORDS
from pos.tui.desk.times import clock_time, duration, money
from pos.tui.widgets.rows import Row, Tone


def item_name(prices: PriceList, kind: ItemKind | SavingKind, code: str) -> str:
    """Return the posted name of a thing of a list, with what it is."""
    match kind:
        case ItemKind.GOODS:
            goods = prices.goods_by_code[code]
            return f"{goods.name} {goods.spec}".strip()
        case ItemKind.SERVICE:
            service = prices.service_by_code[code]
            return f"{service.name} {service.content}".strip()
        case ItemKind.PACKAGE:
            return prices.package_by_code[code].name
        case SavingKind.COMBO:
            return prices.combo_by_code[code].name
        case SavingKind.PROMOTION:
            return prices.promotion_by_code[code].name


@dataclass(frozen=True, kw_only=True, slots=True)
class BillRows:
    """Writes bills. `lists` gives the published list of a number: an order may be of a later one than the time."""

    words: Words
    timezone: tzinfo
    lists: Callable[[int], PriceList]

    def statement(self, bill: VisitBill) -> Iterator[Row]:
        """Write everything that a customer is shown before paying."""
        visit, prices = bill.visit, bill.visit.prices
        began, ended = self._time(visit.opened_at, bill.at), self._time(bill.at, bill.at)
        zone, tier = prices.zone_by_code[visit.zone].name, prices.tier_by_code[visit.tier].name
        yield Row(f"{visit.seat} {zone} · {tier}", f"{began} – {ended}", Tone.HEAD)
        listed = self.words(noted("price list {number} · {hash}"))
        yield Row(listed.format(number=visit.list_number, hash=prices.sha256[:12]), tone=Tone.QUIET)
        yield from self.lines(bill)
        yield Row.rule()
        yield Row(self.words(noted("Total")), money(bill.total_fen), Tone.SUM)
        yield from self._deposits(bill)

    def lines(self, bill: VisitBill) -> Iterator[Row]:
        """Write time and pauses, packages, adjustments and orders."""
        prices = bill.visit.prices
        if not bill.bill.lines and not bill.orders:
            yield Row(self.words(noted("nothing was used")), money(0))
        for one in stay_of(bill):
            if isinstance(one, Pause):
                yield self._pause(one, bill.at)
            else:
                yield from self._time_rows(one, prices, bill.at)
        for line in bill.bill.lines:
            match line:
                case PackageLine():
                    yield from self._package_rows(line, prices, bill.at)
                case AdjustmentLine():
                    yield Row(self._adjustment(line, prices, bill.visit.tier), money(line.amount_fen))
        for order in bill.orders:
            yield from self.sold(order.sold, self.lists(order.list_number))
        for reduction in bill.reductions:
            yield Row(reduction_name(reduction, self.words), money(-reduction.fen))

    def sold(self, line: SoldLine, prices: PriceList) -> Iterator[Row]:
        """Write pieces of one item, with the posted price of one."""
        yield Row(item_name(prices, line.kind, line.code), money(line.amount_fen))
        yield Row(f"  {money(line.unit_fen)} × {line.quantity}", tone=Tone.QUIET)

    def order(self, order: OrderedLine) -> Row:
        """Write one ordered line in one row."""
        sold = order.sold
        name = item_name(self.lists(order.list_number), sold.kind, sold.code)
        return Row(f"{name}  {money(sold.unit_fen)} × {sold.quantity}", money(sold.amount_fen))

    def _pause(self, pause: Pause, at: datetime) -> Row:
        paused = (
            noted("Paused by the venue {span}, not charged") if pause.venue else noted("Paused {span}, not charged")
        )
        span = f"{self._time(pause.start, at)}–{self._time(pause.end, at)}"
        return Row(self.words(paused).format(span=span), tone=Tone.QUIET)

    def _time_rows(self, line: TimeLine, prices: PriceList, at: datetime) -> Iterator[Row]:
        zone = prices.zone_by_code[line.zone].name
        rate = self.words(noted("{rate} yuan/h")).format(rate=money(line.fen_per_hour))
        span = f"{self._time(line.start, at)}–{self._time(line.end, at)}"
        length = duration(timedelta(seconds=line.seconds))
        yield Row(f"{span}  {zone} {rate} · {length}", money(line.amount_fen))
        if line.extension_seconds:
            unit = self.words(noted("of it {time} fills the unit"))
            filled = duration(timedelta(seconds=line.extension_seconds))
            yield Row(f"  {unit.format(time=filled)}", tone=Tone.QUIET)

    def _package_rows(self, line: PackageLine, prices: PriceList, at: datetime) -> Iterator[Row]:
        yield Row(prices.package_by_code[line.code].name, money(line.amount_fen))
        if line.added_at is not None:
            best = self.words(noted("best price: counted from {time} on")).format(time=self._time(line.added_at, at))
            yield Row(f"  {best}", tone=Tone.QUIET)

    def _adjustment(self, line: AdjustmentLine, prices: PriceList, tier: str) -> str:
        name = self.words(ADJUSTMENT_NAMES[line.kind])
        if line.kind is AdjustmentKind.DISCOUNT:
            return f"{prices.tier_by_code[tier].name} {name}"
        if line.kind is AdjustmentKind.MINIMUM:
            return f"{name} {money(prices.method.minimum_fen)}"
        return name

    def _deposits(self, bill: VisitBill) -> Iterator[Row]:
        for tender in bill.deposits:
            name = self.words(noted("deposit, {way}")).format(way=self.words(TENDER_WORDS[tender.kind]))
            yield Row(name, money(-tender.fen))
        left_fen = bill.deposits_fen - bill.total_fen
        if left_fen > 0:
            yield Row(self.words(noted("Comes back")), money(left_fen), Tone.SUM)
        else:
            yield Row(self.words(noted("Due")), money(bill.due_fen), Tone.SUM)

    def _time(self, at: datetime, today: datetime) -> str:
        return clock_time(at.astimezone(self.timezone), today=today.astimezone(self.timezone))
