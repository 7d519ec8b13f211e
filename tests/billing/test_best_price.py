"""Rule P-16: the customer pays the least of what the purchases and any further packages come to."""

import json
import os
from itertools import permutations
from typing import Any

import pytest

from billing.best_price import charge
from billing.bill import Bill, PackageLine
from billing.price_list import PriceList
from billing.rating import rate
from billing.tables import settlements
from billing.time_left import time_left
from billing.usage import parse_usage
from billing.usage_errors import UsageError
from pos.languages import Language, words_of
from pos.price_wording import bill_lines
from tests.billing.counter import Counter
from tests.billing.random_visits import RandomShop
from tests.billing.reference_rating import Least, Refusal, TooMany
from tests.billing.shop import MONDAY, TUESDAY, WINTER, list_with, usage, usage_json

SHOPS = int(os.environ.get("MINGJIA_REFERENCE_SHOPS", "70")) // 3
BEST = ("best_price = false", "best_price = true")
BEST_WINTER = list_with(BEST)


def duration(code: str, minutes: int, price_fen: int, **more: Any) -> str:
    return _package(code, kind="duration", minutes=minutes, price_fen=price_fen, **more)


def window(code: str, start: str, end: str, price_fen: int, **more: Any) -> str:
    return _package(code, kind="window", start=start, end=end, price_fen=price_fen, **more)


def _package(code: str, **values: Any) -> str:
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in {"code": code, "name": code, **values}.items()]
    return "\n[[packages]]\n" + "".join(lines)


def bill(document: dict[str, Any], prices: PriceList = BEST_WINTER) -> Bill:
    return charge(usage(document, prices), prices)


def added(answer: Bill) -> list[tuple[str, str]]:
    """The packages that were added, with the clock times of their purchases."""
    return [
        (line.code, answer.clock.text(line.added_second)[11:])
        for line in answer.lines
        if isinstance(line, PackageLine) and line.added_second is not None
    ]


def day(end: str = "14:00:00", start: str = "10:00:00", **more: Any) -> dict[str, Any]:
    return usage_json(f"{MONDAY}T{start}", f"{MONDAY}T{end}", **more)


def test_a_package_is_added_where_it_is_cheaper_and_the_bill_says_when() -> None:
    answer = bill(day()).to_json()
    assert answer["total_fen"] == 1400
    assert answer["lines"][-1] == {
        "kind": "package",
        "code": "3h",
        "amount_fen": 1000,
        "at": f"{MONDAY}T10:00:00",
        "best_price": True,
    }
    assert json.loads(bill(day()).to_json_text()) == answer


def test_a_list_that_does_not_promise_it_adds_nothing() -> None:
    assert bill(day(), WINTER) == rate(usage(day()), WINTER)


@pytest.mark.parametrize(
    ("end", "total_fen", "packages"),
    [
        ("10:05:00", 0, []),  # The grace.
        ("12:30:00", 1000, []),  # As dear as the package: the fewest additions.
        ("12:30:01", 1000, [("3h", "10:00:00")]),
        ("13:00:00", 1000, [("3h", "10:00:00")]),
        ("13:00:01", 1100, [("3h", "10:00:00")]),
        ("15:30:00", 2000, [("3h", "10:00:00")]),
        ("15:30:01", 2000, [("3h", "10:00:00"), ("3h", "10:00:00")]),
    ],
)
def test_the_second_at_which_a_package_becomes_cheaper(
    end: str, total_fen: int, packages: list[tuple[str, str]]
) -> None:
    answer = bill(day(end))
    assert (answer.total_fen, added(answer)) == (total_fen, packages)


def test_what_was_bought_is_marked_as_before_and_stays_in_the_usage() -> None:
    bought = day("17:00:00", packages={f"{MONDAY}T10:00:00": "3h"})
    lines = bill(bought).to_json()["lines"]
    assert lines[1] == {"kind": "package", "code": "3h", "amount_fen": 1000}
    assert lines[2]["best_price"] is True
    assert usage(bought).to_json(WINTER.clock)["packages"] == [{"code": "3h", "bought_at": f"{MONDAY}T10:00:00"}]


