"""Fixtures that every room of the shop needs: an empty venue's records and a clock that stands still."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings

from records.clock import BusinessDays, SimulatedClock
from records.folder import VenueFolder
from records.notes import HeadSigner
from records.schema import metadata
from records.unit_of_work import Records
from tests.servers import Home, Server, running_server

REPOSITORY = Path(__file__).parent.parent
SCREENS = REPOSITORY / "tests" / "pos" / "tui"
ORIGIN = "mingjia/TESTLOGTESTLOGAA/1"
MONDAY_EVENING = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 19:00 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = BusinessDays(timezone=SHANGHAI, starts_minute=360)

# How long a thing takes is for the benchmarks to say: a test on a busy machine is not wrong.
settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")


def pytest_xdist_auto_num_workers() -> int:
    """Two processes a core: those that follow a screen wait for it most of the time."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the files that follow a screen out among all others.

    In a block they would leave the processor idle, because all processes wait at once, and the longest of them would be
    awaited by everybody at the end. Dealt out, somebody always has something to compute. A file stays whole, and so do
    its fixtures.
    """
    files = [list(file) for _, file in groupby(items, key=attrgetter("path"))]
    places: list[tuple[float, list[pytest.Item]]] = []
    for is_screen in (True, False):
        group = [file for file in files if (SCREENS in file[0].path.parents) is is_screen]
        tests, before = sum(map(len, group)), 0
        for file in group:
            places.append((before / tests, file))
            before += len(file)
    items[:] = [item for _, file in sorted(places, key=itemgetter(0)) for item in file]


def import_all_tables() -> None:
    """Import every package's tables.py, so that the one MetaData is whole."""
    for path in sorted(REPOSITORY.glob("*/**/tables.py")):
        module = path.relative_to(REPOSITORY).with_suffix("")
        if module.parts[0] not in {"tests", "compliance", "build", ".venv"}:
            importlib.import_module(".".join(module.parts))


@pytest.fixture(scope="session")
def founded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded data folder without any entry, made once."""
    import_all_tables()
    folder = VenueFolder(path=tmp_path_factory.mktemp("template") / "venue", reserve_bytes=65536)
    folder.found(metadata).dispose()
    return folder.path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL, started when the first test needs it."""
    import_all_tables()
    with running_server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> Iterator[Home]:
    """Where this test's records live: each test of the records runs in both homes."""
    made = Home(server=request.getfixturevalue("server") if request.param == "postgresql" else None)
    yield made
    made.clear()


@pytest.fixture
def folder(home: Home, founded_template: Path, tmp_path: Path) -> VenueFolder:
    """A data folder of this test's own."""
    return VenueFolder(path=home.settle(founded_template, tmp_path / "venue"), reserve_bytes=65536)


@pytest.fixture
def engine(folder: VenueFolder) -> Iterator[sa.Engine]:
    """The folder's database."""
    engine = folder.open()
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands at 19:00 on a Monday until it is told to advance."""
    return SimulatedClock(MONDAY_EVENING, boot="test-boot")


@pytest.fixture(scope="session")
def signer() -> HeadSigner:
    """Keys of this run that sign the heads of the test log."""
    return HeadSigner(origin=ORIGIN, ed25519=Ed25519PrivateKey.generate(), p256=ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def records(engine: sa.Engine, clock: SimulatedClock, signer: HeadSigner) -> Records:
    """The open books of a venue in Shanghai whose days begin at 06:00."""
    return Records(
        engine=engine,
        clock=clock,
        signer=signer,
        till="desk-1",
        venue_code="44010410000001",
        days=DAYS,
    )
