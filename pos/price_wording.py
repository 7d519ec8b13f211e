"""Faults of a price list, and bills, in words (`pos.price_sentences`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import Enum
from typing import Any, Final

from billing.bill import AdjustmentKind, Bill, Line, PackageLine, TimeLine
from billing.calendar import EVERY_DAY, clock_text
from billing.money import yuan_text
from billing.price_faults import Dates
from billing.price_list import PriceList
from billing.price_problems import Fault, Where
from pos.languages import Words, noted
from pos.price_sentences import FAULTS, NAMES

_CLOCK_TIMES: Final = frozenset({"begins", "ends"})
_ADJUSTMENTS: Final = {
    AdjustmentKind.DISCOUNT: noted("discount of the tier"),
    AdjustmentKind.MINIMUM: noted("up to the minimum"),
    AdjustmentKind.ROUNDING: noted("rounded down"),
    AdjustmentKind.GRACE: noted("free, because it was so short"),
}


def fault_sentence(fault: Fault, words: Words) -> str:
    """Say one fault; amounts as in the file, in fen."""
    facts = {field.name: _said(field.name, getattr(fault, field.name), words) for field in fields(fault)}
    sentence = words(FAULTS[fault.key()]).format_map(facts)
    return (
        sentence if fault.part is None else words("Item {part}: {sentence}").format(part=fault.part, sentence=sentence)
    )


def place_text(where: Where, words: Words) -> str:
    """Say a place in a file: `rates[2].to (line 57)`."""
    place = where.path() or words("the file")
    return place if where.line is None else words("{place} (line {line})").format(place=place, line=where.line)


def bill_lines(bill: Bill, prices: PriceList, words: Words) -> list[str]:
    """Say a bill: amounts in yuan, the total last."""
    lines = [f"{yuan_text(line.amount_fen):>9}  {_bill_line(line, bill, prices, words)}" for line in bill.lines]
    total = words("total")
    return [*lines, f"{yuan_text(bill.total_fen):>9}  {total}"]


def _bill_line(line: Line, bill: Bill, prices: PriceList, words: Words) -> str:
    match line:
        case TimeLine():
            return words("{zone}, {start} to {end}, {rate} yuan an hour").format(
                zone=prices.zone_by_code[line.zone].name,
                start=bill.clock.text(line.start_second).replace("T", " "),
                end=bill.clock.text(line.end_second).replace("T", " "),
                rate=yuan_text(line.fen_per_hour),
            )
        case PackageLine():
            name = prices.package_by_code[line.code].name
            if line.added_second is None:
                return name
            return words("{package}, added from {time} on because it is cheaper").format(
                package=name, time=bill.clock.text(line.added_second).replace("T", " ")
            )
        case _:
            return words(_ADJUSTMENTS[line.kind])


def _said(name: str, value: Any, words: Words) -> str:
    if isinstance(value, Dates):
        return dates_text(value, words)
    if isinstance(value, tuple):
        return _joined((_said(name, one, words) for one in value), words)
    if isinstance(value, Enum):
        return words(NAMES[value])
    return clock_text(value) if name in _CLOCK_TIMES else str(value)


def dates_text(dates: Dates, words: Words) -> str:
    """Say dates by their kinds: `on workdays`, `in the night after weekends`."""
    if dates.kinds == EVERY_DAY:
        return words("on every day")
    if dates.kinds:
        return words("on {days}").format(days=_said("kinds", dates.kinds, words))
    if dates.after:
        return words("in the night after {days}").format(days=_said("after", dates.after, words))
    pairs = (
        words("on {days} after {before}").format(days=words(NAMES[pair.kind]), before=words(NAMES[pair.before]))
        for pair in dates.pairs
    )
    return _joined(pairs, words)


def _joined(texts: Iterable[str], words: Words) -> str:
    return words(", ").join(texts)
