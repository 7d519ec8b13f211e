"""Ctrl+P: every action by its name, with what it lacks; over a flow its keys, for an input method swallows letters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pos.languages import Language
from pos.tui.desk.catalogue import ACTIONS
from pos.tui.desk.commands import DESK_COMMANDS
from pos.tui.desk.help_screen import HelpScreen
from pos.tui.desk.login import LoginScreen
from pos.tui.desk.move_screen import MoveScreen
from pos.tui.desk.palette import PaletteScreen
from pos.tui.desk.reduction_screen import ReductionScreen
from pos.tui.desk.sale_screen import SaleScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


def is_at(desk: Desk, kind: type[object]) -> bool:
    return isinstance(desk.app.screen, kind)


@pytest.mark.parametrize(
    ("language", "move", "lacks"),
    [
        (Language.EN, "Move the customer", "Choose a seat with a running visit."),
        (Language.ZH_CN, "给顾客换座", "请先选一个正在上机的机位。"),
    ],
)
def test_every_action_is_there_and_says_what_it_lacks(
    venue_path: Path, clock: SimulatedClock, language: Language, move: str, lacks: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            desk.main.look()
            await desk.press("a", "8", "ctrl+p")
            screen = desk.app.screen
            assert isinstance(screen, PaletteScreen)
            assert {one.name for one in screen._all} >= {one.name for one in (*ACTIONS, *DESK_COMMANDS)}
            assert all(one.lacks for one in screen._all if one.name in {"move", "settle", "open-seat", "move-back"})
            await desk.write("给顾客" if language is Language.ZH_CN else "Move the")
            assert move in desk.text()
            await desk.press("enter")
            assert is_at(desk, PaletteScreen)
            assert lacks in desk.text()
            await desk.press("escape", "7", "ctrl+p")
            await desk.write("给顾客" if language is Language.ZH_CN else "Move the")
            await desk.press("enter")
            assert is_at(desk, MoveScreen)

    play(story)


@pytest.mark.parametrize(("language", "off"), [(Language.EN, "take off"), (Language.ZH_CN, "减免")])
def test_the_keys_of_a_flow_are_reached_without_letters(
    venue_path: Path, clock: SimulatedClock, language: Language, off: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(hours=1))
            desk.main.look()
            await desk.press("a", "7", "enter", "ctrl+p")
            assert is_at(desk, PaletteScreen)
            await desk.write(off)
            await desk.press("enter")
            assert is_at(desk, ReductionScreen)
            await desk.press("escape", "ctrl+p", "escape")
            assert is_at(desk, SettlementScreen)

    play(story)


@pytest.mark.parametrize(
    ("language", "first"), [(Language.EN, "Finish this first, or go back with Esc."), (Language.ZH_CN, "请先办完")]
)
@pytest.mark.parametrize("key", ["f9", "ctrl+q"])
def test_nobody_leaves_a_flow_half_done_and_the_desk_says_so(
    venue_path: Path, clock: SimulatedClock, language: Language, first: str, key: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f2", key)
            assert is_at(desk, SaleScreen)
            assert first in desk.text()
            await desk.press("f8")
            assert is_at(desk, LoginScreen)
            assert "^Q" not in desk.text(), "a locked screen is left by its PIN alone"
            await desk.press("ctrl+p", "ctrl+q", "f9")
            assert is_at(desk, LoginScreen)
            await desk.press("f1")
            assert is_at(desk, HelpScreen)

    play(story)


@pytest.mark.parametrize(
    ("language", "nothing"), [(Language.EN, "Nothing here is called zzz."), (Language.ZH_CN, "没有叫“zzz”的")]
)
def test_where_nothing_has_that_name_the_palette_says_so_until_something_fits(
    venue_path: Path, clock: SimulatedClock, language: Language, nothing: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("ctrl+p")
            await desk.write("zzz")
            assert nothing in desk.text()
            await desk.press("enter")
            assert is_at(desk, PaletteScreen)
            assert nothing in desk.text()
            for _ in "zzz":
                await desk.press("backspace")
            assert nothing[:8] not in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "first"), [(Language.EN, "Type name and PIN first."), (Language.ZH_CN, "请先输入姓名和密码。")]
)
@pytest.mark.parametrize("key", ["ctrl+q", "f9", "ctrl+p"])
def test_a_locked_desk_says_that_a_key_waits_for_the_pin(
    venue_path: Path, clock: SimulatedClock, language: Language, first: str, key: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f8", key)
            assert is_at(desk, LoginScreen)
            assert first in desk.text()
            await desk.write(PINS["chen"] + "\n")
            assert desk.is_at_main_screen

    play(story)
