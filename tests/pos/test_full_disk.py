"""A venue on a disk that is really full: what runs is settled from the reserve, nothing new begins (I-11)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from records.folder import VenueFolder
from tests.hardware import simulators
from tests.pos.conftest import Shop
from tests.pos.test_counter_commands import BY_CHEN, LINE, seat
from tests.servers import ON_A_FILE

DISK_BYTES = 20 * 1024 * 1024

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="a disk of one's own can be mounted by root on Linux"
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(path)], check=True)
    yield path
    subprocess.run(["umount", str(path)], check=True)


@pytest.fixture
def shop_on_disk(shop: Shop, disk: Path) -> Shop:
    """The shop's folder on the small disk, with its reserve."""
    moved = disk / "venue"
    shutil.copytree(shop.folder, moved)
    assert VenueFolder(path=moved).restore_reserve()
    return replace(shop, folder=moved)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"\0" * DISK_BYTES)
    assert shutil.disk_usage(disk).free == 0
    return filler


@ON_A_FILE
def test_running_visits_are_settled_from_the_reserve_and_nothing_new_begins(shop_on_disk: Shop, disk: Path) -> None:
    shop = shop_on_disk
    with simulators.id_reader(on=LINE) as reader:
        shop.ask("shift", "open", "--float", "20000", *BY_CHEN)
        assert seat(shop, reader, "adult-a", "--seat", "A01").status == 0
        filler = fill(disk)
        # Nobody has the records open now: the next command has to begin on the full disk.
        refused = seat(shop, reader, "adult-b", "--seat", "A02")
        assert (refused.status, refused.error["code"]) == (1, "store-full")
        shop.ask("visit", "statement", "A01", *BY_CHEN)
        assert shop.ask("visit", "settle", "A01", *BY_CHEN)["receipt"] == 1
        assert not VenueFolder(path=shop.folder).has_reserve()
        filler.unlink()
        assert seat(shop, reader, "adult-b", "--seat", "A02").status == 0
        assert VenueFolder(path=shop.folder).has_reserve()
    answer = shop.run("--json", "doctor")
    assert (answer.status, answer.json["ok"]) == (0, True), answer
