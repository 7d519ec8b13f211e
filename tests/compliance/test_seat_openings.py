"""What the watch over forced sales reads out of the journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing import orders, visits
from billing.calendar import DayKind
from billing.price_list import SavingKind
from billing.sold_lines import OrderLine
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
    (only,) = [case for case in cases(counter) if isinstance(case, SeatOpened)]
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


def combo(quantity: int = 1) -> OrderLine:
    """Three hours and a cola for 13.00: 10.00 and 4.00 singly."""
    return OrderLine(kind=SavingKind.COMBO, code="3h-cola", quantity=quantity)


def combos(counter: Counter) -> list[ComboSold]:
    return [case for case in cases(counter) if isinstance(case, ComboSold)]


@pytest.mark.parametrize(
    ("minutes", "is_dearer"),
    [
        (60, True),  # 4.00 by the hour, 9.00 with package and saving
        (120, True),  # 8.00
        (121, False),  # 9.00, for a started quarter counts in full: the same
        (180, False),
    ],
)
def test_a_combo_is_dearer_where_the_stay_without_it_costs_less(
    counter: Counter,
    minutes: int,
    is_dearer: bool,  # noqa: FBT001  # pytest fills it in.
) -> None:
    visit_id = counter.open()
    counter.order(visit_id, combo())
    counter.wait(minutes=minutes)
    counter.settle(visit_id, "cash=2000")
    (sold,) = combos(counter)
    assert sold == ComboSold(
        clerk="s2",
        business_day=MONDAY,
        circumstances=Circumstances(hour=19, day=DayKind.WORKDAY, zone="hall", price_list=1),
        code="3h-cola",
        is_dearer=is_dearer,
    )


def test_a_combo_whose_drink_was_taken_back_has_no_saving_left(counter: Counter) -> None:
    visit_id = counter.open()
    order = counter.order(visit_id, combo())
    cola = next(line for line in order.lines if line.code == "cola-330")
    counter.do(orders.cancel, order.order_id, cola.line, 1, "customer")
    counter.wait(minutes=135)  # 9.00 by the hour; the package alone is 10.00.
    counter.settle(visit_id, "cash=2000")
    assert [sold.is_dearer for sold in combos(counter)] == [True]


def test_the_combos_seller_and_hour_count_not_the_openers(counter: Counter) -> None:
    visit_id = counter.open()
    counter.wait(hours=2)
    counter.actor = "s3"
    counter.order(visit_id, combo())
    counter.wait(minutes=30)
    counter.settle(visit_id, "cash=4000")
    (sold,) = combos(counter)
    assert (sold.clerk, sold.circumstances.hour, sold.is_dearer) == ("s3", 21, True)
    assert seat(counter).items == {}


def test_a_package_bought_singly_stays_in_the_comparison(counter: Counter) -> None:
    """Six hours: the second package covers the rest, and without the combo's the first three are by the hour."""
    visit_id = counter.open()
    counter.do(visits.buy_package, visit_id, "3h")
    counter.order(visit_id, combo())
    counter.wait(hours=4)
    counter.settle(visit_id, "cash=4000")
    assert [sold.is_dearer for sold in combos(counter)] == [True]  # One hour at 4.00, or 9.00 for it.


def test_a_combo_counts_once_its_visit_is_settled(counter: Counter) -> None:
    counter.order(counter.open(), combo())
    assert combos(counter) == []


def test_a_combos_goods_at_the_opening_count_as_goods(counter: Counter) -> None:
    counter.order(counter.open(), combo())
    assert seat(counter).items == {"cola-330": False}
