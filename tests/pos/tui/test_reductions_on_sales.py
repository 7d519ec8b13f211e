"""Something taken off a sale over the counter: R at the payment, with a reason, and for a cashier a second person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pos.languages import Language
from pos.tui.desk.sale_payment_screen import SalePaymentScreen, SaleReductionScreen
from pos.tui.desk.sale_screen import SaleScreen
from pos.tui.desk.second_person_screen import SecondPersonScreen
from records.clock import SimulatedClock
from tests.pos.counter.test_refusals import bodies
from tests.pos.tui.desks import Desk, play, sitting_at


async def at_the_payment(desk: Desk, name: str) -> None:
    """Have two colas, 8.00 yuan, on the list and the payment in front."""
    await desk.log_in(name)
    await desk.press("f2")
    await desk.write("2*kl")
    await desk.press("enter", "enter")
    assert isinstance(desk.app.screen, SalePaymentScreen)


async def take_off(desk: Desk, amount: str) -> None:
    await desk.press("r")
    await desk.write(amount)
    await desk.press("enter", "right", "enter")


def sales_of(desk: Desk) -> list[Any]:
    return bodies(desk.services.venue, "sale.settled")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, ("needs a manager", "goodwill", "Sold for 6.50 yuan")),
        (Language.ZH_CN, ("须店长", "酌情优惠", "已售 6.50 元")),
    ],
)
def test_a_cashier_takes_something_off_a_sale_with_a_managers_word(
    venue_path: Path, clock: SimulatedClock, language: Language, said: tuple[str, str, str]
) -> None:
    needs, goodwill, sold = said

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await at_the_payment(desk, "chen")
            await take_off(desk, "1.5")
            assert isinstance(desk.app.screen, SecondPersonScreen)
            assert needs in desk.text()
            await desk.log_in("wang")
            assert isinstance(desk.app.screen, SalePaymentScreen)
            assert goodwill in desk.text()
            assert "-1.50" in desk.text()
            assert sales_of(desk) == [], "nothing is booked before the last Enter"
            await desk.press("c", "enter", "enter")
            assert sold in desk.text()
            (sale,) = sales_of(desk)
            assert sale["total_fen"] == 650
            (reduction,) = sale["reductions"]
            assert (reduction["fen"], reduction["reason"]) == (150, "goodwill")
            assert reduction["approval"]["by"] == "s2"

    play(story)


@pytest.mark.parametrize("language", list(Language))
def test_esc_takes_back_what_was_taken_off_before_it_leaves_the_payment(
    venue_path: Path, clock: SimulatedClock, language: Language
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await at_the_payment(desk, "wang")
            await take_off(desk, "2")
            await desk.press("c", "1", "enter", "r")
            assert isinstance(desk.app.screen, SalePaymentScreen), "something is paid already"
            await desk.press("escape")
            assert "-2.00" in desk.text()
            await desk.press("escape")
            assert "-2.00" not in desk.text()
            await desk.press("escape")
            assert isinstance(desk.app.screen, SaleScreen)
            await desk.press("enter", "c", "enter", "enter")
            (sale,) = sales_of(desk)
            assert sale["total_fen"] == 800

    play(story)


def test_no_more_is_taken_off_than_is_due(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await at_the_payment(desk, "wang")
            await take_off(desk, "8.01")
            assert isinstance(desk.app.screen, SaleReductionScreen)
            assert "no more than what is due" in desk.text()
            await desk.press("escape")
            await take_off(desk, "8")
            await desk.press("enter")
            (sale,) = sales_of(desk)
            assert (sale["total_fen"], sale["tenders"]) == (0, [])

    play(story)
