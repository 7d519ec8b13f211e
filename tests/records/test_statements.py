"""Prepared statements do what the Core statements do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from records.clock import SimulatedClock
from records.schema import journal, venue_settings
from records.statements import Prepared, PreparedInsert
from records.unit_of_work import Records

WALLS = Prepared(sa.select(journal.c.seq, journal.c.wall).where(journal.c.seq >= sa.bindparam("first")))


def write(records: Records, how_many: int) -> None:
    for _ in range(how_many):
        with records.begin() as work:
            work.entry("venue.changed", {})
            work.commit()


def test_rows_are_named_and_converted_like_those_of_core(records: Records, clock: SimulatedClock) -> None:
    write(records, 3)
    with records.reading() as connection:
        rows = WALLS.rows(connection, first=1)
        assert [(row.seq, row.wall) for row in rows] == [(1, clock.read().at), (2, clock.read().at)]
        core = connection.execute(sa.select(journal.c.seq, journal.c.wall).where(journal.c.seq >= 1)).all()
        assert [tuple(row) for row in rows] == [tuple(row) for row in core]


def test_a_single_row_is_one_or_none(records: Records) -> None:
    write(records, 2)
    with records.reading() as connection:
        assert WALLS.one(connection, first=1).seq == 1
        assert WALLS.one(connection, first=9) is None
        with pytest.raises(ValueError, match="more than one row"):
            WALLS.one(connection, first=0)


def test_a_forgotten_parameter_is_a_mistake(records: Records) -> None:
    with records.reading() as connection, pytest.raises(ValueError, match="needs first"):
        WALLS.rows(connection)


def test_a_column_that_does_not_exist_is_a_mistake(records: Records) -> None:
    insert = PreparedInsert(venue_settings)
    with records.begin() as work, pytest.raises(ValueError, match=r"no column \['colour'\]"):
        insert.run(work.connection, [{"version": 1, "settings": "{}", "entry_id": "x", "colour": 1}])
