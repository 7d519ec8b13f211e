"""Every flow at both sizes and in both languages: frames are whole, wide characters break no column, keys are named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from pos.languages import Language
from pos.tui.desk.customer import CustomerPanel
from pos.tui.desk.seat_panel import SeatPanel
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, goods, seat_someone
from tests.pos.tui.desks import Desk, play, sitting_at

ROUTES: dict[str, tuple[str, ...]] = {
    "main": (),
    "statement": ("enter",),
    "payment": ("enter", "enter", "c"),
    "move": ("m", "b", "1"),
    "pause": ("p",),
    "package": ("k", "down", "enter"),
    "deposit": ("d", "w"),
    "goods": ("s", "s"),
    "sale": ("f2", "down"),
    "typed document": ("f3", "right"),
    "shift": ("f4", "x"),
    "cash move": ("f4", "o", "right"),
    "count": ("f4", "z", "2"),
    "unsettled": ("f5", "down", "space"),
    "devices": ("f6",),
    "outage": ("f7", "right"),
    "journal": ("f10", "down"),
    "slips": ("f11", "down"),
}


async def busy_floor(desk: Desk, clock: SimulatedClock) -> None:
    """Have a customer with goods and a deposit on A07, in view."""
    counter = desk.services.counter
    visit_id = seat_someone(counter, "adult-a", "A07", deposit=cash(10_000))
    seat_someone(counter, "adult-b", "A08")
    clock.advance(timedelta(hours=2, minutes=7))
    counter.sales.order(visit_id, [goods("cola-330", 3), goods("noodles")], request="a" * 16)
    desk.main.look()
    await desk.press("7")


def frames(desk: Desk) -> list[Region]:
    """Find what has a frame on the screen in front: a flow's box, or the main screen's parts."""
    screen = desk.app.screen
    boxes = list(screen.query(".box")) or [*screen.query(SeatPanel), *screen.query(CustomerPanel)]
    return [box.region for box in boxes]


def cell_at(line: str, cell: int) -> str:
    """Return the character that begins in a cell."""
    at = 0
    for character in line:
        if at == cell:
            return character
        at += cell_len(character)
    return ""


def is_whole(lines: list[str], frame: Region) -> bool:
    """Tell whether a frame's edges stand in one column from corner to corner."""
    rows = lines[frame.y : frame.bottom]
    left, right = [cell_at(row, frame.x) for row in rows], [cell_at(row, frame.right - 1) for row in rows]
    is_left_whole = left[0] in "╭┌┏" and left[-1] in "╰└┗" and set(left[1:-1]) <= {"│", "┃"}
    return is_left_whole and right[0] in "╮┐┓" and right[-1] in "╯┘┛" and set(right[1:-1]) <= {"│", "┃"}


@pytest.mark.parametrize("size", [(100, 30), (160, 45)], ids=["small", "large"])
@pytest.mark.parametrize("language", list(Language))
def test_frames_and_columns_are_whole(
    venue_path: Path, clock: SimulatedClock, language: Language, size: tuple[int, int]
) -> None:
    broken: list[str] = []

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language, size=size) as desk:
            await desk.log_in("wang")
            await busy_floor(desk, clock)
            for name, keys in ROUTES.items():
                await desk.press(*keys)
                lines = desk.lines()
                assert len(lines) == size[1], name
                assert max(map(cell_len, lines)) <= size[0], name
                framed = frames(desk)
                assert framed, name
                broken.extend(f"{name}: {frame}" for frame in framed if not is_whole(lines, frame))
                await home(desk)

    play(story)
    assert broken == []


async def home(desk: Desk) -> None:
    """Go back to the main screen, step by step."""
    for _ in range(8):
        if desk.is_at_main_screen:
            return
        await desk.press("escape")
    raise AssertionError("Esc leads back from everywhere")


@pytest.mark.parametrize("said", [lambda screen: screen.HELP, lambda screen: screen.heading()], ids=["help", "title"])
def test_every_flow_has_a_title_and_a_help_in_chinese(
    venue_path: Path, clock: SimulatedClock, said: Callable[..., str]
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=Language.ZH_CN) as desk:
            await desk.log_in("wang")
            await busy_floor(desk, clock)
            for name, keys in ROUTES.items():
                if name == "main":
                    continue
                await desk.press(*keys[:1])
                text = desk.services.words(said(desk.app.screen))
                assert any("一" <= character <= "鿿" for character in text), name
                await home(desk)

    play(story)
