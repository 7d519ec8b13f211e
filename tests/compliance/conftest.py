"""A founded venue at its counter, and bundles by the second writer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.bootstrap import Venue, open_venue
from pos.counter.counter import Counter
from records.clock import SimulatedClock
from records.folder import VenueFolder
from tests.compliance.busy_shop import Shop, busy_days
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import PASSPHRASE, counter_of, found_venue
from tests.servers import Home


@pytest.fixture(scope="session")
def founded_venue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("founded") / "venue"
    found_venue(path, SimulatedClock(MONDAY_EVENING, boot="test-boot"))
    return path


@pytest.fixture
def venue(home: Home, founded_venue: Path, tmp_path: Path, clock: SimulatedClock) -> Iterator[Venue]:
    """This test's own open venue, at 19:00 on a Monday."""
    path = home.settle(founded_venue, tmp_path / "shop")
    with open_venue(VenueFolder(path=path, reserve_bytes=65536), passphrase=lambda: PASSPHRASE, clock=clock) as opened:
        yield opened


@pytest.fixture
def counter(venue: Venue) -> Counter:
    made = counter_of(venue, "chen")
    made.shifts.open(float_fen=20_000)
    return made


@pytest.fixture(scope="session")
def shop() -> Shop:
    """Two business days of the second writer. Take copies; never change it."""
    return busy_days(2)
