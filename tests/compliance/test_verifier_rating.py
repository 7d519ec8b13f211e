"""The verifier's rating against the product's, on random lists and visits in zones whose clocks move."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from billing.rating import rate
from billing.usage import parse_usage
from billing.usage_errors import UsageError
from compliance.verify import verify as v
from tests.billing.random_visits import RandomShop
from tests.compliance.busy_shop import price_list

SHOPS = int(os.environ.get("MINGJIA_REFERENCE_SHOPS", "150"))
VISITS_PER_SHOP = 30


def usage_of(document: dict[str, Any], prices: v.PriceList) -> v.Usage:
    instant = prices.zone.instant
    return v.Usage(
        document["tier"],
        instant(document["start"]),
        instant(document["end"]),
        [(instant(stay["from"]), stay["zone"]) for stay in document["stays"]],
        [(instant(p["from"]), instant(p["to"]), p.get("venue", False)) for p in document.get("pauses", [])],
        [(package["code"], instant(package["bought_at"])) for package in document.get("packages", [])],
    )


def on_its_own(document: dict[str, Any]) -> dict[str, Any]:
    """Without the visit before it (P-20): the counter opens every visit on its own, and so does a log."""
    return {key: value for key, value in document.items() if key != "returning"}


def billed(shop: RandomShop, document: dict[str, Any]) -> object:
    try:
        return rate(parse_usage(json.dumps(document), shop.prices.clock), shop.prices).to_json()
    except UsageError:
        return None


def verified(prices: v.PriceList, document: dict[str, Any]) -> object:
    try:
        return prices.bill(usage_of(document, prices))
    except (v.Refused, ValueError):
        return None


@pytest.mark.parametrize("chunk", range(5))
def test_two_ratings_agree_on_every_visit(chunk: int) -> None:
    rated = 0
    for seed in range(10_000 + chunk, 10_000 + SHOPS, 5):
        shop = RandomShop(seed)
        prices = v.PriceList(1, shop.prices.canonical_bytes)
        for _ in range(VISITS_PER_SHOP):
            document = on_its_own(shop.visit())
            expected = billed(shop, document)
            assert verified(prices, document) == expected, (seed, document, shop.document)
            rated += expected is not None
    assert rated > SHOPS


def stay(start: str, end: str, *, tier: str = "guest", **more: Any) -> dict[str, Any]:
    return {"tier": tier, "start": start, "end": end, "stays": [{"from": start, "zone": "hall"}], **more}


@pytest.mark.parametrize(
    ("start", "end", "tier", "total_fen"),
    [
        ("2026-11-23T14:00:00", "2026-11-23T15:00:00", "guest", 400),
        ("2026-11-23T14:00:00", "2026-11-23T14:05:00", "guest", 0),
        ("2026-11-23T14:00:00", "2026-11-23T14:06:00", "guest", 300),
        ("2026-11-23T17:00:00", "2026-11-23T18:50:00", "guest", 400 + 500),  # The started unit to 19:00 counts.
        ("2026-11-23T17:00:00", "2026-11-23T18:50:00", "gold", 810),
        ("2026-11-23T21:00:00", "2026-11-23T23:00:00", "guest", 830),  # 500 + 333, rounded down.
    ],
)
def test_bills_worked_by_hand(start: str, end: str, tier: str, total_fen: int) -> None:
    prices = v.PriceList(1, price_list())
    assert prices.bill(usage_of(stay(start, end, tier=tier), prices))["total_fen"] == total_fen


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"pauses": [{"from": "2026-11-23T14:10:00", "to": "2026-11-23T14:41:00"}]}, "P-4"),
        ({"packages": [{"code": "night", "bought_at": "2026-11-23T14:10:00"}]}, "P-6a"),
        ({"packages": [{"code": "3h", "bought_at": "2026-11-23T13:59:00"}]}, "P-6a"),
        ({"packages": [{"code": "moon", "bought_at": "2026-11-23T14:10:00"}]}, "P-5"),
        ({"tier": "platinum"}, "pricing §5"),
    ],
)
def test_a_refused_usage_names_its_rule(more: dict[str, Any], rule: str) -> None:
    prices = v.PriceList(1, price_list())
    with pytest.raises(v.Refused) as refused:
        prices.bill(usage_of({**stay("2026-11-23T14:00:00", "2026-11-23T15:00:00"), **more}, prices))
    assert refused.value.rule == rule
