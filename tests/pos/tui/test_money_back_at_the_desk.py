"""Money that goes back or is not taken, and goods on the shelf: refunds, reductions, hand-overs, stock at the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from billing.reasons import ReductionReason
from billing.sales import SaleReduction
from pos.counter.refunds import PaidFor
from pos.languages import Language
from pos.tui.desk.refund_screen import RefundScreen
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, goods, seat_someone, wechat
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


async def manager_approves(desk: Desk) -> None:
    assert isinstance(desk.app.screen, SecondPersonScreen)
    await desk.write("wang\n")
    await desk.write(PINS["wang"] + "\n")


@pytest.mark.parametrize(
    ("language", "back", "given"),
    [
        (Language.EN, "Back: 4.00 (cash 4.00)", "Given back: cash 4.00"),
        (Language.ZH_CN, "退回：4.00（现金 4.00）", "已退款：现金 4.00"),
    ],
)
def test_one_of_three_colas_comes_back(
    venue_path: Path, clock: SimulatedClock, language: Language, back: str, given: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            counter = desk.services.counter
            sold = counter.sales.sell([goods("cola-330", 3)], [cash(1200)], request="a" * 16)
            await desk.press("ctrl+r")
            await desk.write(f"{sold.receipt}\n")
            await desk.press("space")
            await desk.until(back)
            await desk.press("enter", "right", "enter")
            await desk.until(given)
            assert desk.is_at_main_screen
            (left,) = counter.refunds.refundable(PaidFor(receipt=sold.receipt)).lines
            assert left.quantity == 2

    play(story)


@pytest.mark.parametrize(
    ("language", "back"),
    [
        (Language.EN, "Back: 3.00 (cash 3.00) · 1.00 of it was taken off the bill"),
        (Language.ZH_CN, "退回：3.00（现金 3.00） · 其中 1.00 结账时已减免"),
    ],
)
def test_what_was_taken_off_a_bill_does_not_come_back_and_the_clerk_sees_why(
    venue_path: Path, clock: SimulatedClock, language: Language, back: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("wang")
            off = SaleReduction(fen=100, reason=ReductionReason.GOODWILL)
            sell = desk.services.counter.sales.sell
            sold = sell([goods("cola-330")], [cash(300)], request="a" * 16, reductions=[off])
            await desk.press("ctrl+r")
            await desk.write(f"{sold.receipt}\n")
            await desk.press("space")
            await desk.until(back)

    play(story)


def test_a_receipt_that_is_not_found_shows_nothing_of_the_one_before(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            sold = desk.services.counter.sales.sell([goods("cola-330", 3)], [cash(1200)], request="a" * 16)
            await desk.press("ctrl+r")
            await desk.write(f"{sold.receipt}\n")
            await desk.press("space")
            await desk.until("Back: 4.00")
            await desk.press("tab", "tab")
            await desk.write("99\n")
            assert "Back:" not in desk.text()
            assert "可乐" not in desk.text()
            assert "Space + −" not in desk.text()
            assert "find the receipt" in desk.text()

    play(story)


def test_more_than_the_limit_goes_back_with_a_manager_and_by_the_way_it_was_paid(
    venue_path: Path, clock: SimulatedClock
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            sold = desk.services.counter.sales.sell([goods("noodles", 4)], [wechat(2400)], request="a" * 16)
            await desk.press("ctrl+r")
            await desk.write(f"{sold.receipt}\n")
            await desk.press("space", "space", "space", "space")
            await desk.until("Back: 24.00 (WeChat 24.00)")
            await desk.press("enter", "right", "enter")
            await manager_approves(desk)
            await desk.until("Given back: WeChat 24.00")

    play(story)


def test_a_receipt_nobody_has_is_told_and_nothing_is_given_twice(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("ctrl+r")
            await desk.write("77\n")
            assert isinstance(desk.app.screen, RefundScreen)
            assert desk.app.screen.query_one("Notice").has_class("-warning")
            sold = desk.services.counter.sales.sell([goods("cola-330")], [cash(400)], request="a" * 16)
            await desk.press("backspace", "backspace")
            await desk.write(f"{sold.receipt}\n")
            await desk.press("space", "space", "space")
            await desk.until("Back: 4.00")
            await desk.press("enter", "right", "enter")
            await desk.until("Given back")
            await desk.press("ctrl+r")
            await desk.write(f"{sold.receipt}\n")
            await desk.until("Nothing on this receipt can be given back any more.")

    play(story)


@pytest.mark.parametrize(
    ("language", "taken", "line"),
    [
        (Language.EN, "Taken off. The bill comes to 4.00 yuan.", "taken off: goodwill"),
        (Language.ZH_CN, "已减免。账单为 4.00 元。", "减免"),
    ],
)
def test_something_is_taken_off_with_a_managers_word_and_put_back(
    venue_path: Path, clock: SimulatedClock, language: Language, taken: str, line: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            visit_id = seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(hours=1))
            desk.main.look()
            await desk.press("a", "7", "enter", "r", "1", "enter", "right", "enter")
            await manager_approves(desk)
            await desk.until(taken)
            assert line in desk.text()
            await desk.press("r", "w")
            assert isinstance(desk.app.screen, SettlementScreen)
            assert desk.services.counter.seats.bill(visit_id).reductions == ()

    play(story)


def test_what_was_handed_over_is_noted(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            visit_id = seat_someone(desk.services.counter, "adult-a", "A07")
            desk.services.counter.sales.order(visit_id, [goods("noodles", 10)], request="a" * 16)
            desk.main.look()
            await desk.press("a", "7", "enter", "h", "down", "enter")
            await desk.until("Noted as handed over.")
            await desk.press("escape", "v", "down", "enter", "enter", "right", "enter")
            assert isinstance(desk.app.screen, SecondPersonScreen), "60 yuan in the customer's hands need a manager"

    play(story)


@pytest.mark.parametrize(
    ("language", "there"), [(Language.EN, "可乐: 24 by the books."), (Language.ZH_CN, "可乐：账面 24。")]
)
def test_goods_come_in_and_are_counted(venue_path: Path, clock: SimulatedClock, language: Language, there: str) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("ctrl+t")
            await desk.write("6900000000014\n")
            await desk.press("right", "enter")
            await desk.write("24\n")
            await desk.until(there)
            (level,) = desk.services.counter.stock.levels()
            assert (level.code, level.pieces) == ("cola-330", 24)

    play(story)
