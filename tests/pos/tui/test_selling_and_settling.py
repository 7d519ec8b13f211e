"""Goods, statements and money at the desk: by keys alone, in both languages, on the shipped program."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pos.counter.print_jobs import SlipKind
from pos.languages import Language
from pos.tui.desk.floor_watch import BILL_EVERY
from pos.tui.desk.payment_screen import PaymentScreen
from pos.tui.desk.sale_screen import SaleScreen
from pos.tui.desk.second_person_screen import SecondPersonScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, goods, seat_someone
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


def clock_of(clock: SimulatedClock, *, hours: float) -> None:
    clock.advance(timedelta(hours=hours))


async def seated(desk: Desk, who: str, seat: str, *, deposit_fen: int = 0) -> str:
    """Seat somebody beside the keys, and let the map see it."""
    visit_id = seat_someone(desk.services.counter, who, seat, deposit=cash(deposit_fen) if deposit_fen else None)
    desk.main.look()
    await desk.settle()
    return visit_id


@pytest.mark.parametrize(
    ("language", "ordered", "settled"),
    [
        (Language.EN, "8.00 yuan on the bill of A07", "A07 settled: 13.00 yuan"),
        (Language.ZH_CN, "8.00 元已记到 A07", "A07 已结账：13.00 元"),
    ],
)
def test_from_an_open_seat_over_two_colas_to_the_receipt(
    venue_path: Path, clock: SimulatedClock, language: Language, ordered: str, settled: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            visit_id = await seated(desk, "adult-a", "A07")
            clock_of(clock, hours=1)
            await desk.press("7", "s")
            await desk.write("2*kl")
            await desk.press("enter", "enter")
            assert ordered in desk.text()
            await desk.press("enter")
            assert isinstance(desk.app.screen, SettlementScreen)
            assert "5.00" in desk.text()
            assert "可乐" in desk.text()
            await desk.press("enter", "c", "2", "0", "enter")
            assert isinstance(desk.app.screen, PaymentScreen)
            assert desk.services.counter.seats.running(), "nothing is booked before the last Enter"
            await desk.press("enter")
            assert desk.is_at_main_screen
            assert settled in desk.text()
            assert "7.00" in desk.text()
            assert desk.services.counter.seats.running() == []
            kinds = [job.kind for job in desk.services.counter.slips.about(visit_id)]
            assert SlipKind.SETTLEMENT in kinds

    play(story)


def test_a_passer_by_pays_at_once_and_a_double_enter_pays_once(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("6900000000021")
            await desk.press("enter", "enter", "w", "enter")
            await desk.write("4200001")
            await desk.press("enter")
            desk.strike("enter", "enter")
            await desk.settle()
            assert desk.is_at_main_screen
            assert "Sold for 2.00 yuan" in desk.text()
            assert [job.kind for job in desk.services.counter.slips.newest(limit=9)] == [SlipKind.SALE]

    play(story)


@pytest.mark.parametrize(
    ("language", "nothing", "sold"),
    [
        (Language.EN, "called zzz. Esc empties the field and shows all.", "receipt 1. Change 8.00."),
        (Language.ZH_CN, "没有在售的“zzz”。按 Esc 清空，显示全部商品。", "单号 1。找零 8.00。"),
    ],
)
def test_a_sale_says_how_to_go_on_and_what_was_given_back(
    venue_path: Path, clock: SimulatedClock, language: Language, nothing: str, sold: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("zzz")
            await desk.press("enter")
            assert nothing in desk.text()
            await desk.press("escape")
            assert nothing not in desk.text()
            assert "550ml" in desk.text()
            await desk.write("6900000000021")
            await desk.press("enter", "enter", "c", "1", "0", "enter", "enter")
            assert desk.is_at_main_screen
            assert sold in desk.text()

    play(story)


def test_several_things_of_one_name_are_for_the_clerk_to_choose(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("6900")
            await desk.press("enter")
            assert "Choose one" in desk.text()
            await desk.press("down", "down", "enter")
            assert "2.00 × 1" in desk.text()
            await desk.press("+", "+", "-")
            assert "2.00 × 2" in desk.text()
            await desk.press("escape")
            assert isinstance(desk.app.screen, SaleScreen), "goods on the list are not dropped unasked"
            await desk.press("escape")
            assert desk.is_at_main_screen
            assert desk.services.counter.slips.newest(limit=9) == []

    play(story)


def test_one_person_pays_for_two_seats_with_a_card_and_cash(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            await seated(desk, "adult-b", "A08", deposit_fen=2_000)
            clock_of(clock, hours=1)
            await desk.press("7", "enter", "+")
            await desk.write("a08")
            await desk.press("enter")
            assert "To pay for 2 seats" in desk.text()
            await desk.press("enter", "b", "2", "enter")
            await desk.write("777")
            await desk.press("enter", "c", "enter", "enter")
            assert desk.is_at_main_screen
            assert "A07, A08 settled: 10.00 yuan, receipt 2, 3." in desk.text()
            assert "Give back of the deposit: cash 15.00" in desk.text()
            assert desk.services.counter.seats.running() == []

    play(story)


def test_a_card_is_not_charged_for_more_than_is_due(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            clock_of(clock, hours=1)
            await desk.press("7", "enter", "enter", "enter")
            assert "Choose how it is paid first" in desk.text()
            await desk.press("a", "9", "enter")
            await desk.write("777")
            await desk.press("enter")
            assert "Only 5.00 is due" in desk.text()
            await desk.press("escape", "escape")
            assert desk.is_at_main_screen
            assert len(desk.services.counter.seats.running()) == 1

    play(story)


def test_taking_back_beyond_the_limit_needs_a_managers_pin(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            visit_id = await seated(desk, "adult-a", "A07")
            desk.services.counter.sales.order(visit_id, [goods("noodles", 10)], request="a" * 16)
            desk.services.counter.sales.hand_over("a" * 16)  # Until then everything comes back for the asking.
            clock_of(clock, hours=1)
            await desk.press("7", "enter", "v", "down", "enter", "enter", "right", "enter")
            assert isinstance(desk.app.screen, SecondPersonScreen)
            await desk.write("zhou")
            await desk.press("enter")
            await desk.write(PINS["zhou"])
            await desk.press("enter")
            assert "may not approve" in desk.text()
            await desk.write(PINS["zhou"][:-1])  # A slip of the keys.
            await desk.press("enter")
            assert "PIN is wrong" in desk.text()
            name = desk.app.screen.query_one("#name")
            name.focus()
            await desk.press("ctrl+u")
            await desk.write("wang")
            await desk.press("enter")
            await desk.write(PINS["wang"])
            await desk.press("enter")
            assert isinstance(desk.app.screen, SettlementScreen)
            assert "红烧牛肉面" not in desk.text()
            (bill,) = desk.services.counter.seats.running()
            assert bill.orders == ()

    play(story)


def test_the_bill_beside_the_map_goes_on_by_itself(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            await desk.press("7")
            assert not re.search(r"If settled now +5\.00", desk.text())
            clock_of(clock, hours=1)
            for _ in range(BILL_EVERY + 1):  # The tick after the answer shows it.
                desk.main.tick()
                await desk.settle()
            assert re.search(r"If settled now +5\.00", desk.text())

    play(story)


def test_a_seat_moves_pauses_and_gets_more_deposit(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            clock_of(clock, hours=1)
            await desk.press("7", "m")
            await desk.write("b12")
            assert "8.00 yuan/h" in desk.text()
            await desk.press("enter")
            assert "Moved to B12." in desk.text()
            await desk.press("b", "1", "2", "p", "enter")
            assert "B12 is paused." in desk.text()
            clock.advance(timedelta(minutes=5))
            await desk.press("p", "enter")
            assert "B12 goes on." in desk.text()
            await desk.press("d", "c", "down", "down", "enter")
            assert "50.00 yuan more deposit for B12" in desk.text()
            clock.advance(timedelta(seconds=1))
            await desk.press("k", "down", "enter")
            assert "电竞五小时" in desk.text()
            await desk.press("enter")
            assert "B12 has 电竞五小时" in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "moved", "back"),
    [
        (Language.EN, "Moved to B12.", "Moved back to A07."),
        (Language.ZH_CN, "已换到 B12。", "已换回 A07。"),
    ],
)
def test_a_move_is_taken_back_while_nothing_else_was_done(
    venue_path: Path, clock: SimulatedClock, language: Language, moved: str, back: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            clock_of(clock, hours=1)
            await desk.press("7", "m")
            await desk.write("b12\n")
            await desk.until(moved)
            assert desk.main.seat_in_view is not None
            assert desk.main.seat_in_view.seat.label == "B12", "the eye follows the customer"
            await desk.press("ctrl+z")
            await desk.until(back)
            clock_of(clock, hours=1)
            (bill,) = desk.services.counter.seats.running()
            assert (bill.visit.seat, bill.bill.total_fen) == ("A07", 1000), "taken back at once it costs nothing"
            await desk.press("ctrl+z")
            assert desk.services.counter.seats.bill("A07").visit.seat == "A07"

    play(story)


def test_a_move_stays_once_something_has_happened_on_the_seat(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            visit_id = await seated(desk, "adult-a", "A07")
            await desk.press("7", "m")
            await desk.write("b12\n")
            await desk.until("Moved to B12.")
            desk.services.counter.seats.pause(visit_id)  # Somebody at the command line.
            await desk.press("ctrl+z")
            await desk.until("Something has happened on that seat")

    play(story)


def test_a_statement_that_is_too_old_is_shown_anew(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            clock_of(clock, hours=1)
            await desk.press("7", "enter", "enter", "c", "2", "0", "enter")
            clock.advance(timedelta(minutes=20))  # The customer looked for the purse.
            await desk.press("enter")
            assert isinstance(desk.app.screen, PaymentScreen)
            assert "no longer stands" in desk.text()
            await desk.press("escape", "escape")
            assert isinstance(desk.app.screen, SettlementScreen)
            assert "19:00 – 20:20" in desk.text()
            await desk.press("enter", "c", "enter", "enter")
            assert desk.is_at_main_screen
            assert desk.services.counter.seats.running() == []

    play(story)


def test_a_scan_on_the_main_screen_is_goods_and_no_seat(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await seated(desk, "adult-a", "A07")
            await desk.write("6900000000038\n")
            assert isinstance(desk.app.screen, SaleScreen)
            assert "红烧牛肉面" in desk.text()
            assert "6.00 × 1" in desk.text()
            await desk.write("6900000000038\n")
            assert "6.00 × 2" in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "settled", "nobody"),
    [
        (Language.EN, "A07, A08, A09 settled: 22.00 yuan", "Every visit is settled."),
        (Language.ZH_CN, "已结账：22.00 元", "全部已结账。"),
    ],
)
def test_who_pays_for_all_that_are_left_sees_what_was_done(
    venue_path: Path, clock: SimulatedClock, language: Language, settled: str, nobody: str
) -> None:
    """A deposit that comes back, a package, and a deposit that was used up."""

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            counter = desk.services.counter
            seat_someone(counter, "adult-a", "A07", deposit=cash(3_000))
            seat_someone(counter, "adult-b", "A08", package="3h")
            seat_someone(counter, "adult-c", "A09", deposit=cash(300))
            clock_of(clock, hours=1)
            await desk.press("f5", "down", "space", "down", "space", "down", "space", "enter", "enter")
            assert "14.00" in desk.text()
            await desk.press("c", "enter", "enter")
            await desk.until(settled)
            assert nobody not in desk.text(), "what was done is read first"
            assert "25.00" in desk.text()
            await desk.press("escape", "f5")
            assert nobody in desk.text()

    play(story)
