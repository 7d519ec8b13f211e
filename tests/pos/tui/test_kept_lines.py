"""Widgets that keep their painted lines show at every moment what they would show if they kept none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from pos.tui.themes import DARK, LIGHT
from pos.tui.widgets.kept import KeptLineView
from pos.tui.widgets.line_view import Span
from pos.tui.widgets.rows import Row, Sheet

WIDTH = 20


class Letters(KeptLineView):
    """A hundred lines in a frame; it notes which it draws."""

    DEFAULT_CSS = "Letters { border: round $foreground; padding: 1; height: 10; width: 24; }"

    def __init__(self) -> None:
        super().__init__()
        self.texts = [f"line {number}" for number in range(100)]
        self.drawn: list[int] = []

    def on_mount(self) -> None:
        self.virtual_size = Size(WIDTH, len(self.texts))

    def _draw(self, number: int) -> Strip:
        self.drawn.append(number)
        return Strip([Segment(self.texts[number].ljust(WIDTH), self.style())], WIDTH)

    def write(self, number: int, text: str) -> None:
        self.texts[number] = text
        self.refresh(*self.changed(Span(number, 0, WIDTH)))


class LettersApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        self.letters = Letters()
        self.beside = Static("beside")

    def compose(self) -> ComposeResult:
        yield self.letters
        yield self.beside

    def painted(self, widget: KeptLineView) -> list[Strip]:
        """Return what the compositor is given."""
        return widget.render_lines(widget.outer_size.region)

    def words(self) -> list[str]:
        return [strip.text.strip("│╭╮╰╯─ ▁▂▃▄▅▆▇█") for strip in self.painted(self.letters)][2:-2]


def look_at(then: Callable[[LettersApp, Pilot[None]], Awaitable[None]]) -> None:
    async def story() -> None:
        app = LettersApp()
        async with app.run_test(size=(40, 20)) as pilot:
            await pilot.pause()
            app.letters.drawn.clear()
            await then(app, pilot)

    asyncio.run(story())


def test_a_paint_beside_them_draws_none_anew() -> None:
    async def story(app: LettersApp, pilot: Pilot[None]) -> None:
        letters = list(app.painted(app.letters))
        app.beside.update("something else")
        await pilot.pause()
        assert all(now is was for now, was in zip(app.painted(app.letters), letters, strict=True))
        assert app.letters.drawn == []

    look_at(story)


def test_lines_that_changed_are_drawn_anew_and_no_others() -> None:
    async def story(app: LettersApp, pilot: Pilot[None]) -> None:
        app.letters.write(1, "one")
        app.letters.write(4, "four")
        app.letters.write(90, "out of sight")
        await pilot.pause()
        assert app.words() == ["line 0", "one", "line 2", "line 3", "four", "line 5"]
        assert sorted(app.letters.drawn) == [1, 4]

    look_at(story)


def test_scrolled_lines_are_those_that_stand_there_now() -> None:
    async def story(app: LettersApp, pilot: Pilot[None]) -> None:
        app.letters.scroll_to(y=90, animate=False)
        app.letters.write(92, "ninety-two")
        await pilot.pause()
        assert app.words() == ["line 90", "line 91", "ninety-two", "line 93", "line 94", "line 95"]

    look_at(story)


def test_a_line_that_the_mouse_asks_for_is_the_one_that_is_painted() -> None:
    async def story(app: LettersApp, pilot: Pilot[None]) -> None:
        app.letters.write(2, "two")
        (asked,) = app.letters.render_lines(Region(0, 4, app.letters.outer_size.width, 1))
        assert "two" in asked.text
        await pilot.pause()
        assert app.words()[2] == "two"

    look_at(story)


async def turn_light(app: LettersApp) -> None:
    app.theme = LIGHT.name


async def turn_red(app: LettersApp) -> None:
    app.letters.styles.background = "red"


@pytest.mark.parametrize("happens", [turn_light, turn_red])
def test_other_colours_are_seen_at_once(happens: Callable[[LettersApp], Awaitable[None]]) -> None:
    async def story(app: LettersApp, pilot: Pilot[None]) -> None:
        before = list(app.painted(app.letters))
        await happens(app)
        await pilot.pause()
        assert not any(now == was for now, was in zip(app.painted(app.letters), before, strict=True))

    look_at(story)


class SheetApp(App[None]):
    CSS = "Sheet { width: 20; height: 6; }"

    def compose(self) -> ComposeResult:
        yield Sheet()


def test_rows_that_come_and_go_fit_beside_the_scroll_bar() -> None:
    async def story() -> None:
        app = SheetApp()
        async with app.run_test(size=(40, 20)) as pilot:
            sheet = app.query_one(Sheet)
            for count in (3, 12, 12, 4, 0, 6, 7, 5):
                sheet.show([Row(f"row {number}", f"{count}.00") for number in range(count)])
                await pilot.pause()
                lines = [strip.text for strip in sheet.render_lines(sheet.outer_size.region)]
                room = 19 if count > 6 else 20
                wanted = [f"row {number}".ljust(room - 5) + f"{count}.00".rjust(5) for number in range(min(count, 6))]
                assert [line[:room] for line in lines] == wanted + [" " * room] * (6 - len(wanted))

    asyncio.run(story())
