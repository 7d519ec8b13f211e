"""What the database holds of a published list, so that its guards can compare prices and savings (I-4)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from billing.price_list import Item, ItemKind, PriceList
from billing.price_tables import price_items, price_saving_parts, price_savings
from billing.savings import PostedSaving, posted_savings

Row = dict[str, Any]


def posted_rows(prices: PriceList) -> dict[sa.Table, list[Row]]:
    """The rows of a list in each table of posted prices, without the list's number; written in this order."""
    savings = posted_savings(prices)
    return {
        price_items: [
            {"kind": kind.value, "code": item.code, "unit_fen": item.price_fen}
            for kind, items in (
                (ItemKind.GOODS, prices.goods),
                (ItemKind.SERVICE, prices.services),
                (ItemKind.PACKAGE, prices.packages),
            )
            for item in items
        ],
        price_savings: [_saving(saving) for saving in savings],
        price_saving_parts: [row for saving in savings for row in _parts(saving)],
    }


def _saving(saving: PostedSaving) -> Row:
    return {
        "kind": saving.kind.value,
        "code": saving.code,
        "saving_fen": saving.saving_fen,
        "begins": saving.begins_at,
        "ends": saving.ends_at,
    }


def _parts(saving: PostedSaving) -> list[Row]:
    pieces: Counter[Item] = Counter()  # A combo may name an item twice.
    for part in saving.parts:
        pieces[part.item] += part.quantity
    named = {"kind": saving.kind.value, "code": saving.code}
    return [
        {**named, "item_kind": item.kind.value, "item_code": item.code, "quantity": quantity}
        for item, quantity in pieces.items()
    ]