def test_a_package_can_be_added_at_the_end_of_another_where_its_sale_begins_later() -> None:
    late = list_with(BEST, more=duration("late", 60, 10, sold_from="13:00", sold_until="13:01"))
    assert added(bill(day(), late)) == [("3h", "10:00:00"), ("late", "13:00:00")]
    # Nothing ends at 13:00 if the visit began a minute later.
    assert added(bill(day(start="10:01:00"), late)) == [("3h", "10:01:00")]


def test_a_package_can_be_added_at_the_start_of_a_window_that_is_for_others() -> None:
    noon = window("noon", "12:00", "12:30", 9000, tiers=["gold"])
    late = list_with(BEST, more=noon + duration("late", 120, 10, sold_from="11:59", sold_until="12:01"))
    assert added(bill(day(), late)) == [("late", "12:00:00")]
    assert added(bill(day(), list_with(BEST, more=duration("late", 120, 10, sold_from="11:59")))) == [
        ("3h", "10:00:00"),
        ("late", "13:00:00"),
    ]


def test_a_cheap_package_that_covers_nothing_can_still_lift_the_minimum() -> None:
    cheap = list_with(BEST, ("minimum_fen = 300", "minimum_fen = 900"), more=duration("10m", 10, 10, zones=["esports"]))
    answer = bill(day("11:00:00"), cheap)
    assert [line["amount_fen"] for line in answer.to_json()["lines"]] == [400, 10]


def test_a_free_package_stands_on_the_bill() -> None:
    free = list_with(BEST, more=duration("gift", 60, 0))
    assert bill(day("11:00:00"), free).to_json()["lines"] == [
        {"kind": "package", "code": "gift", "amount_fen": 0, "at": f"{MONDAY}T10:00:00", "best_price": True}
    ]


def test_of_equal_packages_the_one_that_stands_first_is_added() -> None:
    twins = [duration("a", 120, 500), duration("b", 120, 500)]
    for first, second in permutations(twins):
        prices = list_with(BEST, more=first + second)
        assert added(bill(day("12:00:00"), prices))[0][0] == ("a" if first == twins[0] else "b")


def test_of_equal_instants_the_earliest_is_taken() -> None:
    prices = list_with(BEST, ("unit_minutes = 15", "unit_minutes = 0"), more=window("w", "11:00", "11:30", 100))
    hour = list_with(BEST, more=window("w", "11:00", "11:30", 9000) + duration("1h", 60, 350))
    assert added(bill(day("11:00:00"), prices)) == []
    assert added(bill(day("12:00:00"), hour)) == [("1h", "10:00:00"), ("1h", "10:00:00")]


def test_with_stop_the_last_package_reaches_the_end() -> None:
    stopping = list_with(BEST, ('package_end = "hourly"', 'package_end = "stop"'))
    assert added(bill(day("13:00:00"), stopping)) == [("3h", "10:00:00")]
    assert bill(day("13:30:00"), stopping).total_fen == 1400
    assert bill(day("15:30:01"), stopping).total_fen == 2000


def test_a_package_is_added_only_in_its_sale_hours_and_for_its_tier() -> None:
    night = usage_json(f"{MONDAY}T20:59:59", f"{TUESDAY}T06:00:00", zone="esports")
    assert added(bill(night)) == [("night", "22:00:00")]
    assert added(bill(night | {"tier": "gold"})) == [("night", "22:00:00")]
    early = list_with(BEST, ('sold_from = "21:00"', 'sold_from = "23:00"\ntiers = ["gold"]'))
    assert added(bill(night, early)) == []
    # The three hours cover nothing here, but at their end the night is on sale.
    assert added(bill(night | {"tier": "gold"}, early)) == [("3h", "20:59:59"), ("night", "23:59:59")]


