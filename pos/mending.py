"""What opening a venue finds amiss, mends, and writes into the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from pos.notices import GuardsMissing, GuardsRestored, Notice, ReserveMissing
from pos.reserve import Reserve
from records import database, guards, migrations
from records.repeating import repeated
from records.schema import journal, metadata
from records.unit_of_work import Records


def mend(records: Records, reserve: Reserve) -> tuple[Notice, ...]:
    """Restore guards, note a migration, build the reserve again; returns what people should hear of."""
    warnings: list[Notice] = []
    with records.reading() as connection:
        missing = tuple(guards.missing(connection, metadata))
        is_noted = _noted_schema(connection) == migrations.HEAD
    if missing and database.is_shared(records.engine):
        note_missing(records, missing)
        warnings.append(GuardsMissing(missing=missing))
    if not is_noted or (missing and not warnings):
        warnings += _restore(records)
    if not reserve.has_room():
        warnings.append(ReserveMissing(free_bytes=reserve.folder.free_bytes()))
    return tuple(warnings)


@repeated
def note_missing(records: Records, missing: Sequence[str]) -> None:
    """Say in the journal which protections are absent, once until they stand again or others go."""
    with records.begin() as work:
        last = work.execute(_LAST_ABOUT_GUARDS).one_or_none()
        if last is None or last.type != MISSING or json.loads(last.entry)["body"]["missing"] != list(missing):
            work.entry(MISSING, {"missing": list(missing)})
            work.commit()


@repeated
def note_restored(records: Records, missing: Sequence[str]) -> None:
    """Say in the journal which protections the owner has set up again."""
    with records.begin() as work:
        work.entry(RESTORED, {"missing": list(missing)})
        work.commit()


@repeated
def _restore(records: Records) -> list[Notice]:
    warnings: list[Notice] = []
    with records.begin(alone=True) as work:
        missing = [] if database.is_shared(work.connection) else guards.install(work.connection, metadata)
        if missing:
            work.entry(RESTORED, {"missing": missing})
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


MISSING: Final = "guards.missing"
RESTORED: Final = "guards.restored"

_LAST_ABOUT_GUARDS = (
    sa.select(journal.c.type, journal.c.entry)
    .where(journal.c.type.in_([MISSING, RESTORED]))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_LAST_SCHEMA = (
    sa.select(journal.c.entry)
    .where(journal.c.type.in_(["log.started", "schema.migrated"]))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
