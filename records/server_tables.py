"""What keeps a PostgreSQL schema's tables as declared beside guards and grants, and what does not belong there.

An owner can drop a constraint in one statement, or add a trigger, a rule or a policy that swallows or changes rows.
Each such thing has a name here; `set_up` puts it right, as the owner. On SQLite a table cannot lose a constraint
without being written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint

from records.carried import constraints_of, is_carried, name_of

Guards = AbstractSet[tuple[str, str]]
"""Table and trigger of every guard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Repair:
    """What is amiss, and what puts it right."""

    name: str
    statement: str


def amiss(connection: sa.Connection, metadata: sa.MetaData, *, guards: Guards) -> list[str]:
    """Name the constraints that are absent or say something else, and what changes or hides rows beside the guards."""
    return [repair.name for repair in _repairs(connection, metadata, guards)]


def set_up(connection: sa.Connection, metadata: sa.MetaData, *, guards: Guards) -> None:
    """Put right what is amiss, as the owner. What cannot be, for rows break it by now, goes on being named."""
    for repair in _repairs(connection, metadata, guards):
        with suppress(sa.exc.DBAPIError), connection.begin_nested():
            connection.exec_driver_sql(repair.statement)


def _repairs(connection: sa.Connection, metadata: sa.MetaData, guards: Guards) -> list[_Repair]:
    return [*_strangers(connection, guards), *_not_null(connection, metadata), *_constraints(connection, metadata)]


def _constraints(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[_Repair]:
    found = {(row.relname, row.conname): row for row in connection.exec_driver_sql(_CONSTRAINTS)}
    otherwise = _checks_amiss(connection, metadata, found)
    for table in metadata.sorted_tables:
        for constraint in _declared(table):
            name = name_of(constraint)
            there = found.get((table.name, name))
            if there is None:
                yield _Repair(name=name, statement=_adding(connection.dialect, table, constraint, name))
            elif not _is_meant(constraint, there) or (table.name, name) in otherwise:
                adding = _adding(connection.dialect, table, constraint, name)
                yield _Repair(name=name, statement=f"ALTER TABLE {table.name} DROP CONSTRAINT {name}; {adding}")
            elif not there.convalidated:
                yield _Repair(name=name, statement=f"ALTER TABLE {table.name} VALIDATE CONSTRAINT {name}")


def _is_meant(constraint: sa.Constraint, there: sa.Row[Any]) -> bool:
    """Whether what bears a constraint's name is of its kind, of its columns, and refers to what it should."""
    if isinstance(constraint, sa.ForeignKeyConstraint):
        referred = constraint.referred_table.name, [element.column.name for element in constraint.elements]
        return (
            there.contype == "f"
            and there.columns == list(constraint.column_keys)
            and (there.referred, there.referred_columns) == referred
            and (there.condeferrable, there.condeferred)
            == (bool(constraint.deferrable), constraint.initially == "DEFERRED")
            and there.on_change == "aa"  # NO ACTION, whatever becomes of the row referred to.
        )
    if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
        kind = "p" if isinstance(constraint, sa.PrimaryKeyConstraint) else "u"
        columns = [column.name for column in constraint.columns]
        return (there.contype, there.columns, there.condeferrable) == (kind, columns, False)
    return bool(there.contype == "c")


def _checks_amiss(
    connection: sa.Connection, metadata: sa.MetaData, found: Mapping[tuple[str, str], sa.Row[Any]]
) -> set[tuple[str, str]]:
    """The CHECKs, by table and name, that say something else than what is declared.

    The server writes both conditions down in its own way, from the plan of a query that holds both: so no version of it
    matters, and no right is needed but to read. What calls a function of somebody's own is not even planned.
    """
    amiss: set[tuple[str, str]] = set()
    compared: dict[str, list[tuple[str, str, str]]] = {}
    for table in metadata.sorted_tables:
        for constraint in _declared(table):
            name = name_of(constraint)
            there = found.get((table.name, name))
            if not isinstance(constraint, sa.CheckConstraint) or there is None or there.contype != "c":
                continue
            if there.calls_strangers:
                amiss.add((table.name, name))
            else:
                compared.setdefault(table.name, []).append((name, str(constraint.sqltext), there.condition))
    written = _written_by_server(connection, {table: [pair[1:] for pair in pairs] for table, pairs in compared.items()})
    for table_name, pairs in compared.items():
        texts = written.get(table_name)  # None where a policy hides every row, and nothing of the table is planned.
        for place, (name, _, _) in enumerate(pairs):
            if texts is None or texts[2 * place] != texts[2 * place + 1]:
                amiss.add((table_name, name))
    return amiss


def _written_by_server(
    connection: sa.Connection, conditions: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, list[str]]:
    """Conditions on each table's rows, pair after pair, as the server writes them."""
    width = max(map(len, conditions.values()), default=0)
    selects = []
    for table, pairs in conditions.items():
        columns = [f"({condition})" for pair in pairs for condition in pair]
        columns += ["NULL::boolean"] * (2 * width - len(columns))
        selects.append(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608  # Our own names and the server's words.
    if not selects:
        return {}
    plan = connection.exec_driver_sql(f"EXPLAIN (VERBOSE, FORMAT JSON) {' UNION ALL '.join(selects)}").scalar_one()
    return {node["Relation Name"]: node["Output"] for node in _nodes(plan[0]["Plan"]) if "Relation Name" in node}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _adding(dialect: sa.Dialect, table: sa.Table, constraint: sa.Constraint, name: str) -> str:
    if isinstance(constraint, sa.CheckConstraint):  # A column's own knows of no table.
        return f"ALTER TABLE {table.name} ADD CONSTRAINT {name} CHECK ({constraint.sqltext})"
    return str(AddConstraint(constraint, isolate_from_table=False).compile(dialect=dialect))


def _declared(table: sa.Table) -> list[sa.Constraint]:
    """A table's constraints but for those that a guard carries."""
    return [constraint for constraint in constraints_of(table) if not is_carried(table, constraint)]


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


# What the server itself brings stands in no dependency: one on anything but tables is on something of a stranger's.
_CONSTRAINTS: Final = """
SELECT c.relname, k.conname, k.contype, k.convalidated, k.condeferrable, k.condeferred,
    ARRAY(
        SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS n (number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number ORDER BY n.place
    ) AS columns,
    r.relname AS referred,
    ARRAY(
        SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS n (number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number ORDER BY n.place
    ) AS referred_columns,
    k.confupdtype::text || k.confdeltype::text AS on_change,
    pg_get_expr(k.conbin, k.conrelid) AS condition,
    EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
        AND d.refclassid <> 'pg_class'::regclass
    ) AS calls_strangers
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class r ON r.oid = k.confrelid
WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('c', 'f', 'p', 'u')
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
