"""What opening a venue finds amiss, mends, and writes into the journal."""

from __future__ import annotations

import json

import sqlalchemy as sa

from pos.notices import GuardsRestored, Notice, ReserveMissing
from pos.reserve import Reserve
from records import guards, migrations
from records.schema import journal, metadata
from records.unit_of_work import Records


def mend(records: Records, reserve: Reserve) -> tuple[Notice, ...]:
    """Restore guards, note a migration, build the reserve again; returns what people should hear of."""
    warnings: list[Notice] = []
    with records.reading() as connection:
        is_whole = not guards.missing(connection, metadata) and _noted_schema(connection) == migrations.HEAD
    if not is_whole:
        warnings += _restore(records)
    if not reserve.has_room():
        warnings.append(ReserveMissing(free_bytes=reserve.folder.free_bytes()))
    return tuple(warnings)


def _restore(records: Records) -> list[Notice]:
    warnings: list[Notice] = []
    with records.begin() as work:
        if missing := guards.install(work.connection, metadata):
            work.entry("guards.restored", {"missing": missing})
            warnings.append(GuardsRestored(missing=tuple(missing)))
        noted = _noted_schema(work.connection)
        if noted != migrations.HEAD:
            work.entry("schema.migrated", {"from": noted, "to": migrations.HEAD})
        if missing or noted != migrations.HEAD:
            work.commit()
    return warnings


def _noted_schema(connection: sa.Connection) -> str:
    """Return the schema that the journal last spoke of: a crash between migration and entry is made good here."""
    body = json.loads(connection.execute(_LAST_SCHEMA).scalar_one())["body"]
    return str(body.get("to") or body["schema"])


_LAST_SCHEMA = (
    sa.select(journal.c.entry)
    .where(journal.c.type.in_(["log.started", "schema.migrated"]))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
