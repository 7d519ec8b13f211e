"""The verifier's best price (P-16) against the product's, against trying everything, and against forgers."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from billing.best_price import charge
from billing.usage import parse_usage
from billing.usage_errors import UsageError
from compliance.verify import verify as v
from tests.billing.random_visits import RandomShop
from tests.compliance.bundles import judged, recompute, resigned, rules, settled
from tests.compliance.busy_shop import Shop, busy_days, price_list
from tests.compliance.handmade import Entry, canonical
from tests.compliance.test_verifier_rating import on_its_own, usage_of

SHOPS = int(os.environ.get("MINGJIA_REFERENCE_SHOPS", "60"))


def charged(shop: RandomShop, document: Entry) -> Entry | None:
    try:
        return charge(parse_usage(json.dumps(document), shop.prices.clock), shop.prices).to_json()
    except UsageError:
        return None


def every_total(prices: v.PriceList, usage: v.Usage, *, additions_max: int) -> dict[tuple[v.Bought, ...], int]:
    """What every combination of so many additions comes to, by trying them all."""
    search = v.BestPrice(prices, usage)
    totals: dict[tuple[v.Bought, ...], int] = {}
    seen: set[tuple[v.Bought, ...]] = set()

    def try_out(added: tuple[v.Bought, ...]) -> None:
        try:
            covers = prices.covers(usage._replace(packages=usage.packages + list(added)))
        except v.Refused:
            return
        total = search._billed(added)
        if total is not None:
            totals[added] = total
        ends = [cover.end for cover in covers if cover.end < usage.end]
        for at in {usage.start, *search._windows, *ends} if len(added) < additions_max else ():
            for code in prices.packages:
                more = tuple(sorted((*added, (code, at)), key=lambda purchase: purchase[1]))
                if more not in seen:
                    seen.add(more)
                    try_out(more)

    try_out(())
    return totals


def test_two_best_prices_agree_on_every_visit() -> None:
    with_additions = 0
    for seed in range(SHOPS):
        shop = RandomShop(seed, best_price=True)
        prices = v.PriceList(1, shop.prices.canonical_bytes)
        for _ in range(10):
            document = on_its_own(shop.visit())
            bill = charged(shop, document)
            if bill is None:
                continue
            usage, added = usage_of(document, prices), v._added(bill, prices.zone)
            search = v.BestPrice(prices, usage)
            assert prices.bill(usage, added) == bill, (seed, document)
            assert search.least(bill["total_fen"]) == (bill["total_fen"], ()), (seed, document)
            assert search.least(10**9)[0] == bill["total_fen"], (seed, document)
            assert search.first_of(bill["total_fen"], tuple(added)) == tuple(added), (seed, document)
            with_additions += bool(added)
    assert with_additions > SHOPS // 2


def test_nothing_that_can_be_tried_is_cheaper() -> None:
    tried = 0
    for seed in range(500, 500 + SHOPS // 4):
        shop = RandomShop(seed, best_price=True)
        prices = v.PriceList(1, shop.prices.canonical_bytes)
        for _ in range(3):
            document = on_its_own(shop.visit())
            if charged(shop, document) is None:
                continue
            usage = usage_of(document, prices)
            least, added = v.BestPrice(prices, usage).least(10**9)
            totals = every_total(prices, usage, additions_max=2).values()
            assert least <= min(totals), (seed, document)
            assert len(added) > 2 or least == min(totals), (seed, document)
            tried += len(totals)
    assert tried > SHOPS // 4


def test_of_equal_totals_the_verifier_takes_the_one_that_the_product_takes() -> None:
    """Each package has a twin at the same price, and so each combination others that cost the same."""
    compared = 0
    for seed in range(900, 900 + SHOPS):
        shop = RandomShop(seed, best_price=True)
        twins = [replace(package, code=f"{package.code}-twin") for package in shop.prices.packages]
        shop.prices = replace(shop.prices, packages=(*shop.prices.packages, *twins))
        prices = v.PriceList(1, shop.prices.canonical_bytes)
        for _ in range(3):
            document = on_its_own(shop.visit())
            bill = charged(shop, document)
            if bill is None:
                continue
            usage, billed = usage_of(document, prices), tuple(v._added(bill, prices.zone))
            totals = every_total(prices, usage, additions_max=2)
            equal = [added for added, total in totals.items() if total == bill["total_fen"]]
            for added in equal:
                assert v.BestPrice(prices, usage).first_of(bill["total_fen"], added) == billed, (seed, document, added)
            compared += max(len(equal) - 1, 0)
    assert compared > SHOPS // 4


def many_packages(*, unit_minutes: int) -> v.PriceList:
    """Six durations of 60 to 600 minutes and four windows, none of them useless."""
    document = json.loads(price_list(best_price=True))
    document["method"]["unit_minutes"] = unit_minutes
    common: Entry = {
        "tiers": ["guest", "gold"],
        "days": ["workday", "weekend", "holiday"],
        "refund": "none",
        "name": "x",
    }
    common |= {"zones": ["hall", "esports"], "sold_from": None, "sold_until": None}
    durations = ((60, 380), (120, 700), (180, 1000), (300, 1600), (480, 2400), (600, 2900))
    windows = (("08:00", "12:00", 1100), ("13:00", "18:00", 1500), ("18:00", "23:00", 2000), ("22:00", "08:00", 2000))
    document["packages"] = [
        {**common, "code": f"d{minutes}", "kind": "duration", "minutes": minutes, "until": None, "price_fen": fen}
        for minutes, fen in durations
    ] + [
        {**common, "code": f"w{start[:2]}", "kind": "window", "start": start, "end": end, "price_fen": fen}
        for start, end, fen in windows
    ]
    document["combos"] = []
    return v.PriceList(1, canonical(document))


@pytest.mark.parametrize("unit_minutes", [0, 15])
def test_a_day_with_ten_packages_to_choose_from_is_gone_through_whole(unit_minutes: int) -> None:
    prices = many_packages(unit_minutes=unit_minutes)
    start = prices.zone.instant("2026-11-23T09:07:13")
    usage = v.Usage("guest", start, start + 86_400, [(start, "hall"), (start + 10_800, "esports")], [], [])
    search = v.BestPrice(prices, usage)
    least, added = search.least(10**9)
    assert not search.gave_up
    assert least == prices.bill(usage, added)["total_fen"] < prices.bill(usage)["total_fen"] // 2


@pytest.fixture(scope="module")
def generous() -> Shop:
    """A day in a venue that promises the best price."""
    return busy_days(1, visits=15, sales=1, best_price=True)


def added_lines(body: Entry) -> list[Entry]:
    return [line for line in body["bill"]["lines"] if "best_price" in line]


def test_an_honest_best_price_is_found_honest(generous: Shop, tmp_path: Path) -> None:
    answer = judged(resigned(generous).make(), tmp_path)
    assert answer["findings"] == []
    assert "best-price" not in answer["not_checked"]
    assert any(added_lines(entry["body"]) for entry in generous.entries if entry["type"] == "visit.settled")


def forged(generous: Shop, change: Any, folder: Path) -> set[str]:
    """The rules that the changed settlement of a visit with an added package breaks, all money made to agree."""

    def forge(entries: list[Entry]) -> None:
        entry = settled(entries, having=lambda body: added_lines(body) and body["tenders"])
        change(entry["body"]["bill"], generous)
        recompute(entries, entry)

    return rules(judged(resigned(generous, forge).make(), folder), "price")


def without_the_addition(bill: Entry, generous: Shop) -> None:
    """The plain bill: right by every rule but P-16."""
    from billing.rating import rate

    body = next(
        entry["body"]
        for entry in generous.entries
        if entry["type"] == "visit.settled" and entry["body"]["bill"] == bill and entry["body"]["tenders"]
    )
    prices = generous.prices(body["list"])
    bill["lines"] = rate(parse_usage(json.dumps(body["usage"]), prices.clock), prices).to_json()["lines"]


def test_a_bill_that_is_not_the_least_is_found(generous: Shop, tmp_path: Path) -> None:
    assert forged(generous, without_the_addition, tmp_path) == {"P-16"}


def bought_a_minute_later(bill: Entry, _: Shop) -> None:
    line = next(line for line in bill["lines"] if "best_price" in line)
    minute = int(line["at"][14:16])
    line["at"] = f"{line['at'][:14]}{minute - 1 if minute else 1:02}{line['at'][16:]}"


def hidden_among_the_purchases(bill: Entry, _: Shop) -> None:
    line = next(line for line in bill["lines"] if "best_price" in line)
    del line["at"], line["best_price"]


def charged_more_for(bill: Entry, _: Shop) -> None:
    next(line for line in bill["lines"] if "best_price" in line)["amount_fen"] += 100


@pytest.mark.parametrize("change", [hidden_among_the_purchases, charged_more_for])
def test_an_addition_that_is_another_than_the_bill_says_is_found(generous: Shop, change: Any, tmp_path: Path) -> None:
    assert "P-14" in forged(generous, change, tmp_path)


def test_an_addition_at_an_instant_that_the_rule_does_not_have_is_found(generous: Shop, tmp_path: Path) -> None:
    assert forged(generous, bought_a_minute_later, tmp_path) & {"P-14", "P-16", "P-6a"}


def its_twin(bill: Entry, _: Shop) -> None:
    """A package that covers the same at the same price, and stands later in the list."""
    line = next(line for line in bill["lines"] if line.get("best_price") and line["code"] == "3h")
    line["code"] = "3h-twin"


def test_of_two_equal_covers_the_first_of_the_list_stands_on_the_bill(generous: Shop, tmp_path: Path) -> None:
    assert forged(generous, its_twin, tmp_path) == {"P-16"}


def test_a_list_without_the_promise_adds_nothing(shop: Shop, tmp_path: Path) -> None:
    def change(entries: list[Entry]) -> None:
        entry = settled(entries, having=lambda body: body["tenders"] and body["zone"] == "hall")
        line = {"kind": "package", "code": "3h", "amount_fen": 1000, "best_price": True}
        entry["body"]["bill"]["lines"].append({**line, "at": entry["body"]["usage"]["start"]})
        recompute(entries, entry)

    assert rules(judged(resigned(shop, change).make(), tmp_path), "price") == {"P-14"}


def test_more_combinations_than_can_be_gone_through_are_said(
    generous: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(v.BestPrice, "CHAINS_MAX", 0)
    answer = judged(resigned(generous).make(), tmp_path)
    assert answer["findings"] == []
    assert "best-price" in answer["not_checked"]
