"""What the watch over forced sales reads out of the journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing import orders
from billing.calendar import DayKind
from compliance.forced_sale_cases import Circumstances, ComboSold, SeatOpened
from compliance.seat_openings import read_cases
from records.clock import SimulatedClock
from records.unit_of_work import Records
from tests.billing.counter import Counter, goods, service

MONDAY = date(2026, 11, 23)


@pytest.fixture
def counter(records: Records, clock: SimulatedClock) -> Counter:
    """At 19:00 on a Monday, with s2 behind the counter."""
    counter = Counter(records=records, clock=clock, actor="s2")
    counter.publish()
    counter.open_shift()
    return counter


def cases(counter: Counter, first: date = MONDAY, last: date = MONDAY) -> list[SeatOpened | ComboSold]:
    with counter.records.reading() as connection:
        return list(read_cases(connection, first, last))


def seat(counter: Counter) -> SeatOpened:
    """The only seat of that day."""
    (only,) = cases(counter)
    assert isinstance(only, SeatOpened)
    return only


def test_a_seat_tells_who_opened_it_when_and_where(counter: Counter) -> None:
    counter.open("B01", zone="esports")
    assert seat(counter) == SeatOpened(
        clerk="s2",
        business_day=MONDAY,
        circumstances=Circumstances(hour=19, day=DayKind.WORKDAY, zone="esports", price_list=1),
        items={},
    )


def test_the_hour_and_the_kind_of_day_are_the_wall_clocks_not_the_business_days(counter: Counter) -> None:
    counter.wait(hours=4 * 24 + 7)  # 02:00 on Saturday, which belongs to Friday's business.
    counter.open()
    friday = MONDAY + timedelta(days=4)
    (night,) = cases(counter, friday, friday)
    assert (night.circumstances.hour, night.circumstances.day) == (2, DayKind.WEEKEND)
    assert cases(counter, friday + timedelta(days=1), friday + timedelta(days=1)) == []


@pytest.mark.parametrize(("seconds", "items"), [(0, {"cola-330": False}), (600, {"cola-330": False}), (601, {})])
def test_an_order_within_ten_minutes_belongs_to_the_opening(
    counter: Counter, seconds: int, items: dict[str, bool]
) -> None:
    visit_id = counter.open()
    counter.wait(seconds=seconds)
    counter.order(visit_id, goods("cola-330"))
    assert seat(counter).items == items


def test_services_count_and_each_item_once(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330", 3), service("print-a4"))
    counter.order(visit_id, goods("cola-330"))
    assert seat(counter).items == {"cola-330": False, "print-a4": False}


def test_what_another_clerk_sells_is_not_the_openers(counter: Counter) -> None:
    visit_id = counter.open()
    counter.actor = "s3"
    counter.order(visit_id, goods("cola-330"))
    assert seat(counter).items == {}


@pytest.mark.parametrize(("seconds", "is_soon"), [(0, True), (600, True), (601, False)])
def test_taken_back_within_ten_minutes_of_the_order_is_soon(counter: Counter, seconds: int, is_soon: bool) -> None:  # noqa: FBT001  # pytest fills it in.
    visit_id = counter.open()
    counter.wait(minutes=9)
    order = counter.order(visit_id, goods("cola-330", 2), service("print-a4"))
    counter.wait(seconds=seconds)
    counter.actor = "s3"  # Whoever takes it back.
    counter.do(orders.cancel, order.order_id, 1, 1, "customer")
    assert seat(counter).items == {"cola-330": is_soon, "print-a4": False}


def test_a_later_orders_cancellation_is_another_matter(counter: Counter) -> None:
    visit_id = counter.open()
    counter.order(visit_id, goods("cola-330"))
    counter.wait(hours=1)
    later = counter.order(visit_id, goods("cola-330"))
    counter.do(orders.cancel, later.order_id, 1, 1, "customer")
    assert seat(counter).items == {"cola-330": False}


def test_a_period_is_read_day_by_day(counter: Counter) -> None:
    for number in range(3):
        counter.open(f"A0{number + 1}")
        counter.wait(hours=24)
    done: list[tuple[int, int]] = []
    with counter.records.reading() as connection:
        read = list(
            read_cases(
                connection,
                MONDAY,
                MONDAY + timedelta(days=2),
                progress=lambda day, days: done.append((day, days)),
            )
        )
    assert [case.business_day.day for case in read] == [23, 24, 25]
    assert done == [(1, 3), (2, 3), (3, 3)]
    assert cases(counter, MONDAY + timedelta(days=1)) == []
