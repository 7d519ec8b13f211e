"""What a screen says is true as long as it stands there: flaws, pauses, and what a seat is covered by."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pos.languages import Language
from records.clock import SimulatedClock
from records.ids import new_id
from tests.pos.counter.venues import cash, seat_someone
from tests.pos.tui.desks import Desk, play, sitting_at

LANGUAGES = pytest.mark.parametrize("language", list(Language))


def said(language: Language, *, en: str, zh: str) -> str:
    return en if language is Language.EN else zh


async def sits(desk: Desk, *, name: str = "chen", deposit_fen: int = 0) -> None:
    """Log in; somebody sits on A07, and that seat is in view."""
    await desk.log_in(name)
    seat_someone(desk.services.counter, "adult-a", "A07", deposit=cash(deposit_fen) if deposit_fen else None)
    desk.main.look()
    await desk.settle()
    await desk.press("7")


@LANGUAGES
def test_what_was_lacking_is_not_said_any_more_once_it_is_there(
    venue_path: Path, clock: SimulatedClock, language: Language
) -> None:
    way = said(language, en="Choose how it is paid first", zh="请先选择支付方式")
    reason = said(language, en="Choose a reason with left and right", zh="请用左右键选择原因")

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await sits(desk)
            await desk.press("d", "1", "0", "enter")
            assert way in desk.text()
            await desk.press("c")
            assert way not in desk.text()
            await desk.press("escape", "8", "x", "enter")
            assert reason in desk.text()
            await desk.press("right")
            assert reason not in desk.text()

    play(story)


@LANGUAGES
def test_enter_on_no_line_says_how_to_choose_one(venue_path: Path, clock: SimulatedClock, language: Language) -> None:
    sentence = said(language, en="Choose a line with up and down first.", zh="请先用上下键选择一行。")

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await sits(desk)
            await desk.press("k", "enter")
            assert sentence in desk.text()
            await desk.press("down")
            assert sentence not in desk.text()
            await desk.press("escape", "f5", "enter")
            assert sentence in desk.text()

    play(story)


def test_the_pause_that_runs_is_one_of_those_so_far(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await sits(desk)
            await desk.press("p")
            assert re.search(r"Pauses so far +0 ", desk.text())
            await desk.press("enter", "p")
            assert re.search(r"Pauses so far +1 ", desk.text())
            clock.advance(timedelta(minutes=1))
            await desk.press("enter", "p")
            assert re.search(r"Pauses so far +1 ", desk.text())

    play(story)


@LANGUAGES
def test_what_was_taken_off_stands_on_the_bill_beside_the_map(
    venue_path: Path, clock: SimulatedClock, language: Language
) -> None:
    goodwill = said(language, en="taken off: goodwill", zh="酌情优惠")

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language, size=(160, 45)) as desk:
            await sits(desk, name="wang")
            clock.advance(timedelta(hours=1))
            desk.services.counter.reductions.give("A07", 100, reason="goodwill", request=new_id())
            desk.main.look()
            await desk.settle()
            assert re.search(rf"{goodwill}.* -1\.00", desk.text())
            assert re.search(r"07 ▶ 1:00 +4\.00", desk.text()), "the map and the bill say the same"

    play(story)


def test_a_package_that_the_deposit_does_not_pay_for_is_not_said_to_be_over(
    venue_path: Path, clock: SimulatedClock
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await sits(desk, deposit_fen=1_000)
            await desk.press("k", "down", "enter", "enter")
            assert re.search(r"deposit until \S+ +0:00", desk.text())
            assert re.search(r"package until \S+ +[1-9]:", desk.text())

    play(story)
