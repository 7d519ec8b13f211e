"""Keys that come faster than the screens answer count where they lead to, and a PIN never stands beside a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from pos.languages import Language
from pos.tui.desk.close_shift_screen import CloseShiftScreen
from pos.tui.desk.key_order import LOOKS_EVERY_SECONDS
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.shift_screen import ShiftScreen
from pos.tui.desk.typed_document_screen import TypedDocumentScreen
from records.clock import SimulatedClock
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


async def burst(desk: Desk, *keys: str) -> None:
    """Strike all keys before any of them is answered."""
    desk.strike(*keys)
    await desk.settle()


@pytest.mark.parametrize("looks_every_seconds", [LOOKS_EVERY_SECONDS, 0.001])
def test_pieces_of_one_note_do_not_run_into_the_next(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, looks_every_seconds: float
) -> None:
    # To a desk that looks every millisecond, all others are as slow as on a machine that is a hundred times slower.
    monkeypatch.setattr("pos.tui.desk.key_order.LOOKS_EVERY_SECONDS", looks_every_seconds)

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await burst(desk, "f4", "z", *"1\n2\n3\n4\n5\n6\n7\n8")
            assert isinstance(desk.app.screen, CloseShiftScreen)
            assert list(desk.app.screen._count.pieces.values()) == [1, 2, 3, 4, 5, 6, 7, 8]

    play(story)


def test_what_a_document_says_comes_into_its_own_fields(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await burst(desk, "f3", "right", "enter", *"Test\n110105", "tab", *"1990", "down", *"2030")
            assert isinstance(desk.app.screen, TypedDocumentScreen)
            assert [field.value for field in desk.app.screen.query(Input)] == ["Test", "110105", "1990", "2030", ""]

    play(story)


def test_a_pin_that_follows_its_name_at_once_is_never_read_by_anybody(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await burst(desk, "f4", "d", *"50\n")
            assert isinstance(desk.app.screen, SecondPersonScreen)
            await burst(desk, *"wang\n", *PINS["wang"], "\n")
            await desk.until("50.00 yuan out of the drawer")
            assert isinstance(desk.app.screen, ShiftScreen)

    play(story)


@pytest.mark.parametrize(
    ("language", "refused"), [(Language.EN, "Nobody approves what they do themselves."), (Language.ZH_CN, "自己办的事")]
)
def test_esc_goes_back_to_the_second_persons_name(
    venue_path: Path, clock: SimulatedClock, language: Language, refused: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f4", "d", *"50\n")
            await desk.write("chen\n")
            await desk.write(PINS["chen"] + "\n")
            await desk.until(refused)
            assert "cash.move" not in desk.text()
            await desk.press("escape")
            assert isinstance(desk.app.screen, SecondPersonScreen)
            assert refused not in desk.text()
            await desk.write("wang\n")
            await desk.write(PINS["wang"] + "\n")
            assert isinstance(desk.app.screen, ShiftScreen)
            await desk.press("d", *"50\n", "escape")
            assert not isinstance(desk.app.screen, SecondPersonScreen)

    play(story)
