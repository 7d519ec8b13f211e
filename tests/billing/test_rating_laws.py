"""What holds for every bill, whatever the list."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from billing.bill import Bill
from billing.errors import ListInvalidError, UsageError
from billing.money import discounted_floor_fen, floor_fen, round_down_fen, yuan_text
from billing.price_checks import check, read_canonical
from billing.rating import rate
from billing.usage import parse_usage
from tests.billing.random_visits import RandomShop, toml_text
from tests.billing.shop import WINTER, WINTER_TEXT, changed
from tests.billing.test_price_checks import PROMOTION, TOP_UP

SHOPS = [RandomShop(seed) for seed in range(30)]
shops = st.sampled_from(SHOPS)


def priced(shop: RandomShop, document: dict[str, Any]) -> Bill | None:
    try:
        return rate(parse_usage(json.dumps(document), shop.prices.clock), shop.prices)
    except UsageError:
        return None


@given(shop=shops, seed=st.integers(0, 10_000))
def test_lines_add_up_and_no_time_is_charged_above_its_posted_rate(shop: RandomShop, seed: int) -> None:
    shop.random.seed(seed)
    bill = priced(shop, shop.visit(seconds_max=100_000))
    if bill is None:
        return
    answer = bill.to_json()
    assert answer["total_fen"] == sum(line["amount_fen"] for line in answer["lines"]) >= 0
    assert json.loads(bill.to_json_text()) == answer
    timed = [line for line in answer["lines"] if line["kind"] == "time"]
    exact = sum(line["seconds"] * line["fen_per_hour"] for line in timed)
    assert sum(line["amount_fen"] for line in timed) == exact // 3600
    assert all(0 <= line["extension_seconds"] <= line["seconds"] for line in timed)


@given(shop=shops, seed=st.integers(0, 10_000), later=st.integers(1, 20_000))
def test_staying_longer_never_costs_less(shop: RandomShop, seed: int, later: int) -> None:
    """P-17: without pauses, moves and packages."""
    shop.random.seed(seed)
    clock = shop.prices.clock
    document = shop.visit() | {"pauses": [], "packages": []}
    document["stays"] = document["stays"][:1]
    longer = document | {"end": clock.text(clock.parse(document["end"]) + later)}
    bill, longer_bill = priced(shop, document), priced(shop, longer)
    if bill is not None and longer_bill is not None:
        assert bill.total_fen <= longer_bill.total_fen


@given(exact=st.integers(0, 10**12), discount_bp=st.integers(0, 10_000), multiple=st.integers(1, 1000))
def test_money_is_rounded_down_and_less_than_one_step(exact: int, discount_bp: int, multiple: int) -> None:
    discounted = discounted_floor_fen(exact, discount_bp=discount_bp)
    assert discounted * 36_000_000 <= exact * (10_000 - discount_bp) < (discounted + 1) * 36_000_000
    rounded = round_down_fen(floor_fen(exact), multiple_fen=multiple)
    assert rounded % multiple == 0
    assert 0 <= floor_fen(exact) - rounded < multiple


@pytest.mark.parametrize(("fen", "yuan"), [(0, "0.00"), (5, "0.05"), (1234, "12.34"), (-70, "-0.70"), (100, "1.00")])
def test_amounts_are_said_in_yuan(fen: int, yuan: str) -> None:
    assert yuan_text(fen) == yuan


@pytest.mark.parametrize("shop", SHOPS[:10])
def test_a_list_is_the_same_after_its_canonical_form(shop: RandomShop) -> None:
    assert read_canonical(shop.prices.canonical_bytes) == shop.prices


def test_the_canonical_form_is_that_of_the_standard_with_every_default() -> None:
    prices = check(WINTER_TEXT + PROMOTION + TOP_UP).require()
    document = json.loads(prices.canonical_bytes)
    assert rfc8785.dumps(document) == prices.canonical_bytes
    assert read_canonical(prices.canonical_bytes) == prices
    assert document["method"]["return_minutes"] == 0
    assert document["packages"][0]["tiers"] == ["guest", "gold"]
    assert document["promotions"][0]["from"] == "2026-12-01T00:00:00+08:00"


def test_the_hash_of_a_list_never_changes() -> None:
    """Journals name lists by it: other bytes for an old list would orphan them."""
    assert WINTER.sha256 == "25b6de116d35fde5cf7ed2b6be0ad3427068b50adbabff2d45ce009070fe8a81"


def test_the_order_of_keys_and_defaults_written_out_do_not_change_the_hash() -> None:
    spelled = changed(
        ("pauses_max = 2", "return_minutes = 0\npauses_max = 2"),
        ('tiers = ["guest", "gold"]', 'tiers = ["gold", "guest", "gold"]'),
        ('code = "hall"\nname = "大厅"', 'name = "大厅"\ncode = "hall"'),
    )
    assert check(spelled).require().sha256 == WINTER.sha256


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text + b" ",
        lambda text: text.replace(b"400", b"4x0"),
        lambda text: text[:0] + b"[]",
        lambda text: text[:-1],
    ],
)
def test_damaged_canonical_bytes_are_no_list(damage: Any) -> None:
    with pytest.raises(ListInvalidError):
        read_canonical(damage(WINTER.canonical_bytes))


def test_random_lists_pass_their_check() -> None:
    assert all(check(toml_text(shop.document)).prices == shop.prices for shop in SHOPS[:5])
