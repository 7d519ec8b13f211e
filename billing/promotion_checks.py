"""Rule G-6: a reference price must be true, and a price isn't raised to be reduced again.

Both need what was paid and what was posted, so they run only where a venue's history is at hand.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from billing.list_errors import ListInvalidError
from billing.price_faults import RaisedBefore, ReferenceNeverPaid, ReferenceTooHigh
from billing.price_list import Item, PriceList, Promotion
from billing.price_problems import Fault, ProblemCode, ProblemLog

PAID_DAYS = 7
"""明码标价和禁止价格欺诈规定 16: the lowest price paid in the seven days before."""

RAISED_DAYS = 30

NEEDS_HISTORY = (ProblemCode.PROMOTION_REFERENCE_TOO_HIGH, ProblemCode.RAISED_BEFORE_PROMOTION)


class PriceHistory(Protocol):
    """What a venue's records say of an item's prices. Intervals are half-open; amounts are fen for one piece."""

    def lowest_paid_fen(self, item: Item, *, since: dt.datetime, before: dt.datetime) -> int | None:
        """The lowest price paid in that time; None if nobody bought it."""

    def last_paid_fen(self, item: Item, *, before: dt.datetime) -> int | None:
        """The last price paid before; None if it was never sold."""

    def lowest_posted_fen(self, item: Item, *, since: dt.datetime, before: dt.datetime) -> int | None:
        """The lowest list price in force at any instant of that time; None if it was not on a list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoHistory:
    """The history of a venue that has sold nothing yet: no reference price is true there."""

    def lowest_paid_fen(self, _item: Item, *, since: dt.datetime, before: dt.datetime) -> int | None:  # noqa: ARG002  # The protocol's names.
        """Nobody bought anything."""
        return None

    def last_paid_fen(self, _item: Item, *, before: dt.datetime) -> int | None:  # noqa: ARG002  # The protocol's names.
        """Nothing was ever sold."""
        return None

    def lowest_posted_fen(self, _item: Item, *, since: dt.datetime, before: dt.datetime) -> int | None:  # noqa: ARG002  # The protocol's names.
        """No list was in force."""
        return None


def refuse_untrue_promotions(prices: PriceList, history: PriceHistory) -> None:
    """Raise ListInvalidError for a list with a promotion that G-6 forbids. Publishing asks this."""
    log = ProblemLog()
    check_promotions(prices, history, log)
    if problems := log.in_file_order():
        raise ListInvalidError(problems)


def check_promotions(prices: PriceList, history: PriceHistory, log: ProblemLog) -> None:
    """Note every promotion that G-6 forbids."""
    for number, promotion in enumerate(prices.promotions, start=1):
        reference = _reference_fault(promotion, history)
        if reference is not None:
            log.add(reference, table="promotions", entry=number, key="reference_fen")
        raised = _raised_fault(promotion, prices.price_fen(promotion.item), history)
        if raised is not None:
            log.add(raised, table="promotions", entry=number, key="raised_reason")


def _reference_fault(promotion: Promotion, history: PriceHistory) -> Fault | None:
    """What is wrong with the reference price: above the lowest paid in the days before, else above the last paid."""
    if promotion.reference_fen is None:
        return None
    begins_at = promotion.begins_at
    paid_fen = history.lowest_paid_fen(promotion.item, since=begins_at - dt.timedelta(PAID_DAYS), before=begins_at)
    if paid_fen is None:
        paid_fen = history.last_paid_fen(promotion.item, before=begins_at)
    if paid_fen is None:
        return ReferenceNeverPaid(reference_fen=promotion.reference_fen)
    if promotion.reference_fen > paid_fen:
        return ReferenceTooHigh(reference_fen=promotion.reference_fen, paid_fen=paid_fen)
    return None


def _raised_fault(promotion: Promotion, price_fen: int, history: PriceHistory) -> Fault | None:
    """Whether the list price is above one that was posted in the days before, and nobody says why."""
    if promotion.raised_reason is not None:
        return None
    begins_at = promotion.begins_at
    posted_fen = history.lowest_posted_fen(
        promotion.item, since=begins_at - dt.timedelta(RAISED_DAYS), before=begins_at
    )
    if posted_fen is None or price_fen <= posted_fen:
        return None
    return RaisedBefore(posted_fen=posted_fen, price_fen=price_fen, days=RAISED_DAYS)
