"""A field that is typed in keeps its place, and shows where one types."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.screen import Screen

from pos.tui.widgets.field import Field


class FieldApp(App[None]):
    CSS = "Field { width: 20; height: 1; border: none; padding: 0; }"

    def compose(self) -> ComposeResult:
        yield Field()


def test_typing_lays_nothing_out_and_shows_the_end_of_what_is_typed() -> None:
    layouts: list[Screen[None]] = []

    async def story() -> None:
        app = FieldApp()
        async with app.run_test(size=(40, 4)) as pilot:
            await pilot.pause()
            app.screen.screen_layout_refresh_signal.subscribe(app.screen, layouts.append, immediate=True)
            for number in range(40):
                await pilot.press(str(number % 10))
            await pilot.pause()
            shown = app.query_one(Field).render_line(0).text
            assert shown.strip() == "1234567890123456789"
            await pilot.press("home")
            await pilot.pause()
            assert app.query_one(Field).render_line(0).text.startswith("01234567")

    asyncio.run(story())
    assert layouts == []
