"""A terminal's number that was taken before is asked about once at the desk, and nobody is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.message import Message

from pos.languages import Language
from pos.tui.desk.deposit_screen import DepositScreen
from pos.tui.desk.payment_screen import PaymentScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import seat_someone, wechat
from tests.pos.tui.desks import Desk, play, sitting_at

READING_SECONDS = "pos.tui.desk.asked_references.READING_SECONDS"


async def pay_for_water(desk: Desk, *, number: str = str(wechat(1).reference)) -> None:
    """Up to the Enter that books it; the number is the one that stands on the deposit's slip."""
    await desk.press("f2")
    await desk.write("6900000000021")
    await desk.press("enter", "enter", "w", "enter")
    await desk.write(number)
    await desk.press("enter", "enter")


@pytest.mark.parametrize(("language", "asked"), [(Language.EN, "was taken already"), (Language.ZH_CN, "已经收过")])
def test_a_number_of_another_receipt_is_asked_about_and_then_booked(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, language: Language, asked: str
) -> None:
    monkeypatch.setattr(READING_SECONDS, 0.0)

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=wechat(2_000))
            before = len(desk.services.counter.slips.newest(limit=9))
            await pay_for_water(desk)
            assert asked in desk.text()
            assert str(wechat(1).reference) in desk.text()
            assert isinstance(desk.app.screen, PaymentScreen)
            assert len(desk.services.counter.slips.newest(limit=9)) == before, "nothing is booked unasked"
            await desk.press("enter")
            assert desk.is_at_main_screen
            assert len(desk.services.counter.slips.newest(limit=9)) == before + 1

    play(story)


def test_a_number_in_full_width_is_the_same_number(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(READING_SECONDS, 0.0)

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=wechat(2_000))
            await pay_for_water(desk, number="".join(chr(ord(one) + 0xFEE0) for one in str(wechat(1).reference)))
            assert "was taken already" in desk.text()

    play(story)


def test_an_enter_that_nobody_can_have_meant_answers_no_question(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(READING_SECONDS, 3_600.0)

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=wechat(2_000))
            await pay_for_water(desk)
            await desk.press("enter", "enter")
            assert "was taken already" in desk.text()
            assert isinstance(desk.app.screen, PaymentScreen)
            await desk.press("escape")
            assert "was taken already" not in desk.text()
            await desk.press("c", "enter", "enter")
            assert desk.is_at_main_screen

    play(story)


def test_an_enter_that_was_struck_before_the_question_stood_there_answers_none_however_late_it_comes(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(READING_SECONDS, 0.0)

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=wechat(2_000))
            before_the_question = Message().time
            await pay_for_water(desk)
            desk.strike("enter", "enter", at=before_the_question)
            await desk.settle()
            assert "was taken already" in desk.text()
            assert isinstance(desk.app.screen, PaymentScreen)
            await desk.press("enter")
            assert desk.is_at_main_screen

    play(story)


def test_a_deposit_is_asked_about_too(venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(READING_SECONDS, 0.0)

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=wechat(2_000))
            desk.main.look()
            await desk.settle()
            await desk.press("7", "d", "w", "2", "0", "enter")
            await desk.write(str(wechat(1).reference))
            await desk.press("enter")
            assert isinstance(desk.app.screen, DepositScreen)
            assert "was taken already" in desk.text()
            await desk.press("enter")
            assert desk.is_at_main_screen
            assert "20.00 yuan more deposit for A07" in desk.text()

    play(story)
