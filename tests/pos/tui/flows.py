"""One flow of the desk on a bare program: what it does with keys, and what it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.app import App
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen

import pos.tui.desk.services as services_module
from pos.bootstrap import Venue
from pos.languages import Language, words_of
from pos.tui.desk.printer_service import PrinterService
from pos.tui.desk.reader_service import ReaderService
from pos.tui.desk.services import DeskServices
from pos.tui.themes import THEMES
from pos.tui.widgets.notice import Notice
from tests.pos.counter.venues import member

SMALL = Size(100, 30)
LARGE = Size(160, 45)
BOTH_LANGUAGES = tuple(Language)


def desk_of(venue: Venue, *, language: Language = Language.EN, clerk: str = "chen") -> DeskServices:
    """Give the desk's services with somebody at the counter, and no devices."""
    desk = DeskServices(
        venue=venue,
        language=language,
        words=words_of(language),
        printer=PrinterService(None),
        reader=ReaderService(None),
    )
    desk.take_place(member(venue, clerk))
    return desk


class FlowApp(App[None]):
    """Shows one screen, and keeps its answer."""

    CSS_PATH = Path(services_module.__file__).with_name("desk.tcss")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, flow: Screen[Any]) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._flow = flow
        self.answers: list[Any] = []

    def on_mount(self) -> None:
        """Open the flow."""
        self.push_screen(self._flow, self.answers.append)


@dataclass(kw_only=True)
class FlowTest:
    """A flow that runs."""

    app: FlowApp
    pilot: Pilot[None]
    answers: list[Any] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they asked of the counter."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text, and wait."""
        names = {" ": "space", "-": "minus", "+": "plus", "*": "asterisk", ".": "full_stop"}
        await self.pilot.press(*(names.get(character, character) for character in text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is asked and nothing is to be drawn."""
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    @property
    def notice(self) -> str:
        """What the screen in front says."""
        return self.app.screen.query_one(Notice).sentence

    @property
    def front(self) -> str:
        """The class of the screen in front."""
        return type(self.app.screen).__name__

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def answer(self) -> Any:
        """The one answer of the flow."""
        (only,) = self.app.answers
        return only


@asynccontextmanager
async def running(flow: Screen[Any], *, size: Size = SMALL) -> AsyncIterator[FlowTest]:
    """Run a flow until the block ends."""
    app = FlowApp(flow)
    async with app.run_test(size=size) as pilot:
        test = FlowTest(app=app, pilot=pilot)
        await test.settle()
        yield test
