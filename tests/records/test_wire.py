"""Statements that travel together to the server: their order, what they carry, and where a refusal comes out."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from records import wire
from records.errors import RefusedByGuardError, StoreLostError
from records.repeating import repeated
from records.schema import desk_clocks, entry_marks, journal, tree_nodes, venue_settings
from records.server_statements import wire_of
from records.statements import Prepared, PreparedInsert
from records.unit_of_work import Records
from tests.servers import ON_A_SERVER

pytestmark = ON_A_SERVER

CLOCKS = Prepared(sa.select(desk_clocks.c.till, desk_clocks.c.boot, desk_clocks.c.wall_ms).order_by(desk_clocks.c.till))
CLOCK = Prepared(sa.select(desk_clocks.c.boot).where(desk_clocks.c.till == sa.bindparam("wanted")))
SET_BOOT = Prepared(desk_clocks.update().where(desk_clocks.c.till == sa.bindparam("wanted")).values(boot="later"))
NODES = Prepared(sa.select(tree_nodes.c.idx, tree_nodes.c.hash).order_by(tree_nodes.c.idx))
ADD_CLOCK = PreparedInsert(desk_clocks)
ADD_NODE = PreparedInsert(tree_nodes)
ADD_ENTRY = PreparedInsert(journal)
LEVEL = Prepared(sa.select(sa.func.current_setting("transaction_isolation").label("level")))


def clock_row(till: str, boot: str = "b") -> dict[str, Any]:
    return {"till": till, "wall_ms": 2**53, "boot": boot, "mono_us": -1, "discipline": "free"}


def test_rows_travel_with_the_next_question_and_in_their_order(records: Records) -> None:
    with records.begin() as work:
        wire = wire_of(work.connection)
        ADD_CLOCK.run(work.connection, [clock_row("desk-7")])
        changed = SET_BOOT.ask(work.connection, wanted="desk-7")
        assert CLOCKS.rows(work.connection) == [("desk-7", "later", 2**53)]
        assert changed.touched() == 1
        ADD_CLOCK.run(work.connection, [clock_row("desk-8")])
        # A statement that SQLAlchemy runs itself comes in its turn, too.
        assert work.execute(sa.select(sa.func.count()).select_from(desk_clocks)).scalar_one() == 2
        wire.exchange()  # With nothing to send it is nothing.


def test_nothing_stays_of_what_was_not_committed(records: Records) -> None:
    with records.begin() as work:
        ADD_CLOCK.run(work.connection, [clock_row("desk-7")])
    with records.begin() as work:
        assert CLOCKS.rows(work.connection) == []


def test_texts_and_bytes_arrive_as_they_are(records: Records) -> None:
    nodes = [{"level": 0, "idx": number, "hash": bytes([0, 92, 255, number])} for number in range(19)]
    with records.begin() as work:
        ADD_NODE.run(work.connection, nodes)  # More than one statement takes.
        ADD_CLOCK.run(work.connection, [clock_row("明价'\\x", boot="")])
        assert [tuple(row) for row in NODES.rows(work.connection)] == [(node["idx"], node["hash"]) for node in nodes]
        assert CLOCKS.rows(work.connection) == [("明价'\\x", "", 2**53)]


def test_a_text_is_never_cut_at_a_zero_byte(records: Records) -> None:
    with records.begin() as work, pytest.raises(psycopg.DataError):
        CLOCK.rows(work.connection, wanted="desk-1\0")


@pytest.mark.parametrize("row", [{"till": 1.5}, {"wall_ms": 1.5}, {"wall_ms": "1"}, {"mono_us": b"1"}, {"boot": 1}])
def test_a_value_of_another_kind_than_its_columns_is_a_mistake(records: Records, row: dict[str, Any]) -> None:
    with records.begin() as work, pytest.raises(TypeError):
        ADD_CLOCK.run(work.connection, [{**clock_row("desk-7"), **row}])
    with records.begin() as work, pytest.raises(TypeError):
        CLOCK.rows(work.connection, wanted=1)
    with records.begin() as work, pytest.raises(TypeError):
        ADD_NODE.run(work.connection, [{"level": 0, "idx": 0, "hash": 5}])


def test_a_parameter_that_has_no_type_is_a_mistake(records: Records) -> None:
    with records.begin() as work, pytest.raises(TypeError, match="takes a NullType"):
        Prepared(sa.select(sa.func.lower(sa.bindparam("word")).label("low"))).rows(work.connection, word="A")


def test_a_question_asked_ahead_is_answered_once(records: Records) -> None:
    with records.begin() as work:
        CLOCK.ahead(work.connection, wanted="desk-7")
        CLOCK.ahead(work.connection, wanted="desk-7")
        ADD_CLOCK.run(work.connection, [clock_row("desk-7")])
        assert CLOCK.rows(work.connection, wanted="desk-7") == []  # As it was when it was asked.
        assert CLOCK.rows(work.connection, wanted="desk-7") == [("b",)]


def test_an_answer_asked_ahead_is_not_kept_for_the_next_transaction(records: Records) -> None:
    with records.begin() as work:
        CLOCK.ahead(work.connection, wanted=records.till)
        work.entry("venue.changed", {})
        work.commit()
    with records.begin() as work:
        assert CLOCK.one(work.connection, wanted=records.till).boot == work.reading.boot


def test_a_refusal_comes_with_the_next_question_and_ends_the_transaction(records: Records) -> None:
    def leave_a_gap() -> None:
        with records.begin() as work:
            row = {"seq": 5, "entry_id": "x", "type": "t", "biz_day": "d", "wall": work.now, "entry": b"", "leaf": b""}
            ADD_ENTRY.run(work.connection, [row])
            later = CLOCKS.ask(work.connection)
            with pytest.raises(psycopg.IntegrityError):
                CLOCKS.rows(work.connection)
            with pytest.raises(psycopg.errors.InFailedSqlTransaction):
                later.rows()
            CLOCKS.rows(work.connection)

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        leave_a_gap()
    with records.begin() as work:
        assert CLOCKS.rows(work.connection) == []


def test_a_refusal_at_the_commit_leaves_no_trace(records: Records) -> None:
    def refer_to_nothing() -> None:
        with records.begin() as work:
            entry = work.entry("venue.changed", {})
            work.insert(venue_settings, {"version": 1, "settings": "{}"}, entry=entry)
            PreparedInsert(entry_marks).run(work.connection, [{"entry_id": "nobody's"}])
            work.commit()

    with pytest.raises(sa.exc.IntegrityError) as refused:
        refer_to_nothing()
    assert isinstance(refused.value.orig, psycopg.errors.ForeignKeyViolation)
    assert "nobody's" not in str(refused.value)
    with records.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == 0


def test_a_guards_refusal_at_the_commit_is_told_by_its_name(records: Records) -> None:
    def leave_a_gap() -> None:
        with records.begin() as work:
            work.entry("venue.changed", {})
            row = {"seq": 5, "entry_id": "x", "type": "t", "biz_day": "d", "wall": work.now, "entry": b"", "leaf": b""}
            work.when_numbered(lambda: ADD_ENTRY.run(work.connection, [row]))
            work.commit()

    with pytest.raises(RefusedByGuardError) as refused:
        leave_a_gap()
    assert refused.value.guard == "guard_journal_gap"


def test_what_is_prepared_outlives_a_rollback(records: Records) -> None:
    prepared = "SELECT count(*) FROM pg_prepared_statements"
    with records.begin() as work:
        CLOCKS.rows(work.connection)
        before = work.connection.exec_driver_sql(prepared).scalar_one()
    assert before > 1
    with records.begin() as work:
        assert work.connection.exec_driver_sql(prepared).scalar_one() >= before


def test_a_connection_whose_statements_are_outdated_is_made_anew(records: Records) -> None:
    with records.begin() as work:
        CLOCKS.rows(work.connection)
    tries: list[int] = []

    @repeated
    def look() -> list[Any]:
        tries.append(len(tries))
        with records.begin() as work:
            if len(tries) == 1:
                work.connection.exec_driver_sql("DEALLOCATE ALL")
            return CLOCKS.rows(work.connection)

    assert look() == []
    assert len(tries) == 2


def test_reading_is_one_state_that_cannot_write(records: Records) -> None:
    with records.reading() as connection:
        assert LEVEL.one(connection).level == "repeatable read"
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            SET_BOOT.run(connection, wanted="desk-1")
    with records.begin() as work:
        assert LEVEL.one(work.connection).level == "read committed"


def test_units_follow_each_other_on_one_connection_until_it_is_let_go(records: Records) -> None:
    def line_of_a_unit() -> Any:
        with records.begin() as work:
            return work.connection.connection.driver_connection

    def fail() -> None:
        with records.begin() as work:
            ADD_CLOCK.run(work.connection, [clock_row("desk-7")])
            raise LookupError

    first = line_of_a_unit()
    assert line_of_a_unit() is first
    with pytest.raises(LookupError):
        fail()
    with records.begin() as one, records.reading() as other:  # Nobody else has it meanwhile.
        both = {line.connection.driver_connection for line in (one.connection, other)}
    assert len(both) == 2
    assert first in both
    records.engine.dispose()
    assert all(driver is not None and driver.closed for driver in both)


def test_sums_are_whole_numbers_and_the_driver_prepares_nothing_by_itself(records: Records) -> None:
    with records.begin() as work:
        ADD_CLOCK.run(work.connection, [clock_row("desk-7")])
        total = work.execute(sa.select(sa.func.sum(desk_clocks.c.wall_ms))).scalar_one()
        assert (type(total), total) == (int, 2**53)
        driver = work.connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        assert driver.prepare_threshold is None


def test_a_lost_connection_is_told_as_such(records: Records) -> None:
    def lose() -> None:
        with records.begin() as work:
            work.connection.connection.driver_connection.close()  # type: ignore[union-attr]  # It is there.
            CLOCKS.rows(work.connection)

    with pytest.raises(StoreLostError):
        lose()


def test_a_wait_for_the_disk_that_ends_in_a_refusal_is_a_lost_connection(records: Records) -> None:
    """What commits by itself is refused only at its end, when every answer has come."""
    row = [wire.Question(statement=wire.Statement(name=b"mj_nobodys", sql=b"INSERT INTO entry_marks VALUES ('x')"))]
    with records.engine.connect() as connection, pytest.raises(psycopg.OperationalError, match="on the disk"):
        wire_of(connection)._run(row)
