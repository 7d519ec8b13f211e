"""A computer's clock that is set while customers sit: the desk says so, for bills count by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos.languages import Language
from records.clock import Reading, SimulatedClock
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import Desk, play, sitting_at


@dataclass(kw_only=True)
class SetClock:
    """A clock whose wall somebody sets."""

    inner: SimulatedClock
    set_by: timedelta = timedelta()
    is_simulated: bool = True

    def read(self) -> Reading:
        reading = self.inner.read()
        return replace(reading, wall_ms=reading.wall_ms + self.set_by // timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("language", "behind"),
    [
        (Language.EN, "The clock is behind: A08 was opened at 20:00."),
        (Language.ZH_CN, "时钟慢了：A08 是 20:00 开台的。"),
    ],
)
def test_a_clock_that_went_back_is_told_of_until_it_is_right_again(
    venue_path: Path, clock: SimulatedClock, language: Language, behind: str
) -> None:
    async def story() -> None:
        set_clock = SetClock(inner=clock)
        async with sitting_at(venue_path, set_clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(hours=1))
            seat_someone(desk.services.counter, "adult-b", "A08")
            desk.main.look()
            await desk.settle()
            set_clock.set_by = -timedelta(seconds=40)
            desk.main.tick()
            assert behind not in desk.text(), "two desks may differ by seconds"
            set_clock.set_by = -timedelta(hours=2)
            desk.main.tick()
            await desk.settle()
            assert behind in desk.text()
            set_clock.set_by = timedelta()
            desk.main.tick()
            await desk.settle()
            assert behind not in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "jumped"),
    [
        (Language.EN, "The clock jumped 2:00 ahead while customers sat. Set it right, or take it off their bills (R)."),
        (Language.ZH_CN, "有人上机时，时钟快进了 2:00。请把时钟调准，或在账单上减去多算的（R）。"),
    ],
)
def test_a_clock_that_jumped_ahead_is_told_of_while_those_sit_who_were_there(
    venue_path: Path, clock: SimulatedClock, language: Language, jumped: str
) -> None:
    set_clock = SetClock(inner=clock)

    async def tick(desk: Desk, *, set_by: timedelta = timedelta()) -> str:
        set_clock.set_by = set_by
        desk.main.tick()
        await desk.settle()
        return desk.text()

    async def story() -> None:
        async with sitting_at(venue_path, set_clock, language=language) as desk:
            await desk.log_in("chen")
            assert jumped not in await tick(desk, set_by=timedelta(hours=2)), "nobody sat"
            set_clock.set_by = timedelta()
            seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(minutes=30))
            desk.main.look()
            await desk.settle()
            assert jumped not in await tick(desk, set_by=timedelta(seconds=40)), "two desks may differ by seconds"
            assert jumped in await tick(desk, set_by=timedelta(hours=2))
            assert jumped not in await tick(desk)
            assert jumped in await tick(desk, set_by=timedelta(hours=2))
            seat_someone(desk.services.counter, "adult-b", "A08")
            desk.main.look()
            await desk.settle()
            assert jumped in desk.text()

    async def next_story() -> None:
        async with sitting_at(venue_path, set_clock, language=language) as desk:
            await desk.log_in("chen")
            assert jumped in await tick(desk, set_by=timedelta(hours=2)), "another start of the program changes nothing"
            await desk.press("7", "enter", "enter", "c", "enter", "enter")
            await desk.until("A07")
            assert jumped not in await tick(desk, set_by=timedelta(hours=2)), "who is there sat down under this clock"

    play(story)
    play(next_story)
