"""A broken computer is not sold: seats are taken out of use and put back, and the books hold who, when and why."""

from __future__ import annotations

import pytest

from billing import seats_out_of_use, visits
from billing.errors import UnknownReasonError
from billing.reasons import SeatReason
from billing.visit_errors import SeatInUseError, SeatOutOfUseError, SeatTakenError
from records.clock import milliseconds_of
from records.folder import VenueFolder
from tests.attacks import REFUSED, shell_at
from tests.billing.counter import Counter
from tests.servers import Home


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


def test_the_database_itself_refuses_a_seat_out_of_use(counter: Counter, home: Home, folder: VenueFolder) -> None:
    visit = counter.open("A02")
    counter.do(seats_out_of_use.close, "A01", reason="faulty")
    at = milliseconds_of(counter.clock.read().second)
    moved = (
        "INSERT INTO visit_events (visit_id, number, kind, at, seat, zone, entry_id)"
        f" VALUES ('{visit}', 1, 'moved', {at}, 'A01', 'hall', 'e')"
    )
    closed = "INSERT INTO seat_closures (number, seat, closed_at, reason, entry_id)"
    attacks = {
        ("visits", "seat_closed"): (
            "INSERT INTO visits (visit_id, check_id, verdict, seat, zone, tier, list, opened_at, entry_id)"
            f" SELECT 'v', check_id, 'adult', 'A01', zone, tier, list, {at}, 'e' FROM visits"
        ),
        ("visit_events", "seat_closed"): moved,
        ("seat_closures", "seat_closed"): f"{closed} VALUES (2, 'A01', {at}, 'faulty', 'e')",
        ("seat_closures", "seat_occupied"): f"{closed} VALUES (2, 'A02', {at}, 'faulty', 'e')",
    }
    with shell_at(home, folder.path) as shell:
        for (table, name), attack in attacks.items():
            with pytest.raises(REFUSED, match=f"guard_{table}_{name}"):
                shell.execute(attack)
        for table, name in [("visit_events", "seat_closed"), ("seat_closures", "seat_occupied")]:
            shell.drop_guard(table, name, "INSERT")
            shell.execute(attacks[table, name])
