"""A desk that runs without a terminal: keys go in, the text of the screen comes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from pos.languages import Language, words_of
from pos.tui.desk.app import DeskApp
from pos.tui.desk.asking import DeskScreen
from pos.tui.desk.main_screen import MainScreen
from pos.tui.desk.opening import opened_desk
from pos.tui.desk.printer_service import DeviceState
from pos.tui.desk.reader_service import ReaderReport
from pos.tui.desk.services import DeskServices
from records.clock import Clock, monotonic_seconds
from records.folder import VenueFolder
from tests.patience import LONGEST_SECONDS
from tests.pos.counter.venues import PASSPHRASE, STAFF, card

_ROUNDS = 4
_FRAME_SECONDS = 0.02  # Textual paints, and does what waits for that, sixty times a second.
_NAMES = {"/": "slash", ".": "full_stop", " ": "space", "-": "minus", "+": "plus", "\n": "enter"}
PINS = {person.name: person.pin for person in STAFF}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk in front of which a test sits."""

    app: DeskApp
    pilot: Pilot[Any]

    @property
    def services(self) -> DeskServices:
        """What the screens work with."""
        return self.main.desk

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        assert self.app._main is not None
        return self.app._main

    @property
    def is_at_main_screen(self) -> bool:
        """Whether no flow and no login lies over the main screen."""
        return self.app.screen_stack[-1] is self.main

    async def settle(self) -> None:
        """Wait until no answer is awaited and every message was handled.

        Textual's own pause waits for an idle processor, which on a busy machine never comes.
        """
        for _ in range(_ROUNDS):
            with suppress(WorkerCancelled):  # A program that ends gives up what it still opens.
                await self.app.workers.wait_for_complete()
            while self.is_asking or self.app.has_keys_to_hand_on:  # noqa: ASYNC110  # There is no event for it.
                await asyncio.sleep(_FRAME_SECONDS)
            await self.pilot.pause(_FRAME_SECONDS)

    @property
    def is_asking(self) -> bool:
        """Whether a screen awaits an answer."""
        return any(screen.is_asking for screen in self.app.screen_stack if isinstance(screen, DeskScreen))

    def strike(self, *keys: str, at: float | None = None) -> None:
        """Press keys as a terminal would, all at one instant (now, if not `at` another), without waiting for anything.

        The instant is on the clock of Textual's messages.
        """
        driver = self.app._driver
        assert driver is not None
        struck_at = events.Event().time if at is None else at
        for key in keys:
            event = events.Key(_NAMES.get(key, key), key if len(key) == 1 else None)
            event.time = struck_at
            event.set_sender(self.app)
            driver.send_message(event)

    async def press(self, *keys: str) -> None:
        """Press keys, each after the answer to the one before."""
        for key in keys:
            self.strike(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Type a text as fast as a scanner."""
        self.strike(*text)
        await self.settle()

    async def log_in(self, name: str) -> None:
        """Type name and PIN."""
        await self.write(name)
        await self.press("enter")
        await self.write(PINS[name])
        await self.press("enter")

    async def lay(self, name: str) -> None:
        """Lay a card of the simulator on the reader."""
        self.app._tell(ReaderReport(state=DeviceState.READY, read=card(name)))
        await self.settle()

    async def until(self, said: str) -> None:
        """Wait until the screen says something: devices take their time, and typed-ahead keys several answers."""
        await self._until(lambda: said in self.text(), said, pause=self.settle)

    async def until_it_holds(self, holds: Callable[[], object]) -> None:
        """Wait until something holds, while an answer may be held up by the test itself."""
        await self._until(holds, "what was waited for", pause=partial(self.pilot.pause, _FRAME_SECONDS))

    async def _until(self, holds: Callable[[], object], what: str, *, pause: Callable[[], Awaitable[None]]) -> None:
        until = monotonic_seconds() + LONGEST_SECONDS
        while not holds():
            assert monotonic_seconds() < until, f"{what!r} never came; there stood\n{self.text()}"
            await pause()

    def text(self) -> str:
        """Read the whole screen, line by line."""
        screen = self.app.screen
        lines = screen._compositor.render_strips(screen.size)
        return "\n".join(strip.text.rstrip() for strip in lines)

    def lines(self) -> list[str]:
        """Read the screen's lines."""
        return self.text().splitlines()


@asynccontextmanager
async def sitting_at(
    folder: Path,
    clock: Clock,
    *,
    language: Language = Language.EN,
    size: tuple[int, int] = (100, 30),
    has_plain_signs: bool = False,
) -> AsyncIterator[Desk]:
    """Start the shipped program on a venue's folder."""
    words = words_of(language)

    def opened() -> Any:
        return opened_desk(
            VenueFolder(path=folder), passphrase=lambda: PASSPHRASE, language=language, words=words, clock=clock
        )

    app = DeskApp(opened, words, has_plain_signs=has_plain_signs)
    try:
        # As in the shipped program, the books are closed when no thread of the screens asks them any more.
        with ThreadPoolExecutor() as threads:
            asyncio.get_running_loop().set_default_executor(threads)
            async with app.run_test(size=size) as pilot:
                desk = Desk(app=app, pilot=pilot)
                await desk.settle()
                yield desk
    finally:
        app.close_desk()


def play(story: Callable[[], Awaitable[None]]) -> None:
    """Play a story to its end."""

    async def whole() -> None:
        await story()

    asyncio.run(whole())
