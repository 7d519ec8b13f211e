"""Typing a seat's number on the main screen: nothing is said too early, and no key means a seat that was not meant."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.message import Message

from pos.languages import Language
from pos.tui.desk import floor_pane
from pos.tui.desk.floor_pane import FloorPane
from pos.tui.desk.printer_service import DeviceState
from pos.tui.desk.seat_prompt import SeatPrompt
from pos.tui.desk.seat_typing import begins_a_seat, seat_typed
from pos.tui.desk.typed_document_screen import TypedDocumentScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import play, sitting_at

LABELS = ("A01", "A07", "B07", "B12", "VIP1")
NO_SEAT = [(Language.EN, "There is no seat 0."), (Language.ZH_CN, "没有 0 号机位。")]


@pytest.mark.parametrize(
    ("typed", "beside", "seat"),
    [
        ("7", "A01", "A07"),
        ("7", "B12", "B07"),
        ("07", None, "A07"),
        ("b7", "A01", "B07"),
        ("v", "A01", "VIP1"),
        ("0", "A01", None),
        ("b0", "A01", None),
        ("99", "A01", None),
    ],
)
def test_a_number_means_the_seat_of_the_block_in_view(typed: str, beside: str | None, seat: str | None) -> None:
    assert seat_typed(typed, LABELS, beside=beside) == seat


@pytest.mark.parametrize(
    ("typed", "begins"), [("0", True), ("b0", True), ("vi", True), ("00", False), ("c", False), ("9", False)]
)
def test_a_zero_is_the_beginning_of_a_seat(typed: str, *, begins: bool) -> None:
    assert begins_a_seat(typed, LABELS) is begins


@pytest.mark.parametrize(("language", "no_seat"), NO_SEAT)
def test_nothing_is_said_while_a_number_is_being_typed(
    venue_path: Path, clock: SimulatedClock, language: Language, no_seat: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("0")
            assert no_seat not in desk.text()
            await desk.press("7")
            assert desk.main.seat_in_view is not None
            assert desk.main.seat_in_view.seat.label == "A07"
            assert no_seat not in desk.text()
            desk.main.query_one(FloorPane)._fall_silent()
            await desk.press("0")
            desk.main.query_one(FloorPane)._fall_silent()
            await desk.settle()
            assert no_seat in desk.text(), "nothing came after the 0"

    play(story)


@pytest.mark.parametrize(("language", "no_seat"), NO_SEAT)
def test_no_key_means_the_seat_in_view_while_another_one_is_typed(
    venue_path: Path, clock: SimulatedClock, language: Language, no_seat: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(hours=1))
            desk.main.look()
            await desk.press("a", "7")
            desk.main.query_one(FloorPane)._fall_silent()
            for key in ("enter", "p"):
                await desk.press("0", key)
                assert desk.is_at_main_screen
                assert no_seat in desk.text()
                await desk.press("escape", "escape")
            await desk.press("enter")
            assert not desk.is_at_main_screen

    play(story)


def test_digits_belong_together_by_when_they_were_struck_and_not_by_when_the_desk_comes_to_them(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To a desk that waits a hundredth of a second, all others are as slow as on a machine that is a hundred times
    # slower: it thinks long before the second digit comes that nothing follows.
    monkeypatch.setattr(floor_pane, "TYPING_SECONDS", 0.01)

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")

            async def in_view_after(*digits: str, at: float) -> str:
                for digit in digits:
                    desk.strike(digit, at=at)
                    await desk.settle()
                    await desk.pilot.pause(0.02)
                assert desk.main.seat_in_view is not None
                return desk.main.seat_in_view.seat.label

            struck_at = Message().time
            assert await in_view_after("1", "2", at=struck_at) == "A12"
            assert await in_view_after("3", at=struck_at + 1) == "A03"
            assert await in_view_after("0", "enter", at=struck_at + 2) == "A03"
            assert "There is no seat 0." in desk.text(), "Enter was not meant for the seat in view"

    play(story)


@pytest.mark.parametrize(
    ("state", "language", "said"),
    [
        (DeviceState.ABSENT, Language.EN, "Type the customer's document in first: F3."),
        (DeviceState.ABSENT, Language.ZH_CN, "请先按 F3 录入顾客的证件。没有设置读卡器。"),
        (DeviceState.TROUBLED, Language.EN, "Type the customer's document in first: F3."),
        (DeviceState.TROUBLED, Language.ZH_CN, "请先按 F3 录入顾客的证件。读卡器没有回应。"),
        (DeviceState.READY, Language.EN, "Lay the customer's card on the reader first, or type a document in: F3."),
        (DeviceState.READY, Language.ZH_CN, "请先把顾客的身份证放在读卡器上，或按 F3 录入证件。"),
    ],
)
def test_enter_on_a_free_seat_says_first_what_to_do(
    venue_path: Path, clock: SimulatedClock, *, state: DeviceState, language: Language, said: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            desk.services.reader.state = state
            await desk.press("a", "8", "enter")
            assert said in desk.text()
            await desk.press("f3")
            assert isinstance(desk.app.screen, TypedDocumentScreen)

    play(story)


@pytest.mark.parametrize(
    ("language", "no_reader"), [(Language.EN, "document in first: F3."), (Language.ZH_CN, "请先按 F3 录入")]
)
def test_what_is_said_of_a_seat_goes_with_it(
    venue_path: Path, clock: SimulatedClock, language: Language, no_reader: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("a", "8", "enter")
            assert no_reader in desk.text()
            await desk.press("right")
            assert no_reader not in desk.text()

    play(story)


@pytest.mark.parametrize("language", list(Language))
def test_a_number_is_a_seat_wherever_one_is_asked_for(
    venue_path: Path, clock: SimulatedClock, language: Language
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            counter = desk.services.counter
            seat_someone(counter, "adult-a", "B07")
            seat_someone(counter, "adult-b", "B11")
            clock.advance(timedelta(hours=1))
            desk.main.look()
            await desk.press("b", "7", "m", "9")
            assert "B09" in desk.text(), "the block where the customer sits"
            await desk.press("enter")
            assert {bill.visit.seat for bill in counter.seats.running()} == {"B09", "B11"}
            await desk.press("enter", "+", "1", "1", "enter")
            assert "B11" in desk.text()
            await desk.press("+", "9", "9", "enter")
            assert isinstance(desk.app.screen, SeatPrompt)
            assert "99" in desk.text()

    play(story)
