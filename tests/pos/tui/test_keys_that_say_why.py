"""What a key says where it does nothing, and what it is said to do where it does something."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pos.languages import Language
from pos.tui.desk.login import LoginScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import PINS, play, sitting_at

TAKEN_FIRST = {Language.EN: "Choose a seat with a running visit.", Language.ZH_CN: "请先选一个正在上机的机位。"}


@pytest.mark.parametrize("language", list(Language))
def test_a_seats_key_on_a_free_seat_tells_what_it_needs(
    venue_path: Path, clock: SimulatedClock, language: Language
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("1", "2")
            for key in ("m", "D", "k", "s"):
                await desk.press(key)
                assert TAKEN_FIRST[language] in desk.text(), key
            await desk.press("7")
            assert TAKEN_FIRST[language] not in desk.text()
            await desk.lay("adult-a")
            await desk.press("2", "3", "enter", "1", "enter", "x")
            assert {Language.EN: "Choose a free seat.", Language.ZH_CN: "请先选一个空座。"}[language] in desk.text()

    play(story)


def test_what_was_said_of_a_seat_goes_when_something_is_searched(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("z")
            assert "There is no seat" in desk.text()
            await desk.press("/")
            assert "There is no seat" not in desk.text()
            await desk.press("z", "z", "z")
            assert "No seat fits." in desk.text()
            assert "Esc shows them all." in desk.text()
            await desk.press("escape")
            assert "No seat fits." not in desk.text()

    play(story)


def test_the_footer_says_what_enter_takes_as_deposit(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("2", "3", "enter", "1")
            assert "⏎ 20.00 in cash" in desk.text()
            await desk.press("w")
            assert "in cash" not in desk.text()
            assert "⏎ take the amount" in desk.text()
            await desk.press("escape", "1")
            assert "⏎ 20.00 in cash" in desk.text()
            await desk.press("5", "0")
            assert "⏎ take the amount" in desk.text()

    play(story)


def test_a_person_who_sits_already_is_found_by_the_seat(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=Language.ZH_CN) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("2", "3", "enter", "1", "enter")
            await desk.lay("adult-a")
            assert "此人已在 A23 机位上机。" in desk.text()

    play(story)


def test_a_mistyped_name_is_corrected_with_esc(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.write("nobody")
            await desk.press("enter", "1", "escape")
            await desk.log_in("chen")
            assert desk.is_at_main_screen
            await desk.press("f8", "escape")
            assert isinstance(desk.app.screen, LoginScreen), "Esc unlocks nothing"
            await desk.press("enter")
            await desk.write(PINS["chen"] + "\n")
            assert desk.is_at_main_screen

    play(story)


@pytest.mark.parametrize(("language", "due"), [(Language.EN, "Due"), (Language.ZH_CN, "应付")])
def test_nothing_is_called_paid_before_it_is(
    venue_path: Path, clock: SimulatedClock, language: Language, due: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-b", "A08")
            clock.advance(timedelta(minutes=40))
            desk.main.look()
            await desk.settle()
            await desk.press("8", "enter")
            assert any(line.startswith(f"│  {due} ") for line in desk.lines())
            assert "实付" not in desk.text()

    play(story)


def test_no_posted_condition_is_torn_in_two(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=Language.ZH_CN) as desk:
            await desk.log_in("chen")
            for condition in ("按 15 分钟计", "起步 3.00", "5 分钟内免费"):
                assert any(condition in line for line in desk.lines()), condition

    play(story)


def test_chinese_sentences_follow_each_other_without_a_gap(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=Language.ZH_CN) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            await desk.press("2", "3", "enter", "1", "enter", "enter", "enter", "enter")
            assert "。退还押金：现金 20.00。" in desk.text()

    play(story)
