"""Rules P-1 to P-15 and P-20, each as a table or a story on the winter list."""

import datetime as dt
import json
from typing import Any

import pytest

from billing.bill import Bill, TimeLine
from billing.calendar import Calendar, DayKind
from billing.rating import closing_instant, forced_end, rate, rate_at
from tests.billing.shop import MONDAY, TUESDAY, WINTER, bill, list_with, local, refusal, usage, usage_json


def told(answer: Bill) -> list[tuple[str, int]]:
    """Each line's kind and amount."""
    return [(line["kind"], line["amount_fen"]) for line in answer.to_json()["lines"]]


def evening(minutes: int, **more: Any) -> dict[str, Any]:
    """A visit to the hall from Monday 21:00 on."""
    end = dt.datetime.fromisoformat(f"{MONDAY}T21:00:00") + dt.timedelta(minutes=minutes)
    return usage_json(f"{MONDAY}T21:00:00", end.isoformat(), **more)


@pytest.mark.parametrize(
    ("date", "kind"),
    [
        ("2026-10-01", DayKind.HOLIDAY),  # A Thursday.
        ("2026-10-03", DayKind.HOLIDAY),  # A Saturday.
        ("2026-10-10", DayKind.WORKDAY),  # A Saturday that is worked.
        ("2026-10-11", DayKind.WEEKEND),
        ("2026-10-12", DayKind.WORKDAY),
    ],
)
def test_a_holiday_goes_before_a_worked_saturday_before_the_week(date: str, kind: DayKind) -> None:
    calendar = Calendar(
        holidays=frozenset({dt.date(2026, 10, 1), dt.date(2026, 10, 3)}), workdays=frozenset({dt.date(2026, 10, 10)})
    )
    assert calendar.kind(dt.date.fromisoformat(date)) is kind


def test_the_worked_example_for_a_guest() -> None:
    answer = bill(evening(170))
    assert answer.to_json() == {
        "total_fen": 1000,
        "lines": [
            {
                "kind": "time",
                "zone": "hall",
                "from": "2026-11-23T21:00:00",
                "to": "2026-11-23T22:00:00",
                "seconds": 3600,
                "extension_seconds": 0,
                "fen_per_hour": 400,
                "amount_fen": 400,
            },
            {
                "kind": "time",
                "zone": "hall",
                "from": "2026-11-23T22:00:00",
                "to": "2026-11-24T00:00:00",
                "seconds": 7200,
                "extension_seconds": 600,
                "fen_per_hour": 300,
                "amount_fen": 600,
            },
        ],
    }


def test_the_worked_example_for_a_gold_member() -> None:
    assert told(bill(evening(170, tier="gold"))) == [("time", 400), ("time", 600), ("discount", -100)]


def test_the_worked_example_of_seven_minutes() -> None:
    assert told(bill(evening(7))) == [("time", 100), ("minimum", 200)]


def test_the_worked_example_of_a_night() -> None:
    answer = bill(
        usage_json(
            "2026-11-23T21:00:00",
            "2026-11-24T09:30:00",
            moves={"2026-11-24T01:00:00": "esports"},
            pauses={"2026-11-23T23:00:00": "2026-11-23T23:10:00"},
            packages={"2026-11-23T21:00:00": "night"},
        )
    )
    assert told(answer) == [("time", 400), ("time", 1200), ("package", 2000)]
    assert answer.hourly_fen == 1600


@pytest.mark.parametrize(
    ("minutes", "total_fen"), [(0, 0), (5, 0), (6, 300), (45, 300), (46, 400), (60, 400), (61, 470)]
)
def test_a_started_unit_counts_in_full(minutes: int, total_fen: int) -> None:
    assert bill(evening(minutes)).total_fen == total_fen


def test_a_visit_within_the_grace_is_one_line_of_nothing() -> None:
    assert told(bill(evening(5))) == [("grace", 0)]


def test_a_pause_is_not_charged_and_splits_the_line() -> None:
    answer = bill(
        evening(45, pauses={f"{MONDAY}T21:15:00": f"{MONDAY}T21:30:00"}), list_with(("minimum_fen = 300", ""))
    )
    assert told(answer) == [("time", 100), ("time", 100)]


def test_a_move_within_the_zone_and_midnight_do_not_split_a_line() -> None:
    answer = bill(
        usage_json(f"{MONDAY}T23:00:00", f"{TUESDAY}T02:00:00", moves={f"{TUESDAY}T01:00:00": "hall"}),
    )
    (line,) = answer.lines
    assert isinstance(line, TimeLine)
    assert (line.seconds, line.amount_fen, line.rate_index) == (3 * 3600, 900, 1)
    assert line.start == local("2026-11-23 23:00")
    assert line.end == local("2026-11-24 02:00")


def test_the_extension_is_priced_in_the_last_hourly_seat_even_into_a_pause() -> None:
    pauses = {f"{MONDAY}T21:50:00": f"{MONDAY}T22:20:00"}
    answer = bill(evening(80, pauses=pauses))
    *_, line = answer.lines
    assert isinstance(line, TimeLine)
    # 50 minutes and then a pause until the end: the missing 10 run on through it.
    assert (line.seconds, line.extension_seconds, answer.total_fen) == (3600, 600, 400)


