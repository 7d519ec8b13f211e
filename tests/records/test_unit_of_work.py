"""One transaction: facts, entry, nodes and head, all or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from records import database, desk_clocks
from records.clock import Reading, SimulatedClock
from records.errors import RefusedByGuardError
from records.folder import VenueFolder
from records.journal import Draft, Entry, Stamp, Totals, node_reader, read_tail
from records.merkle import leaf_hash, root_of
from records.notes import HeadSigner, verify_note
from records.schema import checkpoints, journal, metadata, tree_nodes, venue_settings
from records.unit_of_work import Committed, Records, UnitOfWork
from tests.servers import ON_A_FILE

GOLDEN = Path(__file__).parent / "golden"


def record(records: Records, number: int, *, is_signed: bool = False) -> Committed:
    with records.begin() as work:
        entry = work.entry("venue.changed", {"settings": {"name": f"测试网咖{number}"}})
        work.insert(venue_settings, {"version": number, "settings": "{}"}, entry=entry)
        if is_signed:
            work.when_sealed(lambda _sealed: None)
        return work.commit()


def entries(records: Records) -> list[dict[str, Any]]:
    with records.reading() as connection:
        rows = connection.execute(sa.select(journal.c.entry).order_by(journal.c.seq)).scalars()
        return [json.loads(row) for row in rows]


def count(records: Records, table: sa.Table) -> int:
    with records.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_an_entry_has_its_golden_bytes() -> None:
    draft = Draft.of(
        Entry(id="a" * 26, type="venue.changed", body={"settings": {"name": "测试网咖"}}, commitments={"name": "x"}),
        Stamp(
            origin="mingjia/GOLDENGOLDENGOLD/1",
            venue_code="44010410000001",
            till="desk-1",
            actor="s1",
            reading=Reading(wall_ms=1795431600000, boot="b", mono_us=5, discipline="simulated"),
            biz_day="2026-11-23",
        ),
    )
    totals = Totals(sales_fen=1, voids_fen=2, refunds_fen=3, used_seconds=4)
    data = draft.bytes_at(7, totals=totals, prev_hex="0" * 64)
    assert data == (GOLDEN / "entry.json").read_bytes().rstrip(b"\n")


def test_entries_are_numbered_chained_and_under_the_root(records: Records) -> None:
    committed = [record(records, number, is_signed=True) for number in range(9)]
    assert [one.seqs for one in committed] == [(number,) for number in range(9)]
    written = entries(records)
    assert [entry["seq"] for entry in written] == list(range(9))
    with records.reading() as connection:
        leaves = connection.execute(sa.select(journal.c.leaf).order_by(journal.c.seq)).scalars().all()
        stored = connection.execute(sa.select(journal.c.entry).order_by(journal.c.seq)).scalars().all()
        assert [leaf_hash(entry) for entry in stored] == leaves
        assert [entry["prev"] for entry in written] == ["0" * 64, *(leaf.hex() for leaf in leaves[:-1])]
        for one in committed:
            head = one.head
            assert head is not None
            assert root_of(head.size, node_reader(connection)) == head.root


def test_totals_go_on_whatever_an_entry_says(records: Records) -> None:
    said = {"gt": {"sales_fen": 1}, "name": ',"gt":{"sales_fen":2},"id":"', "tail": 'x"gt":'}
    for _ in range(3):
        with records.begin(actor='","gt":{}') as work:
            work.entry("venue.changed", {"settings": said}, share=Totals(sales_fen=700, used_seconds=60))
            work.commit()
    totals = [entry["gt"] for entry in entries(records)]
    assert totals[-1] == Totals(sales_fen=2_100, used_seconds=180).to_json()
    with records.reading() as connection:
        assert read_tail(connection).totals.to_json() == totals[-1]


def test_a_signed_head_is_stored_and_verifies(records: Records, signer: HeadSigner) -> None:
    head = record(records, 1, is_signed=True).head
    assert head is not None
    with records.reading() as connection:
        note = connection.execute(sa.select(checkpoints.c.note).where(checkpoints.c.size == head.size)).scalar_one()
    assert note == signer.checkpoint(head)
    assert verify_note(note, signer.vkeys) is not None


def test_a_unit_without_commit_leaves_no_trace(records: Records) -> None:
    with records.begin() as work:
        entry = work.entry("venue.changed", {})
        work.insert(venue_settings, {"version": 1, "settings": "{}"}, entry=entry)
    assert (count(records, journal), count(records, venue_settings)) == (0, 0)


def test_an_error_inside_a_unit_leaves_no_trace(records: Records) -> None:
    def fail() -> None:
        with records.begin() as work:
            work.insert(venue_settings, {"version": 1, "settings": "{}"}, entry=work.entry("venue.changed", {}))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert (count(records, journal), count(records, venue_settings)) == (0, 0)


def test_a_fact_needs_an_entry_of_its_unit(records: Records) -> None:
    stranger = Entry(id="z" * 26, type="venue.changed", body={})
    with records.begin() as work:
        work.entry("venue.changed", {})
        for entry in (None, stranger):
            with pytest.raises(ValueError, match="names an entry of this unit"):
                work.insert(venue_settings, {"version": 1, "settings": "{}"}, entry=entry)


def test_nothing_is_committed_without_an_entry_or_twice(records: Records) -> None:
    with records.begin() as work, pytest.raises(ValueError, match="at least one entry"):
        work.commit()
    with records.begin() as work:
        work.entry("venue.changed", {})
        work.commit()
        with pytest.raises(ValueError, match="committed once"):
            work.commit()


def test_several_entries_share_one_commit(records: Records) -> None:
    with records.begin(actor="s1") as work:
        first = work.entry("visit.opened", {})
        work.entry("package.bought", {}, share=Totals(used_seconds=5))
        assert work.commit().seqs == (0, 1)
    written = entries(records)
    assert [entry["type"] for entry in written] == ["visit.opened", "package.bought"]
    assert written[0]["id"] == first.id
    assert [entry["gt"]["used_seconds"] for entry in written] == [0, 5]
    assert {entry["actor"] for entry in written} == {"s1"}


def test_totals_are_perpetual(records: Records) -> None:
    for fen in (100, 250):
        with records.begin() as work:
            work.entry("sale.settled", {"total_fen": fen}, share=Totals(sales_fen=fen))
            work.commit()
    record(records, 1)
    assert [entry["gt"]["sales_fen"] for entry in entries(records)] == [100, 350, 350]


def test_numbers_are_gap_free_and_known_before_the_bytes(records: Records) -> None:
    for _ in range(3):
        with records.begin() as work:
            entry = work.entry("venue.changed", {})
            work.number(entry, "version", venue_settings.c.version)

            def write(work: UnitOfWork = work, entry: Entry = entry) -> None:
                row = {"version": entry.body["version"], "settings": "{}"}
                work.insert(venue_settings, row, entry=entry)

            work.when_numbered(write)
            work.commit()
    assert [entry["body"]["version"] for entry in entries(records)] == [1, 2, 3]


def test_the_business_day_begins_in_the_morning(records: Records, clock: SimulatedClock) -> None:
    record(records, 1)
    clock.advance(timedelta(hours=10, minutes=59))  # 05:59
    record(records, 2)
    clock.advance(timedelta(minutes=1))
    record(records, 3)
    assert [entry["biz_day"] for entry in entries(records)] == ["2026-11-23", "2026-11-23", "2026-11-24"]


class _Scripted:
    """A clock that reads what the test says."""

    is_simulated = True

    def __init__(self) -> None:
        self.reading = Reading(wall_ms=1_000_000, boot="a", mono_us=0, discipline="free")

    def read(self) -> Reading:
        return self.reading


@pytest.mark.parametrize(
    ("boot", "wall_ms", "mono_us", "said"),
    [
        ("a", 1_060_000, 60_000_000, []),
        ("a", 1_062_000, 60_000_000, []),
        ("a", 1_062_001, 60_000_000, [("clock.stepped", {"step_ms": 2001})]),
        ("a", 940_000, 60_000_000, [("clock.stepped", {"step_ms": -120000})]),
        ("b", 1_060_000, 1, [("system.booted", {"boot": "b"})]),
        ("b", 999_000, 1, [("system.booted", {"boot": "b"}), ("clock.regressed", {"behind_ms": 1000})]),
    ],
)
def test_what_the_clocks_did_is_said_before_the_next_entry(  # A table's columns.
    records: Records, boot: str, wall_ms: int, mono_us: int, said: list[tuple[str, dict[str, Any]]]
) -> None:
    scripted = _Scripted()
    records.clock = scripted
    record(records, 1)
    scripted.reading = Reading(wall_ms=wall_ms, boot=boot, mono_us=mono_us, discipline="free")
    record(records, 2)
    between = [(entry["type"], entry["body"]) for entry in entries(records)[1:-1]]
    assert between == said


def test_the_tail_is_read_anew_by_each_unit(
    folder: VenueFolder, records: Records, signer: HeadSigner, clock: SimulatedClock
) -> None:
    other = Records(engine=folder.open(), clock=clock, signer=signer, till="desk-1", venue_code="", days=records.days)
    for number in range(6):
        record((records, other)[number % 2], number)
    other.engine.dispose()
    assert [entry["seq"] for entry in entries(records)] == list(range(6))


@ON_A_FILE
def test_a_second_writer_waits_for_the_first(records: Records, folder: VenueFolder) -> None:
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.05)\n"
        "try: c.execute('BEGIN IMMEDIATE'); print('began')\n"
        "except sqlite3.OperationalError as e: print('locked' if 'locked' in str(e) else e)"
    )
    with records.begin() as work:
        work.entry("venue.changed", {})
        command = [sys.executable, "-c", script, str(folder.database)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == "locked"
        work.commit()


def test_a_row_of_an_entry_that_is_written_is_refused(records: Records) -> None:
    record(records, 1)
    with records.begin() as work:
        entry_id = work.execute(sa.select(journal.c.entry_id)).scalar_one()
        with pytest.raises(sa.exc.IntegrityError, match="guard_venue_settings_entry_written"):
            work.execute(venue_settings.insert(), {"version": 2, "settings": "{}", "entry_id": entry_id})


def test_a_guard_that_speaks_is_named(records: Records) -> None:
    def leave_a_gap() -> None:
        with records.begin() as work:
            row = {"seq": 5, "entry_id": "x", "type": "t", "biz_day": "d", "wall": work.now, "entry": b"", "leaf": b""}
            work.execute(journal.insert(), row)

    with pytest.raises(RefusedByGuardError) as refused:
        leave_a_gap()
    assert refused.value.guard == "guard_journal_gap"


def test_stored_nodes_are_those_of_the_complete_subtrees(records: Records) -> None:
    for number in range(13):
        record(records, number)
    assert count(records, tree_nodes) == sum(13 >> level for level in range(4))
    with records.reading() as connection:
        tail = read_tail(connection)
        assert tail.frontier.root() == root_of(13, node_reader(connection))


def test_only_the_mark_of_an_entry_waits_for_it() -> None:
    """SQLite looks through every table whose reference waits, each time that an entry is written."""
    waiting = {
        table.name
        for table in metadata.sorted_tables
        for reference in table.foreign_key_constraints
        if reference.deferrable or reference.initially
    }
    assert waiting == {"entry_marks"}


@ON_A_FILE
def test_a_commit_takes_as_many_steps_in_the_thousandth_year(records: Records) -> None:
    def steps(number: int) -> int:
        counted = [0]
        with records.begin() as work:
            driver = work.connection.connection.driver_connection
            assert driver is not None
            driver.set_progress_handler(lambda: counted.__setitem__(0, counted[0] + 1), 10)
            work.insert(venue_settings, {"version": number, "settings": "{}"}, entry=work.entry("venue.changed", {}))
            work.commit()
            driver.set_progress_handler(None, 0)
        return counted[0]

    few = max(steps(number) for number in range(8))
    for number in range(8, 600):
        record(records, number)
    assert max(steps(number) for number in range(600, 608)) < 1.5 * few


def test_a_desks_clocks_can_be_told_again_from_its_entries(records: Records) -> None:
    record(records, 1)
    with database.writing(records.engine) as connection:
        connection.execute(sa.update(metadata.tables["desk_clocks"]).values(mono_us=7))
        connection.commit()
    with records.begin(alone=True) as work:
        assert desk_clocks.rebuild(work.connection, writing=records.till)
        assert desk_clocks.kept(work.connection) == desk_clocks.told(work.connection)
        assert not desk_clocks.rebuild(work.connection, writing=records.till)
