"""The real program on a real pseudo-terminal, once: start, log in, open a seat, settle it, quit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.terminal import on_terminal
from pos.bootstrap import open_venue
from pos.demo.devices import simulated_devices
from pos.device_settings import write_devices
from pos.printing import printing
from pos.settings_reading import Devices
from records.folder import VenueFolder
from tests.pos.counter.venues import PASSPHRASE
from tests.pos.tui.desks import PINS


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_customer_comes_and_goes(venue_path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    words = ("-m", "pos.cli.main", "--data", str(venue_path), "--lang", "en", "desk")
    paper = tmp_path / "paper"
    with simulated_devices(paper=paper, width_mm=58) as devices:
        write_devices(
            venue_path,
            Devices(id_reader=devices.reader.port, printer=devices.printer.port, printer_width=58),
        )
        environment = {"MINGJIA_COUNTER_PASSPHRASE_FILE": str(secret)}
        with on_terminal(*words, columns=100, lines=30, environment=environment) as desk:
            desk.wait_for("Type your name and your PIN.")
            desk.press(f"chen\r{PINS['chen']}\r")
            desk.wait_for("Lay the identity card on the reader")
            devices.reader.tell("place adult-a")
            desk.wait_for("测*甲")
            desk.press("23\r")
            desk.wait_for("1  by the hour")
            desk.press("1")
            desk.wait_for("20.00 in cash")
            mark = desk.mark()
            desk.press("\r")
            desk.wait_for("A23 is open; deposit 20.00.", after=mark)
            # The floor was looked at again, and Enter means the taken seat now. Only lines that no screen lay over are
            # sure to be written in one piece.
            desk.wait_for("59 free", after=mark)
            desk.wait_for("settle", after=mark)
            devices.reader.tell("lift")
            desk.press("\r")
            desk.wait_for("to the payment")
            desk.press("\r")
            desk.wait_for("book it, print")
            mark = desk.mark()
            desk.press("\r")
            desk.wait_for("60 free", after=mark)
            mark = desk.mark()
            desk.press("\x11")
            desk.wait_for("close the desk", after=mark)
            desk.press("\r")
            assert desk.wait_until_ended() == 0
        # A slip that still waited when the desk was closed is the next program's.
        with (
            open_venue(VenueFolder(path=venue_path), passphrase=lambda: PASSPHRASE) as venue,
            printing(venue.folder, venue.records.engine, venue.records.clock, venue.devices),
        ):
            pass
    slips = sorted(paper.glob("*.txt"))
    assert len(slips) == 2  # The deposit's, and the settlement's.
    assert "退" in slips[1].read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_desk_whose_terminal_is_gone_ends(venue_path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    words = ("-m", "pos.cli.main", "--data", str(venue_path), "--lang", "en", "desk")
    environment = {"MINGJIA_COUNTER_PASSPHRASE_FILE": str(secret)}
    with on_terminal(*words, columns=100, lines=30, environment=environment) as desk:
        desk.wait_for("Type your name and your PIN.")
        desk.hang_up()
        desk.wait_until_ended(seconds=30)
