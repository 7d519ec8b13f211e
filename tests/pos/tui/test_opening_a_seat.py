"""From a card on the reader to an open seat: by keys alone, in both languages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pos.languages import Language
from pos.tui.desk.login import LoginScreen
from pos.tui.desk.open_seat_screen import OpenSeatScreen
from pos.tui.desk.printer_service import DeviceState
from pos.tui.desk.reader_service import ReaderReport
from pos.tui.desk.refusal_screen import RefusalScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import card, seat_someone
from tests.pos.tui.desks import play, sitting_at


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.EN, "A23 is open; deposit 20.00."), (Language.ZH_CN, "A23 已开台，押金 20.00。")],
)
def test_five_keys_from_a_card_to_an_open_seat(
    venue_path: Path, clock: SimulatedClock, language: Language, said: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            assert "测*甲" in desk.text()
            await desk.press("2", "3", "enter", "1", "enter")
            assert said in desk.text()
            (bill,) = desk.services.counter.seats.running()
            assert (bill.visit.seat, bill.deposits_fen) == ("A23", 2000)
            assert "23 ▶ 4:00" in desk.text()

    play(story)


def test_five_keys_typed_ahead_open_the_seat_too(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            desk.app._tell(ReaderReport(state=DeviceState.READY, read=card("adult-a")))
            await desk.pilot.pause(0)
            await desk.write("23\n1\n")
            await desk.until("A23 is open; deposit 20.00.")

    play(story)


def test_a_deposit_typed_ahead_is_the_one_that_is_taken(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.write("23\n1c50\n")
            await desk.until("A23 is open; deposit 50.00.")
            await desk.write("dc30\n")
            await desk.until("30.00 yuan more deposit for A23")

    play(story)


def test_enter_right_after_the_opening_shows_the_statement(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("2", "3", "enter", "1")
            desk.strike("enter")
            while not desk.is_at_main_screen:
                await desk.pilot.pause(0)
            desk.strike("enter")
            await desk.settle()
            assert isinstance(desk.app.screen, SettlementScreen)

    play(story)


@pytest.mark.parametrize(
    ("language", "first", "again"),
    [(Language.EN, "Here for the first time.", "Was here before"), (Language.ZH_CN, "首次到店", "曾来过")],
)
def test_the_panel_says_whether_somebody_was_here_before(
    venue_path: Path, clock: SimulatedClock, language: Language, first: str, again: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            assert first in desk.text()
            await desk.write("23\n1\n")
            await desk.until("23 ▶")
            settlements = desk.services.counter.settlements
            visit_id = desk.services.counter.seats.bill("A23").visit.visit_id
            settlements.show(visit_id)
            settlements.settle(visit_id, [], request="a" * 16)
            await desk.lay("adult-a")
            await desk.until(again)

    play(story)


def test_a_package_and_a_deposit_by_wechat(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("b", "3", "enter", "2", "w", "3", "0", "enter")
            await desk.write("4200002231")
            await desk.press("enter")
            clock.advance(timedelta(seconds=1))  # What happens at a visit's very end does not exist.
            (bill,) = desk.services.counter.seats.running()
            assert (bill.visit.seat, bill.packages_fen, bill.deposits[0].reference) == ("B03", 3000, "4200002231")
            assert bill.deposits_fen == 3000

    play(story)


def test_a_minor_is_refused_and_no_key_goes_past_it(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("minor")
            assert "a minor" in desk.text()
            await desk.press("2", "3", "m")
            assert isinstance(desk.app.screen, RefusalScreen)
            await desk.press("escape", "2", "3", "enter")
            assert not isinstance(desk.app.screen, OpenSeatScreen)
            assert desk.services.counter.seats.running() == []

    play(story)


def test_a_taken_seat_is_told_where_the_eye_is(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("7", "enter")
            # Somebody at the command line was quicker.
            seat_someone(desk.services.counter, "adult-b", "A07")
            await desk.press("1", "enter")
            assert isinstance(desk.app.screen, OpenSeatScreen)
            assert "A07" in desk.text()
            await desk.press("escape", "escape")
            assert desk.is_at_main_screen

    play(story)


def test_a_wrong_pin_says_so_and_lets_nobody_in(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.write("chen")
            await desk.press("enter")
            await desk.write("000000")
            await desk.press("enter")
            assert "Name or PIN is wrong" in desk.text()
            assert isinstance(desk.app.screen, LoginScreen)
            await desk.write("416273")
            await desk.press("enter")
            assert desk.is_at_main_screen

    play(story)


def test_a_locked_screen_keeps_what_was_begun(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("9", "enter", "f8")
            assert isinstance(desk.app.screen, LoginScreen)
            assert "测*甲" not in desk.text()
            await desk.lay("adult-b")  # Nobody is there to check it.
            await desk.write("416273")
            await desk.press("enter")
            assert isinstance(desk.app.screen, OpenSeatScreen)
            await desk.press("1", "n")
            assert [bill.visit.seat for bill in desk.services.counter.seats.running()] == ["A09"]

    play(story)


def test_another_clerk_takes_over_without_closing(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f9", "escape")
            assert desk.is_at_main_screen
            await desk.press("f9")
            await desk.log_in("zhou")
            assert desk.is_at_main_screen
            assert "zhou" in desk.lines()[0]

    play(story)


def test_the_venues_lock_keeps_a_second_desk_out(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock), sitting_at(venue_path, clock) as second:
            assert getattr(second.app.trouble, "code", "") == "already-open"

    play(story)


def test_keys_that_come_faster_than_the_screens_are_not_lost(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.write("chen\n416273\n")
            await desk.lay("adult-a")
            await desk.write("23\n1")
            await desk.press("enter")
            assert [bill.visit.seat for bill in desk.services.counter.seats.running()] == ["A23"]

    play(story)
