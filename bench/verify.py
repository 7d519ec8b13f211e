"""The verifier on 200 000 entries: a year of a small venue, everything checked, in one process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.figure import Figure, time_runs
from compliance.verify import verify as verifier
from tests.compliance.busy_shop import Shop
from tests.compliance.handmade import Export, keys, seal, write_zip

ENTRIES: Final = 200_000
ENTRIES_PER_SECOND_MIN: Final = 15_000


def figures() -> Iterator[Figure]:
    """Entries a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = year_of_entries(Path(folder))
        runs = time_runs(lambda: verified(path), runs=3, warm_up=0)
    yield Figure(
        name="verify.py on 200 000 entries, everything checked",
        value=ENTRIES / runs.median,
        unit="entries/s",
        bound=ENTRIES_PER_SECOND_MIN,
        is_at_least=True,
        spread=(ENTRIES / max(runs.seconds), ENTRIES / min(runs.seconds)),
    )


def year_of_entries(folder: Path) -> Path:
    """The bundle of so many busy days that there are 200 000 entries, one in six a settlement."""
    shop = Shop(3)
    while len(shop.entries) < ENTRIES:
        shop.day(visits=400, sales=120)
    settlements = sum(entry["type"] == "visit.settled" for entry in shop.entries)
    assert settlements * 6 >= len(shop.entries)
    lines = seal(shop.entries[:ENTRIES])
    return write_zip(Export(lines=lines, keys=keys(), lists=shop.lists).make(), folder / "bundle.zip")


def verified(path: Path) -> None:
    """Verify, and be sure that it was worth measuring."""
    answer = verifier.verify(str(path))
    assert answer["ok"], answer["findings"][:3]
    assert len(answer["checked"]) == len(
        {"files", "entries", "tree", "clocks", "money", "prices", "tables", "signatures"}
    )
