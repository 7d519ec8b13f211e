"""The map of seats asks for a new paint of what has changed and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import Resize
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.strip import Strip

from pos.tui.themes import DARK, LIGHT
from pos.tui.widgets.seat_grid import SeatGrid
from pos.tui.widgets.seat_map import Look, SeatBlock, SeatCell, SeatMap


class WatchedMap(SeatMap):
    """A map that notes which regions it asks to have painted (none named: all of it) and which lines it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Region, ...]] = []
        self.drawn: set[int] = set()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if repaint:
            self.asked.append(regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _draw(self, number: int) -> Strip:
        self.drawn.add(number)
        return super()._draw(number)

    def forget(self) -> None:
        self.asked.clear()
        self.drawn.clear()


class MapApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        self.map = WatchedMap()

    def compose(self) -> ComposeResult:
        yield self.map


def cell(number: int, *, time: str = "0:10", look: Look = Look.RUNNING, who: str = "") -> SeatCell:
    return SeatCell(f"A{number:02d}", f"{number:02d}", look, time, who)


def block(*seats: SeatCell, title: str = "大厅 A · 4.00 元/时") -> SeatBlock:
    return SeatBlock(title=title, seats=seats)


FORTY = [cell(number) for number in range(1, 41)]


def look_at(*blocks: SeatBlock, then: Callable[[WatchedMap, Pilot[None]], Awaitable[None]]) -> None:
    """Show some blocks on 80 × 12, wait for the paint, and do something."""

    async def story() -> None:
        app = MapApp()
        async with app.run_test(size=(80, 12)) as pilot:
            app.map.show(blocks)
            await pilot.pause()
            app.map.forget()
            await then(app.map, pilot)

    asyncio.run(story())


def changed(seats: Sequence[SeatCell], *others: SeatCell) -> SeatBlock:
    named = {one.label: one for one in others}
    return block(*(named.get(one.label, one) for one in seats))


def test_one_changed_seat_is_painted_alone() -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        seats.show([changed(FORTY, cell(9, time="0:11"))])
        ((region,),) = seats.asked
        await pilot.pause()
        assert seats.drawn == {2}
        line = seats.render_line(region.y).crop(region.x, region.right).text
        assert line.split() == ["09", "▶", "0:11"]

    look_at(block(*FORTY), then=story)


def test_seats_of_one_line_are_painted_from_the_first_changed_to_the_last() -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        seats.show([changed(FORTY, cell(2, time="0:11"), cell(4, look=Look.PAUSED), cell(20, time="0:11"))])
        ((first, other),) = seats.asked
        assert first.y == 1
        assert seats.render_line(1).crop(first.x, first.right).text.split() == [
            "02",
            "▶",
            "0:11",
            "03",
            "▶",
            "0:10",
            "04",
            "‖",
            "0:10",
        ]
        assert first.width == 3 * other.width
        await pilot.pause()
        assert len(seats.drawn) == 2

    look_at(block(*FORTY), then=story)


def test_a_new_title_is_painted_alone() -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        seats.show([block(*FORTY, title="大厅 A · 3.00 元/时")])
        assert seats.asked == [(Region(0, 0, 80, 1),)]
        await pilot.pause()
        assert "3.00" in seats.render_line(0).text

    look_at(block(*FORTY), then=story)


def test_nothing_is_painted_where_nothing_has_changed() -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        seats.show([block(*FORTY)])
        await pilot.pause()
        assert (seats.asked, seats.drawn) == ([], set())

    look_at(block(*FORTY), then=story)


async def filter_seats(app: MapApp) -> None:
    app.map.show([block(*FORTY[10:20])])


async def grow(app: MapApp) -> None:
    app.post_message(Resize(Size(100, 16), Size(100, 16)))


async def turn_light(app: MapApp) -> None:
    app.theme = LIGHT.name


@pytest.mark.parametrize("happens", [filter_seats, grow, turn_light])
def test_everything_is_painted_anew_after(happens: Callable[[MapApp], Awaitable[None]]) -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        before = [seats.render_line(y) for y in range(seats.size.height)]
        assert isinstance(pilot.app, MapApp)
        await happens(pilot.app)
        await pilot.pause()
        assert () in seats.asked
        assert seats.drawn == set(range(seats.size.height))
        assert not set(map(id, before)) & {id(seats.render_line(y)) for y in range(1, 3)}

    look_at(block(*FORTY), then=story)


def test_moving_paints_the_seat_that_was_left_and_the_one_that_is_come_to() -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        assert seats.go_to("A12")
        ((left, come_to),) = seats.asked
        await pilot.pause()
        assert seats.render_line(left.y).crop(left.x, left.right).text.split()[0] == "01"
        assert seats.render_line(come_to.y).crop(come_to.x, come_to.right).text.split()[0] == "12"
        assert seats.drawn == {left.y, come_to.y}

    look_at(block(*FORTY), then=story)


def test_a_window_that_was_too_small_for_any_seat_still_knows_the_one_in_view() -> None:
    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        seats.go_to("A12")
        for size in ((6, 2), (80, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert seats.label == "A12"
        assert "12 ▶ 0:10" in "".join(seats.render_line(y).text for y in range(12))

    look_at(block(*FORTY), then=story)


def test_the_frame_is_whole_beside_a_scroll_bar_and_around_wide_names() -> None:
    many = [cell(number, who="阿卜杜拉*") for number in range(1, 100)]

    async def story(seats: WatchedMap, pilot: Pilot[None]) -> None:
        assert seats.show_vertical_scrollbar
        assert "".join(seats.render_line(y).text[-1] for y in range(12)) == "┐" + "│" * 11
        assert {seats.render_line(y).cell_length for y in range(12)} == {79}
        await pilot.resize_terminal(160, 60)
        await pilot.pause()
        lines = [seats.render_line(y).text for y in range(20)]
        assert "阿卜…" in lines[1]
        assert {cell_len(line) for line in lines} == {160}

    look_at(block(*many), then=story)


@given(st.lists(st.integers(0, 300), max_size=4), st.integers(10, 200), st.integers(8, 40))
def test_every_seat_stands_in_one_place_within_the_frame(counts: list[int], width: int, cell: int) -> None:
    grid = SeatGrid.of(counts, width=width, cell=cell)
    placed = [(block, at) for block, at, _ in grid.spots()]
    assert placed == [(block, at) for block, count in enumerate(counts) for at in range(count)]
    for _, _, spot in grid.spots():
        assert grid.column_at(grid.left_of(spot.column)) == spot.column
        assert grid.left_of(spot.column) + grid.cell <= grid.width - 1
    assert all(grid.rest_of(line) >= 0 for line in grid.lines)
    assert grid.width == max(width, cell + 3)
