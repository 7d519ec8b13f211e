"""What was paid and posted, as the books tell it (G-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from billing import orders, publication, sales, visits
from billing.list_errors import ListInvalidError
from billing.price_checks import check
from billing.price_history import RecordedPrices
from billing.price_list import Item, ItemKind
from records.ids import new_id
from tests.billing.counter import WINTER, Counter, goods, list_with, tenders
from tests.billing.shop import changed

COLA = Item(kind=ItemKind.GOODS, code="cola-330")
PAPER = Item(kind=ItemKind.SERVICE, code="print-a4")
THREE_HOURS = Item(kind=ItemKind.PACKAGE, code="3h")
CHEAPER = list_with(("price_fen = 400", "price_fen = 350"))
DEARER = list_with(("price_fen = 400", "price_fen = 500"))


@pytest.fixture
def start(counter: Counter) -> datetime:
    return counter.clock.read().second


def lowest(counter: Counter, item: Item, since: datetime, before: datetime) -> int | None:
    with counter.records.reading() as connection:
        return RecordedPrices(connection=connection).lowest_paid_fen(item, since=since, before=before)


def last(counter: Counter, item: Item, before: datetime) -> int | None:
    with counter.records.reading() as connection:
        return RecordedPrices(connection=connection).last_paid_fen(item, before=before)


def posted(counter: Counter, item: Item, since: datetime, before: datetime) -> int | None:
    with counter.records.reading() as connection:
        return RecordedPrices(connection=connection).lowest_posted_fen(item, since=since, before=before)


def sell_cola(counter: Counter) -> None:
    counter.do(sales.sell, sale_id=new_id(), lines=[goods("cola-330")], tenders=tenders("cash=500"), job_id=new_id())


def test_a_price_counts_as_paid_when_it_was(counter: Counter, start: datetime) -> None:
    hour = timedelta(hours=1)
    sell_cola(counter)
    counter.wait(hours=1)
    counter.publish(CHEAPER)
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330"))
    counter.wait(hours=1)
    assert lowest(counter, COLA, start, start + 3 * hour) == 400
    counter.settle(visit_id, "cash=5000")
    assert lowest(counter, COLA, start, start + 3 * hour) == 350
    assert lowest(counter, COLA, start, start + 2 * hour) == 400
    assert lowest(counter, COLA, start + hour, start + 2 * hour) is None
    assert (last(counter, COLA, start + 3 * hour), last(counter, COLA, start + hour)) == (350, 400)
    assert last(counter, COLA, start) is None
    assert lowest(counter, PAPER, start, start + 3 * hour) is None


def test_what_was_taken_back_was_not_paid(counter: Counter, start: datetime) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330"))
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    counter.wait(hours=1)
    counter.settle(visit_id, "cash=5000")
    assert last(counter, COLA, start + timedelta(hours=2)) is None


def test_a_package_counts_at_the_price_of_its_visits_list(counter: Counter, start: datetime) -> None:
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "3h")
    counter.wait(hours=1)
    counter.settle(visit_id, "cash=5000")
    assert lowest(counter, THREE_HOURS, start, start + timedelta(hours=2)) == 1000


def test_a_package_of_which_nothing_was_left_was_not_paid(counter: Counter, start: datetime) -> None:
    visit_id = counter.open()
    counter.wait(hours=1)
    counter.do(visits.buy_package, visit_id, "3h")
    counter.settle(visit_id, "cash=5000")
    assert last(counter, THREE_HOURS, start + timedelta(hours=2)) is None


def test_the_lowest_posted_price_is_that_of_any_list_in_force(counter: Counter, start: datetime) -> None:
    day = timedelta(days=1)
    counter.do(publication.publish, CHEAPER, effective=start + day)
    counter.do(publication.publish, DEARER, effective=start + 2 * day)
    assert posted(counter, COLA, start, start + day) == 400
    assert posted(counter, COLA, start, start + 9 * day) == 350
    assert posted(counter, COLA, start + 2 * day, start + 9 * day) == 500
    assert posted(counter, COLA, start - day, start) is None
    assert posted(counter, Item(kind=ItemKind.GOODS, code="tea"), start, start + 9 * day) is None


def test_what_a_visit_had_was_paid_when_it_was_settled_not_when_it_ended(counter: Counter, start: datetime) -> None:
    counter.wait(seconds=1)
    counter.publish(list_with(('package_end = "hourly"', 'package_end = "stop"')))
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "3h")
    counter.order(visit_id, goods("cola-330"))
    counter.wait(hours=12)
    counter.do(visits.end_due)
    counter.settle(visit_id, "cash=5000")
    for item, price_fen in ((COLA, 400), (THREE_HOURS, 1000)):
        assert last(counter, item, start + timedelta(hours=12, seconds=1)) is None
        assert last(counter, item, start + timedelta(hours=12, seconds=2)) == price_fen


def test_of_an_order_that_was_taken_back_in_part_the_rest_was_paid(counter: Counter, start: datetime) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, goods("cola-330", 2))
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    counter.wait(hours=1)
    counter.settle(visit_id, "cash=5000")
    assert last(counter, COLA, start + timedelta(hours=2)) == 400


def test_an_order_of_a_running_visit_is_not_paid_yet(counter: Counter, start: datetime) -> None:
    counter.order(counter.open(), goods("cola-330"))
    assert last(counter, COLA, start + timedelta(days=1)) is None


def promoting(begins_at: datetime, *, reference_fen: int | None = None, price_fen: int = 400) -> str:
    """The winter list with a promotion of cola from an instant on."""
    reference = "" if reference_fen is None else f"reference_fen = {reference_fen}\n"
    promotion = (
        f'[[promotions]]\ncode = "week"\nname = "可乐周"\nitem = {{ goods = "cola-330" }}\nprice_fen = 300\n{reference}'
        f'from = "{begins_at.isoformat()}"\nuntil = "{(begins_at + timedelta(days=7)).isoformat()}"\n'
        'conditions = "每人一罐"\n'
    )
    return changed(('unit = "罐"\nprice_fen = 400', f'unit = "罐"\nprice_fen = {price_fen}'), more=f"\n{promotion}")


def found(counter: Counter, text: str) -> list[str]:
    with counter.records.reading() as connection:
        return [problem.code.value for problem in check(text, history=RecordedPrices(connection=connection)).problems]


SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("begins_after", "allowed_fen"),
    [
        (SECOND, 350),  # The sale at 350 was a second before.
        (7 * DAY - SECOND, 350),
        (7 * DAY, 350),
        (7 * DAY + SECOND, 400),  # Now only the dearer one lies in the seven days.
        (7 * DAY + timedelta(hours=1), 400),
        (8 * DAY, 400),  # Nothing was sold in the seven days: the last price paid.
    ],
)
def test_a_reference_price_is_at_most_the_lowest_paid_in_seven_days(
    counter: Counter, begins_after: timedelta, allowed_fen: int
) -> None:
    counter.wait(hours=1)
    counter.publish(CHEAPER)
    sold_at = counter.clock.read().second
    sell_cola(counter)
    counter.wait(hours=1)
    counter.publish(WINTER)
    sell_cola(counter)
    begins_at = sold_at + begins_after
    assert found(counter, promoting(begins_at, reference_fen=allowed_fen, price_fen=350)) == []
    too_high = promoting(begins_at, reference_fen=allowed_fen + 1, price_fen=350)
    assert found(counter, too_high) == ["promotion-reference-too-high"]


@pytest.mark.parametrize("begins_after", [timedelta(0), -SECOND, -DAY])
def test_what_is_sold_from_its_beginning_on_makes_no_reference_true(
    counter: Counter, start: datetime, begins_after: timedelta
) -> None:
    sell_cola(counter)
    text = promoting(start + begins_after, reference_fen=1)
    assert found(counter, text) == ["promotion-reference-too-high"]


@pytest.mark.parametrize(
    ("begins_after", "problems"),
    [
        (-SECOND, ["raised-before-promotion"]),
        (timedelta(0), ["raised-before-promotion"]),
        (SECOND, ["raised-before-promotion"]),
        (29 * DAY, ["raised-before-promotion"]),
        (30 * DAY - SECOND, ["raised-before-promotion"]),
        (30 * DAY, []),
        (31 * DAY, []),
    ],
)
def test_a_list_price_is_not_raised_in_the_thirty_days_before(
    counter: Counter, start: datetime, begins_after: timedelta, problems: list[str]
) -> None:
    raised_at = start + 2 * DAY
    counter.do(publication.publish, DEARER, effective=raised_at)
    text = promoting(raised_at + begins_after, price_fen=500)
    assert found(counter, text) == problems
    assert found(counter, text + 'raised_reason = "进价上涨"\n') == []
    assert found(counter, promoting(raised_at + begins_after, price_fen=400)) == []


def test_a_list_with_an_untrue_promotion_is_not_published(counter: Counter, start: datetime) -> None:
    """Whoever calls: the books refuse it, not only the command."""
    prices = check(promoting(start + DAY, reference_fen=400)).require()
    with pytest.raises(ListInvalidError) as refused:
        counter.publish(prices)
    assert [problem.code for problem in refused.value.problems] == ["promotion-reference-too-high"]
    assert len(counter.ask(publication.history)) == 1
    sell_cola(counter)
    counter.wait(seconds=1)
    assert counter.publish(prices) == 2
