"""A lost answer is had again by asking again; nothing is paid or done twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from billing import ledger
from billing.visit_errors import AlreadySettledError
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from pos.counter.errors import RequestReusedError
from pos.counter.seats import Opening
from records.clock import SimulatedClock
from records.ids import new_id
from tests.pos.counter.venues import card, cash, goods, seat_someone


def journal_size(venue: Venue) -> int:
    with venue.records.reading() as connection:
        size: int = connection.execute(sa.text("SELECT count(*) FROM journal")).scalar_one()
        return size


def drawer(venue: Venue) -> int:
    with venue.records.reading() as connection:
        return ledger.balance(connection, "cash/desk-1")


def test_a_settlement_asked_twice_is_paid_once(venue: Venue, counter: Counter, clock: SimulatedClock) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
    clock.advance(timedelta(hours=1))
    counter.settlements.show(visit_id)
    request = new_id()
    first = counter.settlements.settle(visit_id, (), request=request)
    size = journal_size(venue)
    clock.advance(timedelta(hours=1))
    assert counter.settlements.settle(visit_id, (), request=request) == first
    assert (journal_size(venue), drawer(venue)) == (size, 20_500)
    with pytest.raises(AlreadySettledError) as settled:
        counter.settlements.settle(visit_id, (), request=new_id())
    assert settled.value.receipt == first.receipt


def test_a_sale_asked_twice_is_made_once(venue: Venue, counter: Counter) -> None:
    request = new_id()
    first = counter.sales.sell([goods("noodles")], [cash(1000)], request=request)
    assert counter.sales.sell([goods("noodles")], [cash(1000)], request=request) == first
    assert drawer(venue) == 20_600


def test_a_deposit_and_an_order_asked_twice_are_taken_once(venue: Venue, counter: Counter) -> None:
    seat_someone(counter, "adult-a", "A01")
    top_up, order = new_id(), new_id()
    first = counter.deposits.top_up("A01", cash(500), request=top_up)
    assert counter.deposits.top_up("A01", cash(500), request=top_up) == first
    for _ in range(2):
        assert counter.sales.order("A01", [goods("noodles")], request=order).orders_fen == 600
    assert drawer(venue) == 20_500


def test_an_opening_asked_twice_seats_once(venue: Venue, counter: Counter) -> None:
    admission = counter.check_in.card(card("adult-a"))
    opening = Opening.new(seat="A01", tier="guest", deposit=cash(2000))
    first = counter.seats.open(admission, opening)
    assert counter.seats.open(admission, opening) == first
    assert len(counter.seats.running()) == 1
    assert drawer(venue) == 22_000


def test_a_closing_asked_twice_closes_once(venue: Venue, counter: Counter) -> None:
    request = new_id()
    first = counter.shifts.close(counted_fen=20_000, reason=None, request=request)
    assert counter.shifts.close(counted_fen=19_000, reason=None, request=request) == first
    assert drawer(venue) == 0


def test_a_copy_asked_twice_is_one_copy(counter: Counter) -> None:
    sold = counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())
    request = new_id()
    for _ in range(2):
        assert counter.slips.reprint(sold.job_id, request=request).copy_no == 2
    assert len(counter.slips.about(sold.sale_id)) == 2


def test_an_id_used_for_something_else_is_refused(counter: Counter) -> None:
    seat_someone(counter, "adult-a", "A01")
    request = new_id()
    counter.deposits.top_up("A01", cash(500), request=request)
    with pytest.raises(RequestReusedError):
        counter.shifts.close(counted_fen=0, reason=None, request=request)
