"""The guards and grants of a PostgreSQL schema: written by the role that owns it, looked at by the one that works.

One function for each table and event holds that event's refusals, and is asked for each row; of tables that are written
at once, after each statement for all its rows. It finds tables by the venue's schema alone, whatever
the caller's search path, and its trigger is ENABLE ALWAYS, so that `session_replication_role` leaves it on. No guard
against REPLACE is needed: here a second row of the same key is refused by the key, and ON CONFLICT … DO UPDATE is an
UPDATE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Final

import sqlalchemy as sa

from records import server_tables
from records.carried import carried_guards
from records.errors import RoleTooMightyError
from records.guards import Guard, guards_of
from records.schema import Kind, kind_of

_REPLACING: Final = "no_replace_"
_EVENTS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16}
_BEFORE_EACH_ROW: Final = 1 + 2
_BEFORE_TRUNCATE: Final = 2 + 32
_ADDED: Final = "added"
_OF_NEW: Final = re.compile(r"\bNEW\.(\w+)")
_VERSION_TABLE: Final = "alembic_version"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trigger:
    """A trigger and its function, of the same name."""

    table: str
    event: str
    body: str
    is_at_once: bool = False

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.event.lower()}"

    @property
    def type_bits(self) -> int:
        if self.event == "TRUNCATE":
            return _BEFORE_TRUNCATE
        return _EVENTS[self.event] + (0 if self.is_at_once else _BEFORE_EACH_ROW)

    @property
    def new_rows(self) -> str | None:
        """The name under which the function finds a statement's rows."""
        return _ADDED if self.is_at_once else None

    def statements(self, schema: str) -> Iterator[str]:
        when = "AFTER" if self.is_at_once else "BEFORE"
        rows = f" REFERENCING NEW TABLE AS {self.new_rows}" if self.is_at_once else ""
        each = "STATEMENT" if self.is_at_once or self.event == "TRUNCATE" else "ROW"
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = {schema}, pg_temp AS $guard${self.body}$guard$"
        )
        yield f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}"
        yield (
            f"CREATE TRIGGER {self.name} {when} {self.event} ON {self.table}{rows}"
            f" FOR EACH {each} EXECUTE FUNCTION {self.name}()"
        )
        yield f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}"


def _triggers_of(metadata: sa.MetaData) -> tuple[_Trigger, ...]:
    return _triggers_of_tables(metadata, len(metadata.tables))


@cache
def _triggers_of_tables(metadata: sa.MetaData, _tables: int) -> tuple[_Trigger, ...]:
    needed = sorted(
        [guard for guard in guards_of(metadata) if not guard.name.startswith(_REPLACING)] + [*carried_guards(metadata)],
        key=attrgetter("table", "event"),
    )
    triggers = [
        _trigger(metadata.tables[table], event, list(guards))
        for (table, event), guards in groupby(needed, key=attrgetter("table", "event"))
    ]
    protected = [table.name for table in metadata.sorted_tables if kind_of(table) is not Kind.STATE]
    return (
        *triggers,
        *[_Trigger(table=name, event="TRUNCATE", body=_refusal(f"guard_{name}_truncate", None)) for name in protected],
    )


def _trigger(table: sa.Table, event: str, guards: Sequence[Guard]) -> _Trigger:
    if event == "INSERT" and table.info.get("at_once"):
        return _Trigger(table=table.name, event=event, body=_body_at_once(table, guards), is_at_once=True)
    return _Trigger(table=table.name, event=event, body=_body(guards, event))


def _body_at_once(table: sa.Table, guards: Sequence[Guard]) -> str:
    """Ask whether any of the added rows is refused, and only then for which reason. NEW is each row in turn."""
    asked = list(dict.fromkeys(guard.only_when or guard.condition or "" for guard in guards))
    question = _asked_of_several(asked) if len(table.primary_key.columns) > 1 else _any(_ADDED, asked)
    refusals = "".join(
        f"\n  IF {_any(_ADDED, [g.condition or ''])} THEN\n    {_said(g.trigger)}\n  END IF;" for g in guards
    )
    return f"\n#variable_conflict use_column\nBEGIN\n  IF {question} THEN{refusals}\n  END IF;\n  RETURN NULL;\nEND\n"


