"""What the product exports from real books, judged by the verifier that travels in it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from billing.tenders import Tender
from compliance.bundle import export, verifier_source
from compliance.errors import NotAnAnchorError, NothingToExportError
from compliance.verification import verify, verify_journal
from pos.bootstrap import Venue
from pos.counter.counter import Counter
from records.clock import SimulatedClock
from records.ids import new_id
from records.schema import checkpoints, journal
from tests.pos.counter.venues import cash, goods, seat_someone, wechat

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


def settle(counter: Counter, visit_id: str, *tenders: Tender) -> None:
    counter.settlements.show(visit_id)
    counter.settlements.settle(visit_id, tenders, request=new_id())


def evening(counter: Counter, clock: SimulatedClock) -> str:
    """A Monday evening with a little of everything; one visit stays on into Tuesday."""
    stays_on = seat_someone(counter, "adult-c", "B02", deposit=wechat(3000))
    first = seat_someone(counter, "adult-a", "A01", deposit=cash(2000))
    clock.advance(timedelta(minutes=20))
    second = seat_someone(counter, "adult-b", "A02", tier="gold", package="3h")
    counter.sales.order("A01", [goods("cola-330", 2)], request=new_id())
    clock.advance(timedelta(minutes=70))
    counter.seats.pause("A02")
    clock.advance(timedelta(minutes=5))
    counter.seats.resume("A02")
    counter.seats.begin_outage("power")
    clock.advance(timedelta(minutes=10))
    counter.seats.end_outage()
    settle(counter, first)
    counter.seats.move(second, "B03")
    clock.advance(timedelta(hours=2))
    settle(counter, second, cash(5000))
    return stays_on


def morning(counter: Counter, clock: SimulatedClock, visit_id: str) -> None:
    """Tuesday from 07:00: the one who stayed on settles, another comes and goes."""
    clock.advance(timedelta(hours=8, minutes=15))
    counter.seats.move(visit_id, "B04")
    clock.advance(timedelta(minutes=40))
    settle(counter, visit_id, cash(20_000))
    another = seat_someone(counter, "adult-a", "A05")
    clock.advance(timedelta(hours=1, seconds=7))
    settle(counter, another, cash(2000))
    counter.shifts.close(counted_fen=30_000, reason="unknown", request=new_id())


def test_a_day_from_the_books_verifies(venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path) -> None:
    morning(counter, clock, evening(counter, clock))
    exported = export(venue.records, MONDAY, TUESDAY, tmp_path / "bundle.zip", actor="s3")
    answer = verify(exported.path, venue.records.signer.vkeys)
    assert answer["findings"] == []
    assert answer["ok"]
    assert answer["demo"], "a simulated clock marks every verdict"
    assert "key-origin" not in answer["not_checked"]
    assert exported.first == 0


def test_a_single_day_proves_itself(venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path) -> None:
    morning(counter, clock, evening(counter, clock))
    tuesday = export(venue.records, TUESDAY, TUESDAY, tmp_path / "tuesday.zip")
    monday = export(venue.records, MONDAY, MONDAY, tmp_path / "monday.zip")
    for exported in (tuesday, monday):
        assert verify(exported.path)["findings"] == []
    assert tuesday.first == monday.last + 1
    assert "before-range" in verify(tuesday.path)["not_checked"]


def test_the_verifier_in_the_bundle_runs_by_itself(
    venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path
) -> None:
    evening(counter, clock)
    exported = export(venue.records, MONDAY, MONDAY, tmp_path / "bundle.zip")
    with zipfile.ZipFile(exported.path) as archive:
        archive.extractall(tmp_path / "unpacked")
    words = [sys.executable, "-I", str(tmp_path / "unpacked/verify/verify.py"), str(tmp_path / "unpacked"), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["ok"]
    assert (tmp_path / "unpacked/verify/verify.py").read_bytes() == verifier_source()


def test_the_export_is_itself_journaled(venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path) -> None:
    evening(counter, clock)
    exported = export(venue.records, MONDAY, MONDAY, tmp_path / "bundle.zip", actor="s3")
    newest = sa.select(journal.c.entry).order_by(journal.c.seq.desc()).limit(1)
    with venue.records.reading() as connection:
        entry = json.loads(connection.execute(newest).scalar_one())
    assert (entry["type"], entry["actor"]) == ("bundle.exported", "s3")
    span = {"first": 0, "last": exported.last, "manifest_sha256": exported.manifest_sha256}
    assert entry["body"] == {"from": "2026-11-23", "to": "2026-11-23", **span}


def test_the_same_books_give_the_same_files(
    venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path
) -> None:
    morning(counter, clock, evening(counter, clock))
    with venue.records.begin() as work:
        work.entry("receipt.reprinted", {"job": new_id(), "of": new_id(), "copy": 2})
        work.when_sealed(lambda _sealed: None)  # A head beyond the range, so that both exports name the same newest.
        work.commit()
    first = export(venue.records, MONDAY, MONDAY, tmp_path / "first.zip")
    second = export(venue.records, MONDAY, MONDAY, tmp_path / "second.zip")
    assert (first.sha256, first.path.read_bytes()) == (second.sha256, second.path.read_bytes())
    assert verify(first.path)["findings"] == []


def sizes_of(path: Path) -> list[int]:
    with zipfile.ZipFile(path) as archive:
        notes = archive.read("log/checkpoints.txt").decode().split("\n")
    return [int(size) for size in notes[1::7]]


def last_seq(venue: Venue) -> int:
    with venue.records.reading() as connection:
        seq: int = connection.execute(sa.select(sa.func.max(journal.c.seq))).scalar_one()
    return seq


def test_a_day_on_which_only_a_visit_was_opened_has_its_checkpoint(
    venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path
) -> None:
    clock.advance(timedelta(days=1))
    seat_someone(counter, "adult-a", "A01")
    end_of_tuesday = last_seq(venue) + 1
    clock.advance(timedelta(days=1))
    counter.sales.sell([goods("cola-330", 1)], [cash(1000)], request=new_id())
    exported = export(venue.records, MONDAY, TUESDAY + timedelta(days=1), tmp_path / "bundle.zip")
    assert end_of_tuesday in sizes_of(exported.path)
    assert verify(exported.path)["findings"] == []
    stored = sa.select(checkpoints.c.size).order_by(checkpoints.c.size)
    with venue.records.reading() as connection:
        kept = set(connection.execute(stored).scalars())
    assert set(sizes_of(exported.path)) <= kept, "what was signed for the bundle is kept"
    again = export(venue.records, MONDAY, TUESDAY + timedelta(days=1), tmp_path / "again.zip")
    assert end_of_tuesday in sizes_of(again.path)
    assert verify(again.path)["findings"] == []


def test_only_the_owner_of_the_file_reads_it(venue: Venue, tmp_path: Path) -> None:
    exported = export(venue.records, MONDAY, MONDAY, tmp_path / "bundle.zip")
    assert stat.S_IMODE(exported.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_days_without_entries_leave_nothing_behind(venue: Venue, tmp_path: Path) -> None:
    with pytest.raises(NothingToExportError):
        export(venue.records, date(2020, 1, 1), date(2020, 1, 2), tmp_path / "bundle.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop"]


def test_progress_is_told_to_the_end(venue: Venue, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    exported = export(
        venue.records, MONDAY, MONDAY, tmp_path / "b.zip", progress=lambda done, all_: told.append((done, all_))
    )
    assert told[-1] == (exported.last + 1, exported.last + 1)


def test_the_whole_journal_is_verified_in_place(venue: Venue, counter: Counter, clock: SimulatedClock) -> None:
    evening(counter, clock)
    with venue.records.reading() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one()
    assert verify_journal(venue.records, venue.records.signer.vkeys)["findings"] == []
    with venue.records.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == before


def test_a_receipt_at_the_counter_is_an_anchor(
    venue: Venue, counter: Counter, clock: SimulatedClock, tmp_path: Path
) -> None:
    evening(counter, clock)
    with venue.records.reading() as connection:
        note = connection.execute(sa.select(checkpoints.c.note).order_by(checkpoints.c.size).limit(1)).scalar_one()
    exported = export(venue.records, MONDAY, MONDAY, tmp_path / "bundle.zip")
    answer = verify(exported.path, [note])
    assert answer["ok"]
    assert "outside-anchors" not in answer["not_checked"]
    with pytest.raises(NotAnAnchorError):
        verify(exported.path, ["MJ1:nonsense"])
