"""How the clerk's program keeps up, with its database and simulated devices, headless and on a pseudo-terminal.

500 seats are taken, and the simulated clock moves a minute each second, so that every one of them changes each second.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from textual import events
from textual.screen import Screen
from textual.widgets import Input

from bench.desk_venue import PIN, SEATS, HastyClock, found_full_house, goods_list, opened, with_devices
from bench.figure import Figure, Runs
from bench.terminal import ProgramOnTerminal, on_terminal
from pos.languages import Language, words_of
from pos.tui.desk.app import DeskApp
from pos.tui.desk.login import LoginScreen
from pos.tui.desk.main_screen import MainScreen

COLUMNS: Final = 150
LINES: Final = 56
TICKS: Final = 60
WATCHED_SECONDS: Final = 12.0
KEYS: Final = 80
STARTS: Final = 9
GOODS: Final = 20_000
TYPED: Final = "kkkl199 可乐6900000001"

_BARE: Final = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("painted-first")
Bare().run()
"""


def figures() -> Iterator[Figure]:
    """Measure all five; those on a terminal only where there are pseudo-terminals."""
    with TemporaryDirectory(prefix="mingjia-bench-") as path:
        folder, shop = Path(path) / "venue", Path(path) / "shop"
        found_full_house(folder)
        found_full_house(shop, prices=goods_list(GOODS), seats=1)
        with with_devices(folder):
            yield _tick(folder)
            if sys.platform == "linux":
                yield from _on_terminal(folder)
                yield _first_paint(folder)
        with with_devices(shop):
            yield _search(shop)


# Headless: what a tick and a key cost the one thread that everything waits for.


def _tick(folder: Path) -> Figure:
    runs = Runs(seconds=tuple(asyncio.run(_ticks(folder))))
    return Figure(
        name=f"seat map, {SEATS} seats changing: a tick",
        value=runs.median * 1000,
        unit="ms",
        bound=8,
        spread=runs.spread(1000),
    )


async def _ticks(folder: Path) -> list[float]:
    clock, seconds = HastyClock(runs=False), []
    app = DeskApp(opened(folder, clock), words_of(Language.ZH_CN))
    try:
        async with app.run_test(size=(COLUMNS, LINES)):
            main = await _at_main_screen(app)
            for _ in range(TICKS):
                clock.pass_minute()
                begun = time.thread_time()
                main.tick()
                await _painted(main)
                seconds.append(time.thread_time() - begun)
    finally:
        app.close_desk()
    return seconds


def _search(folder: Path) -> Figure:
    runs = Runs(seconds=tuple(asyncio.run(_searches(folder))))
    return Figure(
        name=f"{GOODS} goods: search as one types, per key, p95",
        value=runs.percentile(95) * 1000,
        unit="ms",
        bound=16,
        spread=runs.spread(1000),
    )


async def _searches(folder: Path) -> list[float]:
    from pos.tui.desk.sale_screen import SaleScreen

    app, seconds = DeskApp(opened(folder, HastyClock(runs=False)), words_of(Language.ZH_CN)), []
    try:
        async with app.run_test(size=(COLUMNS, LINES)):
            await _at_main_screen(app)
            _strike(app, "f2")
            await _until(lambda: isinstance(app.screen, SaleScreen) and app.focused is not None)
            await _until(lambda: isinstance(app.screen, SaleScreen) and not app.screen.is_asking)
            await _painted(app.screen)
            field = app.screen.query_one("#typed", Input)
            for length, character in enumerate(TYPED, start=1):
                await asyncio.sleep(0.02)
                begun = time.thread_time()
                _strike(app, character)
                await _until(partial(_has_taken, field, length), every=0.0)
                await _painted(app.screen)
                seconds.append(time.thread_time() - begun)
    finally:
        app.close_desk()
    return seconds


def _has_taken(field: Input, length: int) -> bool:
    return len(field.value) == length


async def _at_main_screen(app: DeskApp) -> MainScreen:
    """Log in, and wait until the seats are there."""
    await _until(lambda: isinstance(app.screen, LoginScreen) and app.screen.is_mounted)
    for key in ("c", "h", "e", "n", "enter", *PIN, "enter"):
        _strike(app, key)
    await _until(lambda: isinstance(app.screen, MainScreen) and app.screen.is_mounted)
    main = app.screen
    assert isinstance(main, MainScreen)
    await _until(lambda: main.seat_in_view is not None and not main.is_asking)
    return main


async def _until(is_so: Callable[[], bool], *, every: float = 0.02) -> None:
    """Wait until something is so; a minute at most."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110  # Screens have no event for it.
            await asyncio.sleep(every)


def _strike(app: DeskApp, key: str) -> None:
    driver = app._driver  # noqa: SLF001  # As Textual's own pilot does, without its pauses.
    assert driver is not None
    event = events.Key({" ": "space"}.get(key, key), key if len(key) == 1 else None)
    event.set_sender(app)
    driver.send_message(event)


async def _painted(screen: Screen[Any]) -> None:
    """Wait until what is pending has been painted."""
    for _ in range(3):  # First the widgets tell the screen, then it paints.
        painted = asyncio.Event()
        screen.call_after_refresh(painted.set)
        await painted.wait()


# On a pseudo-terminal.


def _on_terminal(folder: Path) -> Iterator[Figure]:
    with on_terminal("-m", "bench.desk_venue", str(folder), columns=COLUMNS, lines=LINES) as desk:
        desk.wait_for("密码")
        desk.press(f"chen\r{PIN}\r")
        desk.wait_for("大厅 A")
        time.sleep(3.0)
        before, begun = desk.processor_seconds(), time.perf_counter()
        time.sleep(WATCHED_SECONDS)
        share = (desk.processor_seconds() - before) / (time.perf_counter() - begun)
        yield Figure(
            name=f"{SEATS} seats at 1 Hz on a terminal: share of a core", value=share * 100, unit="%", bound=1.5
        )
        runs = Runs(seconds=tuple(_answers(desk)))
    yield Figure(
        name="key to screen while ticking, p95",
        value=runs.percentile(95) * 1000,
        unit="ms",
        bound=30,
        spread=runs.spread(1000),
    )


def _answers(desk: ProgramOnTerminal) -> Iterator[float]:
    """Go from seat to seat and time until its name is in the panel."""
    for number in range(2, KEYS + 2):
        time.sleep(0.11)
        mark, struck = desk.mark(), time.perf_counter()
        desk.press("\x1b[C")
        yield desk.wait_for(f"A{number:03d}", after=mark) - struck


def _first_paint(folder: Path) -> Figure:
    passphrase = str(folder.parent / "passphrase")
    ours, bare = [], []
    for _ in range(STARTS):
        with on_terminal("-c", _BARE, columns=COLUMNS, lines=LINES) as program:
            bare.append(program.wait_for("painted-first") - program.begun)
        words = ("-m", "pos.cli.main", "--data", str(folder), "--lang", "en", "desk")
        environment = {"MINGJIA_COUNTER_PASSPHRASE_FILE": passphrase}
        with on_terminal(*words, columns=COLUMNS, lines=LINES, environment=environment) as program:
            ours.append(program.wait_for("Mingjia opens the books") - program.begun)
    return Figure(
        name="mingjia desk: exec to first paint",
        value=statistics.median(ours) * 1000,
        unit="ms",
        floor=statistics.median(bare) * 1000,
        bound=2.5,
        spread=(min(ours) * 1000, max(ours) * 1000),
    )
