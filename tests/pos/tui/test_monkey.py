"""A monkey at the desk: whatever keys, cards and pastes come, the program lives and the books balance."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from billing import ledger
from billing.rebuild import differing
from compliance.verification import verify_journal
from pos.languages import Language
from pos.tui.desk.login import LoginScreen
from records.clock import SimulatedClock
from tests.pos.tui.desks import Desk, play, sitting_at

KEYS = int(os.environ.get("MINGJIA_MONKEY_KEYS", "400"))
"""How many keys each monkey strikes; a night of it is a matter of this variable."""

_LIKELY = ["enter"] * 14 + ["escape"] * 4 + ["up", "down", "left", "right", "tab", "space", "backspace"] * 2
_FUNCTIONS = [f"f{number}" for number in range(1, 13)] + ["ctrl+p"]
_LETTERS = [*list("mpkdscwabvxzyntriohMPKDS"), "中", "。", "1", "２", "+", "-", "*", "."]
_DIGITS = list("0123456789")
_PASTES = ["", "6900000000014", "cash=500\nDROP TABLE journal;", "一二三" * 50, "\x1b[2J\x00", "0" * 5000]
_CARDS = ["adult-a", "adult-b", "adult-c", "minor", "expired"]


async def play_about(desk: Desk, hand: random.Random, clock: SimulatedClock) -> None:
    """Strike a handful of keys, or do something else that happens at a counter."""
    if desk.app.is_at_login:
        if not isinstance(desk.app.screen, LoginScreen):
            await desk.press("escape")  # A help lies over it.
        name = hand.choice(["chen", "wang"])
        desk.app.screen.query_one("#name").focus()
        await desk.press("ctrl+u")
        await desk.log_in(name)
        return
    what = hand.random()
    if what < 0.12:
        await desk.lay(hand.choice(_CARDS))
    elif what < 0.17:
        desk.app.post_message(events.Paste(hand.choice(_PASTES)))
    elif what < 0.25:
        clock.advance(timedelta(minutes=hand.randrange(1, 90)))
    elif what < 0.28:
        await desk.pilot.resize_terminal(hand.choice([60, 80, 100, 160]), hand.choice([18, 24, 30, 45]))
    for _ in range(8):
        group = hand.choices([_LIKELY, _FUNCTIONS, _LETTERS, _DIGITS], weights=[5, 1, 2, 3])[0]
        desk.strike(hand.choice(group))
    await desk.settle()


@pytest.mark.parametrize(("seed", "language"), [(1, Language.EN), (2, Language.ZH_CN)])
def test_a_monkey_crashes_nothing_and_the_books_still_balance(
    venue_path: Path, clock: SimulatedClock, seed: int, language: Language
) -> None:
    hand = random.Random(seed)  # noqa: S311  # A repeatable monkey.

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            for _ in range(KEYS // 8):
                await play_about(desk, hand, clock)
                assert desk.app._exception is None
            records = desk.services.venue.records
            with records.reading() as connection:
                deposits_fen = -ledger.balance(connection, ledger.DEPOSITS)
                assert differing(connection) == []
            assert deposits_fen == sum(bill.deposits_fen for bill in desk.services.counter.seats.running())
            assert verify_journal(records)["findings"] == []

    play(story)
