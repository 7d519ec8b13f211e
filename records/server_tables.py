"""What keeps a PostgreSQL schema's tables as declared beside guards and grants, and what does not belong there.

An owner can drop a constraint in one statement, or add a trigger, a rule or a policy that swallows or changes rows.
Each such thing has a name here; `set_up` puts it right, as the owner. On SQLite a table cannot lose a constraint
without being written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint

Guards = AbstractSet[tuple[str, str]]
"""Table and trigger of every guard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Repair:
    """What is amiss, and what puts it right."""

    name: str
    statement: str


def amiss(connection: sa.Connection, metadata: sa.MetaData, *, guards: Guards) -> list[str]:
    """Name the constraints that are absent, and what changes or hides rows beside the guards."""
    return [repair.name for repair in _repairs(connection, metadata, guards)]


def set_up(connection: sa.Connection, metadata: sa.MetaData, *, guards: Guards) -> None:
    """Put right what is amiss, as the owner. What cannot be, for rows break it by now, goes on being named."""
    for repair in _repairs(connection, metadata, guards):
        with suppress(sa.exc.DBAPIError), connection.begin_nested():
            connection.exec_driver_sql(repair.statement)


def _repairs(connection: sa.Connection, metadata: sa.MetaData, guards: Guards) -> list[_Repair]:
    return [*_strangers(connection, guards), *_not_null(connection, metadata), *_constraints(connection, metadata)]


def _constraints(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[_Repair]:
    found = {(row.relname, row.conname): row.convalidated for row in connection.exec_driver_sql(_CONSTRAINTS)}
    preparer = connection.dialect.identifier_preparer
    for table in metadata.sorted_tables:
        for constraint in _declared(table):
            name = str(preparer.format_constraint(constraint))
            is_valid = found.get((table.name, name))
            if is_valid is None:
                yield _Repair(name=name, statement=_adding(connection.dialect, table, constraint, name))
            elif not is_valid:
                yield _Repair(name=name, statement=f"ALTER TABLE {table.name} VALIDATE CONSTRAINT {name}")


def _adding(dialect: sa.Dialect, table: sa.Table, constraint: sa.Constraint, name: str) -> str:
    if isinstance(constraint, sa.CheckConstraint):  # A column's own knows of no table.
        return f"ALTER TABLE {table.name} ADD CONSTRAINT {name} CHECK ({constraint.sqltext})"
    return str(AddConstraint(constraint, isolate_from_table=False).compile(dialect=dialect))


def _declared(table: sa.Table) -> list[sa.Constraint]:
    """A table's constraints, keys before the references that may rest on them."""
    of_columns = {constraint for column in table.columns for constraint in column.constraints}
    return sorted(table.constraints | of_columns, key=lambda one: isinstance(one, sa.ForeignKeyConstraint))


def _not_null(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[_Repair]:
    nullable = {tuple(row) for row in connection.exec_driver_sql(_NULLABLE)}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not column.nullable and (table.name, column.name) in nullable:
                yield _Repair(
                    name=f"not_null_{table.name}_{column.name}",
                    statement=f"ALTER TABLE {table.name} ALTER COLUMN {column.name} SET NOT NULL",
                )


def _strangers(connection: sa.Connection, guards: Guards) -> Iterator[_Repair]:
    quote = connection.dialect.identifier_preparer.quote
    for row in connection.exec_driver_sql(_STRANGERS):
        if (row.relname, row.name) in guards:
            continue
        table, name = quote(row.relname), quote(row.name)
        statement = {
            "trigger": f"DROP TRIGGER {name} ON {table}",
            "rule": f"DROP RULE {name} ON {table}",
            "policies": f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
            "unlogged": f"ALTER TABLE {table} SET LOGGED",
        }[row.kind]
        yield _Repair(name=f"{row.kind}_{row.name}", statement=statement)


_CONSTRAINTS: Final = """
SELECT c.relname, k.conname, k.convalidated FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = current_schema()::regnamespace
"""

_NULLABLE: Final = """
SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull
"""

_STRANGERS: Final = """
SELECT c.relname, 'trigger' AS kind, t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT c.relname, 'rule', r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
UNION ALL
SELECT c.relname, 'policies', c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND (c.relrowsecurity OR c.relforcerowsecurity)
UNION ALL
SELECT c.relname, 'unlogged', c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relpersistence <> 'p'
ORDER BY 2, 1, 3
"""
