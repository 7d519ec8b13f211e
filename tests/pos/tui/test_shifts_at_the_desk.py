"""The shift at the desk: float, cash in and out, the blind count, Z, the hand-over; on the shipped program."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from billing.cash_moves import CashDirection, CashPurpose
from pos.counter.print_jobs import SlipKind
from pos.languages import Language
from pos.tui.desk.close_shift_screen import CloseShiftScreen
from pos.tui.desk.login import LoginScreen
from pos.tui.desk.open_shift_screen import OpenShiftScreen
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.shift_screen import ShiftScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, goods, seat_someone
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


async def count(desk: Desk, *pieces: str) -> None:
    """Type the pieces of each denomination, the largest first; the rest is none."""
    for number in range(8):
        if number < len(pieces):
            await desk.write(pieces[number])
        await desk.press("enter")


@pytest.mark.parametrize(
    ("language", "differs", "closed"),
    [
        (Language.EN, "The count is not what it should be", "Shift 1 is closed, Z 1."),
        (Language.ZH_CN, "清点结果与应有金额不符", "第 1 班已结，Z 1。"),
    ],
)
def test_the_count_is_blind_until_the_books_have_closed_the_shift(
    venue_path: Path, clock: SimulatedClock, language: Language, differs: str, closed: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            desk.services.counter.sales.sell([goods("cola-330", 2)], [cash(800)], request="a" * 16)
            await desk.press("f4", "x")
            assert "208.00" not in desk.text()
            assert "8.00" not in desk.text().replace("208.00", "")
            await desk.press("z")
            await count(desk, "2")
            assert differs in desk.text()
            assert "208.00" not in desk.text()
            await desk.press("enter")
            assert isinstance(desk.app.screen, CloseShiftScreen), "a difference needs a reason"
            await desk.press("right", "enter")
            assert "208.00" in desk.text()
            assert "-8.00" in desk.text()
            await desk.press("enter")
            assert desk.is_at_main_screen
            assert closed in desk.text()
            assert desk.services.counter.shifts.current() is None
            kinds = {job.kind for job in desk.services.counter.slips.about("1")}
            assert kinds == {SlipKind.SHIFT_READING, SlipKind.SHIFT_CLOSE}

    play(story)


def test_a_right_count_closes_without_a_word(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f4", "z")
            await count(desk, "1", "1", "2", "1")
            assert "Difference" in desk.text()
            assert "not what it should be" not in desk.text()
            await desk.press("enter")
            assert desk.is_at_main_screen

    play(story)


@pytest.mark.parametrize(
    ("language", "beside"), [(Language.EN, "Deposits and refunds"), (Language.ZH_CN, "押金与退款")]
)
def test_money_that_is_no_sale_is_told_from_sales(
    venue_path: Path, clock: SimulatedClock, language: Language, beside: str
) -> None:
    """A deposit lies in the drawer of the shift that took it, and pays a bill or goes back in the next one."""

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("wang")
            counter = desk.services.counter
            seat_someone(counter, "adult-a", "A07", deposit=cash(5_000))
            await desk.press("f4", "x")
            assert re.search(rf"{beside} +50\.00", desk.text())
            await desk.press("z")
            await count(desk, "2", "1")
            assert re.search(rf"{beside} +50\.00", desk.text())
            await desk.press("enter")
            counter.shifts.open(float_fen=25_000)
            clock.advance(timedelta(hours=2))
            (visit,) = counter.seats.running()
            counter.settlements.show(visit.visit.visit_id)
            counter.settlements.settle(visit.visit.visit_id, [], request="d" * 16)
            await desk.press("f4", "x")
            assert re.search(rf"{beside} +-50\.00", desk.text())

    play(story)


def test_a_drop_needs_a_manager_and_changes_what_is_expected(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f4", "d")
            await desk.write("150")
            await desk.press("enter")
            assert isinstance(desk.app.screen, SecondPersonScreen)
            await desk.write("wang")
            await desk.press("enter")
            await desk.write(PINS["wang"])
            await desk.press("enter")
            assert isinstance(desk.app.screen, ShiftScreen)
            assert "-150.00" in desk.text()
            (moved,) = desk.services.counter.shifts.cash_moves()
            assert (moved.move.direction, moved.move.purpose) == (CashDirection.OUT, CashPurpose.BANKED)
            await desk.press("z")
            await count(desk, "0", "1")
            assert "Cash in and out" in desk.text()
            assert "not what it should be" not in desk.text()

    play(story)


def test_more_than_the_drawer_holds_does_not_come_out(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("wang")
            await desk.press("f4", "o", "right", "enter")
            await desk.write("5000")
            await desk.press("enter")
            assert "cannot hold 5000.00 yuan" in desk.text()
            assert not desk.services.counter.shifts.cash_moves()

    play(story)


@pytest.mark.parametrize(
    ("language", "closed"), [(Language.EN, "The shift is closed."), (Language.ZH_CN, "本班已结。")]
)
def test_a_hand_over_closes_one_shift_and_opens_the_next_with_what_was_counted(
    venue_path: Path, clock: SimulatedClock, language: Language, closed: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            clock.advance(timedelta(hours=8))
            await desk.press("f4", "h")
            await count(desk, "2")
            await desk.press("enter")
            assert isinstance(desk.app.screen, LoginScreen)
            assert closed in desk.text()
            await desk.log_in("zhou")
            assert isinstance(desk.app.screen, OpenShiftScreen)
            await desk.press("enter")
            assert desk.is_at_main_screen
            running = desk.services.counter.shifts.current()
            assert running is not None
            assert (running.number, running.float_fen) == (2, 20_000)
            assert desk.services.clerk is not None
            assert desk.services.clerk.name == "zhou"

    play(story)


def test_without_a_shift_f4_asks_for_the_float(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f4", "z")
            await count(desk, "2")
            await desk.press("enter", "f4")
            assert isinstance(desk.app.screen, OpenShiftScreen)
            await desk.press("enter")
            assert "Type the float" in desk.text()
            await desk.write("1x0.5")
            await desk.press("enter")
            assert "Shift 2 is open with 10.50 yuan" in desk.text()

    play(story)
