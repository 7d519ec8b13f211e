"""`doctor` on a venue that lived through a bit of everything, whole and tampered with."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from billing import board_postings
from billing.price_list import SavingKind
from billing.reasons import ReductionReason
from billing.refunds import RefundLine
from billing.sales import SaleReduction
from billing.sold_lines import OrderLine
from billing.stock import Pieces
from compliance.fact_comparison import facts_differing
from compliance.facts_told import BESIDE_THE_ENTRY, FACTS
from pos.bootstrap import open_venue
from pos.counter.refunds import PaidFor
from pos.counter.seats import Opening
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from records.schema import Kind, kind_of, metadata
from staff import accounts
from staff.approvals import Approval, Reason, Signatory
from staff.roles import Operation, Role
from tests.conftest import MONDAY_EVENING
from tests.pos.conftest import Shop, Terminal
from tests.pos.counter.venues import (
    DEMO,
    PASSPHRASE,
    STAFF,
    card,
    cash,
    counter_of,
    found_venue,
    goods,
    seat_someone,
    wechat,
)

CHECKS = [
    "integrity",
    "foreign-keys",
    "schema",
    "guards",
    "facts-without-entry",
    "facts-as-told",
    "posted-items",
    "payment-references",
    "state",
    "journal",
    "tree",
    "signed-heads",
    "clocks",
    "desk-computers",
    "reserve",
    "file-modes",
]


OFF = SaleReduction(
    fen=50,
    reason=ReductionReason.FAULTY,
    approval=Approval(
        operation=Operation.REDUCTION_GIVE,
        requester="s3",
        approver=Signatory(staff="s2", role=Role.MANAGER),
        reason=Reason.GOODS_FAULTY,
        amount_fen=50,
    ),
)


def named(kind: SavingKind, code: str, quantity: int = 1) -> OrderLine:
    return OrderLine(kind=kind, code=code, quantity=quantity)


def live_a_day(folder: VenueFolder) -> None:
    """Make rows in every table: seats, packages, an outage, orders, deposits, settlements, sales, two shifts."""
    clock = SimulatedClock(MONDAY_EVENING)
    with open_venue(folder, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        counter = counter_of(venue, "chen")
        counter.shifts.open(float_fen=20_000)
        first = seat_someone(counter, "adult-a", "A01", deposit=cash(5000))
        second = seat_someone(counter, "adult-b", "A02", package="3h")
        counter.sales.order("A01", [goods("cola-330", 2), goods("noodles")], request=(order := new_id()))
        counter.sales.cancel(order, line=1, quantity=1, reason="keyed-wrong")
        counter.stock.receive([Pieces(code="cola-330", quantity=24)])
        counter.stock.count([Pieces(code="cola-330", quantity=23)])
        counter.sales.order("A02", [named(SavingKind.COMBO, "supper", 2)], request=(supper := new_id()))
        counter.sales.order("A02", [named(SavingKind.PROMOTION, "night-noodles")], request=new_id())
        counter.sales.hand_over(supper)
        counter.sales.cancel(supper, line=2, quantity=1, reason="faulty")
        counter.sales.order("A01", [named(SavingKind.COMBO, "3h-cola")], request=new_id())
        manager = counter_of(venue, "wang")
        manager.stock.write_off([Pieces(code="cola-330", quantity=1)], reason="damaged")
        manager.reductions.give("A02", 100, reason="goodwill", request=new_id())
        manager.reductions.give("A02", 50, reason="goodwill", request=(withdrawn := new_id()))
        manager.reductions.withdraw(withdrawn)
        clock.advance(timedelta(hours=1))
        counter.seats.pause("A01")
        clock.advance(timedelta(minutes=5))
        counter.seats.resume("A01")
        counter.seats.move("A01", "B03")
        counter.seats.begin_outage("power")
        clock.advance(timedelta(minutes=10))
        counter.seats.end_outage()
        counter.seats.close_seat("A05", "faulty")
        counter.seats.reopen_seat("A05")
        clock.advance(timedelta(hours=3))
        counter.seats.end_due()
        for visit, tenders in ((first, (cash(2000),)), (second, (wechat(1000), cash(9000)))):
            counter.settlements.show(visit)
            counter.settlements.settle(visit, tenders, request=new_id())
        counter.sales.sell(
            [goods("sausage", 2), named(SavingKind.PROMOTION, "gift-water")],
            [cash(2000)],
            request=(sold := new_id()),
            reductions=[OFF],
        )
        counter.refunds.give(PaidFor(sale_id=sold), [RefundLine(line=1)], reason="faulty", request=new_id())
        counter.shifts.close(counted_fen=1, reason="unknown", request=new_id())
        counter.shifts.open(float_fen=10_000)
        admission = counter.check_in.card(card("adult-c"))
        counter.seats.open(admission, Opening.new(seat="A09", tier="gold", deposit=wechat(3000)))
        counter.sales.order("A09", [goods("cola-330")], request=new_id())
        with venue.records.begin(actor="s1") as work:
            accounts.disable(work, name="zhou")
            board_postings.confirm(work, 1)
            work.commit()


@pytest.fixture(scope="session")
def busy_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("busy")
    assert 'package_end = "stop"' in (DEMO / "prices.toml").read_text(encoding="utf-8"), "or no visit ends by itself"
    found_venue(path / "venue", SimulatedClock(MONDAY_EVENING))
    live_a_day(VenueFolder(path=path / "venue"))
    return path


@pytest.fixture
def busy(busy_template: Path, tmp_path: Path, terminal: Terminal) -> Shop:
    path = tmp_path / "busy"
    shutil.copytree(busy_template, path)
    owner = next(one for one in STAFF if one.name == "li")
    secrets = f'counter_passphrase = "{PASSPHRASE}"\n[[staff]]\nname = "li"\nrole = "owner"\npin = "{owner.pin}"\n'
    (path / "secrets.toml").write_text(secrets, encoding="utf-8")
    return Shop(
        terminal=terminal, folder=path / "venue", secrets=path / "secrets.toml", owner_key=path / "owner-key.pem"
    )


def examined(shop: Shop) -> dict[str, Any]:
    """Run `doctor`, without any secret; the checks that are not ok, with what they say."""
    answer = shop.terminal.run("--data", shop.folder, "doctor", "--json")
    found = answer.json
    assert [check["name"] for check in found["checks"]] == CHECKS
    assert answer.status == (0 if found["ok"] else 1)
    assert found["ok"] is all(check["ok"] for check in found["checks"])
    return {check["name"]: check["detail"] for check in found["checks"] if not check["ok"]}


def tamper(shop: Shop, *statements: str) -> None:
    """Change the database with another program, as somebody would who owns the file."""
    connection = sqlite3.connect(shop.folder / "records.db")
    connection.execute("BEGIN")  # One commit for all the triggers.
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount > 0, statement
    connection.commit()
    connection.close()


def test_a_venue_that_lived_honestly_has_nothing_to_find(busy: Shop) -> None:
    before = (busy.folder / "records.db").read_bytes()
    assert examined(busy) == {}
    assert (busy.folder / "records.db").read_bytes() == before


def test_the_day_made_rows_in_every_table_of_facts(busy: Shop) -> None:
    connection = sqlite3.connect(busy.folder / "records.db")
    empty = {
        table.name
        for table in metadata.sorted_tables
        if connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,)
    }
    connection.close()
    assert empty <= {"erasures", "staff_attempts"}


def test_every_fact_is_compared_with_its_entry() -> None:
    facts = {table.name for table in metadata.sorted_tables if kind_of(table) is Kind.FACT}
    assert facts == {told.table.name for told in FACTS} | BESIDE_THE_ENTRY


def test_a_dropped_row_is_found_in_every_table(busy: Shop) -> None:
    tamper(busy)
    engine = sa.create_engine(f"sqlite:///{busy.folder / 'records.db'}")  # Foreign keys are off here.
    for table in (told.table for told in FACTS):
        with engine.connect() as connection:
            key = "rowid" if table.dialect_options["sqlite"]["with_rowid"] else None
            where = f"{key} = (SELECT min({key}) FROM {table.name})" if key else _first_row(table)  # Our own schema.
            assert connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {where}").rowcount == 1  # As above.
            found = list(facts_differing(connection))
            assert any(finding.startswith(f"{table.name}: ") for finding in found), table.name
            connection.rollback()
    engine.dispose()


def _first_row(table: Any) -> str:
    columns = [column.name for column in table.primary_key.columns]
    first = f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {', '.join(columns)} LIMIT 1"  # Our own schema.
    return f"({', '.join(columns)}) = ({first})"


SIGNED_AS_THE_FIRST = (
    "UPDATE checkpoints SET note = substr(note, 1, instr(note, char(10) || char(10)) + 1)"
    " || (SELECT substr(note, instr(note, char(10) || char(10)) + 2) FROM checkpoints ORDER BY size LIMIT 1)"
    " WHERE size > 30"
)


@pytest.mark.parametrize(
    ("statement", "check", "said"),
    [
        ("UPDATE postings SET amount_fen = amount_fen - 1 WHERE account = 'revenue/time'", "facts-as-told", "postings"),
        ("UPDATE settlements SET total_fen = total_fen + 1, time_fen = time_fen + 1", "facts-as-told", "settlements"),
        ("UPDATE settlements SET used_seconds = 60", "facts-as-told", "settlements"),
        ("UPDATE receipts SET job_id = 'x' WHERE number = 1", "facts-as-told", "receipts"),
        ("UPDATE tenders SET kind = 'alipay' WHERE kind = 'wechat'", "facts-as-told", "tenders"),
        ("UPDATE visits SET tier = 'gold' WHERE tier = 'guest'", "facts-as-told", "visits"),
        ("UPDATE visit_events SET at = at + 60000 WHERE kind = 'paused'", "facts-as-told", "visit_events"),
        ("UPDATE order_lines SET quantity = 9", "facts-as-told", "order_lines"),
        ("UPDATE staff_members SET role = 'owner' WHERE number = 3", "facts-as-told", "staff_members"),
        ("UPDATE price_lists SET canonical = replace(canonical, '400', '900')", "facts-as-told", "price_lists"),
        ("UPDATE price_items SET unit_fen = 1 WHERE code = 'cola-330'", "posted-items", "list 1"),
        ("UPDATE venue_settings SET settings = replace(settings, '12315', '12316')", "facts-as-told", "venue_settings"),
        ("UPDATE shift_closings SET counted_fen = 2", "facts-as-told", "shift_closings"),
        ("UPDATE account_balances SET balance_fen = 0 WHERE account = 'safe'", "state", "account_balances"),
        ("UPDATE open_visits SET deposit_fen = 0", "state", "open_visits"),
        ("DELETE FROM open_visits", "state", "open_visits"),
        ("DELETE FROM open_shifts", "state", "open_shifts"),
        ("UPDATE journal SET biz_day = '2026-11-24' WHERE seq = 5", "journal", "5"),
        ("UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), '5000', '4000') AS BLOB)", "journal", ""),
        ("UPDATE journal SET leaf = randomblob(32) WHERE seq = 7", "journal", "7"),
        ("UPDATE tree_nodes SET hash = randomblob(32) WHERE level = 2 AND idx = 1", "tree", "2/1"),
        ("INSERT INTO tree_nodes VALUES (40, 0, randomblob(32))", "tree", "+1"),
        (SIGNED_AS_THE_FIRST, "signed-heads", "signature"),
        ("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", "journal", None),
        ("DELETE FROM journal WHERE seq > 30", "signed-heads", "> 31"),
        ("DELETE FROM journal WHERE seq = 20", "journal", "21"),
        ("UPDATE visits SET entry_id = 'nobody' WHERE seat = 'A09'", "facts-without-entry", "visits: 1"),
        ("UPDATE registrations SET entry_id = 'nobody'", "facts-without-entry", "registrations: 3"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_found(busy: Shop, statement: str, check: str, said: str | None) -> None:
    tamper(busy, statement)
    found = examined(busy)
    assert "guard_" in found["guards"]
    if said is None:
        # The very last entry may have no rows and no head yet: then only an anchor outside shows the cut.
        assert set(found) >= {"guards"}
        return
    assert said in found[check]


def test_a_row_that_no_entry_tells_of_is_found(busy: Shop) -> None:
    """Slipped in under an entry of another type, so that it has one."""
    tamper(
        busy,
        "INSERT INTO receipts (number, shift, job_id, entry_id)"
        " SELECT 99, 1, 'slipped in', entry_id FROM journal WHERE type = 'staff.added' LIMIT 1",
    )
    assert "receipts: " in examined(busy)["facts-as-told"]


def test_foreign_keys_that_lead_nowhere_are_found(busy: Shop) -> None:
    tamper(busy, "DELETE FROM id_checks")
    assert "id_checks" in examined(busy)["foreign-keys"]


def test_a_missing_reserve_is_found(busy: Shop) -> None:
    (busy.folder / "reserve").unlink()
    assert list(examined(busy)) == ["reserve"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps files by access lists")
def test_files_that_others_may_read_are_found(busy: Shop) -> None:
    busy.folder.chmod(0o755)
    (busy.folder / "counter-secrets").chmod(0o644)
    assert examined(busy) == {"file-modes": "venue/, counter-secrets"}


def test_clocks_that_jump_without_a_word_are_found(busy: Shop) -> None:
    def later(data: bytes) -> bytes:
        entry = json.loads(data)
        entry["wall"] += 3_600_000
        return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    connection = sqlite3.connect(busy.folder / "records.db")
    connection.execute("DROP TRIGGER guard_journal_no_update")
    ((seq, data),) = connection.execute("SELECT seq, entry FROM journal WHERE type = 'order.added' LIMIT 1").fetchall()
    connection.execute("UPDATE journal SET entry = ? WHERE seq = ?", (later(data), seq))
    connection.commit()
    connection.close()
    found = examined(busy)
    assert found["clocks"] == f"{seq}, {seq + 1}"
    assert found["journal"] == f"{seq}, {seq + 1}"


def test_a_clock_that_was_set_is_explained_by_its_entry(busy: Shop) -> None:
    clock = SimulatedClock(MONDAY_EVENING - timedelta(days=1))  # Another boot, and the wall went back.
    with open_venue(VenueFolder(path=busy.folder), passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        venue.reserve.give_up()
    answer = busy.terminal.run("--data", busy.folder, "doctor", "--json")
    assert {"name": "clocks", "ok": True, "detail": "1 steps"} in answer.json["checks"]


def test_a_desk_that_writes_from_two_computers_is_noticed(busy: Shop) -> None:
    """The boot that comes again is not this computer's: it is over when the next one begins."""
    for boot in ("one computer", "another", "one computer", "program-1", "program-2", "program-1"):
        clock = SimulatedClock(MONDAY_EVENING + timedelta(days=1), boot=boot)
        with open_venue(VenueFolder(path=busy.folder), passphrase=lambda: PASSPHRASE, clock=clock) as venue:
            venue.reserve.give_up()  # An entry, and another one when it is built again.
    connection = sqlite3.connect(busy.folder / "records.db")
    booted = "SELECT seq FROM journal WHERE type = 'system.booted' ORDER BY seq"
    third = [seq for (seq,) in connection.execute(booted)][-4]
    connection.close()
    answer = busy.terminal.run("--data", busy.folder, "doctor", "--json")
    found = {check["name"]: check for check in answer.json["checks"]}
    assert found["desk-computers"] == {"name": "desk-computers", "ok": True, "detail": f"desk-1 {third}"}


