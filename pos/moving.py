"""From a file to a server: every row copied, compared and examined on both sides, the original marked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

import pos.schema  # noqa: F401  # Every table.
from compliance import doctor
from pos.bootstrap import Venue, open_venue, site_of
from pos.errors import MoveRefusedError
from records import database, migrations, moving, server
from records.clock import Clock
from records.folder import VenueFolder
from records.repeating import repeated
from records.schema import journal, metadata
from records.server import Server
from staff.repository import StaffMember
from staff.roles import Operation, require

MOVED_NAME: Final = f"{database.DATABASE_NAME}.moved"
MOVED_TYPE: Final = "books.moved"

# What must hold before anything is moved: the rest (a missing reserve, open file modes) can be mended there as here.
_SOUND: Final = frozenset(
    {
        "integrity",
        "foreign-keys",
        "schema",
        "guards",
        "facts-without-entry",
        "facts-as-told",
        "posted-items",
        "state",
        "journal",
        "tree",
        "signed-heads",
        "clocks",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """How much went over, and where the original lies."""

    rows: int
    entries: int
    original: str


def move(
    folder: VenueFolder,
    target: Server,
    *,
    passphrase: Callable[[], str],
    sign_in: Callable[[Venue], StaffMember],
    clock: Clock | None = None,
) -> Moved:
    """Move a venue's records to a server. Nothing stays there that is not whole; nothing is left to do by hand.

    The file is locked from before the first row is read until it is marked. Broken off at any point, the folder either
    still works on the file or already on the server; then calling this again does what is left. Raises
    MoveRefusedError, RoleRefusedError, AlreadyOpenError, SchemaTakenError, and what a server raises.
    """
    with folder.held_by_desk(), folder.held_by_printing():
        if folder.place is not None:
            moved = _finish(folder)
        elif not folder.database.is_file():
            raise MoveRefusedError(problem="no-file")
        else:
            with open_venue(folder, passphrase=passphrase, clock=clock) as venue:
                require(Operation.KEYS_MANAGE, sign_in(venue).role)
                origin = venue.records.signer.origin
            _require_sound(folder)
            moved = _move(folder, target, server.schema_of(site_of(origin)))
        with open_venue(folder, passphrase=passphrase, clock=clock) as venue:
            _note(venue)
        _require_sound(folder)
    return moved


def _move(folder: VenueFolder, target: Server, schema: str) -> Moved:
    server.require_way_in(target, schema=schema)
    place = target.place(schema=schema, desk=folder.desk)
    with _locked_file(folder) as (raw, source):
        contents = moving.contents(source, metadata)
        server.create(
            target,
            schema,
            metadata,
            fill=lambda made: moving.copy_rows(source, made, metadata),
            leaf_at=lambda seq: source.execute(_LEAF, {"wanted": seq}).scalar_one_or_none(),
        )
        try:
            _compare(contents, target, schema)
            place.write(folder.path)
        except BaseException:
            server.drop(target, schema)
            raise
        _mark(raw)
    _rename(folder)
    return Moved(
        rows=sum(content.rows for content in contents.values()),
        entries=contents["journal"].rows,
        original=str(folder.path / MOVED_NAME),
    )


@contextmanager
def _locked_file(folder: VenueFolder) -> Iterator[tuple[sqlite3.Connection, sa.Connection]]:
    """Hold the file's write lock with one connection and read through another."""
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        engine = database.open_read_only(folder.database)
        try:
            with database.snapshot(engine) as source:
                yield raw, source
        finally:
            engine.dispose()


def _compare(contents: dict[str, moving.Content], target: Server, schema: str) -> None:
    with target.owning(schema) as owner, owner.connect() as connection:
        arrived = moving.contents(connection, metadata)
    if arrived != contents:
        raise MoveRefusedError(
            problem="differs", where=tuple(sorted(name for name in contents if arrived.get(name) != contents[name]))
        )


def _mark(raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE alembic_version SET version_num = ?", (migrations.MOVED,))
    raw.execute("COMMIT")


def _rename(folder: VenueFolder) -> None:
    """Give the original its other name, with everything that its write-ahead log still held."""
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA journal_mode = DELETE")
    folder.database.rename(folder.path / MOVED_NAME)


def _finish(folder: VenueFolder) -> Moved:
    """Mark the original of a move that was broken off behind its last decision."""
    original = folder.path / MOVED_NAME
    if folder.database.is_file():
        with closing(sqlite3.connect(folder.database, isolation_level=None)) as raw:
            raw.execute("BEGIN IMMEDIATE")
            _mark(raw)
        _rename(folder)
    elif not original.is_file() or _is_noted(folder):
        raise MoveRefusedError(problem="moved")
    engine = database.open_read_only(original)
    try:
        with database.snapshot(engine) as source:
            rows = {
                table.name: source.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }
    finally:
        engine.dispose()
    return Moved(rows=sum(rows.values()), entries=rows["journal"], original=str(original))


def _is_noted(folder: VenueFolder) -> bool:
    engine = folder.open_read_only()
    try:
        with database.snapshot(engine) as connection:
            return connection.execute(_MOVES).first() is not None
    finally:
        engine.dispose()


@repeated
def _note(venue: Venue) -> None:
    with venue.records.begin(alone=True) as work:
        work.entry(MOVED_TYPE, {"from": "sqlite", "to": "postgresql"})
        work.when_sealed(lambda _sealed: None)
        work.commit()


def _require_sound(folder: VenueFolder) -> None:
    unsound = _unsound(doctor.examine(folder, metadata))
    if unsound:
        raise MoveRefusedError(problem="unsound", where=unsound)


def _unsound(checks: Sequence[doctor.Check]) -> tuple[str, ...]:
    return tuple(check.name for check in checks if check.name in _SOUND and not check.is_ok)


_LEAF = sa.select(journal.c.leaf).where(journal.c.seq == sa.bindparam("wanted"))
_MOVES = sa.select(journal.c.seq).where(journal.c.type == MOVED_TYPE)
