"""The verifier on 200 000 entries: months of a small venue, everything checked.

Entry types are in about the shares that `mingjia demo --script` gives them, with fewer orders and sales, so that one
entry in six settles a visit over two rates or more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.figure import Figure, time_runs
from compliance.verify import verify as verifier
from tests.compliance.busy_shop import Shop
from tests.compliance.handmade import Entry, Export, keys, seal, write_zip

ENTRIES: Final = 200_000
ENTRIES_PER_SECOND_MIN: Final = 15_000


def figures() -> Iterator[Figure]:
    """Entries a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = months_of_entries(Path(folder))
        runs = time_runs(lambda: verified(path), runs=3, warm_up=0)
    yield Figure(
        name="verify.py on 200 000 entries, everything checked",
        value=ENTRIES / runs.median,
        unit="entries/s",
        bound=ENTRIES_PER_SECOND_MIN,
        is_at_least=True,
        spread=(ENTRIES / max(runs.seconds), ENTRIES / min(runs.seconds)),
    )


def months_of_entries(folder: Path) -> Path:
    """The bundle of so many days that there are 200 000 entries, one in six a settlement over several rates."""
    shop = Shop(3, stays_span_bands=True)
    while len(shop.entries) < ENTRIES:
        shop.day(visits=180, sales=6)
    entries = shop.entries[:ENTRIES]
    assert sum(map(spans_rates, entries)) * 6 >= ENTRIES
    return write_zip(Export(lines=seal(entries), keys=keys(), lists=shop.lists).make(), folder / "bundle.zip")


def spans_rates(entry: Entry) -> bool:
    """Whether it settles a visit whose time lies under two rates or more."""
    if entry["type"] != "visit.settled":
        return False
    return len({line["fen_per_hour"] for line in entry["body"]["bill"]["lines"] if line["kind"] == "time"}) > 1


def verified(path: Path) -> None:
    """Verify, and be sure that it was worth measuring."""
    answer = verifier.verify(str(path))
    assert answer["ok"], answer["findings"][:3]
    assert len(answer["checked"]) == len(
        {"files", "entries", "tree", "clocks", "money", "prices", "tables", "signatures"}
    )
