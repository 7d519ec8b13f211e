"""The floor as a map needs it: who sits where, how long, and what ends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pos.bootstrap import Venue
from records.clock import SimulatedClock
from records.ids import new_id
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import cash, counter_of, seat_someone


def test_a_deposit_covers_its_time_and_a_package_its_own(venue: Venue, clock: SimulatedClock) -> None:
    counter = counter_of(venue, "chen")
    counter.shifts.open(float_fen=20_000)
    seat_someone(counter, "born-19900101", "A03", deposit=cash(2000))
    seat_someone(counter, "born-19910101", "B03", package="5h")
    seat_someone(counter, "born-19920101", "A04")
    clock.advance(timedelta(minutes=71))
    seats = counter.floors.read().by_label
    now = clock.read().second
    on_deposit, on_package, on_trust = (seats[label].visit for label in ("A03", "B03", "A04"))
    assert on_deposit is not None
    assert on_package is not None
    assert on_trust is not None
    # 20.00 yuan at 5.00 an hour from 19:00 on.
    assert on_deposit.left(now) == timedelta(minutes=169)
    assert (on_package.has_package, on_package.left(now)) == (True, timedelta(minutes=229))
    assert (on_trust.left(now), on_trust.used(now)) == (None, timedelta(minutes=71))
    assert seats["A05"].visit is None


def test_what_is_taken_off_a_bill_lets_its_deposit_last_longer(venue: Venue, clock: SimulatedClock) -> None:
    counter = counter_of(venue, "wang")
    counter.shifts.open(float_fen=20_000)
    visit = seat_someone(counter, "born-19900101", "A03", deposit=cash(2000))

    def ends_at() -> datetime:
        seen = counter.floors.read().by_label["A03"].visit
        assert seen is not None
        assert seen.ends_at is not None
        return seen.ends_at

    # 20.00 yuan at 5.00 an hour from 19:00 on; after 23:00 half an hour costs 1.50.
    assert ends_at() - MONDAY_EVENING == timedelta(hours=4)
    clock.advance(timedelta(hours=1))
    counter.reductions.give(visit, 500, reason="goodwill", request=new_id())
    assert ends_at() - MONDAY_EVENING == timedelta(hours=5, minutes=30)
    clock.advance(timedelta(hours=2, minutes=53))
    assert counter.seats.warnings() == []
    clock.advance(timedelta(minutes=90))
    assert [(one.seat, one.minutes) for one in counter.seats.warnings()] == [("A03", 10)]


def test_a_paused_visit_stands_still(venue: Venue, clock: SimulatedClock) -> None:
    counter = counter_of(venue, "chen")
    counter.shifts.open(float_fen=20_000)
    visit = seat_someone(counter, "born-19900101", "A03", deposit=cash(2000))
    clock.advance(timedelta(minutes=20))
    counter.seats.pause(visit)
    clock.advance(timedelta(minutes=10))
    now = clock.read().second
    paused = counter.floors.read().by_label["A03"].visit
    assert paused is not None
    assert (paused.is_paused, paused.used(now), paused.left(now)) == (True, timedelta(minutes=20), None)


def test_a_visit_that_ended_by_itself_waits_to_be_paid(venue: Venue, clock: SimulatedClock) -> None:
    counter = counter_of(venue, "chen")
    counter.shifts.open(float_fen=20_000)
    seat_someone(counter, "born-19900101", "B03", package="5h")
    clock.advance(timedelta(hours=6))
    ended = counter.floors.read().by_label["B03"].visit
    assert ended is not None
    assert (ended.has_ended, ended.used(clock.read().second)) == (True, timedelta(hours=5))


def test_the_pulse_tells_what_happened_since(venue: Venue) -> None:
    counter = counter_of(venue, "chen")
    before = counter.floors.read().pulse
    assert counter.floors.pulse() == before
    counter.shifts.open(float_fen=20_000)
    seat_someone(counter, "born-19900101", "A03", deposit=cash(2000))
    after = counter.floors.pulse()
    assert after.entries > before.entries
    assert (after.unsent, after.anchored_at) == (1, None)  # The deposit's slip waits for a printer.


def test_offers_are_those_of_the_seats_own_zone(venue: Venue) -> None:
    counter = counter_of(venue, "chen")
    assert [offer.package.code for offer in counter.seats.terms("A01", "guest").offers] == ["3h", "5h"]
    assert [offer.package.code for offer in counter.seats.terms("B01", "guest").offers] == ["5h"]
