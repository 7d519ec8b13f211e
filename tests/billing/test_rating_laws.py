"""What holds for every bill, whatever the list."""

import json
import random
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.bill import Bill, PackageLine
from billing.list_errors import ListInvalidError
from billing.money import discounted_floor_fen, floor_fen, round_down_fen, yuan_text
from billing.price_checks import check, read_canonical
from billing.price_problems import ProblemCode
from billing.promotion_checks import NEEDS_HISTORY
from billing.rating import rate, rate_at
from billing.usage import parse_usage
from billing.usage_errors import UsageError
from billing.wall_clock import instant_of
from tests.billing.mistakes import SINGLE_MISTAKES
from tests.billing.random_visits import RandomShop, toml_text
from tests.billing.reference_rating import Reference
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


@given(shop=shops, seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_a_move_within_the_zone_changes_nothing(shop: RandomShop, seed: int, share: float) -> None:
    shop.random.seed(seed)
    clock, document = shop.prices.clock, shop.visit()
    bill = priced(shop, document)
    stays = document["stays"]
    edges = [*(clock.parse(stay["from"]) for stay in stays), clock.parse(document["end"])]
    place = seed % len(stays)
    moved_at = edges[place] + int(share * (edges[place + 1] - edges[place]))
    if bill is None or not edges[place] < moved_at < edges[place + 1]:
        return
    again = {"from": clock.text(moved_at), "zone": stays[place]["zone"]}
    assert priced(shop, document | {"stays": [*stays[: place + 1], again, *stays[place + 1 :]]}) == bill


@settings(max_examples=40)
@given(shop=shops, seed=st.integers(0, 10_000))
def test_only_packages_that_were_bought_are_charged_and_each_once_at_its_price(shop: RandomShop, seed: int) -> None:
    shop.random.seed(seed)
    document = shop.visit()
    bill = priced(shop, document)
    if bill is None:
        return
    charged = sorted((line.code, line.amount_fen) for line in bill.lines if isinstance(line, PackageLine))
    prices = {package.code: package.price_fen for package in shop.prices.packages}
    bought = sorted((one["code"], prices[one["code"]]) for one in document.get("packages", []))
    assert charged == [(code, fen) for code, fen in bought if fen]


@settings(max_examples=40)
@given(shop=shops, seed=st.integers(0, 10_000))
def test_a_price_does_not_depend_on_what_a_customer_is_called(shop: RandomShop, seed: int) -> None:
    """REQ-C-9: other names and codes for tiers, in another order, change no amount."""
    shop.random.seed(seed)
    names = {"guest": "gold", "gold": "guest"}
    document = json.loads(json.dumps(shop.document))
    document["tiers"] = [tier | {"code": names[tier["code"]]} for tier in reversed(document["tiers"])]
    for entry in (*document["rates"], *document["packages"]):
        if "tiers" in entry:
            entry["tiers"] = [names[tier] for tier in entry["tiers"]]
    renamed = check(toml_text(document)).require()
    visit = shop.visit()
    bill = priced(shop, visit)
    usage = parse_usage(json.dumps(visit | {"tier": names[visit["tier"]]}), renamed.clock)
    try:
        assert rate(usage, renamed).lines == (bill.lines if bill else ())
    except UsageError:
        assert bill is None


@settings(max_examples=40)
@given(seed=st.integers(0, 400), damage=st.integers(0, 10_000))
def test_a_list_fails_its_check_or_prices_every_instant(seed: int, damage: int) -> None:
    shop = SHOPS[seed % len(SHOPS)]
    chance = random.Random(damage)  # noqa: S311  # A repeatable choice.
    document = json.loads(json.dumps(shop.document))
    rate_entry = chance.choice(document["rates"])
    match chance.randrange(4):
        case 0:
            document["rates"].remove(rate_entry)
        case 1:
            rate_entry["from"] = chance.choice(document["rates"])["from"]
        case 2:
            rate_entry["to"] = chance.choice(document["rates"])["to"]
        case _:
            rate_entry["days"] = chance.sample(["workday", "weekend", "holiday"], chance.randrange(1, 4))
    result = check(toml_text(document))
    if result.prices is None:
        assert result.problems
        return
    reference = Reference(document)
    for _ in range(20):
        second = chance.randrange(1_767_000_000, 1_798_000_000)  # 2026.
        zone, tier = chance.choice(["hall", "room"]), chance.choice(["guest", "gold"])
        posted = rate_at(result.prices, zone, tier, instant_of(second))
        if reference.is_open(second):
            assert posted == result.prices.rates[reference.rate_index(second, zone, tier)]
        else:
            assert posted is None


def test_every_code_of_a_problem_has_a_list_with_that_problem_alone() -> None:
    """The rules of G-6 need a history; each of them alone is in test_price_history."""
    alone = {code for code, _, _ in SINGLE_MISTAKES}
    assert alone | set(NEEDS_HISTORY) == set(ProblemCode)


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
