"""Dark and light: whatever is coloured for its meaning takes the colours of the theme that is on."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from pos.languages import Language
from pos.tui.themes import THEMES
from records.clock import SimulatedClock
from tests.pos.tui.desks import Desk, play, sitting_at


def colours_of(desk: Desk, words: str) -> set[tuple[int, ...]]:
    """The foregrounds in which words stand on the screen."""
    screen = desk.app.screen
    return {
        tuple(segment.style.color.triplet)
        for strip in screen._compositor.render_strips(screen.size)
        for segment in strip
        if words in segment.text and segment.style and segment.style.color and segment.style.color.triplet
    }


def colour(desk: Desk, variable: str) -> tuple[int, ...]:
    return Color.parse(desk.app.theme_variables[variable]).rgb


@pytest.mark.parametrize(("language", "shown"), [(Language.EN, "free seats"), (Language.ZH_CN, "空")])
def test_every_coloured_word_changes_with_the_theme(
    venue_path: Path, clock: SimulatedClock, language: Language, shown: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f")
            for theme in (*THEMES, THEMES[0]):
                desk.app.theme = theme.name
                await desk.settle()
                assert colours_of(desk, "^P") == {colour(desk, "accent")}
                assert colour(desk, "text-accent") in colours_of(desk, shown)

    play(story)


@pytest.mark.parametrize(("language", "refused"), [(Language.EN, "expired"), (Language.ZH_CN, "过期")])
def test_a_refusal_is_as_loud_in_the_light(
    venue_path: Path, clock: SimulatedClock, language: Language, refused: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f4")
            await desk.lay("expired")
            await desk.press("escape")
            for theme in (*THEMES, THEMES[0]):
                desk.app.theme = theme.name
                await desk.settle()
                assert colour(desk, "text-error") in colours_of(desk, refused)

    play(story)
