"""A broken computer at the desk: out of use with a reason, shown as such, offered to nobody, and put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.languages import Language
from pos.tui.desk.open_seat_screen import OpenSeatScreen
from records.clock import SimulatedClock
from tests.pos.tui.desks import play, sitting_at


@pytest.mark.parametrize(
    ("language", "closed", "why", "refused", "back"),
    [
        (Language.EN, "A23 is out of use.", "does not work", "X puts it in use again", "A23 is in use again."),
        (Language.ZH_CN, "A23 已停用。", "机器故障", "按 X 恢复使用", "A23 已恢复使用。"),
    ],
)
def test_a_broken_computer_is_offered_to_nobody(  # noqa: PLR0917  # What the screen says, in each language.
    venue_path: Path, clock: SimulatedClock, language: Language, closed: str, why: str, refused: str, back: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("2", "3", "x", "right", "enter")
            await desk.until(closed)
            assert "23 ×" in desk.text()
            assert why in desk.text()
            await desk.lay("adult-a")
            await desk.press("enter")
            assert not isinstance(desk.app.screen, OpenSeatScreen)
            assert refused in desk.text()
            await desk.press("x", "enter")
            await desk.until(back)
            assert "23 ·" in desk.text()

    play(story)


def test_there_is_room_for_the_journals_tail_on_a_large_terminal(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, size=(160, 45)) as desk:
            await desk.log_in("chen")
            await desk.press("2", "3", "x", "right", "enter")
            await desk.until("seat out of use · A23")
            await desk.pilot.resize_terminal(100, 30)
            await desk.settle()
            assert "seat out of use" not in desk.text()

    play(story)
