"""A broken computer is not sold: seats are taken out of use and put back, and the books hold who, when and why."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from billing import seats_out_of_use, visits
from billing.errors import SeatInUseError, SeatOutOfUseError, SeatTakenError, UnknownReasonError
from billing.reasons import SeatReason
from records.clock import milliseconds_of
from tests.billing.counter import Counter


def test_nobody_sits_down_on_a_seat_out_of_use_or_moves_to_it(counter: Counter) -> None:
    visit = counter.open("A02")
    counter.do(seats_out_of_use.close, "A01", reason="faulty")
    with pytest.raises(SeatOutOfUseError) as refused:
        counter.open("A01")
    assert (refused.value.seat, refused.value.reason) == ("A01", "faulty")
    with pytest.raises(SeatOutOfUseError):
        counter.do(visits.move, visit, seat="A01", zone="hall")
    counter.do(seats_out_of_use.reopen, "A01")
    counter.do(visits.move, visit, seat="A01", zone="hall")


def test_a_seat_is_closed_once_and_not_under_somebody(counter: Counter) -> None:
    counter.open("A02")
    with pytest.raises(SeatTakenError):
        counter.do(seats_out_of_use.close, "A02", reason="faulty")
    with pytest.raises(UnknownReasonError):
        counter.do(seats_out_of_use.close, "A01", reason="whim")
    counter.do(seats_out_of_use.close, "A01", reason="cleaning")
    with pytest.raises(SeatOutOfUseError):
        counter.do(seats_out_of_use.close, "A01", reason="faulty")
    counter.do(seats_out_of_use.reopen, "A01")
    with pytest.raises(SeatInUseError):
        counter.do(seats_out_of_use.reopen, "A01")


def test_the_books_tell_which_seats_are_out_of_use_and_why(counter: Counter) -> None:
    counter.do(seats_out_of_use.close, "A05", reason="works")
    counter.do(seats_out_of_use.close, "A01", reason="faulty")
    counter.do(seats_out_of_use.reopen, "A05")
    counter.do(seats_out_of_use.close, "A05", reason="inspection")
    with counter.records.reading() as connection:
        closed = seats_out_of_use.out_of_use(connection)
    assert {seat: one.reason for seat, one in closed.items()} == {
        "A01": SeatReason.FAULTY,
        "A05": SeatReason.INSPECTION,
    }


def test_the_database_itself_refuses_a_seat_out_of_use(counter: Counter) -> None:
    visit = counter.open("A02")
    counter.do(seats_out_of_use.close, "A01", reason="faulty")
    at = milliseconds_of(counter.clock.read().second)
    attacks = {
        "guard_visits_seat_closed": (
            "INSERT INTO visits (visit_id, check_id, verdict, seat, zone, tier, list, opened_at, entry_id)"
            f" SELECT 'v', check_id, 'adult', 'A01', zone, tier, list, {at}, 'e' FROM visits"
        ),
        "guard_visit_events_seat_closed": (
            "INSERT INTO visit_events (visit_id, number, kind, at, seat, zone, entry_id)"
            f" VALUES ('{visit}', 1, 'moved', {at}, 'A01', 'hall', 'e')"
        ),
        "guard_seat_closures_seat_closed": f"INSERT INTO seat_closures VALUES (2, 'A01', {at}, 'faulty', 'e')",
        "guard_seat_closures_seat_occupied": f"INSERT INTO seat_closures VALUES (2, 'A02', {at}, 'faulty', 'e')",
    }
    database = counter.records.engine.url.database
    assert database is not None
    with closing(sqlite3.connect(database)) as connection:
        for guard, attack in attacks.items():
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(attack)
            connection.execute(f"DROP TRIGGER {guard}")
        connection.execute(attacks["guard_visit_events_seat_closed"])
        connection.execute(attacks["guard_seat_closures_seat_occupied"])
