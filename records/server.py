"""A venue's schema on a PostgreSQL server, as its owner makes, migrates and fills it.

The owner's credentials come with the command that needs them and are kept nowhere; what a desk keeps is the program's
place alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from records import database, migrations
from records.errors import GRANTS, NotOwnerError, RefusedByGuardError, SchemaTakenError
from records.folder import FIRST_DESK, VenueFolder, open_owner, open_server
from records.place import ServerPlace
from records.schema import journal

Fill = Callable[[sa.Connection], None]
"""What puts rows into new tables, before the guards stand."""

LeafAt = Callable[[int], bytes | None]
"""The leaf of a journal's entry by its number; None where there is no such entry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """How the program and how the owner reach the server; neither address holds a password."""

    url: str
    owner_url: str
    password_file: Path | None = None
    is_password_stored: bool = False
    owner_password_file: Path | None = None

    def place(self, *, schema: str, desk: str) -> ServerPlace:
        """The program's place for a venue. Raises PlaceInvalidError."""
        return ServerPlace(
            url=self.url,
            schema=schema,
            desk=desk,
            password_file=self.password_file,
            is_password_stored=self.is_password_stored,
        )

    @contextmanager
    def owning(self, schema: str) -> Iterator[sa.Engine]:
        """The owner's engine, for as long as the block runs. Raises NotOwnerError where that role may not do it."""
        place = ServerPlace(url=self.owner_url, schema=schema, desk="owner", password_file=self.owner_password_file)
        engine = open_owner(place)
        try:
            with database.translated():
                yield engine
        except RefusedByGuardError as error:
            if error.guard != GRANTS:
                raise
            raise NotOwnerError(role=_role(self.owner_url)) from error
        finally:
            engine.dispose()


def schema_of(site: str) -> str:
    """The name of a venue's schema, from the part of the log's origin that names its keys."""
    return f"venue_{site.lower()}"


def create(
    server: Server, schema: str, metadata: sa.MetaData, *, fill: Fill | None = None, leaf_at: LeafAt | None = None
) -> None:
    """Create a venue's schema with tables, guards and the program's rights, all or nothing.

    Where a schema of that name stands, it is what an earlier attempt left behind if its journal is a part of the one
    that `leaf_at` tells of: then it goes. Raises SchemaTakenError, NotOwnerError, RoleTooMightyError, StoreDeniedError,
    StoreLostError.
    """
    with server.owning(schema) as owner:
        with owner.begin() as connection:
            if connection.execute(_SCHEMA, {"schema": schema}).first() is not None:
                if leaf_at is None or not _is_left_behind(connection, leaf_at):
                    raise SchemaTakenError(schema=schema)
                connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        try:
            migrations.migrate(owner, metadata, program=_role(server.url), fill=fill)
        except BaseException:
            _drop(owner, schema)
            raise


def _is_left_behind(connection: sa.Connection, leaf_at: LeafAt) -> bool:
    """Tell whether the schema holds nothing beside the journal that `leaf_at` tells of: each leaf covers all before."""
    tables = set(connection.exec_driver_sql(_TABLES).scalars())
    if not tables:
        return True
    if journal.name not in tables:
        return False
    last = connection.execute(sa.select(journal.c.seq, journal.c.leaf).order_by(journal.c.seq.desc()).limit(1)).first()
    return last is None or leaf_at(last.seq) == last.leaf


def require_way_in(server: Server, *, schema: str) -> None:
    """Raise what the server raises where the program would not be let in; its schema need not stand yet."""
    engine = open_server(server.place(schema=schema, desk=FIRST_DESK))
    try:
        with database.snapshot(engine):
            pass
    finally:
        engine.dispose()


def drop(server: Server, schema: str) -> None:
    """Take back a schema that was just created, when the founding or move that needed it failed."""
    with server.owning(schema) as owner:
        _drop(owner, schema)


def drop_founding(server: Server, schema: str) -> bool:
    """Take back the schema of a founding that was cut off; one in which anybody has worked since stays (False)."""
    with server.owning(schema) as owner:
        with owner.begin() as connection:
            if migrations.version_of(connection) is not None:
                # A founding is one unit of work, and so of one instant.
                instants = sa.select(sa.func.count(sa.distinct(journal.c.wall)))
                if connection.execute(instants).scalar_one() > 1:
                    return False
        _drop(owner, schema)
    return True


def migrate(server: Server, schema: str, metadata: sa.MetaData) -> None:
    """Bring an existing schema, its guards and the program's rights to this program's version."""
    with server.owning(schema) as owner:
        migrations.migrate(owner, metadata, program=_role(server.url))


def found(server: Server, folder: VenueFolder, *, schema: str, metadata: sa.MetaData) -> sa.Engine:
    """Create the folder of a venue's first desk, and its records on the server; as `VenueFolder.found`."""
    place = server.place(schema=schema, desk=folder.desk)
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    create(server, schema, metadata)
    place.write(folder.path)
    folder.restore_reserve()
    return open_server(place)


def _drop(owner: sa.Engine, schema: str) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def _role(url: str) -> str:
    role = sa.make_url(url).username
    assert role is not None, "a place's address has a user"
    return role


_SCHEMA = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = :schema")
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind <> 'i'"
