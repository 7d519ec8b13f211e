"""Rule P-18: how long funds last, against asking the rating for every second."""

import json
from typing import Any

import pytest

from billing.price_list import PriceList
from billing.rating import rate
from billing.time_left import time_left
from billing.usage import parse_usage
from billing.usage_errors import UsageError
from tests.billing.random_visits import RandomShop
from tests.billing.shop import MONDAY, TUESDAY, answer, list_with, refusal, usage_json

SECONDS_ASKED_MAX = 1500


@pytest.mark.parametrize(
    ("funds_fen", "until"),
    [
        (0, f"{MONDAY}T21:05:00"),  # The grace.
        (299, f"{MONDAY}T21:05:00"),
        (300, f"{MONDAY}T21:45:00"),
        (400, f"{MONDAY}T22:00:00"),
        (1000, f"{TUESDAY}T00:00:00"),
        (100_000, None),
    ],
)
def test_funds_last_to_the_end_of_the_last_unit_they_pay(funds_fen: int, until: str | None) -> None:
    assert answer(usage_json(f"{MONDAY}T21:00:00", funds_fen=funds_fen)) == until


def test_a_package_carries_the_customer_past_the_funds() -> None:
    night = usage_json(f"{MONDAY}T22:00:00", funds_fen=2000, packages={f"{MONDAY}T22:00:00": "night"})
    assert answer(night) == f"{TUESDAY}T08:00:00"


def test_spent_funds_are_said_to_be_spent() -> None:
    night = usage_json(f"{MONDAY}T22:00:00", funds_fen=1999, packages={f"{MONDAY}T22:00:00": "night"})
    assert refusal(night) == "funds-exceeded"


def test_closing_time_and_a_stopping_package_end_it() -> None:
    stopping = list_with(('package_end = "hourly"', 'package_end = "stop"'))
    bought = usage_json(f"{MONDAY}T10:00:00", funds_fen=9000, packages={f"{MONDAY}T10:00:00": "3h"})
    assert answer(bought, stopping) == f"{MONDAY}T13:00:00"
    moved = usage_json(f"{MONDAY}T10:00:00", funds_fen=9000, moves={f"{MONDAY}T13:00:01": "hall"})
    moved["packages"] = bought["packages"]
    assert refusal(moved, stopping) == "bad-usage"


def first_end_too_dear(document: dict[str, Any], prices: PriceList, *, funds_fen: int) -> int | None:
    """The first second after the last event at which the visit costs more; None if none of the next ones does."""
    clock = prices.clock
    start = clock.parse(document["end"])
    for end in range(start + 1, start + SECONDS_ASKED_MAX):
        try:
            cost_fen = rate(parse_usage(json.dumps(document | {"end": clock.text(end)}), clock), prices).total_fen
        except UsageError:
            return None
        if cost_fen > funds_fen:
            return end
    return None


@pytest.mark.parametrize("seed", range(16))
def test_the_second_after_is_the_first_that_costs_too_much(seed: int) -> None:
    shop = RandomShop(1000 + seed)
    prices, clock = shop.prices, shop.prices.clock
    for _ in range(4):
        document = shop.visit()
        try:
            # A visit that can be priced to its end, from which on the funds are asked for.
            ended = parse_usage(json.dumps(document), clock)
            spent_fen = rate(ended, prices).total_fen
        except UsageError:
            continue
        last_event = max(
            [
                *(clock.parse(stay["from"]) for stay in document["stays"]),
                *(clock.parse(pause["to"]) for pause in document["pauses"]),
                *(clock.parse(package["bought_at"]) for package in document.get("packages", [])),
            ]
        )
        document["end"] = clock.text(last_event)
        funds_fen = spent_fen + shop.random.randrange(300)
        asked = {key: value for key, value in document.items() if key != "end"} | {"funds_fen": funds_fen}
        try:
            until = time_left(parse_usage(json.dumps(asked), clock), prices, funds_fen=funds_fen)
        except UsageError as error:
            assert error.code in {"funds-exceeded", "outside-hours"}  # noqa: PT017  # Both are checked elsewhere.
            continue
        dear = first_end_too_dear(document, prices, funds_fen=funds_fen)
        if dear is not None:
            assert until is not None
            assert int(until.timestamp()) == dear - 1, (seed, asked, shop.document)
        elif until is not None:
            assert not _goes_on(document, prices, int(until.timestamp()), funds_fen=funds_fen)


def _goes_on(document: dict[str, Any], prices: PriceList, until: int, *, funds_fen: int) -> bool:
    """Whether the second after could be paid, too."""
    later = document | {"end": prices.clock.text(until + 1)}
    try:
        return rate(parse_usage(json.dumps(later), prices.clock), prices).total_fen <= funds_fen
    except UsageError:
        return False
