"""Combos, promotions and gifts: parts at single prices, the saving beside them, and what happens when a part goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from billing import orders, sales, visits
from billing.order_errors import (
    NotPromotedError,
    OrderMixedError,
    PartNotInComboError,
    UnknownItemError,
    VisitNeededError,
)
from billing.order_tables import order_savings
from billing.price_checks import read_canonical
from billing.price_history import RecordedPrices
from billing.price_list import Item, ItemKind
from billing.sold_lines import OrderLine, parts_singly
from billing.usage_errors import NotOnSaleError
from records.ids import new_id
from tests.billing.counter import Counter, goods, service, tenders
from tests.billing.savings_shop import combo, promotion, savings_list

SUPPER_SAVING = 1200 - 600 - 2 * 400 - 100


@pytest.fixture
def counter(bare_counter: Counter) -> Counter:
    """At 19:00, with combos and promotions on the list."""
    bare_counter.publish(savings_list())
    bare_counter.open_shift()
    return bare_counter


def sold(lines: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (line["line"], line["kind"], line["code"], line["qty"], line["unit_fen"], line["amount_fen"], line.get("of"))
        for line in lines
    ]


def sell(counter: Counter, *lines: OrderLine, given: str) -> dict[str, Any]:
    draft = counter.do(sales.sell, sale_id=new_id(), lines=lines, tenders=tenders(given), job_id=new_id())
    return draft.entry.body


def test_a_combo_shows_its_parts_singly_and_what_it_saves(counter: Counter) -> None:
    body = sell(counter, combo("supper", 2), goods("cola-330"), given="cash=2800")
    assert sold(body["lines"]) == [
        (1, "goods", "noodles", 2, 600, 1200, 4),
        (2, "goods", "cola-330", 4, 400, 1600, 4),
        (3, "service", "print-a4", 2, 100, 200, 4),
        (4, "combo", "supper", 2, SUPPER_SAVING, 2 * SUPPER_SAVING, None),
        (5, "goods", "cola-330", 1, 400, 400, None),
    ]
    assert body["total_fen"] == 2 * 1200 + 400
    assert body["postings"] == [
        {"account": "cash/desk-1", "fen": 2800},
        {"account": "revenue/goods", "fen": -3200},
        {"account": "revenue/services", "fen": -200},
        {"account": "revenue/savings", "fen": 600},
    ]


def test_a_customer_leaves_a_part_out_and_pays_the_rest_singly(counter: Counter) -> None:
    supper = savings_list().combo_by_code["supper"]
    rest = parts_singly(supper, 1, without=["print-a4"])
    assert sell(counter, *rest, given="cash=1400")["total_fen"] == 600 + 2 * 400
    with pytest.raises(PartNotInComboError):
        parts_singly(supper, 1, without=["2h"])


def test_a_promotion_is_sold_in_its_period_only(counter: Counter) -> None:
    assert sell(counter, promotion("cheap-cola", 3), given="cash=750")["total_fen"] == 750
    counter.wait(hours=1, minutes=59, seconds=59)
    sell(counter, promotion("cheap-cola"), given="cash=250")
    counter.wait(seconds=1)
    with pytest.raises(NotPromotedError):
        sell(counter, promotion("cheap-cola"), given="cash=250")


def test_a_promotion_that_has_not_begun_is_not_sold(bare_counter: Counter) -> None:
    bare_counter.publish(savings_list(('from = "2026-11-23T19:00:00"', 'from = "2026-11-23T19:00:01"')))
    bare_counter.open_shift()
    with pytest.raises(NotPromotedError):
        sell(bare_counter, promotion("cheap-cola"), given="cash=250")
    bare_counter.wait(seconds=1)
    sell(bare_counter, promotion("cheap-cola"), given="cash=250")


def test_a_gift_is_a_promotion_at_nothing(counter: Counter) -> None:
    body = sell(counter, promotion("gift-print"), goods("noodles"), given="cash=600")
    assert [(line["kind"], line["amount_fen"]) for line in body["lines"]] == [
        ("service", 100),
        ("promotion", -100),
        ("goods", 600),
    ]


def test_a_promotion_dearer_than_its_item_is_not_sold(bare_counter: Counter) -> None:
    """No list may hold one any more; one that was published before is read, and its item is sold singly."""
    prices = savings_list()
    dearer = [replace(one, price_fen=401) if one.code == "cheap-cola" else one for one in prices.promotions]
    bare_counter.publish(read_canonical(replace(prices, promotions=tuple(dearer)).canonical_bytes))
    bare_counter.open_shift()
    with pytest.raises(NotPromotedError):
        sell(bare_counter, promotion("cheap-cola"), given="cash=401")
    sell(bare_counter, goods("cola-330"), given="cash=400")


def test_a_promotion_may_cost_what_its_item_costs(bare_counter: Counter) -> None:
    bare_counter.publish(savings_list(("price_fen = 250", "price_fen = 400")))
    bare_counter.open_shift()
    sell(bare_counter, promotion("cheap-cola"), given="cash=400")


def test_what_holds_a_package_is_sold_to_a_seat_only(counter: Counter) -> None:
    for line in (combo("2h-cola"), promotion("cheap-2h")):
        with pytest.raises(VisitNeededError):
            sell(counter, line, given="cash=2000")
    with pytest.raises(UnknownItemError):
        sell(counter, combo("nothing"), given="cash=1")


def test_a_combo_with_a_package_comes_from_the_visits_list(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(minutes=1)
    counter.publish(savings_list(("price_fen = 1100", "price_fen = 1250"), ("price_fen = 250", "price_fen = 200")))
    counter.do(orders.add, visit_id, [combo("2h-cola")], order_id="order")
    added, bought = counter.last("order.added"), counter.last("package.bought")
    assert (added["list"], added["pinned"]) == (1, True)
    assert sold(added["lines"]) == [
        (1, "goods", "cola-330", 1, 400, 400, 2),
        (2, "combo", "2h-cola", 1, -200, -200, None),
    ]
    assert (bought["code"], bought["order"], bought["of"]) == ("2h", "order", 2)
    assert [entry["type"] for entry in counter.entries()[-2:]] == ["order.added", "package.bought"]
    counter.order(visit_id, promotion("cheap-cola"))
    assert "pinned" not in counter.last("order.added")
    counter.wait(hours=1)
    body = counter.settle(visit_id, "cash=2000").entry.body
    # The minute before the package is a unit of its own: 15 minutes at 4.00.
    assert body["total_fen"] == 1100 + 200 + 100
    assert {"account": "revenue/savings", "fen": 200 + 200} in body["postings"]


def test_a_combo_with_a_package_is_an_order_of_its_own(counter: Counter) -> None:
    visit_id = counter.open()
    with pytest.raises(OrderMixedError):
        counter.order(visit_id, combo("2h-cola"), goods("cola-330"))
    assert counter.entries("package.bought") == []


def test_a_combo_whose_package_is_not_on_sale_leaves_nothing_behind(bare_counter: Counter) -> None:
    bare_counter.publish(savings_list(("minutes = 120", 'minutes = 120\nsold_from = "08:00"\nsold_until = "12:00"')))
    bare_counter.open_shift()
    visit_id = bare_counter.open()
    with pytest.raises(NotOnSaleError):
        bare_counter.order(visit_id, combo("2h-cola"))
    assert bare_counter.entries("order.added") == []


def test_a_promoted_package_is_bought_at_its_single_price_less_the_saving(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, promotion("cheap-2h", 2))
    assert [entry["body"]["of"] for entry in counter.entries("package.bought")] == [1, 1]
    counter.wait(hours=3)
    assert counter.settle(visit_id, "cash=1200").entry.body["total_fen"] == 2 * 600


def test_a_promotion_is_not_laid_over_the_price_of_another_list(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(minutes=1)
    counter.publish(savings_list(("price_fen = 900", "price_fen = 1000")))
    with pytest.raises(NotPromotedError):
        counter.order(visit_id, promotion("cheap-2h"))
    counter.do(visits.buy_package, visit_id, "2h")


@pytest.mark.parametrize(
    ("line", "quantity", "saving"),
    [
        (1, 1, (4, 1, SUPPER_SAVING)),
        (2, 1, (4, 1, SUPPER_SAVING)),
        (2, 2, (4, 1, SUPPER_SAVING)),
        (2, 3, (4, 2, 2 * SUPPER_SAVING)),
        (3, 2, (4, 2, 2 * SUPPER_SAVING)),
    ],
)
def test_a_combo_that_loses_a_part_loses_its_saving(
    counter: Counter, line: int, quantity: int, saving: tuple[int, int, int]
) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, combo("supper", 2))
    before = counter.ask(visits.bill_so_far, visit_id, counter.records.clock.read().second).orders_fen
    cancelled = counter.do(orders.cancel, order.order_id, line, quantity, "customer")
    body = counter.last("order.cancelled")
    assert body["saving"] == {"line": saving[0], "qty": saving[1], "amount_fen": saving[2]}
    after = counter.ask(visits.bill_so_far, visit_id, counter.records.clock.read().second).orders_fen
    assert cancelled.net_fen == before - after == body["amount_fen"] + saving[2]
    assert sum(row.quantity for row in counter.rows(order_savings)) == 2  # What was sold stays as it was.


def test_pieces_beside_a_whole_combo_take_no_saving_along(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, combo("supper", 2))
    counter.do(orders.cancel, order.order_id, 2, 1, "customer")
    counter.do(orders.cancel, order.order_id, 2, 1, "customer")
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    assert [entry["body"].get("saving") for entry in counter.entries("order.cancelled")] == [
        {"line": 4, "qty": 1, "amount_fen": SUPPER_SAVING},
        None,
        None,
    ]
    body = counter.settle(visit_id, "cash=5000").entry.body
    assert sum(line["amount_fen"] for line in body["orders"]) == 1200 + 100
    assert body["total_fen"] == 1300


def test_a_promotion_falls_away_piece_by_piece(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, promotion("cheap-cola", 3))
    assert counter.do(orders.cancel, order.order_id, 1, 2, "customer").net_fen == 2 * 250
    counter.wait(hours=1)
    body = counter.settle(visit_id, "cash=2000").entry.body
    assert [(line["kind"], line["qty"]) for line in body["orders"]] == [("goods", 1), ("promotion", 1)]


def test_the_price_paid_under_a_promotion_is_a_price_paid(counter: Counter) -> None:
    cola, package = Item(kind=ItemKind.GOODS, code="cola-330"), Item(kind=ItemKind.PACKAGE, code="2h")
    sell(counter, goods("cola-330"), given="cash=400")
    visit_id = counter.open()
    counter.order(visit_id, promotion("cheap-cola"))
    counter.order(visit_id, promotion("cheap-2h"))
    counter.order(visit_id, combo("supper"))
    counter.wait(hours=2)
    counter.settle(visit_id, "cash=5000")
    counter.wait(seconds=1)
    now = counter.records.clock.read().second
    with counter.records.reading() as connection:
        history = RecordedPrices(connection=connection)
        since = now.replace(hour=0)
        assert history.lowest_paid_fen(cola, since=since, before=now) == 250
        assert history.lowest_paid_fen(package, since=since, before=now) == 600
        assert history.last_paid_fen(Item(kind=ItemKind.GOODS, code="noodles"), before=now) == 600


def test_services_are_promoted_and_combined_like_goods(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, service("print-a4"), promotion("gift-print", 2), combo("supper"))
    assert [line.get("of") for line in counter.last("order.added")["lines"]] == [
        None,
        3,
        None,
        7,
        7,
        7,
        None,
    ]
