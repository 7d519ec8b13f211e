"""The keys of each flow, struck one by one: a queue at three in the morning feels every one of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from pos.languages import Language
from records.clock import SimulatedClock
from tests.pos.counter.venues import cash, seat_someone
from tests.pos.tui.desks import Desk, play, sitting_at


async def nobody(desk: Desk) -> None:
    del desk


async def a_card(desk: Desk) -> None:
    await desk.lay("adult-c")


async def a_scan(desk: Desk) -> None:
    await desk.write("6900000000014\n")


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What comes without a key, then the keys, and what stands on the main screen when they are struck."""

    keys: str
    said: dict[Language, str]
    before: Callable[[Desk], Awaitable[None]] = nobody


FLOWS = {
    "swipe to seat": Flow(
        before=a_card,
        keys="2 3 enter 1 enter",
        said={Language.EN: "A23 is open; deposit 20.00.", Language.ZH_CN: "A23 已开台，押金 20.00。"},
    ),
    "settle, paid exactly in cash": Flow(
        keys="8 enter enter c enter enter",
        said={Language.EN: "A08 settled", Language.ZH_CN: "A08 已结账"},
    ),
    "settle, covered by the deposit": Flow(
        keys="7 enter enter enter",
        said={Language.EN: "A07 settled", Language.ZH_CN: "A07 已结账"},
    ),
    "one scanned thing, paid exactly in cash": Flow(
        before=a_scan,
        keys="enter c enter enter",
        said={Language.EN: "Sold for 4.00 yuan", Language.ZH_CN: "已售 4.00 元"},
    ),
    "two of one thing on a seat's bill": Flow(
        keys="7 s k l enter + enter",
        said={Language.EN: "8.00 yuan on the bill of A07", Language.ZH_CN: "8.00 元已记到 A07"},
    ),
    "move": Flow(keys="7 m 9 enter", said={Language.EN: "Moved to A09.", Language.ZH_CN: "已换到 A09。"}),
    "pause": Flow(keys="9 p enter", said={Language.EN: "A09 is paused.", Language.ZH_CN: "A09 已暂停。"}),
    "further deposit": Flow(
        keys="9 d c 2 0 enter",
        said={Language.EN: "20.00 yuan more deposit for A09", Language.ZH_CN: "A09 加押金 20.00 元"},
    ),
}


@pytest.mark.parametrize("language", list(Language))
def test_every_flow_takes_these_keys_and_no_more(venue_path: Path, clock: SimulatedClock, language: Language) -> None:
    missing: list[str] = []

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            counter = desk.services.counter
            for name, flow in FLOWS.items():
                taken = {bill.visit.seat for bill in counter.seats.running()}
                if not taken & {"A07", "A09"}:
                    seat_someone(counter, "adult-a", "A07", deposit=cash(3_000))
                if "A08" not in taken:
                    seat_someone(counter, "adult-b", "A08")
                clock.advance(timedelta(minutes=10))
                desk.main.look()
                await flow.before(desk)
                await desk.press(*flow.keys.split())
                if not desk.is_at_main_screen or flow.said[language] not in desk.text():
                    missing.append(f"{name}:\n{desk.text()}")
                    break

    play(story)
    assert not missing, missing[0]
