"""A flow is left once, by its own answer, and never takes another screen with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pos.counter.seats import Seats
from pos.tui.desk.help_screen import HelpScreen
from pos.tui.desk.login import LoginScreen
from pos.tui.desk.outage_screen import OutageScreen
from records.clock import SimulatedClock
from tests.patience import LONGEST_SECONDS
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


async def begin_slowly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have an outage declared by a counter that waits until the event is set, and return when it waits."""
    waits, goes_on, declare = threading.Event(), threading.Event(), Seats.begin_outage

    def slow(seats: Seats, reason: str) -> object:
        waits.set()
        assert goes_on.wait(LONGEST_SECONDS)
        return declare(seats, reason)

    monkeypatch.setattr(Seats, "begin_outage", slow)
    await desk.press("f7", "right")
    desk.strike("enter")
    await desk.until_it_holds(waits.is_set)
    return goes_on


def test_an_answer_does_not_unlock_the_screen(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            goes_on = await begin_slowly(desk, monkeypatch)
            desk.strike("f8")
            await desk.until_it_holds(lambda: isinstance(desk.app.screen, LoginScreen))
            goes_on.set()
            await desk.settle()
            assert isinstance(desk.app.screen, LoginScreen), "only a PIN unlocks"
            await desk.write(PINS["chen"])
            await desk.press("enter")
            assert desk.is_at_main_screen
            assert "All seats are paused" in desk.text()

    play(story)


def test_nobody_goes_back_from_what_is_being_done(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            goes_on = await begin_slowly(desk, monkeypatch)
            desk.strike("escape", "enter", "enter", "f1")
            await desk.until_it_holds(lambda: isinstance(desk.app.screen, HelpScreen))
            desk.strike("escape")
            await desk.until_it_holds(lambda: isinstance(desk.app.screen, OutageScreen))
            goes_on.set()
            await desk.settle()
            assert desk.is_at_main_screen

    play(story)
