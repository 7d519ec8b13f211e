"""A venue that closes for the night: from the warning to the last bill, on the shipped program."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pos.bootstrap import open_venue
from pos.languages import Language
from pos.tui.desk.open_seat_screen import OpenSeatScreen
from pos.tui.desk.settlement_screen import SettlementScreen
from records.clock import SimulatedClock
from records.folder import VenueFolder
from tests.pos.counter.venues import DEMO, PASSPHRASE, cash, counter_of, found_venue, seat_someone
from tests.pos.tui.desks import play, sitting_at


def until_eleven() -> str:
    """The demo's list for a venue that is open from eight to eleven in the evening."""
    text = (DEMO / "prices.toml").read_text(encoding="utf-8")
    for pattern, instead in (
        (r'open = "00:00"\nclose = "24:00"\nexemption = "[^"]*"', 'open = "08:00"\nclose = "23:00"'),
        (r'\[\[packages\]\]\ncode = "night"(\n.+)+\n', ""),
        (r'\[\[rates\]\]\nzone = "\w+"\nfrom = "23:00"\nto = "08:00"\n.+\n', ""),
    ):
        text, times = re.subn(pattern, instead, text)
        assert times, pattern
    return text


@pytest.fixture
def early_venue(tmp_path: Path, clock: SimulatedClock) -> Path:
    """A venue that closes at eleven, its shift open."""
    path = tmp_path / "early" / "venue"
    path.parent.mkdir()
    found_venue(path, clock, prices=until_eleven())
    with open_venue(VenueFolder(path=path), passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        counter_of(venue, "chen").shifts.open(float_fen=20_000)
    return path


SAID = {
    Language.EN: ("closing time 23:00", "deposit until|package until", "closed", "¥ 3 to be paid"),
    Language.ZH_CN: ("23:00 打烊", "押金可用至|包时至", "不营业", "¥ 3 待结账"),
}
"""When it closes, what must not be said, that it is closed, and how many are to be paid then."""


@pytest.mark.parametrize("language", SAID)
def test_everybody_leaves_at_closing_time_and_the_desk_says_so_beforehand(
    early_venue: Path, clock: SimulatedClock, language: Language
) -> None:
    closing, until, closed, to_pay = SAID[language]

    async def story() -> None:
        async with sitting_at(early_venue, clock, language=language) as desk:
            await desk.log_in("chen")
            counter = desk.services.counter
            seat_someone(counter, "adult-a", "A07", deposit=cash(10_000))
            seat_someone(counter, "adult-b", "A08")
            seat_someone(counter, "born-19700515", "A09", package="5h")
            clock.advance(timedelta(hours=3, minutes=56))
            desk.main.look()
            for seat in ("7", "8", "9"):
                await desk.press("a", seat)
                assert f"0{seat} ‼ 0:04" in desk.text(), "a deposit or a package lasts no longer than the venue is open"
                assert closing in desk.text()
                assert re.search(until, desk.text()) is None
            await desk.press("2", "0")
            await desk.lay("adult-c")
            await desk.press("enter")
            assert isinstance(desk.app.screen, OpenSeatScreen)
            assert closing in desk.text()
            assert "22:56–23:00" in desk.text(), "a package ends with it too"
            await desk.press("escape", "escape")
            clock.advance(timedelta(minutes=5))
            desk.main.tick()
            await desk.until(to_pay)
            await desk.press("2", "0")
            assert closed in desk.text()
            assert "22:5" not in desk.text()
            await desk.lay("adult-c")
            await desk.press("enter", "1")
            assert closed.split(maxsplit=1)[0] in desk.text()
            assert len(counter.seats.running()) == 3, "nobody sits down in a closed venue"
            await desk.press("escape", "escape", "a", "7", "enter")
            assert isinstance(desk.app.screen, SettlementScreen)
            assert "19:00–23:00" in desk.text()
            await desk.press("enter", "enter")
            assert len(counter.seats.running()) == 2

    play(story)
