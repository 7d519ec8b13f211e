"""Why less is charged than the clock shows: pauses stand on statement and receipt, without an amount."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hardware.receipt import preview
from pos.counter.print_jobs import SlipKind
from pos.languages import Language
from records.clock import SimulatedClock
from tests.pos.counter.venues import seat_someone
from tests.pos.tui.desks import Desk, play, sitting_at

SAID = {
    Language.EN: ("Paused 19:30–19:45, not charged", "Paused by the venue 20:15–20:20, not charged"),
    Language.ZH_CN: ("暂停 19:30–19:45，不计费", "场所暂停 20:15–20:20，不计费"),
}
IN_THE_PANEL = {
    Language.EN: ("paused 19:30–19:45", "paused 20:15–20:20"),
    Language.ZH_CN: ("暂停 19:30–19:45", "暂停 20:15–20:20"),
}


def slip(desk: Desk, kind: SlipKind) -> list[str]:
    """The newest slip of a kind, line by line on 58 mm."""
    document = next(job.document for job in desk.services.counter.slips.newest(limit=9) if job.kind is kind)
    return [" ".join(line.split()) for line in preview(document, 32)]


async def pause_twice(desk: Desk, clock: SimulatedClock) -> None:
    """Half an hour, a pause of 15 minutes, half an hour, an outage of five, ten minutes; a look at the map after it."""
    seat_someone(desk.services.counter, "adult-a", "A07")
    desk.main.look()
    await desk.settle()
    for minutes, keys in (
        (30, ["7", "p", "enter"]),
        (15, ["p", "enter"]),
        (30, ["f7", "right", "enter"]),
        (5, ["f7", "enter"]),
        (10, []),
    ):
        clock.advance(timedelta(minutes=minutes))
        await desk.press(*keys)
    desk.main.look()
    await desk.settle()


@pytest.mark.parametrize("language", list(Language))
def test_pauses_stand_where_they_were_on_statement_and_receipt(
    venue_path: Path, clock: SimulatedClock, language: Language
) -> None:
    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await pause_twice(desk, clock)
            for paused in IN_THE_PANEL[language]:
                assert paused in desk.text()
            await desk.press("enter")
            own, outage = SAID[language]
            lines = desk.lines()
            places = [
                next(n for n, line in enumerate(lines) if said in line)
                for said in ("19:00–19:30", own, "19:45–20:15", outage, "20:20–")
            ]
            assert places == sorted(places)
            assert lines[places[1]].rstrip(" │").endswith(own.split("，")[-1].split(", ")[-1]), "no amount"
            await desk.press("p")
            paper = slip(desk, SlipKind.STATEMENT)
            assert paper.index("暂停 19:30–19:45 不计费") < paper.index("场所暂停 20:15–20:20 不计费")
            await desk.press("enter", "c", "enter", "enter")
            paper = slip(desk, SlipKind.SETTLEMENT)
            at = paper.index("上机 19:00")
            assert paper[at : at + 5] == [
                "上机 19:00",
                "下机 20:30",
                "暂停 19:30–19:45 不计费",
                "场所暂停 20:15–20:20 不计费",
                "计费时长 1:10",
            ]

    play(story)
