"""F1 on each screen: a text in the reader's language, and the way back always in sight."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import pos.demo
import pos.tui.desk
from pos.languages import Language, words_of
from pos.tui.desk.asking import DeskScreen
from pos.tui.desk.help_screen import HelpScreen
from records.clock import SimulatedClock
from tests.pos.tui.desks import play, sitting_at


def screens(kind: type[DeskScreen[object]] = DeskScreen) -> Iterator[type[DeskScreen[object]]]:
    """Every kind of screen that somebody may stand before."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("pos.") and not getattr(one, "__abstractmethods__", None):
            yield one
        yield from screens(one)


def test_every_screen_has_help_in_both_languages() -> None:
    for package in (pos.tui.desk, pos.demo):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    chinese = words_of(Language.ZH_CN)
    helps = {one.__name__: one.HELP for one in screens()}
    bases = {"DeskModal", "Flow", "ReductionForm", "FloorWatch", "CardDesk", "ActionDesk", "HelpScreen"}
    assert len(helps) > 25
    assert {name for name, text in helps.items() if not text} <= bases
    assert [name for name, text in helps.items() if text and chinese(text) == text] == []


@pytest.mark.parametrize("size", [(80, 24), (100, 28), (100, 30), (100, 33), (60, 14)])
@pytest.mark.parametrize(("language", "back"), [(Language.EN, "Esc back"), (Language.ZH_CN, "Esc 返回")])
def test_the_way_back_from_help_is_in_sight(
    venue_path: Path, clock: SimulatedClock, language: Language, back: str, size: tuple[int, int]
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language, size=size) as desk:
            await desk.log_in("chen")
            await desk.press("f1")
            assert isinstance(desk.app.screen, HelpScreen)
            assert back in desk.text()
            await desk.press("pagedown", "escape")
            assert desk.is_at_main_screen

    play(story)
