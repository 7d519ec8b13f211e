"""What the map shows is right at every second, though only cells whose minute is over are made anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.counter.floor import Floor, SeatNow, VisitNow
from pos.counter.pulse import Pulse
from pos.settings import Seat
from pos.tui.desk.floor_view import Filter, FloorView
from pos.tui.widgets.seat_map import Look

READ_AT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def visit(
    *,
    used: timedelta = timedelta(minutes=30),
    left: timedelta | None = None,
    closes_in: timedelta | None = None,
    is_paused: bool = False,
    has_package: bool = False,
) -> VisitNow:
    """Say what is known of a visit at READ_AT; `left` is what its deposit or package covers."""
    ends = [READ_AT + one for one in (left, closes_in) if one is not None]
    return VisitNow(
        visit_id="v",
        opened_at=READ_AT - used,
        paused=timedelta(),
        stopped_at=READ_AT if is_paused else None,
        has_ended=False,
        has_package=has_package,
        is_outage=False,
        ends_at=min(ends, default=None),
        covered_until=None if left is None else min(ends),
        total_fen=300,
    )


def floor_of(*visits: VisitNow | None) -> Floor:
    seats = tuple(
        SeatNow(seat=Seat(label=f"A{number:02d}", zone="hall", ip=None), visit=one)
        for number, one in enumerate(visits, start=1)
    )
    pulse = Pulse(entries=1, unsent=0, anchored_at=None)
    return Floor(at=READ_AT, pulse=pulse, seats=seats, shift=None, has_outage=False, prices=None)


def view() -> FloorView:
    return FloorView(words=str, timezone=UTC, masks={"v": "张*"})


lengths = st.timedeltas(timedelta(), timedelta(minutes=25)).map(
    lambda one: timedelta(seconds=one // timedelta(seconds=1))
)
visits = st.none() | st.builds(
    visit,
    used=lengths,
    left=st.none() | lengths,
    closes_in=st.none() | lengths,
    is_paused=st.booleans(),
    has_package=st.booleans(),
)


@given(st.lists(visits, min_size=1, max_size=4), st.lists(st.integers(-40, 90), max_size=20))
def test_a_view_that_went_along_shows_what_a_fresh_one_does(on: list[VisitNow | None], steps: list[int]) -> None:
    floor, along, now = floor_of(*on), view(), READ_AT
    for seconds in steps:
        now += timedelta(seconds=seconds)
        assert along.cells(floor, now) == view().cells(floor, now)


@pytest.mark.parametrize(
    ("seconds", "time", "look"),
    [
        (0, "0:12", Look.PACKAGE),
        (1, "0:11", Look.PACKAGE),
        (60, "0:11", Look.PACKAGE),
        (119, "0:10", Look.PACKAGE),
        (120, "0:10", Look.SOON),
        (121, "0:09", Look.SOON),
        (420, "0:05", Look.NOW),
        (721, "0:00", Look.NOW),
    ],
)
def test_what_is_left_is_counted_down_and_warned_of_to_the_second(seconds: int, time: str, look: Look) -> None:
    floor, along = floor_of(visit(left=timedelta(minutes=12), has_package=True)), view()
    for second in range(seconds + 1):
        (cell,) = along.cells(floor, READ_AT + timedelta(seconds=second))
    assert (cell.time, cell.look) == (time, look)


@pytest.mark.parametrize(
    ("minutes", "time", "look"), [(0, "0:30", Look.RUNNING), (9, "0:39", Look.RUNNING), (15, "0:05", Look.NOW)]
)
def test_before_closing_time_everybody_sees_what_is_left(minutes: int, time: str, look: Look) -> None:
    floor = floor_of(visit(closes_in=timedelta(minutes=20)))
    (cell,) = view().cells(floor, READ_AT + timedelta(minutes=minutes))
    assert (cell.time, cell.look) == (time, look)


def test_a_cell_is_made_again_only_when_its_minute_is_over() -> None:
    floor, along = floor_of(visit(used=timedelta(minutes=30, seconds=20)), None), view()
    before = along.cells(floor, READ_AT)
    for second in range(40):
        now = along.cells(floor, READ_AT + timedelta(seconds=second))
        assert all(one is was for one, was in zip(now, before, strict=True))
    taken, free = along.cells(floor, READ_AT + timedelta(seconds=40))
    assert taken.time == "0:31"
    assert free is before[1]


def test_a_floor_that_was_read_anew_is_shown_as_it_is() -> None:
    along = view()
    along.cells(floor_of(None), READ_AT)
    (cell,) = along.cells(floor_of(visit()), READ_AT)
    assert (cell.look, cell.who, cell.amount) == (Look.RUNNING, "张*", "3.00")


def test_filters_and_searches_leave_what_fits() -> None:
    along, floor = view(), floor_of(None, visit(), visit(left=timedelta(minutes=3)))
    seen = along.cells(floor, READ_AT)

    def labels(shown: Filter = Filter.ALL, search: str = "") -> list[str]:
        return [
            seat.label
            for block in along.blocks(seen, None, READ_AT, shown=shown, search=search)
            for seat in block.seats
        ]

    assert labels() == ["A01", "A02", "A03"]
    assert labels(Filter.FREE) == ["A01"]
    assert labels(Filter.TAKEN) == ["A02", "A03"]
    assert labels(Filter.NEEDED) == ["A03"]
    assert labels(search="张") == ["A02", "A03"]
    assert labels(Filter.NEEDED, "02") == []


@pytest.mark.parametrize(("seconds", "is_due"), [(0, False), (299, False), (300, True), (400, True)])
def test_a_floor_knows_when_the_first_visit_ends(seconds: int, is_due: bool) -> None:  # noqa: FBT001  # A table.
    floor = floor_of(
        None,
        visit(),
        visit(left=timedelta(minutes=9)),
        visit(left=timedelta(minutes=5)),
        visit(left=timedelta(minutes=1), is_paused=True),
    )
    assert floor.has_come_due(READ_AT + timedelta(seconds=seconds)) is is_due
