"""How the desk behaves: mouse, search, themes, idle lock, small windows, junk and scanner bursts, plain terminals."""

from __future__ import annotations

import os
import re
import sys
import threading
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events

from pos.languages import Language
from pos.tui.desk import terminal
from pos.tui.desk.deposit_screen import DepositScreen
from pos.tui.desk.login import LoginScreen
from pos.tui.desk.open_seat_screen import OpenSeatScreen
from pos.tui.desk.sale_screen import SaleScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from pos.tui.widgets.orderly_field import OrderlyField
from pos.tui.widgets.seat_map import SeatMap
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, seat_someone
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


def seat_in_view(desk: Desk) -> str:
    assert desk.main.seat_in_view is not None
    return desk.main.seat_in_view.seat.label


def is_seen(desk: Desk) -> bool:
    """Whether the main screen is painted when something on it changes."""
    return desk.main.is_current


def place_of(desk: Desk, number: str) -> tuple[int, int]:
    """Where a seat's number stands on the map."""
    for y, line in enumerate(desk.lines()):
        if f" {number} " in line[:60]:
            return cell_len(line[: line.index(f" {number} ")]) + 1, y - 1
    raise AssertionError(number)


def test_a_click_goes_to_a_seat_and_a_second_one_opens_it(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.lay("adult-a")
            where = place_of(desk, "15")
            await desk.pilot.click(SeatMap, offset=where)
            await desk.settle()
            assert seat_in_view(desk) == "A15"
            await desk.pilot.click(SeatMap, offset=where)
            await desk.settle()
            assert isinstance(desk.app.screen, OpenSeatScreen)

    play(story)


@pytest.mark.parametrize(
    ("language", "free", "taken"), [(Language.EN, "free seats", "taken seats"), (Language.ZH_CN, "空", "在用")]
)
def test_the_map_shows_what_is_searched_for_and_esc_shows_all_again(
    venue_path: Path, clock: SimulatedClock, language: Language, free: str, taken: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            desk.main.look()
            await desk.press("f")
            assert free in desk.text()
            assert "07 ▶" not in desk.text()
            await desk.press("f")
            assert taken in desk.text()
            assert "08 ·" not in desk.text()
            await desk.press("escape", "/", "b", "1", "2", "enter")
            assert seat_in_view(desk) == "B12"
            await desk.press("escape")
            assert "07 ▶" in desk.text()

    play(story)


def test_colours_change_for_a_light_room_and_the_signs_stay(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            desk.main.look()
            await desk.press("ctrl+p", *"dark", "enter")
            assert desk.app.theme == "mingjia-light"
            assert "07 ▶" in desk.text()

    play(story)


def test_the_screen_locks_itself_when_nobody_works(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            desk.app._lock_if_idle()
            await desk.settle()
            assert desk.is_at_main_screen, "somebody has just typed"
            desk.app._idle_seconds = 0.0
            desk.app._lock_if_idle()
            await desk.settle()
            assert isinstance(desk.app.screen, LoginScreen)
            assert "is locked" in desk.text()
            await desk.press("7", "enter", "escape")
            assert isinstance(desk.app.screen, LoginScreen)
            desk.app._idle_seconds = 300.0
            await desk.press("enter")  # Esc went back to the name.
            await desk.write(PINS["chen"] + "\n")
            await desk.settle()
            assert desk.is_at_main_screen

    play(story)


@pytest.mark.parametrize(
    ("language", "too_small"), [(Language.EN, "This window is too small"), (Language.ZH_CN, "窗口太小")]
)
def test_a_small_window_shows_the_map_or_the_seat_and_a_tiny_one_asks_for_room(
    venue_path: Path, clock: SimulatedClock, language: Language, too_small: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("a", "7")
            await desk.pilot.resize_terminal(84, 25)
            await desk.until("08 ·")
            assert "A07" not in desk.text()
            await desk.press("tab")
            await desk.until("A07")
            assert "08 ·" not in desk.text()
            await desk.press("escape")
            await desk.pilot.resize_terminal(70, 20)
            await desk.until(too_small)
            await desk.pilot.resize_terminal(100, 30)
            await desk.until("A07")
            await desk.until("08 ·")

    play(story)


@pytest.mark.parametrize("junk", ["0" * 5000, "一二三" * 50, "\x1b[2J\x00\r\n", "cash=500\nDROP TABLE journal;"])
def test_pasted_junk_changes_nothing(venue_path: Path, clock: SimulatedClock, junk: str) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=cash(2_000))
            desk.main.look()
            await desk.press("a", "7")
            desk.app.post_message(events.Paste(junk))
            await desk.settle()
            assert seat_in_view(desk) == "A07"
            await desk.press("d", "c")
            desk.app.post_message(events.Paste(junk))
            await desk.settle()
            assert isinstance(desk.app.screen, DepositScreen)
            assert desk.services.counter.seats.bill("A07").deposits_fen == 2_000

    play(story)


def test_a_scan_into_an_amount_is_no_money(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=cash(2_000))
            desk.main.look()
            await desk.press("a", "7", "d", "c")
            await desk.write("6900000000014\n")
            assert isinstance(desk.app.screen, DepositScreen)
            assert desk.services.counter.seats.bill("A07").deposits_fen == 2_000

    play(story)


def test_an_input_method_reaches_every_key(venue_path: Path, clock: SimulatedClock) -> None:
    """Full-width letters and digits are meant as they look; whole words of Chinese are no key."""

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(hours=1))
            desk.main.look()
            await desk.write("ａ７中文。")
            assert desk.is_at_main_screen
            await desk.press("a", "７", "enter")
            assert isinstance(desk.app.screen, SettlementScreen)
            await desk.press("enter", "right", "enter", "enter")
            await desk.until("A07 settled: 5.00 yuan")

    play(story)


def test_where_signs_are_drawn_wide_every_column_still_holds(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=Language.ZH_CN, has_plain_signs=True) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07", deposit=cash(2_000))
            clock.advance(timedelta(hours=1))
            desk.main.look()
            for keys in (("a", "7"), ("enter",), ("enter", "c")):
                await desk.press(*keys)
                ambiguous = {one for one in desk.text() if unicodedata.east_asian_width(one) == "A"}
                assert ambiguous == set()
            await desk.press("escape", "escape")
            assert "07 >" in desk.text()

    play(story)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(
    ("column", "is_wide", "answers_within_seconds"), [(2, False, 60.0), (3, True, 60.0), (None, False, 0.01)]
)
def test_the_terminal_is_asked_how_wide_it_draws_signs(
    monkeypatch: pytest.MonkeyPatch, column: int | None, *, is_wide: bool, answers_within_seconds: float
) -> None:
    import pty

    monkeypatch.setattr(terminal, "ANSWERS_WITHIN_SECONDS", answers_within_seconds)
    master, slave = pty.openpty()

    def answer() -> None:
        asked = b""
        while b"\x1b[6n" not in asked:
            asked += os.read(master, 64)
        if column is not None:
            os.write(master, f"\x1b[1;{column}R".encode())

    person = threading.Thread(target=answer, daemon=True)
    person.start()
    with os.fdopen(slave, "r+b", buffering=0) as line:
        monkeypatch.setattr(sys, "__stdin__", line)
        assert terminal.draws_signs_wide({"LANG": "zh_CN.UTF-8"}) is is_wide
        assert terminal.draws_signs_wide({"LANG": "en_US.UTF-8"}) is False
    person.join(timeout=60)
    os.close(master)


def test_a_bug_ends_the_desk_without_telling_what_was_typed(
    venue_path: Path, clock: SimulatedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(*, typed: str) -> None:
        raise RuntimeError(f"{len(typed)} characters")

    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            desk.app.call_later(stumble, typed=PINS["chen"])
            await desk.settle()

    with pytest.raises(RuntimeError, match="6 characters"):
        play(story)
    said = capsys.readouterr().err
    assert "RuntimeError: 6 characters" in said
    assert PINS["chen"] not in said


def test_codes_that_come_faster_than_the_screen_answers_are_goods_each(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            field = desk.app.screen.query_one(OrderlyField)
            for code in ("6900000000014", "6900000000021", "6900000000014"):
                for key in (*code, "enter"):
                    field._forward_event(events.Key(key, key if len(key) == 1 else None))
            await desk.settle()
            assert re.search(r"4\.00 × 2", desk.text())
            assert re.search(r"2\.00 × 1", desk.text())
            assert field.value == ""
            for key in ("enter", "c", "1", "0"):
                field._forward_event(events.Key(key, key if len(key) == 1 else None))
            await desk.settle()
            assert re.search(r"▶C cash", desk.text()), "what was struck after the Enter is the payment's"

    play(story)


@pytest.mark.parametrize("ends", [("enter",), ("ctrl+j",), ("enter", "ctrl+j")], ids=["CR", "LF", "CR LF"])
def test_however_a_scanner_ends_its_codes_each_is_sold_once(
    venue_path: Path, clock: SimulatedClock, ends: tuple[str, ...]
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            for code in ("6900000000014", "6900000000021", "6900000000014"):
                desk.strike(*code, *ends)
            await desk.settle()
            assert isinstance(desk.app.screen, SaleScreen)
            assert re.search(r"4\.00 × 2", desk.text())
            assert re.search(r"2\.00 × 1", desk.text())
            await desk.press("escape", "escape", "a", "7", "ctrl+j")
            assert "document in first: F3." in desk.text(), "what Enter says at a free seat"
            assert seat_in_view(desk) == "A07"

    play(story)


def test_what_a_flow_hides_is_not_painted_and_is_up_to_date_afterwards(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            desk.main.look()
            await desk.settle()
            assert is_seen(desk)
            await desk.press("7", "m")
            assert is_seen(desk), "a small flow leaves the rest of the map to be seen"
            await desk.press("escape", "f2")
            assert isinstance(desk.app.screen, SaleScreen)
            assert not is_seen(desk)
            clock.advance(timedelta(minutes=83))
            desk.main.tick()
            await desk.settle()
            assert "Sale" in desk.text()
            await desk.press("escape")
            assert "1:23" in desk.text()

    play(story)
