"""A printer that does not print stops nobody: money is taken, slips wait, and come out by themselves."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulated.ports import SocketPort
from hardware.simulated.printer import SimulatedPrinter
from pos.counter.print_jobs import PrintState
from pos.device_settings import write_devices
from pos.languages import Language
from pos.settings_reading import Devices
from pos.tui.widgets.rows import Sheet
from records.clock import SimulatedClock
from tests.pos.counter.venues import goods, wechat
from tests.pos.tui.desks import play, sitting_at


@pytest.fixture
def machine() -> Iterator[SimulatedPrinter]:
    """A printer on a socket of this computer, out of paper."""
    made = SimulatedPrinter(port=SocketPort(scheme="tcp"), columns=32, on_receipt=lambda _: None)
    made.obey(["fault", "no-paper"])
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    yield made
    made.stop()
    thread.join(timeout=60)


SAID = {
    Language.EN: (
        "The receipt ",
        "out of paper",
        "prints by itself once it is filled.",
        "The slip waits for the printer (F6).",
        "● ready",
        "The test page is printed.",
        "waits",
    ),
    Language.ZH_CN: (
        "小票",
        "打印机没有纸",
        "装好纸后等待的小票会自动打出。",
        "单据在等打印机（F6）。",
        "● 正常",
        "测试页已打印。",
        "等待",
    ),
}


@pytest.mark.parametrize("language", list(Language))
def test_a_sale_without_paper_waits_and_prints_by_itself_when_it_is_filled(
    venue_path: Path, clock: SimulatedClock, machine: SimulatedPrinter, language: Language
) -> None:
    receipt, trouble, to_do, slip_waits, ready, tested, waits = SAID[language]
    write_devices(venue_path, Devices(printer=machine.port.name))

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            await desk.press("f2")
            await desk.write("kl")
            await desk.press("enter", "enter", "c", "enter", "enter")
            assert desk.is_at_main_screen, "nobody waits for paper"
            assert receipt in desk.text()
            await desk.press("escape")
            await desk.until(trouble)  # On the main screen, as long as it is so.
            await desk.press("f11")
            await desk.until(waits)
            assert re.search("(柜台零售|over the counter)  000001", desk.text()), "the list says which receipt it is"
            await desk.press("down", "r")
            assert slip_waits in desk.text()
            await desk.press("escape", "f6")
            await desk.until(trouble)
            shown = " ".join(row.text.strip() for row in desk.app.screen.query_one("#devices", Sheet).rows)
            assert to_do in shown, "what is to be done stands there whole"
            machine.obey(["clear"])
            machine.obey(["refill"])
            await desk.press("r")
            await desk.until(ready)
            slips = desk.services.counter.slips  # The receipt and its copy.
            await desk.until_it_holds(
                lambda: [job.state for job in slips.newest(limit=9)] == [PrintState.CONFIRMED] * 2
            )
            await desk.press("t")
            await desk.until(tested)
            await desk.press("escape")
            assert trouble not in desk.text()

    play(story)


@pytest.mark.parametrize("language", list(Language))
def test_a_hand_over_without_paper_says_that_the_z_slip_waits(
    venue_path: Path, clock: SimulatedClock, machine: SimulatedPrinter, language: Language
) -> None:
    slip_waits = SAID[language][3]
    write_devices(venue_path, Devices(printer=machine.port.name))

    async def story() -> None:
        async with sitting_at(venue_path, clock, language=language) as desk:
            await desk.log_in("chen")
            desk.services.counter.sales.sell([goods("cola-330")], [wechat(400)], request="a" * 16)
            await desk.press("f6")
            await desk.until(SAID[language][1])
            await desk.press("escape", "f4", "z", *"2\n\n\n\n\n\n\n\n")
            await desk.until(slip_waits)
            assert "Z 0001" in desk.text()
            await desk.press("enter")
            assert desk.is_at_main_screen
            assert slip_waits in desk.text()

    play(story)
