"""Esc asks before it drops what took time, a lock keeps it for its owner, and what is said stands while it is true."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from pos.counter.seats import Seats
from pos.languages import Language
from pos.tui.desk import asking
from pos.tui.desk.close_shift_screen import CloseShiftScreen
from pos.tui.desk.sale_screen import SaleScreen
from pos.tui.desk.typed_document_screen import TypedDocumentScreen
from pos.tui.widgets import notice
from records.clock import SimulatedClock
from records.errors import StoreBusyError
from tests.patience import LONGEST_SECONDS
from tests.pos.tui.desks import PINS, Desk, play, sitting_at


def is_at(desk: Desk, kind: type[object]) -> bool:
    return isinstance(desk.app.screen, kind)


@dataclass(frozen=True, kw_only=True)
class _Flow:
    """Keys that open a flow, that type what would be lost, and one that goes on typing after the question."""

    kind: type[object]
    opens: tuple[str, ...]
    typed: tuple[str, ...]
    goes_on: str
    said: dict[Language, str]


FLOWS = [
    _Flow(
        kind=CloseShiftScreen,
        opens=("f4", "z"),
        typed=("2",),
        goes_on="3",
        said={Language.EN: "What was counted is not kept", Language.ZH_CN: "班次不结"},
    ),
    _Flow(
        kind=TypedDocumentScreen,
        opens=("f3", "down"),
        typed=("a", "b"),
        goes_on="c",
        said={Language.EN: "What was typed is not kept", Language.ZH_CN: "录入的内容不会保留"},
    ),
    _Flow(
        kind=SaleScreen,
        opens=("f2",),
        typed=(*"kl", "enter"),
        goes_on="+",
        said={Language.EN: "Esc once more drops it", Language.ZH_CN: "再按一次 Esc"},
    ),
]


@pytest.mark.parametrize(
    ("language", "flow"),
    [(Language.EN, FLOWS[0]), (Language.ZH_CN, FLOWS[1]), (Language.ZH_CN, FLOWS[2])],
    ids=["count", "document", "sale"],
)
def test_esc_asks_before_it_drops_what_took_time(
    venue_path: Path, clock: SimulatedClock, language: Language, flow: _Flow
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press(*flow.opens, "escape")
            assert not is_at(desk, flow.kind), "nothing was typed"
            await desk.press("escape", "escape", *flow.opens, *flow.typed, "escape")
            assert is_at(desk, flow.kind)
            assert flow.said[language] in desk.text()
            await desk.press(flow.goes_on)
            assert flow.said[language] not in desk.text()
            for _ in range(3):
                await desk.press("escape")
                if flow.said[language] in desk.text():
                    break
            assert is_at(desk, flow.kind), "asked again"
            await desk.press("escape")
            assert not is_at(desk, flow.kind)

    play(story)


@pytest.mark.parametrize(
    ("language", "unfinished"), [(Language.EN, "chen has not finished here"), (Language.ZH_CN, "chen 还有一项没办完")]
)
def test_a_locked_screen_says_whose_unfinished_sale_lies_beneath(
    venue_path: Path, clock: SimulatedClock, language: Language, unfinished: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f8")
            assert unfinished not in desk.text()
            await desk.write(PINS["chen"] + "\n")
            await desk.press("f2", *"kl", "enter", "f8")
            assert unfinished in desk.text()
            await desk.write(PINS["chen"] + "\n")
            assert is_at(desk, SaleScreen)
            assert "4.00" in desk.text()
            await desk.press("f8", "shift+tab", "ctrl+u")
            await desk.log_in("zhou")
            assert desk.is_at_main_screen, "nobody goes on with another one's sale"

    play(story)


@pytest.mark.parametrize(
    ("language", "under_way"), [(Language.EN, "It is being written down"), (Language.ZH_CN, "正在入账")]
)
def test_what_takes_long_says_so_and_keeps_the_keys_alive(
    venue_path: Path,
    clock: SimulatedClock,
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
    under_way: str,
) -> None:
    goes_on, declare = threading.Event(), Seats.begin_outage

    def slow(seats: Seats, reason: str) -> object:
        assert goes_on.wait(LONGEST_SECONDS)
        return declare(seats, reason)

    monkeypatch.setattr(Seats, "begin_outage", slow)
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.05)

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f7", "right")
            desk.strike("enter")
            await desk.until_it_holds(lambda: under_way in desk.text())
            desk.strike("f8")
            await desk.until_it_holds(lambda: desk.app.is_at_login)  # The keys are not held up.
            goes_on.set()
            await desk.settle()

    play(story)


@pytest.mark.parametrize("language", list(Language))
def test_a_success_fades_and_an_error_goes_when_it_is_over(
    venue_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setattr(notice, "FADE_SECONDS", 0.05)

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            line = desk.main.query_one(notice.Notice)
            desk.main.tell("done")
            await desk.until_it_holds(lambda: not line.sentence)
            floors = type(desk.services.counter.floors)

            def unread(_: object) -> NoReturn:
                raise StoreBusyError

            with monkeypatch.context() as busy_books:
                busy_books.setattr(floors, "read", unread)
                busy_books.setattr(floors, "pulse", unread)
                desk.main.look()
                await desk.settle()
                busy = line.sentence
                assert busy == desk.services.sentence(StoreBusyError())
                assert line._fading is None, "an error does not fade"
            desk.main.look()
            await desk.settle()
            assert line.sentence == "", "it is no longer true"

    play(story)