def _asked_of_several(conditions: Sequence[str]) -> str:
    """A question that looks things up once for all rows that are alike in them: those of one entry mostly are."""
    looked_up = [condition for condition in conditions if "SELECT" in condition]
    of_values = [condition for condition in conditions if condition not in looked_up]
    columns = dict.fromkeys(_OF_NEW.findall(" ".join(looked_up)))
    alike = f"(SELECT DISTINCT {', '.join(columns)} FROM {_ADDED})"  # noqa: S608  # Names of our own schema.
    return f"{_any(_ADDED, of_values)} OR {_any(alike, looked_up)}"


def _any(rows: str, conditions: Sequence[str]) -> str:
    any_of_them = " OR ".join(f"({condition})" for condition in conditions)
    return f"EXISTS (SELECT 1 FROM {rows} AS new WHERE {any_of_them})"  # noqa: S608  # Names of our own schema.


def _body(refusing: Sequence[Guard], event: str) -> str:
    refusals = "".join(_refusal(guard.trigger, guard.condition) for guard in refusing)
    conditions = [guard.condition for guard in refusing if guard.condition is not None]
    if len(conditions) == len(refusing) > 1:
        # Asked as one question, and again one by one only where something may be refused: each costs a run of its own,
        # and every part of a question costs, whether or not it comes to that.
        asked = dict.fromkeys(guard.only_when or guard.condition for guard in refusing)
        refusals = f"\n  IF {' OR '.join(f'({condition})' for condition in asked)} THEN{refusals}\n  END IF;"
    return f"\nBEGIN{refusals}\n  RETURN {'OLD' if event == 'DELETE' else 'NEW'};\nEND\n"


def _refusal(name: str, condition: str | None) -> str:
    # The condition stands in parentheses, for the THEN of a CASE in it would end the IF.
    said = _said(name)
    if name.endswith("_truncate"):
        return f"\nBEGIN\n  {said}\nEND\n"
    return f"\n  {said}" if condition is None else f"\n  IF ({condition}) THEN\n    {said}\n  END IF;"


def _said(name: str) -> str:
    # 23000 is integrity_constraint_violation, so that a driver tells a refusal from a mistake.
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = '23000';"


def install(connection: sa.Connection, metadata: sa.MetaData, *, program: str) -> None:
    """Write every guard and the program's grants anew, as the owner. Raises RoleTooMightyError."""
    if _is_mighty(connection, program):
        raise RoleTooMightyError(role=program)
    schema = _schema_of(connection)
    statements = [line for trigger in _triggers_of(metadata) for line in trigger.statements(schema)]
    statements += _grants(metadata, schema=schema, program=_quoted(program))
    cursor = connection.connection.cursor()
    cursor.execute(";\n".join(statements))
    cursor.close()
    server_tables.set_up(connection, metadata, guards=_names_of(metadata))


def remove(connection: sa.Connection) -> None:
    """Drop every guard, as the owner, for a migration that writes tables anew; `install` follows in its transaction."""
    for row in connection.exec_driver_sql(_TRIGGERS).all():
        if row.tgname == row.proname:  # Any other is a stranger's, who may have called it a guard.
            name = _quoted(row.tgname)
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {row.relname}")
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def missing(connection: sa.Connection, metadata: sa.MetaData, *, program: str | None = None) -> list[str]:
    """Name the guards that are absent or differ, and the rights that `program` lacks or has too many; changes nothing.

    Without `program` it is about the role that is connected. Raises RoleTooMightyError for one that owns the tables.
    """
    role = program or str(connection.exec_driver_sql("SELECT current_user").scalar_one())
    if _is_mighty(connection, role):
        raise RoleTooMightyError(role=role)
    return [
        *_triggers_amiss(connection, metadata),
        *server_tables.amiss(connection, metadata, guards=_names_of(metadata)),
        *_grants_amiss(connection, metadata, role),
    ]


def _names_of(metadata: sa.MetaData) -> set[tuple[str, str]]:
    return {(trigger.table, trigger.name) for trigger in _triggers_of(metadata)}


def _triggers_amiss(connection: sa.Connection, metadata: sa.MetaData) -> list[str]:
    path = f"search_path={_schema_of(connection)}, pg_temp"
    rows = connection.exec_driver_sql(_TRIGGERS).all()
    found = {
        (row.relname, row.tgname): (row.tgenabled, row.tgtype, row.tgnewtable, row.prosrc, row.proconfig)
        for row in rows
    }
    amiss = [
        trigger.name
        for trigger in _triggers_of(metadata)
        if found.get((trigger.table, trigger.name)) != ("A", trigger.type_bits, trigger.new_rows, trigger.body, [path])
    ]
    return amiss + sorted({f"references_{name}" for name in connection.exec_driver_sql(_REFERENCES_OFF).scalars()})


