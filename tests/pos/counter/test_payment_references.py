"""One payment shown for two bills is a remark for the owner; one payer for several seats is none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.payment_references import used_again
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from records.clock import SimulatedClock
from records.ids import new_id
from tests.pos.counter.test_settling_together import owed
from tests.pos.counter.venues import cash, goods, seat_someone, wechat


def remarks(venue: Venue) -> list[str]:
    with venue.records.reading() as connection:
        return list(used_again(connection))


def sold(counter: Counter, fen: int) -> int:
    return counter.sales.sell([goods("cola-330")], [wechat(fen), cash(400 - fen)], request=new_id()).receipt


@pytest.mark.parametrize(("later", "remarked"), [(1, 1), (86_400, 1), (86_401, 0)])
def test_a_reference_taken_again_within_a_day_is_told(
    counter: Counter, venue: Venue, clock: SimulatedClock, later: int, remarked: int
) -> None:
    first = sold(counter, 300)
    clock.advance(timedelta(seconds=later))
    second = sold(counter, 200)
    told = [f"wechat 4200002231: receipts {first} and {second}"]
    assert remarks(venue) == told[:remarked]


def test_a_deposit_counts_once_and_a_sale_under_its_reference_again(
    counter: Counter, venue: Venue, clock: SimulatedClock
) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=wechat(2_000))
    clock.advance(timedelta(hours=1))
    counter.settlements.show(visit_id)
    counter.settlements.settle(visit_id, [], request=new_id())
    assert remarks(venue) == []
    clock.advance(timedelta(minutes=1))
    sold(counter, 400 - 100)
    assert len(remarks(venue)) == 1


def test_one_payer_for_two_seats_is_no_remark(counter: Counter, venue: Venue, clock: SimulatedClock) -> None:
    visits = [seat_someone(counter, "adult-a", "A01"), seat_someone(counter, "adult-b", "A02")]
    clock.advance(timedelta(hours=1))
    owing = [owed(counter, visit_id) for visit_id in visits]
    due_fen = sum(one.due_fen for one in owing)
    settled = counter.settlements.settle_together(owing, [wechat(due_fen)])
    assert all(one.total_fen for one in settled)
    assert remarks(venue) == []
