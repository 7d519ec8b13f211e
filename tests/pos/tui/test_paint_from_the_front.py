"""A terminal that is sent what changed on a screen, and nothing else, shows what Textual's own compositor would."""

from __future__ import annotations

import asyncio
from random import Random

from rich.console import Console
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from pos.tui.widgets.front import FrontCompositor, Pieces

COLUMNS, LINES = 40, 16

Cells = list[list[Segment]]


def cells_of(strips: list[Strip]) -> Cells:
    """Take lines apart into cells; the second half of a wide character is an empty one."""
    return [[cell for segment in strip for cell in _cells_of(segment)] for strip in strips]


def _cells_of(segment: Segment) -> list[Segment]:
    text, style, _ = segment
    alone = [Segment(character, style) for character in text]
    return [cell for one in alone for cell in (one, *[Segment("", style)] * (one.cell_length - 1))]


class Board(Screen[None]):
    """Panels beside, in and over one another, and one that scrolls."""

    CSS = """
    Board { layers: below above; }
    #left { width: 20; height: 10; border: round red; }
    #inner { height: 3; }
    #two { width: 8; }
    #scrolls { width: 18; height: 6; offset: 22 -9; }
    #over { layer: above; width: 12; height: 4; offset: 15 3; background: blue; border: solid green; }
    #over2 { layer: above; width: 9; height: 3; offset: 24 1; background: purple; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = FrontCompositor()

    def compose(self) -> ComposeResult:
        with Vertical(id="left"):
            yield Static("大厅 A", id="one")
            with Vertical(id="inner"):
                yield Static("two", id="two")
            yield Static("three", id="three")
        with VerticalScroll(id="scrolls"):
            yield Static("three\nlines\n上机", id="tall")
            for number in range(10):
                yield Static(f"上机 line {number}", id=f"line{number}")
        yield Static("over", id="over")
        yield Static("over 2", id="over2")


class Terminal(App[None]):
    """Keeps what a terminal would show that is sent each paint and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: Cells = []
        self.paints: list[object] = []

    def on_mount(self) -> None:
        self.push_screen(Board())

    def _display(self, screen: Screen[object], renderable: object) -> None:
        self.paints.append(renderable)
        if isinstance(renderable, LayoutUpdate):
            self.shown = cells_of([Strip.join(strips) for strips in renderable.strips])
        elif isinstance(renderable, Pieces):
            for x, y, strip in renderable.pieces:
                (cells,) = cells_of([strip])
                self.shown[y][x : x + len(cells)] = cells
        super()._display(screen, renderable)  # type: ignore[arg-type]  # As it came.


def disturb(screen: Screen[object], chance: Random) -> None:
    """Have one thing on the screen change."""
    what = chance.randrange(3)
    if what == 0:
        name = chance.choice(["one", "two", "three", "over", "over2", "line0", "line3", "line5", "line9"])
        # Textual cuts a wide character in two where another widget begins beneath it; here it stays whole.
        signs = "abc " if name.startswith("over") else "上机 abc"
        screen.query_one(f"#{name}", Static).update("".join(chance.choices(signs, k=9)), layout=False)
    elif what == 1:
        screen.query_one("#" + chance.choice(["inner", "left", "over", "scrolls", "tall"])).refresh()
    else:
        screen.query_one("#scrolls").scroll_to(y=chance.randint(0, 8), animate=False)


def test_the_terminal_shows_what_the_whole_screen_would() -> None:
    async def story() -> None:
        app, chance = Terminal(), Random(7)  # noqa: S311  # The same walk each time, no secret.
        async with app.run_test(size=(COLUMNS, LINES)) as pilot:
            await pilot.pause()
            for _ in range(60):
                for _ in range(chance.randint(1, 5)):
                    disturb(app.screen, chance)
                await pilot.pause()
                whole = cells_of(app.screen._compositor.render_strips())
                assert [y for y in range(LINES) if app.shown[y] != whole[y]] == []
        assert sum(isinstance(paint, Pieces) for paint in app.paints) > 40

    asyncio.run(story())


def test_a_change_is_sent_alone() -> None:
    async def story() -> None:
        app = Terminal()
        async with app.run_test(size=(COLUMNS, LINES)) as pilot:
            await pilot.pause()
            app.paints.clear()
            app.screen.query_one("#one", Static).update("小厅", layout=False)
            await pilot.pause()
            ((x, y, strip),) = [piece for paint in app.paints if isinstance(paint, Pieces) for piece in paint.pieces]
            assert (x, y, strip.text) == (1, 1, "小厅" + " " * 14)
            (paint,) = [paint for paint in app.paints if isinstance(paint, Pieces)]
            assert paint.render_segments(Console()) == f"\x1b[2;2H{strip.render(Console())}"

    asyncio.run(story())
