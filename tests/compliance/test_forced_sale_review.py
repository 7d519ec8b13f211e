"""A review in the journal: written whether or not anything was found, and no hindrance to an export."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

from compliance.bundle import export
from compliance.forced_sale_review import look, look_and_record
from compliance.verification import verify
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from records.clock import SimulatedClock
from tests.pos.counter.venues import goods, seat_someone

MONDAY = date(2026, 11, 23)


def test_a_review_that_finds_nothing_is_an_entry_too(venue: Venue, counter: Counter) -> None:
    seat_someone(counter, "adult-a", "A01")
    reviewed = look_and_record(venue.records, MONDAY, MONDAY, actor="s1")
    assert reviewed.seq is not None
    assert (reviewed.review.visits, reviewed.review.findings) == (1, ())
    assert look(venue.records, MONDAY, MONDAY).seq is None


def test_a_bundle_of_later_days_takes_a_review_along(
    venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path
) -> None:
    """The number of visits in it is not taken for the visits that the range needs from before."""
    visit_id = seat_someone(counter, "adult-a", "A01")
    clock.advance(timedelta(days=1))
    counter.sales.order(visit_id, [goods("cola-330")], request="aaaaaaaaaaaaaaaa")
    look_and_record(venue.records, MONDAY, MONDAY, actor="s1")
    tuesday = MONDAY + timedelta(days=1)
    exported = export(venue.records, tuesday, tuesday, tmp_path / "bundle.zip")
    assert verify(exported.path, venue.records.signer.vkeys)["findings"] == []
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        before = [json.loads(json.loads(line)["entry"]) for line in bundle.read("log/before.jsonl").splitlines()]
        entries = [json.loads(line) for line in bundle.read("log/entries.jsonl").splitlines()]
    assert "forced_sale.reviewed" in {entry["type"] for entry in entries}
    assert visit_id in {entry["body"].get("visit") for entry in before}
