"""Every screen at both sizes and in both languages: it looks as its picture, frames are whole, columns keep.

Pictures lie in `snapshots/<size>-<language>`; `make pictures` draws them anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from billing.price_list import SavingKind
from billing.sold_lines import OrderLine
from pos.languages import Language
from pos.tui.desk.asking import DeskModal
from pos.tui.desk.customer import CustomerPanel
from pos.tui.desk.flow import Flow
from pos.tui.desk.seat_panel import SeatPanel
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, goods, seat_someone
from tests.pos.tui.desks import PINS, Desk, play, sitting_at
from tests.pos.tui.pictures import differing, picture

RECEIPT = 5
"""Of a combo that was sold over the counter."""
ROUTES: dict[str, tuple[str, ...]] = {
    "main": (),
    "package-over": ("b", "2"),
    "nearly-over": ("1", "3"),
    "free-seats": ("f",),
    "searched": ("/", "b", "0"),
    "help": ("f1",),
    "palette": ("ctrl+p", "s", "e", "a"),
    "statement": ("enter",),
    "payment": ("enter", "enter", "c"),
    "change": ("8", "enter", "enter", "c", "2", "0", "0", "enter"),
    "take-back": ("enter", "v", "down", "enter"),
    "move": ("m", "b", "1"),
    "pause": ("p",),
    "package": ("k", "down", "enter"),
    "deposit": ("d", "w"),
    "goods": ("s", "s"),
    "sale": ("f2", *"3*kl", "enter", "n"),
    "typed-document": ("f3", "right"),
    "shift": ("f4", "x"),
    "cash-move": ("f4", "o", "right"),
    "second-person": ("f4", "d", "5", "0", "enter"),
    "count": ("f4", "z", "2"),
    "unsettled": ("f5", "down", "space"),
    "devices": ("f6",),
    "refund": ("ctrl+r", str(RECEIPT), "enter", "space"),
    "stock": ("ctrl+t", "right"),
    "out-of-use": ("0", "1", "x", "right"),
    "outage": ("f7", "right"),
    "journal": ("f10", "down"),
    "slips": ("f11", "down"),
    "close": ("ctrl+q",),
    "locked": ("f8",),
}
"""The keys that lead to each screen from the main one, where A07 is in view."""


async def busy_floor(desk: Desk, clock: SimulatedClock) -> None:
    """Have one seat in each state, and A07 with goods and a deposit in view."""
    counter, masks = desk.services.counter, desk.services.masks
    visit_id = seat_someone(counter, "adult-a", "A07", deposit=cash(10_000))
    masks |= {visit_id: "测*甲", seat_someone(counter, "born-19700515", "B02", package="3h"): "欧阳*"}
    clock.advance(timedelta(minutes=40))
    seat_someone(counter, "born-19710515", "A09", package="5h")
    clock.advance(timedelta(minutes=60))
    seat_someone(counter, "adult-b", "A08")
    seat_someone(counter, "born-19730515", "A13", deposit=cash(300))
    seat_someone(counter, "born-19740515", "A14", deposit=cash(400))
    clock.advance(timedelta(minutes=27))
    counter.seats.pause(seat_someone(counter, "born-19720515", "A12", deposit=cash(2_000)))
    clock.advance(timedelta(minutes=5))
    counter.sales.order(visit_id, [goods("cola-330", 3), goods("noodles")], request="a" * 16)
    counter.seats.close_seat("A20", "faulty")
    sold = counter.sales.sell(
        [OrderLine(kind=SavingKind.COMBO, code="supper", quantity=1)], [cash(1_100)], request="b" * 16
    )
    assert sold.receipt == RECEIPT
    counter.seats.end_due()
    desk.main.look()
    await desk.press("7")


SMALL = (100, 30)
LARGE = frozenset(
    {
        "main",
        "package-over",
        "free-seats",
        "searched",
        "statement",
        "goods",
        "sale",
        "unsettled",
        "journal",
        "slips",
        "refund",
        "stock",
    }
)
"""What looks different where there is more room: the main screen, and what fills the whole one."""


async def card_read(desk: Desk) -> None:
    await desk.press("2", "3")
    await desk.lay("adult-c")


async def offers(desk: Desk) -> None:
    await desk.press("enter")


async def deposit_asked(desk: Desk) -> None:
    await desk.press("1")


async def seat_opened(desk: Desk) -> None:
    await desk.press("enter")


async def refused(desk: Desk) -> None:
    await desk.lay("minor")


VISITORS: dict[str, Callable[[Desk], Awaitable[None]]] = {
    "card-read": card_read,
    "offers": offers,
    "deposit-asked": deposit_asked,
    "seat-opened": seat_opened,
    "refused": refused,
}
"""One after the other: somebody is seated on A23, a minor is not."""


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


def said_of(desk: Desk) -> list[str]:
    """Return the help and the title of the screen in front, in the reader's language."""
    screen = desk.app.screen
    if not isinstance(screen, Flow):
        return []
    return [desk.services.words(screen.HELP), screen.heading()]


def has_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


async def take_picture(desk: Desk, name: str) -> Iterator[str]:
    """Compare the screen in front with its picture, and look whether its frames are whole."""
    columns, rows = desk.app.size
    lines, framed = desk.text().split("\n"), frames(desk)
    assert len(lines) == rows, name
    assert max(map(cell_len, lines)) <= columns, name
    assert framed, name
    broken = [f"{name}: {frame}" for frame in framed if not is_whole(lines, frame)]
    is_box = isinstance(desk.app.screen, DeskModal) and not desk.app.screen.has_class("-covers")
    if is_box and columns > 100:
        return iter(broken)  # What lies over the main screen looks there as on a small one.
    assert desk.app._desk is not None
    language = desk.app._desk.language.value
    drawn = picture(desk, only=framed[0] if is_box else None)
    if desk.app._desk.language is Language.ZH_CN:
        broken += [f"{name} is not told in Chinese: {text}" for text in said_of(desk) if not has_chinese(text)]
    difference = differing(f"{columns}x{rows}-{language}/{name}", drawn)
    return iter([*broken, difference] if difference else broken)


@pytest.mark.parametrize("size", [SMALL, (160, 45)], ids=["small", "large"])
@pytest.mark.parametrize("language", list(Language))
def test_every_screen_looks_as_its_picture_and_its_frames_are_whole(
    venue_path: Path, clock: SimulatedClock, size: tuple[int, int], language: Language
) -> None:
    wrong: list[str] = []

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language, size=size) as desk:
            wrong.extend(await take_picture(desk, "login"))
            await desk.log_in("chen")
            await busy_floor(desk, clock)
            for name, keys in ROUTES.items():
                if size == SMALL or name in LARGE:
                    await desk.press(*keys)
                    wrong.extend(await take_picture(desk, name))
                    await home(desk)
            for name, comes in VISITORS.items():
                await comes(desk)
                wrong.extend(await take_picture(desk, name))

    play(story)
    assert not wrong, "\n".join(wrong)


async def home(desk: Desk) -> None:
    """Go back to the main screen, step by step."""
    if desk.app.is_at_login:
        await desk.write(PINS["chen"])
        await desk.press("enter")
    for _ in range(8):
        if desk.is_at_main_screen:
            for key in ("escape", "escape", "escape", "a", "7"):  # From a search, a filter, what was said.
                desk.strike(key)
            await desk.settle()
            return
        await desk.press("escape")
    raise AssertionError("Esc leads back from everywhere")
