"""What a clerk meets who was never here before: each sentence says what comes first, and no key stays unnamed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from pos.languages import Language
from pos.tui.desk.open_shift_screen import OpenShiftScreen
from records.clock import SimulatedClock
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import found_venue, seat_someone
from tests.pos.tui.desks import play, sitting_at
from tests.pos.tui.test_screens_keep_their_columns import busy_floor


@pytest.mark.parametrize(
    ("language", "panel", "said", "afterwards"),
    [
        (
            Language.EN,
            "No shift is open here. F4 opens one: count the float first.",
            "Open the shift first (F4).",
            "F3 types a document in",
        ),
        (Language.ZH_CN, "本台还没有开班。请先按 F4 开班，清点备用金。", "请先开班（F4）。", "按 F3 录入证件"),
    ],
)
def test_without_a_shift_the_shift_comes_first(
    tmp_path: Path, *, language: Language, panel: str, said: str, afterwards: str
) -> None:
    clock = SimulatedClock(MONDAY_EVENING)
    found_venue(tmp_path / "venue", clock)

    async def story() -> None:
        async with sitting_at(tmp_path / "venue", clock, language=language) as desk:
            await desk.log_in("chen")
            assert panel in desk.text()
            assert afterwards not in desk.text()
            await desk.press("a", "8", "enter")
            assert said in desk.text()
            await desk.press("f4")
            assert isinstance(desk.app.screen, OpenShiftScreen)
            await desk.press("2", "0", "0", "enter")
            assert panel not in desk.text()
            assert afterwards in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "keys"),
    [
        (
            Language.EN,
            "⏎ to the payment  P print  V goods back  H handed over  R take off  + another seat  Esc back",
        ),
        (Language.ZH_CN, "⏎ 去收款  P 打印  V 退点单  H 已交付  R 减免  + 加一个机位  Esc 返回"),
    ],
)
def test_every_key_of_a_statement_stands_below_it(
    venue_path: Path, clock: SimulatedClock, language: Language, keys: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await busy_floor(desk, clock)
            await desk.press("enter")
            assert keys in desk.text()

    play(story)


@pytest.mark.parametrize(("language", "reason"), [(Language.EN, "◂ ▸ reason"), (Language.ZH_CN, "◂ ▸ 原因")])
def test_the_key_of_the_reason_is_named_where_one_is_asked_for(
    venue_path: Path, clock: SimulatedClock, language: Language, reason: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f4", "z")
            assert reason not in desk.text()
            await desk.press("1", *["enter"] * 8)
            assert reason in desk.text()

    play(story)


@pytest.mark.parametrize(
    ("language", "how"),
    [
        (Language.EN, "The owner names it in venue.toml, under [devices]."),
        (Language.ZH_CN, "由业主写在 venue.toml 的 [devices] 里。"),
    ],
)
def test_a_device_that_is_not_set_up_says_where_it_is(
    venue_path: Path, clock: SimulatedClock, language: Language, how: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f6")
            assert desk.text().count(how) == 2

    play(story)


@pytest.mark.parametrize(("language", "paused"), [(Language.EN, "paused"), (Language.ZH_CN, "已暂停")])
def test_a_paused_visit_is_told_from_a_running_one_and_columns_keep(
    venue_path: Path, clock: SimulatedClock, language: Language, paused: str
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await busy_floor(desk, clock)
            await desk.press("f5")
            rows = {words[1]: line for line in desk.lines() if len(words := line.split()) > 1 and words[1][0] in "AB"}
            assert [seat for seat, line in rows.items() if paused in line] == ["A12"]
            due = {"en": "to pay", "zh_CN": "应付"}[language]
            assert len({cell_len(line[: line.index(due)]) for line in rows.values()}) == 1

    play(story)


def test_a_units_share_takes_one_line_of_the_panel(venue_path: Path, clock: SimulatedClock) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock) as desk:
            await desk.log_in("chen")
            seat_someone(desk.services.counter, "adult-a", "A07")
            clock.advance(timedelta(minutes=31))
            desk.main.look()
            await desk.press("7")
            assert "of it 0:14 fills the unit" in desk.text()

    play(story)
