"""A window that was made another size shows what one of that size shows from the start, behind stacked screens too."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from records.clock import SimulatedClock
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import play, sitting_at

Size = tuple[int, int]
LARGE: Size = (160, 45)
SMALL: Size = (100, 30)


async def minute_later(path: Path, *sizes: Size, keys: Sequence[str], back: Sequence[str] = ()) -> str:
    """Press keys on a taken seat, go through the sizes, and read what stands there after a minute and further keys."""
    clock = SimulatedClock(MONDAY_EVENING)
    async with sitting_at(path, clock, size=sizes[0]) as desk:
        await desk.log_in("chen")
        seat_someone(desk.services.counter, "adult-a", "A07")
        desk.main.look()
        await desk.settle()
        await desk.press("7", *keys)
        for size in sizes[1:]:
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
        clock.advance(timedelta(minutes=1))
        desk.main.tick()
        await desk.settle()
        await desk.press(*back)
        return desk.text()


@pytest.mark.parametrize(("before", "after"), [(LARGE, SMALL), (SMALL, LARGE)], ids=["narrower", "wider"])
@pytest.mark.parametrize(
    ("keys", "back"),
    [
        (["f1"], []),
        (["f3", "f1"], []),
        (["m", "ctrl+p"], []),
        (["m", "f8"], []),
        (["m", "f1"], ["escape"]),
        (["enter", "f1"], []),
        (["enter", "f1"], ["escape", "escape"]),
    ],
    ids=" ".join,
)
def test_another_size_shows_what_it_would_from_the_start(
    venue_path: Path, tmp_path: Path, *, before: Size, after: Size, keys: Sequence[str], back: Sequence[str]
) -> None:
    other_path = tmp_path / "other" / "venue"
    shutil.copytree(venue_path, other_path)

    async def story() -> None:
        changed = await minute_later(venue_path, before, after, keys=keys, back=back)
        assert changed == await minute_later(other_path, after, keys=keys, back=back)

    play(story)


def test_time_goes_on_behind_two_screens(venue_path: Path) -> None:
    async def story() -> None:
        text = await minute_later(venue_path, SMALL, keys=["f3", "f1"])
        assert "19:01:00" in text.splitlines()[0]
        assert "07 ▶ 0:01" in text

    play(story)


@pytest.mark.parametrize("anew", [1, 2, 3, 4])
def test_each_screen_lets_through_the_one_beneath_whichever_is_drawn_anew(
    venue_path: Path, clock: SimulatedClock, anew: int
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            desk.main.look()
            await desk.settle()
            await desk.press("7", "enter", "plus", "f1")
            before, stack = desk.text(), desk.app.screen_stack
            assert len(stack) == 5
            for screen in stack[1:]:
                screen._set_dirty()
            stack[anew]._layout_cache.clear()
            desk.app.screen._compositor.render_update(full=True, screen_stack=desk.app._background_screens)
            assert desk.text() == before

    play(story)
