"""What was paid and posted, as the books tell it (G-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from billing import orders, publication, sales, visits
from billing.price_history import RecordedPrices
from billing.price_list import Item, ItemKind
from records.ids import new_id
from tests.billing.counter import Counter, goods, list_with, tenders

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


def test_the_lowest_posted_price_is_that_of_any_list_in_force(counter: Counter, start: datetime) -> None:
    day = timedelta(days=1)
    counter.do(publication.publish, CHEAPER, effective=start + day)
    counter.do(publication.publish, DEARER, effective=start + 2 * day)
    assert posted(counter, COLA, start, start + day) == 400
    assert posted(counter, COLA, start, start + 9 * day) == 350
    assert posted(counter, COLA, start + 2 * day, start + 9 * day) == 500
    assert posted(counter, COLA, start - day, start) is None
    assert posted(counter, Item(kind=ItemKind.GOODS, code="tea"), start, start + 9 * day) is None