def _grants_amiss(connection: sa.Connection, metadata: sa.MetaData, role: str) -> list[str]:
    held = {tuple(row) for row in connection.exec_driver_sql(_RIGHTS, {"role": role})}
    wanted = {right for table in metadata.sorted_tables for right in _rights(table)}
    wanted.add((_VERSION_TABLE, "SELECT", ""))
    return sorted(
        "_".join(part for part in ("grant", table, right.lower(), column) if part)
        for table, right, column in held.symmetric_difference(wanted)
    )


def _rights(table: sa.Table) -> Iterator[tuple[str, str, str]]:
    """Yield what the program may do with a table: (table, right, column of an UPDATE)."""
    kind = kind_of(table)
    yield table.name, "SELECT", ""
    yield from ((table.name, "UPDATE", column) for column in _changeable(table))
    if table.name == "journal_head":
        return  # One row, made by the migration.
    yield table.name, "INSERT", ""
    if kind in {Kind.STATE, Kind.PERSONAL}:
        yield table.name, "DELETE", ""


def _changeable(table: sa.Table) -> list[str]:
    if kind_of(table) is Kind.STATE:
        return [column.name for column in table.columns if not column.primary_key]
    return list(table.info.get("changeable", ()))


def _grants(metadata: sa.MetaData, *, schema: str, program: str) -> Iterator[str]:
    yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {program}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {program}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {program}"
    yield f"GRANT SELECT ON {_VERSION_TABLE} TO {program}"
    for table in metadata.sorted_tables:
        rights = [right for _, right, column in _rights(table) if not column]
        if columns := _changeable(table):
            rights.append(f"UPDATE ({', '.join(columns)})")
        yield f"GRANT {', '.join(rights)} ON {table.name} TO {program}"


def _is_mighty(connection: sa.Connection, role: str) -> bool:
    mighty: bool = connection.exec_driver_sql(_MIGHTY, {"role": role}).scalar_one()
    return mighty


def _schema_of(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_TRIGGERS: Final = """
SELECT c.relname, t.tgname, t.tgenabled, t.tgtype, t.tgnewtable, p.proname, p.prosrc, p.proconfig
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""

# The triggers that the server itself keeps for foreign keys.
_REFERENCES_OFF: Final = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgisinternal AND t.tgenabled <> 'O' AND c.relnamespace = current_schema()::regnamespace
"""

_RIGHTS: Final = """
SELECT c.relname, r.name, '' FROM pg_class c,
    (VALUES ('SELECT'), ('INSERT'), ('DELETE'), ('TRUNCATE'), ('TRIGGER'), ('REFERENCES')) AS r (name)
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    AND has_table_privilege(%(role)s, c.oid, r.name)
UNION ALL
SELECT c.relname, 'UPDATE', a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    AND has_column_privilege(%(role)s, c.oid, a.attnum, 'UPDATE')
UNION ALL
SELECT 'schema', 'CREATE', '' WHERE has_schema_privilege(%(role)s, current_schema(), 'CREATE')
UNION ALL
SELECT 'session_replication_role', 'SET', ''
WHERE has_parameter_privilege(%(role)s, 'session_replication_role', 'SET')
"""

_MIGHTY: Final = """
SELECT r.rolsuper OR r.rolcreaterole OR EXISTS (
    SELECT 1 FROM pg_database d WHERE d.datname = current_database() AND pg_has_role(r.oid, d.datdba, 'MEMBER')
) OR EXISTS (
    SELECT 1 FROM pg_roles s WHERE s.rolname IN ('pg_execute_server_program', 'pg_write_server_files')
    AND pg_has_role(r.oid, s.oid, 'MEMBER')
) OR EXISTS (
    SELECT 1 FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
    AND pg_has_role(r.oid, c.relowner, 'MEMBER')
) OR EXISTS (
    SELECT 1 FROM pg_namespace n WHERE n.oid = current_schema()::regnamespace
    AND pg_has_role(r.oid, n.nspowner, 'MEMBER')
)
FROM pg_roles r WHERE r.rolname = %(role)s
"""