def test_tables_are_listed_with_their_kinds(terminal: Terminal) -> None:
    tables = terminal.run("doctor", "--tables", "--json").json["tables"]
    kinds = {table["name"]: table["kind"] for table in tables}
    assert kinds["journal"] == kinds["checkpoints"] == "journal"
    assert (kinds["postings"], kinds["open_visits"], kinds["registrations"]) == ("fact", "state", "personal")
    assert len(tables) == len(metadata.sorted_tables)


@pytest.mark.parametrize("table", ["open_visits", "account_balances", "open_shifts"])
def test_lost_state_is_rebuilt_from_facts(busy: Shop, table: str) -> None:
    def rows() -> list[Any]:
        connection = sqlite3.connect(busy.folder / "records.db")
        found = connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # Our own schema.
        connection.close()
        return found

    before = rows()
    connection = sqlite3.connect(busy.folder / "records.db")
    connection.execute(f"DELETE FROM {table}")  # Our own schema.
    connection.commit()
    connection.close()
    assert examined(busy) == {"state": table}
    assert busy.run("--json", "doctor", "--repair").error["code"] == "person-needed"
    answer = busy.run("doctor", "--repair", "--as", "li", "--json")
    assert (answer.status, answer.json["ok"]) == (0, True)
    assert rows() == before
    assert _last_entry(busy)["body"] == {"tables": [table]}


def _last_entry(shop: Shop) -> Any:
    connection = sqlite3.connect(shop.folder / "records.db")
    (entry,) = connection.execute("SELECT entry FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    connection.close()
    return json.loads(entry)


def test_a_repair_without_a_fault_writes_nothing_but_the_log_in(busy: Shop) -> None:
    busy.run("doctor", "--repair", "--as", "li")
    assert _last_entry(busy)["type"] == "staff.logged_in"
