"""A founded venue with its shift open, for the desk to work on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pos.bootstrap import open_venue
from pos.tui.desk import floor_pane
from pos.tui.widgets import notice
from records.clock import SimulatedClock
from records.folder import VenueFolder
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import PASSPHRASE, counter_of, found_venue

_AN_HOUR = 3_600.0


@pytest.fixture(autouse=True)
def nothing_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes from key to key: what was said is still there, and a number is still typed."""
    monkeypatch.setattr(notice, "FADE_SECONDS", _AN_HOUR)
    monkeypatch.setattr(floor_pane, "TYPING_SECONDS", _AN_HOUR)


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded venue whose shift 1 is open, made once."""
    path = tmp_path_factory.mktemp("desk") / "venue"
    clock = SimulatedClock(MONDAY_EVENING)
    found_venue(path, clock)
    with open_venue(VenueFolder(path=path), passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        counter_of(venue, "chen").shifts.open(float_fen=20_000)
    return path


@pytest.fixture
def venue_path(desk_template: Path, tmp_path: Path) -> Path:
    """A venue of this test's own."""
    path = tmp_path / "desk" / "venue"
    shutil.copytree(desk_template, path)
    return path
