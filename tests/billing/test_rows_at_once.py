"""What each settlement writes is judged by the statement on a server: every row of it, and by every rule of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from records import database, guards, migrations
from records.carried import carried_guards, require_kept
from records.errors import RefusedByGuardError
from records.folder import VenueFolder
from records.guards import guards_of
from records.schema import metadata
from tests.attacks import REFUSED
from tests.billing.attacked_shop import NOW, Attacker, attacked_shop
from tests.billing.counter import Counter
from tests.conftest import import_all_tables
from tests.servers import ON_A_SERVER, PROGRAM, SCHEMA, Home

import_all_tables()

AT_ONCE = sorted(table.name for table in metadata.sorted_tables if table.info.get("at_once"))
CHECKED = [table.name for table in metadata.sorted_tables if table.info.get("guards_check")]
STOOD_AT = {"0008": [*AT_ONCE, *CHECKED], "0009": CHECKED}
ORDERED_FEN = 2 * 1200 + 3 * 400
NOTHING = {"orders_fen": 0, "reductions_fen": 0, "total_fen": 0}
ROWS: dict[str, dict[str, Any]] = {
    "postings": {"line": 1, "shift": 2, "account": "cash/desk-1", "amount_fen": 5},
    "print_jobs": {
        "kind": "receipt", "ref": "r", "copy_no": 1, "original": None, "operator": "o", "queued_at": NOW,
        "document": "{}", "job_id": "j",
    },
    "receipts": {"shift": 2, "job_id": "j"},
    "tenders": {
        "number": 1, "shift": 2, "direction": "paid", "kind": "bank", "amount_fen": 5, "reference": "B9", "job_id": "j",
    },
    "settlements": {
        "visit_id": "running", "shift": 2, "statement": 1, "ended_at": NOW, "ends": "customer", "used_seconds": 0,
        "time_fen": 0, "packages_fen": 0, "orders_fen": ORDERED_FEN, "reductions_fen": 100,
        "total_fen": ORDERED_FEN - 100, "job_id": "j",
    },
}  # fmt: skip


@pytest.fixture
def attacker(home: Home, folder: VenueFolder, bare_counter: Counter) -> Iterator[Attacker]:
    with attacked_shop(home, folder, bare_counter) as attacker:
        statement = {"visit_id": "running", "at": NOW, "shown_at": NOW, "how": "screen", "sha256": ""}
        attacker.insert("statements", number=1, total_fen=ORDERED_FEN - 100, **statement)
        yield attacker


def row_of(attacker: Attacker, table: str, **change: Any) -> dict[str, Any]:
    """A row that keeps every rule but for what is changed in it."""
    row = {**ROWS[table], **change}
    if table == "receipts":
        [newest] = attacker.shell.execute("SELECT max(number) FROM receipts").fetchone()
        row.setdefault("number", newest + 1)
    return row


@pytest.mark.parametrize("table", AT_ONCE)
def test_a_row_that_keeps_every_rule_goes_in(attacker: Attacker, table: str) -> None:
    attacker.insert(table, **row_of(attacker, table))


@pytest.mark.parametrize(
    ("table", "constraint", "change"),
    [
        ("postings", "ck_postings_amount", {"amount_fen": 0}),
        ("print_jobs", "ck_print_jobs_copy_no", {"copy_no": 0, "original": "job-sale"}),
        ("print_jobs", "ck_print_jobs_original", {"copy_no": 2}),
        ("print_jobs", "ck_print_jobs_original", {"original": "job-sale"}),
        ("settlements", "ck_settlements_ends", {"ends": "power-cut"}),
        ("settlements", "ck_settlements_parts", {"time_fen": -1, "packages_fen": 1}),
        ("settlements", "ck_settlements_parts", {"time_fen": 1, "packages_fen": -1}),
        ("settlements", "ck_settlements_total", {"time_fen": 1}),
        ("tenders", "ck_tenders_amount", {"amount_fen": 0}),
        ("tenders", "ck_tenders_change", {"direction": "change"}),
        ("tenders", "ck_tenders_direction", {"direction": "lost"}),
        ("tenders", "ck_tenders_kind", {"kind": "credit"}),
        ("tenders", "ck_tenders_reference", {"kind": "cash"}),
        ("tenders", "ck_tenders_reference", {"reference": None}),
    ],
)
def test_a_check_refuses_wherever_it_stands(
    attacker: Attacker, table: str, constraint: str, change: dict[str, Any]
) -> None:
    with pytest.raises(REFUSED, match=rf"\b(guard_{table}_)?{constraint}\b"):
        attacker.insert(table, **row_of(attacker, table, **change))


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("state", {"state": "lost"}),
        ("state", {"state": ""}),
        ("is_again", {"is_again": 2}),
        ("is_again", {"is_again": -1}),
    ],
)
def test_what_becomes_of_a_slip_has_its_words_from_the_first_to_the_last(
    attacker: Attacker, constraint: str, change: dict[str, Any]
) -> None:
    attacker.insert("print_jobs", **row_of(attacker, "print_jobs", job_id="new"))
    row = {"job_id": "new", "till": "desk-1", "position": 10**6, "state": "queued", "attempts": 0, "is_again": 0}
    insert = f"INSERT INTO print_attempts ({', '.join(row)}) VALUES (?, ?, ?, ?, ?, ?)"
    refusal = f"(guard_print_attempts_|CHECK constraint failed: )ck_print_attempts_{constraint}"
    attacker.attempt(refusal, lambda: attacker.shell.execute(insert, list({**row, **change}.values())))
    attacker.shell.execute(insert, list(row.values()))
    [(name, value)] = change.items()
    update = f"UPDATE print_attempts SET {name} = ? WHERE job_id = 'new'"
    attacker.attempt(refusal, lambda: attacker.shell.execute(update, [value]))
    attacker.shell.execute("UPDATE print_attempts SET state = 'sent', is_again = 1 WHERE job_id = 'new'")


@pytest.mark.parametrize("change", [{"statement": 7}, {"visit_id": "nobody", **NOTHING}])
def test_a_settlement_is_of_a_statement_and_so_of_a_visit(attacker: Attacker, change: dict[str, Any]) -> None:
    attacker.attempt(
        "guard_settlements_not_the_statement",
        lambda: attacker.insert("settlements", **row_of(attacker, "settlements", **change)),
    )


@pytest.mark.parametrize("beside", [-9, -1, 0, 2])
def test_a_receipts_number_is_the_next_one(attacker: Attacker, beside: int) -> None:
    number = row_of(attacker, "receipts")["number"]
    wrong = beside if beside < 1 else number + beside - 1
    attacker.attempt(
        "guard_receipts_gap", lambda: attacker.insert("receipts", **row_of(attacker, "receipts", number=wrong))
    )
    with pytest.raises(REFUSED):  # By its key.
        attacker.insert("receipts", **row_of(attacker, "receipts", number=number - 1))


@ON_A_SERVER
@pytest.mark.parametrize(
    ("table", "constraint", "change"),
    [
        *[(table, f"fk_{table}_entry_id", {"entry_id": "unmarked"}) for table in ROWS],
        *[(table, f"fk_{table}_shift", {"shift": 99}) for table in ROWS if "shift" in ROWS[table]],
        ("print_jobs", "fk_print_jobs_original", {"copy_no": 2, "original": "none"}),
    ],
)
def test_a_reference_is_asked_for_even_where_references_are_off(
    attacker: Attacker, table: str, constraint: str, change: dict[str, Any]
) -> None:
    attacker.shell.mark("e" * 26)
    wanted = row_of(attacker, table, **{"entry_id": "e" * 26, **change})
    row = {name: attacker.visits.get(str(value), value) for name, value in wanted.items()}
    names, marks = ", ".join(row), ", ".join("?" for _ in row)
    with pytest.raises(REFUSED, match=rf"^guard_{table}_{constraint}\b"):
        attacker.shell.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize("place", range(3))
def test_one_bad_row_among_good_ones_is_noticed_wherever_it_stands(attacker: Attacker, place: int) -> None:
    shifts = [1 if number == place else 2 for number in range(3)]  # The first shift is closed.
    rows = ", ".join(f"('{'e' * 26}', {line}, {shift}, 'cash/desk-1', 1)" for line, shift in enumerate(shifts))
    attacker.shell.mark("e" * 26)
    statement = "INSERT INTO postings (entry_id, line, shift, account, amount_fen) VALUES "
    attacker.attempt("guard_postings_shift_closed", lambda: attacker.shell.execute(statement + rows))
    attacker.shell.execute(statement + rows.replace(", 1, 'cash", ", 2, 'cash"))


@ON_A_SERVER
def test_nothing_joins_an_entry_in_the_statement_that_writes_it(attacker: Attacker) -> None:
    [seq] = attacker.shell.execute("SELECT max(seq) + 1 FROM journal").fetchone()
    attacker.shell.mark("e" * 26)
    both = (
        "WITH written AS (INSERT INTO journal (seq, entry_id, type, biz_day, wall, entry, leaf)"
        f" VALUES ({seq}, '{'e' * 26}', 't', '2026-11-23', 0, '', '') RETURNING entry_id)"
        " INSERT INTO postings (entry_id, line, shift, account, amount_fen)"
        " SELECT entry_id, 1, 2, 'cash/desk-1', 500 FROM written"
    )
    attacker.attempt("guard_postings_entry_written", lambda: attacker.shell.execute(both))


@pytest.mark.parametrize("table", AT_ONCE)
def test_no_rule_of_many_rows_reads_a_table_whole_or_counts_its_own(table: str) -> None:
    """A server may answer an EXISTS for many rows by reading the other table, and its own rows are in already."""
    for guard in [*guards_of(metadata), *carried_guards(metadata)]:
        if guard.table == table and guard.event == "INSERT" and not guard.name.startswith("no_replace_"):
            asked = f"{guard.condition} {guard.only_when}"
            assert not re.search(r"\bEXISTS\b|\bNOT IN \(SELECT\b", asked)
            assert not re.search(rf"\b(count|max|min|sum)\([^()]*\)[^(]* FROM {table}\b", asked)


@ON_A_SERVER
def test_rows_that_were_copied_before_a_guard_stood_are_looked_at(home: Home, folder: VenueFolder) -> None:
    assert home.server is not None
    assert folder.place is not None
    owner = home.server.owner_of(folder.place)
    with owner.connect() as connection:
        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
        connection.exec_driver_sql("DROP TRIGGER guard_tenders_insert ON tenders")
        connection.exec_driver_sql("INSERT INTO entry_marks VALUES ('e')")
        require_kept(connection, metadata)
        connection.exec_driver_sql("INSERT INTO tenders VALUES ('j', 1, 1, 'paid', 'cash', 5, NULL, 'e')")
        with pytest.raises(RefusedByGuardError) as refused:
            require_kept(connection, metadata)
        connection.rollback()
    owner.dispose()
    assert refused.value.guard == "guard_tenders_fk_tenders_shift"


@ON_A_SERVER
@pytest.mark.parametrize("before", STOOD_AT)
def test_a_server_of_an_earlier_version_gets_guards_for_its_constraints(
    home: Home, engine: sa.Engine, folder: VenueFolder, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    assert home.server is not None
    assert folder.place is not None
    carried = {guard.name for guard in carried_guards(metadata)}
    stood = {guard.name for guard in carried_guards(metadata) if guard.table in STOOD_AT[before]}
    owner = home.server.owner_of(folder.place)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "HEAD", before)
        migrations.migrate(owner, metadata, program=PROGRAM)
    with database.snapshot(engine) as connection:
        assert carried & set(connection.exec_driver_sql("SELECT conname FROM pg_constraint").scalars()) == stood
    migrations.migrate(owner, metadata, program=PROGRAM)
    owner.dispose()
    with database.snapshot(engine) as connection:
        assert carried.isdisjoint(connection.exec_driver_sql("SELECT conname FROM pg_constraint").scalars())
        assert guards.missing(connection, metadata) == []
