"""Which constraints of a table its guards carry on a PostgreSQL server, and as which conditions.

A server parses the text of each CHECK anew for each statement, and looks each reference of each row up in a run of its
own. Of a table that is written at once (`records.schema.fact_table`) one question says the same of all its rows. It
takes nothing away: such rows never change, what they refer to only grows, and a guard, unlike a reference, is not
switched off by `session_replication_role`. Of state that each settlement adds to, the guards on INSERT and UPDATE ask
the CHECKs alone, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from records.errors import RefusedByGuardError
from records.guards import Guard

_PREPARER: Final = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]  # SQLAlchemy's.
_TEXT_OR_NAME: Final = re.compile(r"'[^']*'|\w+")


def constraints_of(table: sa.Table) -> list[sa.Constraint]:
    """A table's constraints, keys before the references that may rest on them."""
    of_columns = {constraint for column in table.columns for constraint in column.constraints}
    return sorted(table.constraints | of_columns, key=lambda one: isinstance(one, sa.ForeignKeyConstraint))


def name_of(constraint: sa.Constraint) -> str:
    """The name under which a server knows a constraint."""
    return str(_PREPARER.format_constraint(constraint))


def is_carried(table: sa.Table, constraint: sa.Constraint) -> bool:
    """Tell whether a guard stands for this constraint: for all but the keys, or (of state) for CHECKs alone."""
    kinds = (sa.CheckConstraint, sa.ForeignKeyConstraint) if table.info.get("at_once") else (sa.CheckConstraint,)
    return bool(_events(table)) and isinstance(constraint, kinds)


def carried_guards(metadata: sa.MetaData) -> Iterator[Guard]:
    """Yield the refusals that stand for constraints and that no rule speaks already, a table's by their names."""
    for table in metadata.sorted_tables:
        for event in _events(table):
            yield from (guard for guard in _carried(table, event) if guard.name not in table.info.get("implied", ()))


def require_kept(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Look at every row that was copied while no guard stood. Raises RefusedByGuardError for one that breaks a rule."""
    for guard in (guard for table in metadata.sorted_tables for guard in _carried(table, "INSERT")):
        broken = f"SELECT EXISTS (SELECT 1 FROM {guard.table} AS new WHERE {guard.condition})"  # noqa: S608  # Names of our own schema.
        if connection.exec_driver_sql(broken).scalar_one():
            raise RefusedByGuardError(guard=guard.trigger)


def _events(table: sa.Table) -> tuple[str, ...]:
    """The events at which a table's guards carry constraints: rows that are written at once never change."""
    if table.info.get("at_once"):
        return ("INSERT",)
    return ("INSERT", "UPDATE") if table.info.get("guards_check") else ()


def _carried(table: sa.Table, event: str) -> list[Guard]:
    carried = [_guard(table, one, event) for one in constraints_of(table) if is_carried(table, one)]
    return sorted(carried, key=attrgetter("name"))


def _guard(table: sa.Table, constraint: sa.Constraint, event: str) -> Guard:
    name = name_of(constraint)
    if isinstance(constraint, sa.CheckConstraint):
        broken = f"NOT ({_of_new(str(constraint.sqltext), table)})"
        return Guard(table=table.name, name=name, event=event, condition=broken)
    assert isinstance(constraint, sa.ForeignKeyConstraint)
    other = constraint.referred_table.name
    pairs = [(element.parent, element.column) for element in constraint.elements]
    same = " AND ".join(f"{other}.{theirs.name} = NEW.{own.name}" for own, theirs in pairs)
    missing = f"(SELECT 1 FROM {other} WHERE {same}) IS NULL"  # noqa: S608  # Names of our own schema.
    given = " AND ".join(f"NEW.{own.name} IS NOT NULL" for own, _ in pairs if own.nullable)
    broken = f"{given} AND {missing}" if given else missing
    return Guard(table=table.name, name=name, event=event, condition=broken, only_when=given or None)


def _of_new(check: str, table: sa.Table) -> str:
    """A CHECK's text, with its columns as those of the new row."""
    return _TEXT_OR_NAME.sub(lambda found: f"NEW.{found[0]}" if found[0] in table.columns else found[0], check)
