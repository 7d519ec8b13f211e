"""Combos and promotions at the desk: found like goods, shown with their parts at single prices, left in parts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Digits

from billing.price_list import SavingKind
from pos.languages import Language
from records.clock import SimulatedClock
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import play, sitting_at


@pytest.mark.parametrize(
    ("language", "saved", "sold"),
    [(Language.EN, "saved: 1.50", "Sold for 11.00 yuan"), (Language.ZH_CN, "优惠：1.50", "已售 11.00 元")],
)
def test_a_combo_stands_with_its_parts_and_what_it_saves(
    venue_path: Path, clock: SimulatedClock, language: Language, saved: str, sold: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("yxtc\n")
            for said in ("夜宵套餐  11.00 × 1", "红烧牛肉面 6.00 × 1", "火腿肠 2.50 × 1", "可乐 4.00 × 1", saved):
                assert said in desk.text()
            await desk.press("enter", "c", "enter", "enter")
            await desk.until(sold)

    play(story)


def test_a_part_that_is_left_out_leaves_the_rest_at_single_prices(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("yxtc\n")
            await desk.write("/")
            assert "夜宵套餐  11.00" not in desk.text()
            total = desk.app.screen.query_one("#total", Digits)
            assert total.value == "12.50"
            await desk.press("-")  # The last part is the cola.
            assert total.value == "8.50"

    play(story)


def test_what_holds_a_package_is_sold_to_a_seat_and_to_nobody_else(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("3h-cola")
            assert "三小时加可乐" not in desk.text()
            await desk.press("escape", "escape")
            visit_id = seat_someone(desk.services.counter, "adult-a", "A07")
            desk.main.look()
            await desk.press("a", "7", "s")
            await desk.write("3h-cola\n")
            assert "三小时加可乐  14.50 × 1" in desk.text()
            await desk.press("enter")
            await desk.until("on the bill of A07")
            clock.advance(timedelta(minutes=1))
            bill = desk.services.counter.seats.bill(visit_id)
            assert [line.sold.kind for line in bill.orders if line.sold.is_saving] == [SavingKind.COMBO]
            assert bill.total_fen == 1450

    play(story)


def test_a_promotion_is_on_sale_in_its_days_alone(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("night-noodles\n")
            assert "夜场泡面  5.00 × 1" in desk.text()
            assert "全天，每人不限" in desk.text()
            await desk.press("escape", "escape")
            clock.advance(timedelta(days=60))
            await desk.press("f2")
            await desk.write("night-noodles")
            assert "夜场泡面" not in desk.text()

    play(story)
