"""A field that is typed in keeps its place, and shows where one types."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input

from pos.tui.themes import DARK, LIGHT
from pos.tui.widgets.field import Field


class FieldScreen(Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield Vertical(Field())

    def on_input_changed(self, changed: Input.Changed) -> None:
        self.heard.append(changed.value)


class FieldApp(App[None]):
    CSS = "Field { width: 20; height: 1; border: none; padding: 0; } Field:focus { background: $primary; }"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(LIGHT)
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_default_screen(self) -> FieldScreen:
        return FieldScreen()


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
            shown = app.screen.query_one(Field).render_line(0).text
            assert shown.strip() == "1234567890123456789"
            await pilot.press("home")
            await pilot.pause()
            assert app.screen.query_one(Field).render_line(0).text.startswith("01234567")

    asyncio.run(story())
    assert layouts == []


def test_a_field_is_painted_as_theme_and_focus_say() -> None:
    async def story() -> None:
        app = FieldApp()
        async with app.run_test(size=(40, 4)) as pilot:
            field, seen = app.screen.query_one(Field), []
            for theme, focused in ((DARK, field), (LIGHT, field), (LIGHT, None), (DARK, None)):
                app.theme = theme.name
                app.screen.set_focus(focused)
                await pilot.pause()
                assert field.rich_style == super(Field, field).rich_style
                wanted = super(Field, field).get_component_rich_style("input--cursor")
                assert field.get_component_rich_style("input--cursor") == wanted
                seen.append(field.rich_style)
            assert len(set(seen)) == 4

    asyncio.run(story())


def test_a_change_is_heard_once() -> None:
    async def story() -> None:
        app = FieldApp()
        async with app.run_test(size=(40, 4)) as pilot:
            await pilot.press("a", "b")
            await pilot.pause()
            assert isinstance(app.screen, FieldScreen)
            assert app.screen.heard == ["a", "ab"]

    asyncio.run(story())
