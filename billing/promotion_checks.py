"""Rule G-6: a reference price must be true, and a price isn't raised to be reduced again.

Both need what was paid and what was posted, so they run only where a venue's history is at hand.
"""

import datetime as dt
from typing import Protocol

from billing.price_list import Item, PriceList
from billing.price_problems import ProblemCode, ProblemLog

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


def check_promotions(prices: PriceList, history: PriceHistory, log: ProblemLog) -> None:
    """Note every promotion that G-6 forbids."""
    for number, promotion in enumerate(prices.promotions, start=1):
        item, begins_at = promotion.item, promotion.begins_at
        if promotion.reference_fen is not None:
            paid_fen = history.lowest_paid_fen(item, since=begins_at - dt.timedelta(PAID_DAYS), before=begins_at)
            if paid_fen is None:
                paid_fen = history.last_paid_fen(item, before=begins_at)
            if paid_fen is None or promotion.reference_fen > paid_fen:
                paid = "nobody has bought it yet" if paid_fen is None else f"the highest allowed is {paid_fen} fen"
                log.add(
                    ProblemCode.PROMOTION_REFERENCE_TOO_HIGH,
                    f"promotion {promotion.code!r} shows {promotion.reference_fen} fen before, but {paid} (G-6)",
                    table="promotions",
                    entry=number,
                    key="reference_fen",
                )
        posted_fen = history.lowest_posted_fen(item, since=begins_at - dt.timedelta(RAISED_DAYS), before=begins_at)
        is_raised = posted_fen is not None and prices.price_fen(item) > posted_fen
        if is_raised and promotion.raised_reason is None:
            log.add(
                ProblemCode.RAISED_BEFORE_PROMOTION,
                f"promotion {promotion.code!r}: the list price was raised from {posted_fen} fen within "
                f"{RAISED_DAYS} days before it; say why in raised_reason (G-6)",
                table="promotions",
                entry=number,
                key="raised_reason",
            )
