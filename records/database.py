"""The venue's database: transactions that write or read, on a file of this computer or on a server.

SQLite is opened with the settings that keep what it acknowledges. WAL with synchronous=FULL: a commit that returned
has been handed to the disk. secure_delete: what is erased is overwritten. hide_parameters: no value ever stands in an
error or a log (I-7). PostgreSQL has its own module, imported only where a venue's records lie on a server.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event, exc

from records.errors import DamagedError, RefusedByGuardError, StoreBusyError, StoreFullError

DATABASE_NAME: Final = "records.db"

_WRITERS: Final[WeakKeyDictionary[sa.Engine, Lock]] = WeakKeyDictionary()

_BUSY_TIMEOUT_MS = 10_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)
_SNAPSHOT = "records_snapshot"
SERVER: Final = "postgresql"


def create_file(path: Path) -> None:
    """Create the empty database file, readable by its owner alone; SQLite gives -wal and -shm the same mode.

    Raises FileExistsError rather than take over a file that is there.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def open_engine(path: Path) -> sa.Engine:
    """Open an existing database file for reading and writing."""
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(path)), hide_parameters=True, pool_reset_on_return=None
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def open_read_only(path: Path) -> sa.Engine:
    """Open an existing database file so that nothing can be written through it."""
    uri = f"file:{path.as_posix()}?mode=ro&uri=true"
    engine = sa.create_engine(f"sqlite+pysqlite:///{uri}", hide_parameters=True)

    def prepare(connection: Any, _record: object) -> None:
        with _closed_on_failure(connection):
            connection.isolation_level = None
            connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_snapshot)
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Begin a transaction that writes; the caller commits, anything else rolls back.

    On SQLite it holds the write lock. Threads of one program queue for it here: the database's own way of waiting is to
    sleep and look again, and so to let a print worker's short write cost a settlement several times its length. On a
    server several write at once, and hold rows (`holds_rows`).
    """
    if is_shared(engine):
        from records import postgres

        with translated(), postgres.to_write(engine) as connection:
            connection.begin()
            yield connection
        return
    with _queued(engine), translated(), engine.connect() as connection:
        connection.begin()
        yield connection


@contextmanager
def _queued(engine: sa.Engine) -> Iterator[None]:
    lock = _WRITERS.setdefault(engine, Lock())
    if not lock.acquire(timeout=_BUSY_TIMEOUT_MS / 1000):
        raise StoreBusyError
    try:
        yield
    finally:
        lock.release()


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Read one state of the database for as long as it takes, without the write lock.

    On a server its end waits until the disk has what was shown, which another desk may have committed just now.
    """
    with glance(engine) as connection:
        if not is_shared(engine):
            yield connection
            return
        from records import postgres

        with postgres.shown_from_disk(connection):
            yield connection


@contextmanager
def glance(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Read one state of the database as `snapshot`, for what nobody is told: a crash of the server may take it back."""
    options: dict[str, Any] = {_SNAPSHOT: True}
    if is_shared(engine):
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with translated(), engine.connect().execution_options(**options) as connection:
        if is_shared(engine):
            with _lost_connections_dropped(connection):
                connection.begin()
                yield connection
            return
        connection.begin()
        yield connection


def unlock_early(connection: sa.Connection) -> None:
    """Let this transaction's commit, which waits for the disk as ever, free its locks before: others go on meanwhile.

    Nothing on a file.
    """
    if is_shared(connection):
        from records.server_statements import wire_of

        wire_of(connection).unlock_early()


def wait_for_disk(connection: sa.Connection) -> None:
    """End a transaction without a trace, and return once the disk has what it read. On a file it has."""
    if is_shared(connection):
        from records import postgres

        postgres.wait_for_disk(connection)


def is_shared(bind: sa.Engine | sa.Connection) -> bool:
    """Tell whether others may write while a transaction of ours does: on a server, not on a file."""
    return bind.dialect.name == SERVER


def holds_rows(connection: sa.Connection) -> bool:
    """Tell whether what is read here must be held, so that no other desk changes it before our commit."""
    return is_shared(connection) and not connection.get_execution_options().get(_SNAPSHOT, False)


def _lost_connections_dropped(connection: sa.Connection) -> AbstractContextManager[None]:
    from records import postgres

    return postgres.dropping_what_broke(connection)


class _Translating:
    """A context with nothing of its own, so that one is enough for all."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None and (translation := _translation(error)) is not None:
            raise translation from error


_TRANSLATING: Final = _Translating()


def translated() -> AbstractContextManager[None]:
    """Turn the driver's errors into this package's."""
    return _TRANSLATING


def _driver_errors() -> tuple[type[Exception], ...]:
    # The server's driver is imported by whoever opens a server; without it none of its errors can come.
    driver = sys.modules.get("psycopg")
    return (sqlite3.DatabaseError,) if driver is None else (sqlite3.DatabaseError, driver.Error)


def _translation(error: BaseException | None) -> Exception | None:
    if isinstance(error, exc.DBAPIError):
        error = error.orig
    if isinstance(error, exc.TimeoutError):  # Every connection of the pool is in use.
        return StoreBusyError()
    if isinstance(error, sqlite3.Error):
        return _translation_of(error)
    if error is None or not isinstance(error, _driver_errors()):
        return None
    from records import postgres

    assert isinstance(error, postgres.DriverError), "there are two drivers"
    return postgres.translation_of(error)


def _translation_of(error: sqlite3.Error) -> Exception | None:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusyError()
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHM", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return StoreFullError()
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR")):
        return DamagedError(path="", detail=name)
    message = str(error)
    if name == "SQLITE_CONSTRAINT_TRIGGER" and message.startswith("guard_"):
        return RefusedByGuardError(guard=message)
    return None


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    # What fails here never comes into the pool, so nobody else would close it.
    try:
        yield
    except sqlite3.Error:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # We say BEGIN ourselves: the driver's own would be deferred, and a deferred write can fail in the middle.
    with _closed_on_failure(connection):
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    is_snapshot = connection.get_execution_options().get(_SNAPSHOT, False)
    _execute(connection, "BEGIN" if is_snapshot else "BEGIN IMMEDIATE")


def _begin_snapshot(connection: sa.Connection) -> None:
    _execute(connection, "BEGIN")


def _execute(connection: sa.Connection, sql: str) -> None:
    # Past SQLAlchemy's execution layer, for every unit of work begins here.
    cursor = connection.connection.cursor()
    cursor.execute(sql)
    cursor.close()
