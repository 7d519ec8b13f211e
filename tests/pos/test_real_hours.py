"""A venue by the computer's own clock, whose instants have fractions of a second, from the first card to the proof."""

from __future__ import annotations

from pathlib import Path

from records.clock import BusinessDays, SystemClock
from tests.conftest import SHANGHAI
from tests.hardware import simulators
from tests.pos.conftest import Shop, Terminal
from tests.pos.counter.venues import found_venue
from tests.pos.test_counter_commands import BY_CHEN, LINE, seat


def test_a_real_venue_lives_from_card_to_proof(shop: Shop, terminal: Terminal, tmp_path: Path) -> None:
    clock = SystemClock()
    found_venue(tmp_path / "real" / "venue", clock)
    real = Shop(terminal=terminal, folder=tmp_path / "real" / "venue", secrets=shop.secrets, owner_key=shop.owner_key)
    days = BusinessDays(timezone=SHANGHAI, starts_minute=360)
    first = days.day_of(clock.read().at).isoformat()
    with simulators.id_reader(on=LINE) as reader:
        real.ask("shift", "open", "--float", "20000", *BY_CHEN)
        opened = seat(real, reader, "adult-a", "--seat", "A01", "--deposit", "2000", "--tender", "cash=2000")
        assert opened.status == 0, opened
        assert seat(real, reader, "minor", "--seat", "A02").error["reason"] == "minor"
    real.ask("sale", "--item", "cola-330=1", "--visit", "A01", *BY_CHEN)
    real.ask("sale", "--item", "cola-330=2", "--tender", "wechat=800:4200009", *BY_CHEN)
    real.ask("visit", "statement", "A01", *BY_CHEN)
    real.ask("visit", "settle", "A01", *BY_CHEN)
    closed = real.ask("shift", "close", "--counted", "20400", *BY_CHEN)
    assert (closed["difference_fen"], closed["z"]) == (0, 1)
    examined = real.run("--json", "doctor")
    assert (examined.status, examined.json["ok"]) == (0, True), examined
    bundle = tmp_path / "bundle.zip"
    last = days.day_of(clock.read().at).isoformat()
    real.ask("export", "--from", first, "--to", last, "--out", bundle, "--as", "li")
    verified = terminal.run("--json", "verify", bundle)
    assert (verified.status, verified.json["ok"], verified.json["demo"]) == (0, True, False), verified
