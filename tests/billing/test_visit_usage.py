"""A visit's usage as its events tell it, for an end in the middle of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.usage import Pause, Purchase, Stay
from billing.visit_record import EventKind, Visit, VisitEvent, chargeable_seconds
from tests.billing.counter import WINTER
from tests.conftest import MONDAY_EVENING


def minute(number: int) -> timedelta:
    return timedelta(minutes=number)


def event(kind: EventKind, at: int, **facts: Any) -> VisitEvent:
    return VisitEvent(kind=kind, at=MONDAY_EVENING + minute(at), **facts)


VISIT = Visit(
    visit_id="v",
    check_id="c",
    person_id="p",
    opened_at=MONDAY_EVENING,
    first_seat="A01",
    first_zone="hall",
    tier="guest",
    list_number=1,
    prices=WINTER,
    events=(
        event(EventKind.PAUSED, 10),
        event(EventKind.RESUMED, 20),
        event(EventKind.PAUSED, 25),
        event(EventKind.RESUMED, 25),
        event(EventKind.MOVED, 30, seat="B01", zone="esports"),
        event(EventKind.PACKAGE, 40, code="3h"),
        event(EventKind.OUTAGE_BEGAN, 50),
        event(EventKind.OUTAGE_ENDED, 60),
    ),
)


@pytest.mark.parametrize(
    ("end", "pauses", "stays", "packages", "seconds"),
    [
        (0, [], ["hall"], [], 0),
        (10, [], ["hall"], [], 600),
        (15, [(10, 15)], ["hall"], [], 600),
        (30, [(10, 20)], ["hall"], [], 1200),
        (40, [(10, 20)], ["hall", "esports"], [], 1800),
        (41, [(10, 20)], ["hall", "esports"], ["3h"], 1860),
        (55, [(10, 20), (50, 55)], ["hall", "esports"], ["3h"], 2400),
        (70, [(10, 20), (50, 60)], ["hall", "esports"], ["3h"], 3000),
    ],
)
def test_events_at_the_end_or_later_do_not_exist_and_an_open_pause_ends_there(
    end: int, pauses: list[tuple[int, int]], stays: list[str], packages: list[str], seconds: int
) -> None:
    usage = VISIT.usage(MONDAY_EVENING + minute(end))
    assert usage.pauses == tuple(
        Pause(start=MONDAY_EVENING + minute(start), end=MONDAY_EVENING + minute(until), venue=start == 50)
        for start, until in pauses
    )
    assert [stay.zone for stay in usage.stays] == stays
    assert usage.stays[0] == Stay(start=MONDAY_EVENING, zone="hall")
    assert [purchase.code for purchase in usage.packages] == packages
    assert all(isinstance(purchase, Purchase) for purchase in usage.packages)
    assert chargeable_seconds(usage) == seconds


def test_a_pause_without_length_is_none_and_an_outage_is_not_the_customers() -> None:
    assert VISIT.own_pauses == 1
    assert VISIT.pause is None


def test_a_running_visit_has_no_length() -> None:
    with pytest.raises(ValueError, match="no length"):
        chargeable_seconds(VISIT.running_usage())
