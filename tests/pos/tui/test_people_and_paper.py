"""Refusals, typed documents, slips that may not be on paper, outages, the journal: on the shipped program."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from billing.visit_record import Ends
from pos.counter.print_jobs import PrintState
from pos.counter.tables import print_attempts
from pos.languages import Language
from pos.tui.desk.refusal_screen import RefusalScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from records import database
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, goods, seat_someone
from tests.pos.tui.desks import PINS, Desk, play, sitting_at

PASSPORT = ("TEST SAMPLE", "E00000000", "1990-03-07", "2030-01-01", "UTO")


async def type_document(desk: Desk, *fields: str, kind_steps: int = 5) -> None:
    """Type a passport, or what is given for it, and have a colleague approve it."""
    await desk.press("f3", *["right"] * kind_steps, "enter")
    for field in fields:
        await desk.write(field)
        await desk.press("enter")
    await desk.press("right", "right", "right", "enter")


@pytest.mark.parametrize(
    ("language", "said", "article"),
    [(Language.EN, "a minor", "article 21"), (Language.ZH_CN, "未成年人", "第二十一条")],
)
def test_a_minor_is_refused_across_the_screen_with_the_article(
    venue_path: Path, clock: SimulatedClock, language: Language, said: str, article: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.lay("minor")
            assert isinstance(desk.app.screen, RefusalScreen)
            assert said in desk.text()
            assert article in desk.text()
            await desk.press("m", "s", "f4", "7", "tab", "space")
            assert isinstance(desk.app.screen, RefusalScreen)
            await desk.press("escape")
            assert desk.is_at_main_screen

    play(story)


def test_a_refusal_does_not_disturb_what_is_being_typed(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("hsn")
            await desk.lay("minor")
            await desk.press("enter")
            assert "红烧牛肉面" in desk.text()
            assert "6.00 × 1" in desk.text()

    play(story)


def test_a_passport_is_typed_in_with_a_colleagues_pin_and_its_holder_seated(
    venue_path: Path, clock: SimulatedClock
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await type_document(desk, *PASSPORT)
            await desk.write("zhou")
            await desk.press("enter")
            await desk.write(PINS["zhou"])
            await desk.press("enter")
            assert desk.is_at_main_screen
            await desk.press("9", "enter", "1", "n")
            assert [bill.visit.seat for bill in desk.services.counter.seats.running()] == ["A09"]
            assert "E00000000" not in desk.text()

    play(story)


@pytest.mark.parametrize(  # Every form stands in tests/members/test_written_dates.py.
    ("language", "birth", "valid_to", "says"),
    [
        (Language.EN, "19900307", "2030/12/31", "2030-12-31"),
        (Language.ZH_CN, "1990年3月7日", "２０３０。１２。３１", "2030-12-31"),
        (Language.EN, "1990-03-07", "long-term", "valid for good"),
        (Language.ZH_CN, "1990.3.7", "长期", "长期有效"),
    ],
)
def test_dates_are_typed_as_they_stand_on_the_document(
    venue_path: Path,
    clock: SimulatedClock,
    *,
    language: Language,
    birth: str,
    valid_to: str,
    says: str,
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await type_document(desk, "TEST SAMPLE", "E00000000", birth, valid_to, "")
            await desk.write("zhou\n")
            await desk.write(f"{PINS['zhou']}\n")
            assert desk.is_at_main_screen
            assert says in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "birth", "flaw"),
    [
        (Language.EN, "7.3.1990", "Date of birth is no date. Write it like 2030-12-31 or 20301231."),
        (Language.ZH_CN, "19900230", "出生日期不是日期。请写成 2030-12-31 或 20301231。"),
    ],
)
def test_a_flaw_in_a_typed_document_is_said_at_its_field(
    venue_path: Path, clock: SimulatedClock, *, language: Language, birth: str, flaw: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await type_document(desk, "TEST", "E00000000", birth, "2030-01-01", "")
            assert flaw in desk.text()
            focused = desk.app.focused
            assert focused is not None
            assert focused.id == "birth"

    play(story)


def test_nobody_approves_what_he_typed_himself_and_a_typed_minor_is_refused(
    venue_path: Path, clock: SimulatedClock
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            await type_document(desk, "TEST", "E00000001", "2015-03-07", "2030-01-01", "UTO")
            await desk.write("chen")
            await desk.press("enter")
            await desk.write(PINS["chen"])
            await desk.press("enter")
            assert "Nobody approves what they do themselves" in desk.text()
            desk.app.screen.query_one("#name").focus()
            await desk.press("ctrl+u")
            await desk.write("zhou")
            await desk.press("enter")
            await desk.write(PINS["zhou"])
            await desk.press("enter")
            assert isinstance(desk.app.screen, RefusalScreen)
            await desk.press("enter")
            assert desk.is_at_main_screen

    play(story)


def test_an_uncertain_slip_waits_for_a_persons_word(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            counter = desk.services.counter
            counter.sales.sell([goods("cola-330")], [cash(400)], request="a" * 16)
            with database.writing(desk.services.venue.records.engine) as connection:
                connection.execute(sa.update(print_attempts).values(state=PrintState.UNCERTAIN.value))
                connection.commit()
            await desk.press("f11", "down")
            assert "uncertain" in desk.text()
            assert "销售小票" in desk.text()
            await desk.press("n")
            assert [job.state for job in counter.slips.newest(limit=9)] == [PrintState.QUEUED]
            assert counter.slips.newest(limit=9)[0].is_again
            await desk.press("r")
            assert "Copy 2 is made." in desk.text()
            assert [job.copy_no for job in counter.slips.newest(limit=9)] == [2, 1]
            await desk.press("escape")
            assert desk.is_at_main_screen

    play(story)


def test_a_power_cut_pauses_every_seat_and_nobody_pays_for_it(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            visit_id = seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(hours=1))
            await desk.press("f7", "enter")
            assert "Choose a reason" in desk.text()
            await desk.press("right", "enter")
            assert "All seats are paused: 1." in desk.text()
            clock.advance(timedelta(hours=3))
            await desk.press("f7", "enter")
            assert "All seats go on: 1." in desk.text()
            assert desk.services.counter.seats.bill(visit_id).total_fen == 500

    play(story)


def test_what_ended_by_itself_stands_first_among_the_unsettled(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            seat_someone(desk.services.counter, "adult-b", "A08", package="3h")
            clock.advance(timedelta(hours=4))
            ended = desk.services.counter.seats.end_due()
            assert [one.reason for one in ended] == [Ends.PACKAGE_END]
            await desk.press("f5", "down")
            lines = [line for line in desk.lines() if "since" in line]
            assert "A08" in lines[0]
            assert "package over" in lines[0]
            await desk.press("space", "down", "space", "enter")
            assert isinstance(desk.app.screen, SettlementScreen)
            assert "To pay for 2 seats" in desk.text()

    play(story)


def test_the_journals_tail_tells_no_amount(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            desk.services.counter.sales.sell([goods("cola-330", 3)], [cash(1_234)], request="a" * 16)
            await desk.press("f10")
            assert "sold over the counter" in desk.text()
            assert "12.34" not in desk.text()
            assert "1234" not in desk.text()
            await desk.press("f10")
            assert desk.is_at_main_screen
            await desk.press("f6")
            assert "none is set up" in desk.text()

    play(story)