def test_what_was_bought_at_one_instant_goes_first() -> None:
    """A window that was bought at the start cannot be pushed back by an hour that is added there."""
    prices = list_with(
        BEST, more=window("morning", "08:00", "11:00", 500, sold_from="08:00") + duration("1h", 60, 50, zones=["hall"])
    )
    bought = day("12:00:00", packages={f"{MONDAY}T10:00:00": "morning"})
    assert [line["code"] for line in bill(bought, prices).to_json()["lines"]] == ["morning", "1h"]


def test_a_returning_visit_pays_the_best_price_too() -> None:
    again = day("14:00:00", returning={"hourly_fen": 0})
    assert (bill(again).total_fen, bill(again).hourly_fen) == (1400, 400)


def test_the_time_left_counts_without_it() -> None:
    asked = usage(usage_json(f"{MONDAY}T10:00:00", funds_fen=1000))
    assert time_left(asked, BEST_WINTER, funds_fen=1000) == time_left(asked, WINTER, funds_fen=1000)


def test_a_running_visit_has_no_price() -> None:
    with pytest.raises(ValueError, match="running"):
        charge(usage(usage_json(f"{MONDAY}T21:00:00", funds_fen=1)), BEST_WINTER)


def test_a_settlement_charges_it_and_keeps_the_usage_as_it_was(bare_counter: Counter) -> None:
    bare_counter.publish(BEST_WINTER)
    bare_counter.open_shift()
    visit_id = bare_counter.open("A01")
    bare_counter.wait(hours=4)
    shown = bare_counter.show(visit_id)
    draft = bare_counter.pay(visit_id, "cash=1300")
    assert (shown.total_fen, draft.visit_bill.time_fen, draft.visit_bill.packages_fen) == (1300, 300, 1000)
    body = bare_counter.last("visit.settled")
    assert body["bill"]["lines"][-1]["best_price"] is True
    assert "packages" not in body["usage"]
    revenue = {posting["account"]: posting["fen"] for posting in body["postings"]}
    assert (revenue["revenue/time"], revenue["revenue/packages"]) == (-300, -1000)
    (row,) = bare_counter.rows(settlements)
    assert (row.time_fen, row.packages_fen, row.total_fen) == (300, 1000, 1300)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "3-hour, added from 2026-11-23 10:00:00 on because it is cheaper"),
        (Language.ZH_CN, "3-hour（最优价，自 2026-11-23 10:00:00 起计）"),
    ],
)
def test_the_bill_says_in_words_that_it_was_added(language: Language, said: str) -> None:
    prices = list_with(BEST, ('name = "包三小时"', 'name = "3-hour"'))
    lines = bill_lines(bill(day(), prices), prices, words_of(language))
    assert lines[-2].strip() == f"10.00  {said}"


def least_of(answer: Bill, prices: PriceList) -> Least:
    places = {package.code: place for place, package in enumerate(prices.packages)}
    additions = tuple(
        (line.added_second, places[line.code])
        for line in answer.lines
        if isinstance(line, PackageLine) and line.added_second is not None
    )
    return answer.total_fen, len(additions), additions


def rated(document: dict[str, Any], prices: PriceList) -> dict[str, Any]:
    try:
        return rate(parse_usage(json.dumps(document), prices.clock), prices).to_json()
    except UsageError as error:
        raise Refusal(error.code) from error


@pytest.mark.parametrize("chunk", range(4))
def test_no_combination_is_cheaper(chunk: int) -> None:
    """Every combination of small lists is rated; one second of the visits in eight is rated second by second."""
    compared = improved = 0
    for seed in range(chunk, SHOPS, 4):
        shop = RandomShop(9000 + seed, best_price=True)
        for number in range(4):
            document = shop.visit(seconds_max=900 if number else 240)
            quote = shop.reference.quote if number == 0 else lambda one: rated(one, shop.prices)  # noqa: B023  # Called within the turn.
            try:
                expected = shop.reference.least(document, quote, 400 if number else 60)
            except (Refusal, TooMany):
                continue
            answer = charge(parse_usage(json.dumps(document), shop.prices.clock), shop.prices)
            assert least_of(answer, shop.prices) == expected, (seed, document, shop.document)
            compared += 1
            improved += expected[1] > 0
    assert compared
