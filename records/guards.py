"""Triggers that make the database itself refuse what the rules forbid (I-1, I-2, I-3), made from each table's kind.

A guard is a condition on one row; the dialect decides how it is written, so the condition is SQL that SQLite and
PostgreSQL both read. Who owns the file can drop a trigger, so the guards are compared at every opening, and `verify`
recomputes from signed entries what they would have refused. On PostgreSQL the program owns nothing and they come with
grants (`records.server_guards`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from records import database
from records.schema import Kind, Rule, kind_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """One refusal: before `event` on `table`, when `condition` (SQL with NEW. and OLD.; None: always)."""

    table: str
    name: str
    event: str
    condition: str | None
    only_when: str | None = None  # what else must hold, and is asked faster

    @property
    def trigger(self) -> str:
        """The trigger's name, which is also what its refusal says."""
        return f"guard_{self.table}_{self.name}"


def guards_of(metadata: sa.MetaData) -> tuple[Guard, ...]:
    """Return every guard that the tables of `metadata` need, by their kinds."""
    return _guards_of(metadata, len(metadata.tables))


@cache
def _guards_of(metadata: sa.MetaData, _tables: int) -> tuple[Guard, ...]:
    # Whoever opens a venue asks; and tables are only ever added, while packages are imported.
    tables = metadata.sorted_tables
    entry_rules = [rule for table in tables for rule in table.info.get("entry_rules", ())]
    return tuple(guard for table in tables for guard in _table_guards(table, entry_rules))


def _table_guards(table: sa.Table, entry_rules: Iterable[Rule]) -> Iterator[Guard]:
    kind = kind_of(table)
    if kind is not Kind.STATE:
        yield from _no_replacing(table)
    if kind in {Kind.JOURNAL, Kind.FACT}:
        yield _guard(table, Rule(name="no_update", event="UPDATE", refused_when=""))
        yield _guard(table, Rule(name="no_delete", event="DELETE", refused_when=""))
    if kind in {Kind.FACT, Kind.PERSONAL}:
        written = "(SELECT 1 FROM journal WHERE journal.entry_id = NEW.entry_id) IS NOT NULL"
        yield _guard(table, Rule(name="entry_written", event="INSERT", refused_when=written))
    if kind is Kind.PERSONAL:
        yield from _personal(table)
    if table.name == "journal":
        for rule in entry_rules:
            yield _guard(table, rule)
    for rule in table.info.get("rules", ()):
        yield _guard(table, rule)


def _no_replacing(table: sa.Table) -> Iterator[Guard]:
    # INSERT OR REPLACE deletes the row in its way without firing a delete trigger, by any unique key.
    for number, key in enumerate(_unique_keys(table)):
        same = " AND ".join(f"{table.name}.{column} = NEW.{column}" for column in key)
        taken = f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608  # Names of our own schema.
        yield _guard(table, Rule(name=f"no_replace_{number}", event="INSERT", refused_when=taken))


def _unique_keys(table: sa.Table) -> list[tuple[str, ...]]:
    keys = [tuple(column.name for column in table.primary_key.columns)]
    uniques = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    keys += sorted(tuple(column.name for column in unique.columns) for unique in uniques)
    keys += sorted(tuple(c.name for c in index.columns) for index in table.indexes if index.unique)
    return keys


def _personal(table: sa.Table) -> Iterator[Guard]:
    fixed = [c.name for c in table.columns if c.name not in table.info["changeable"]]
    # IS NOT in SQLite is IS DISTINCT FROM in the standard; SQLite knows both from 3.39 on.
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in fixed)
    yield _guard(table, Rule(name="no_update", event="UPDATE", refused_when=changed))
    allowed = (
        "SELECT 1 FROM erasures WHERE erasures.record_id = OLD.record_id"
        " AND OLD.erasable_from IS NOT NULL AND erasures.erased_on >= OLD.erasable_from"
    )
    yield _guard(table, Rule(name="no_early_delete", event="DELETE", refused_when=f"NOT EXISTS ({allowed})"))


def _guard(table: sa.Table, rule: Rule) -> Guard:
    return Guard(
        table=table.name,
        name=rule.name,
        event=rule.event,
        condition=rule.refused_when or None,
        only_when=rule.only_when,
    )


def sqlite_trigger(guard: Guard) -> str:
    """Write a guard as SQLite's CREATE TRIGGER."""
    when = f" WHEN {guard.condition}" if guard.condition else ""
    return (
        f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{when}"
        f" BEGIN SELECT RAISE(ABORT, '{guard.trigger}'); END"
    )


def install(connection: sa.Connection, metadata: sa.MetaData) -> list[str]:
    """Create the guards that are missing or differ, and return their names.

    On PostgreSQL the program may not: the owner does it when it migrates.
    """
    found = _triggers(connection)
    restored: list[str] = []
    for guard in guards_of(metadata):
        wanted = sqlite_trigger(guard)
        if found.get(guard.trigger) == wanted:
            continue
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.trigger}")
        connection.exec_driver_sql(wanted)
        restored.append(guard.trigger)
    return restored


def remove(connection: sa.Connection) -> None:
    """Take every guard away, an older program's too; for a migration, which installs them anew before it commits."""
    if database.is_shared(connection):
        from records import server_guards

        server_guards.remove(connection)
        return
    for trigger in _triggers(connection):
        if trigger.startswith("guard_"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")


def _triggers(connection: sa.Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {row.name: row.sql for row in rows}


def missing(connection: sa.Connection, metadata: sa.MetaData) -> list[str]:
    """Return the names of guards (and grants) that are absent or not as they should be; changes nothing."""
    if database.is_shared(connection):
        from records import server_guards

        return server_guards.missing(connection, metadata)
    found = _triggers(connection)
    return [g.trigger for g in guards_of(metadata) if found.get(g.trigger) != sqlite_trigger(g)]
