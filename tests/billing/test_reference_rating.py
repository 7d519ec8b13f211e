"""The rating against a second-by-second reference, on random lists and visits in zones whose clocks move."""

import json
import os

import pytest

from billing.rating import rate
from billing.usage import parse_usage
from billing.usage_errors import UsageError
from tests.billing.random_visits import RandomShop
from tests.billing.reference_rating import Refusal

SHOPS = int(os.environ.get("MINGJIA_REFERENCE_SHOPS", "70"))
VISITS_PER_SHOP = 15


def expected(shop: RandomShop, usage: dict[str, object]) -> object:
    try:
        return shop.reference.quote(usage)
    except Refusal as refusal:
        return str(refusal)


def answered(shop: RandomShop, usage: dict[str, object]) -> object:
    try:
        return rate(parse_usage(json.dumps(usage), shop.prices.clock), shop.prices).to_json()
    except UsageError as error:
        return error.code


@pytest.mark.parametrize("seed", range(SHOPS // 70))
def test_every_second_of_several_days_costs_what_the_rules_say(seed: int) -> None:
    shop = RandomShop(4000 + seed)
    while isinstance(expected(shop, usage := shop.visit(seconds_max=120_000)), str):
        pass  # Refused: most often the hours end.
    assert answered(shop, usage) == expected(shop, usage), (seed, usage, shop.document)


@pytest.mark.parametrize("chunk", range(10))
def test_every_second_costs_what_the_rules_say(chunk: int) -> None:
    answers = 0
    for seed in range(chunk, SHOPS, 10):
        shop = RandomShop(seed)
        for _ in range(VISITS_PER_SHOP):
            usage = shop.visit(seconds_max=700)
            assert answered(shop, usage) == expected(shop, usage), (seed, usage, shop.document)
            answers += 1
    assert answers == len(range(chunk, SHOPS, 10)) * VISITS_PER_SHOP
