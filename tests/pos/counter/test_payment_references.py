"""One payment shown for two bills is a remark for the owner; one payer for several seats is none."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from billing.payment_errors import ReferenceUsedError
from billing.tenders import Tender, TenderKind
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


@pytest.mark.parametrize("later", [0, 86_400])
def test_a_reference_that_was_taken_within_a_day_is_known_before_it_is_booked(
    counter: Counter, clock: SimulatedClock, later: int
) -> None:
    receipt, at = sold(counter, 300), clock.read().at
    clock.advance(timedelta(seconds=later))
    with pytest.raises(ReferenceUsedError) as used:
        counter.payments.require_unused([cash(100), wechat(200)])
    assert (used.value.receipt, used.value.at) == (receipt, at)
    counter.payments.require_unused([wechat(200)], own_receipt=receipt)


def test_a_terminal_begins_its_numbers_anew(counter: Counter, clock: SimulatedClock) -> None:
    sold(counter, 300)
    clock.advance(timedelta(seconds=86_401))
    counter.payments.require_unused([wechat(200)])


def test_another_way_of_paying_and_another_number_are_another_payment(counter: Counter) -> None:
    seat_someone(counter, "adult-a", "A01", deposit=wechat(2_000))
    reference = wechat(1).reference
    counter.payments.require_unused([Tender(kind=TenderKind.ALIPAY, fen=100, reference=reference)])
    counter.payments.require_unused([Tender(kind=TenderKind.WECHAT, fen=100, reference=f"{reference}0"), cash(100)])
    with pytest.raises(ReferenceUsedError):
        counter.payments.require_unused([wechat(100)])


def test_what_came_back_under_a_reference_is_no_payment(counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=wechat(2_000))
    clock.advance(timedelta(hours=25))
    counter.settlements.show(visit_id)
    settled = counter.settlements.settle(visit_id, [cash(20_000)], request=new_id())
    assert settled.receipt
    counter.payments.require_unused([wechat(100)])


def test_a_payment_is_found_by_its_index(venue: Venue) -> None:
    with venue.records.reading() as connection:
        indexes = sa.inspect(connection).get_indexes("tenders")
    assert ["reference"] in [index["column_names"] for index in indexes]
