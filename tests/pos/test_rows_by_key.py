"""On a server a desk looks rows up by their keys: none of its statements reads a growing table whole."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, Final

import pytest

from records.schema import Kind, kind_of, metadata
from records.server_statements import ServerStatement
from records.statements import Prepared
from records.unit_of_work import Records
from tests.conftest import import_all_tables
from tests.servers import ON_A_SERVER

import_all_tables()
pytestmark = ON_A_SERVER

GROWING: Final = {table.name for table in metadata.sorted_tables if kind_of(table) is not Kind.STATE}

# What asks for everything, or for a month of it: every list, every open visit of the floor, the lowest price paid.
ASKING_FOR_ALL: Final = {
    "billing.board_postings._FIRST",
    "billing.price_history._LOWEST_PAID",
    "billing.publication._ALL",
    "billing.repository._ALL_VISITS",
    "billing.seats_out_of_use._ALL_CLOSED",
    "billing.shifts._ALL_OPEN",
}


def prepared() -> Iterator[tuple[str, Prepared]]:
    for package in ("records", "staff", "privacy", "members", "billing", "compliance", "pos"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.startswith(("compliance.verify.", "records.migrations.")):  # They run by themselves.
                for name, value in vars(importlib.import_module(module.name)).items():
                    if isinstance(value, Prepared):
                        yield f"{module.name}.{name}", value


def whole(plan: dict[str, Any]) -> Iterator[str]:
    """The growing tables that a plan reads from end to end; what is limited stops at its first row."""
    if plan["Node Type"] == "Limit":
        return
    if plan.get("Relation Name") in GROWING and not plan.keys() & {"Index Cond", "Recheck Cond"}:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from whole(part)


def test_no_statement_of_a_desk_reads_a_growing_table_whole(records: Records) -> None:
    reading = {}
    with records.begin() as work:
        if work.connection.dialect.server_version_info < (16,):  # type: ignore[operator]  # It is connected.
            pytest.skip("an older server tells no plan for values that come later")
        for name, statement in prepared():
            sent = ServerStatement(statement._statement, work.connection.dialect)._statement.sql.decode()
            plan = work.connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {sent}").scalar_one()
            if tables := sorted(set(whole(plan[0]["Plan"]))):
                reading[name] = tables
    assert reading.keys() == ASKING_FOR_ALL, reading