def test_the_extension_stops_at_closing_time() -> None:
    prices = list_with(
        ('open = "00:00"', 'open = "08:00"'),
        ('close = "24:00"', 'close = "21:05"'),
        ('start = "22:00"', 'start = "20:00"'),
        ('end = "08:00"', 'end = "21:00"'),
    )
    answer = bill(usage_json(f"{MONDAY}T20:56:00", f"{MONDAY}T21:04:00"), prices)
    (line, *_) = answer.lines
    assert isinstance(line, TimeLine)
    assert (line.seconds, line.extension_seconds) == (540, 60)


def test_the_charge_is_rounded_down_once_and_the_difference_is_a_line() -> None:
    assert told(bill(evening(61))) == [("time", 400), ("time", 75), ("rounding", -5)]


def test_a_free_rate_still_has_the_minimum() -> None:
    prices = list_with(("fen_per_hour = 400", "fen_per_hour = 0\nfree = true"))
    assert told(bill(evening(30), prices)) == [("time", 0), ("minimum", 300)]


def test_with_a_package_there_is_neither_grace_nor_minimum() -> None:
    answer = bill(evening(4, zone="esports", packages={f"{MONDAY}T21:00:00": "3h"}))
    assert told(answer) == [("time", 200), ("package", 1000)]


def test_a_package_counts_only_in_its_zones_while_its_clock_runs_on() -> None:
    answer = bill(
        evening(
            120,
            moves={f"{MONDAY}T21:30:00": "esports", f"{MONDAY}T22:30:00": "hall"},
            packages={f"{MONDAY}T21:00:00": "3h"},
        )
    )
    assert told(answer) == [("time", 800), ("package", 1000)]


def test_a_returning_visit_has_no_grace_and_a_minimum_less_what_the_chain_paid() -> None:
    assert told(bill(evening(4, returning={"hourly_fen": 120}))) == [("time", 100), ("minimum", 80)]
    assert told(bill(evening(4, returning={"hourly_fen": 900}))) == [("time", 100)]
    assert told(bill(evening(0, returning={"hourly_fen": 0}))) == []


def test_a_bill_writes_the_same_json_by_hand() -> None:
    answer = bill(evening(170, tier="gold", packages={f"{MONDAY}T21:00:00": "3h"}))
    assert json.loads(answer.to_json_text()) == answer.to_json()


def test_a_running_visit_has_no_bill() -> None:
    with pytest.raises(ValueError, match="running"):
        rate(usage(usage_json(f"{MONDAY}T21:00:00", funds_fen=1)), WINTER)


@pytest.mark.parametrize(("clock_time", "fen_per_hour"), [("21:59:59", 400), ("22:00:00", 300)])
def test_the_desk_can_ask_which_rate_counts(clock_time: str, fen_per_hour: int) -> None:
    posted = rate_at(WINTER, "hall", "gold", local(f"2026-11-23 {clock_time}"))
    assert posted is not None
    assert posted.fen_per_hour == fen_per_hour


DAYTIME = list_with(
    ('open = "00:00"', 'open = "08:00"'),
    ('close = "24:00"', 'close = "02:00"'),
    ('start = "22:00"', 'start = "20:00"'),
    ('end = "08:00"\nzones', 'end = "02:00"\nzones'),
)


def test_opening_hours_past_midnight_end_a_visit() -> None:
    assert closing_instant(DAYTIME, local("2026-11-23 09:00")) == local("2026-11-24 02:00")
    assert closing_instant(DAYTIME, local("2026-11-24 01:59:59")) == local("2026-11-24 02:00")
    assert closing_instant(WINTER, local("2026-11-24 01:59:59")) is None
    assert rate_at(DAYTIME, "hall", "gold", local("2026-11-24 02:00")) is None
    assert refusal(usage_json(f"{MONDAY}T21:00:00", f"{TUESDAY}T02:00:00"), DAYTIME) == ""
    assert refusal(usage_json(f"{MONDAY}T21:00:00", f"{TUESDAY}T02:00:01"), DAYTIME) == "outside-hours"
    assert refusal(usage_json(f"{TUESDAY}T07:59:59", f"{TUESDAY}T08:00:01"), DAYTIME) == "outside-hours"


def test_the_earlier_of_closing_time_and_a_stopping_package_ends_a_visit() -> None:
    stopping = list_with(('package_end = "hourly"', 'package_end = "stop"'))
    running = usage_json(f"{MONDAY}T21:00:00", funds_fen=1, packages={f"{MONDAY}T21:00:00": "3h"})
    assert forced_end(usage(running), WINTER) is None
    assert forced_end(usage(running), stopping) == local("2026-11-24 00:00")
    assert forced_end(usage(running), DAYTIME) == local("2026-11-24 02:00")
    ended = usage_json(f"{MONDAY}T21:00:00", f"{TUESDAY}T00:00:01", packages={f"{MONDAY}T21:00:00": "3h"})
    assert refusal(ended, stopping) == "bad-usage"
