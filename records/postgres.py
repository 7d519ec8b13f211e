"""PostgreSQL under the records: how the program's role connects, and what the server's refusals mean.

READ COMMITTED, and rows held by name (a desk's clock, a visit, the journal's head) where an answer must not change
before the commit: with one head for all desks, SERIALIZABLE would do most work twice. The program's role owns nothing
(`records.guards`); `open_owner` is for whoever founds and migrates.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg import pq, sql
from psycopg.adapt import Loader
from sqlalchemy import event

from records import server_statements, wire
from records.errors import (
    GRANTS,
    DamagedError,
    OvertakenError,
    RecordsError,
    RefusedByGuardError,
    StoreDeniedError,
    StoreFullError,
    StoreLockedError,
    StoreLostError,
)
from records.place import ServerPlace
from records.wire import Question, Wire

DriverError = psycopg.Error

# What the driver warns of when a connection goes is raised to us as well; a clerk's screen is no place for it.
logging.getLogger("psycopg").setLevel(logging.ERROR)

LOCK_SECONDS: Final = 4
"""How long a statement waits for a row that another desk holds."""

# A desk that vanished must not hold the journal's head: its backend ends when nothing comes any more.
_SETTINGS: Final = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": "30s",
    "synchronous_commit": "on",
}
# A desk looks rows up by their keys, in statements that it prepares once: planning them anew for each value costs more
# than it saves. And a young venue's tables look small enough to be read whole: such a plan would stay while they grow.
# Rows of just now must be looked at anyway, and a plain index scan has less to set up than one of the index alone.
_PLANS: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_indexonlyscan": "off",
    "jit": "off",  # Servers before 18 would compile what they must read whole after all.
}
_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_CONNECTIONS: Final = 4
NAME_SECONDS: Final = 4.0
"""How long a desk's name waits for one who is just leaving: a killed program's connection takes its time to end."""
# A computer that lost its power is noticed by the server itself.
_NOTICED_GONE: Final = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
# A number for a desk's name in a venue's schema, and who holds it.
_NAME: Final = "hashtextextended('mingjia ' || current_schema() || ' ' || %s, 0)"
_HOLDER: Final = """
SELECT coalesce(host(a.client_addr), '') FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND a.datname = current_database()
    AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('mingjia ' || current_schema() || ' ' || %s, 0)
"""


class _Driver(psycopg.Connection[Any]):
    """The driver's connection, and the wire on which most statements pass its cursors by (`records.wire`).

    Whoever opens a cursor comes in its turn, and whoever commits or rolls back does so for both.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wire = Wire(self)

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """Open a cursor, after what waits was sent."""
        self.wire.exchange()
        return super().cursor(*arguments, **options)

    def commit(self) -> None:
        """Send what waits, and commit; return once the disk has it."""
        self.wire.commit()

    def rollback(self) -> None:
        """Forget what waits, and roll back where a transaction is open."""
        self.wire.forget()
        if self.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            super().rollback()


class _Pool(sa.QueuePool):
    """A pool whose last writer leaves its connection at hand for the next one.

    SQLAlchemy's way to the pool and back takes the desk longer than the server needs for two statements.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.at_hand: list[sa.Connection] = []

    def dispose(self) -> None:
        """Close what is not in use."""
        while self.at_hand:
            self.at_hand.pop().close()
        super().dispose()


class _DiscreetCursor(psycopg.Cursor[Any]):
    """A cursor whose errors keep what the server says of a row to themselves (I-7)."""

    def execute(self, *arguments: Any, **options: Any) -> _DiscreetCursor:
        """Run a statement."""
        with _discreetly():
            super().execute(*arguments, **options)
        return self

    def executemany(self, *arguments: Any, **options: Any) -> None:
        """Run a statement for several rows."""
        with _discreetly():
            super().executemany(*arguments, **options)


@contextmanager
def _discreetly() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        wire.discreet(error)
        raise


class _WholeNumber(Loader):
    """The sum of whole numbers, which the server calls numeric: no column of ours is."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


def open_engine(place: ServerPlace, *, reads_only: bool = False) -> sa.Engine:
    """Return an engine for the program's role; the first connection is made when it is needed."""
    settings = {**_SETTINGS, **({} if reads_only else _PLANS), "search_path": f"{place.schema},pg_temp"}
    engine = _engine(place, settings, application=f"mingjia {place.desk}")
    if reads_only:
        event.listen(engine, "begin", _read_only)
    return engine


def open_owner(place: ServerPlace) -> sa.Engine:
    """Return an engine for the role that owns the tables, for founding, migrating and moving."""
    settings = {"search_path": f"{place.schema},pg_temp", "lock_timeout": "30s"}
    return _engine(place, settings, application="mingjia owner")


def _engine(place: ServerPlace, settings: dict[str, str], *, application: str) -> sa.Engine:
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = sa.create_engine(
        place.url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        poolclass=_Pool,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=LOCK_SECONDS,
        connect_args={
            **_NETWORK,
            "options": options,
            "application_name": application,
            "cursor_factory": _DiscreetCursor,
        },
    )

    def connect(_dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]) -> _Driver:
        password = place.password()
        return _Driver.connect(**parameters if password is None else {**parameters, "password": password})

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(driver: _Driver, record: Any) -> None:
    driver.adapters.register_loader("numeric", _WholeNumber)
    # What runs often is prepared by the wire; the driver would at each rollback forget every prepared statement.
    driver.prepare_threshold = None
    record.info[server_statements.WIRE] = driver.wire


def _read_only(connection: sa.Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.read_only = True  # Of each transaction, for the pool gives connections back as writing ones.


class Ear:
    """A connection that does nothing but listen to one channel, and keep a desk's name from getting free."""

    def __init__(self, driver: psycopg.Connection[Any], *, till: str = "") -> None:
        self._driver = driver
        self._till = till
        self._has_name = not till

    def keep_name(self) -> None:
        """Hold the desk's name from now on, should the connection that did be gone."""
        if not self._has_name:
            row = self._driver.execute(f"SELECT pg_try_advisory_lock({_NAME})", [self._till]).fetchone()
            self._has_name = row is not None and row[0]

    def hear(self, seconds: float) -> list[str]:
        """Wait at most so long, and return what was said: all that is there once something is."""
        return [said.payload for said in self._driver.notifies(timeout=seconds, stop_after=1)]


@contextmanager
def _apart(engine: sa.Engine, purpose: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that no pool gives out again, and on which each statement stands by itself."""
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    pooled.detach()
    assert isinstance(driver, psycopg.Connection)
    with closing(driver):
        driver.autocommit = True  # Whoever listens inside a transaction hears nothing until its end.
        named = "SELECT set_config('application_name', current_setting('application_name') || %s, false)"
        driver.execute(named, [f" {purpose}"])
        yield driver


@contextmanager
def ear(engine: sa.Engine, *, till: str = "") -> Iterator[Ear]:
    """Listen to the channel with the name of the engine's schema. `till`: the desk whose name this program holds."""
    with _apart(engine, "ear") as driver:
        row = driver.execute("SELECT current_schema()").fetchone()
        assert row is not None
        driver.execute(sql.SQL("LISTEN {}").format(sql.Identifier(row[0])))
        yield Ear(driver, till=till)


@contextmanager
def name_of_desk(engine: sa.Engine, till: str) -> Iterator[str | None]:
    """Hold a desk's name on a connection of its own; None, or the address of who holds it, "" for one without."""
    with _apart(engine, "name") as driver:
        for setting in (f"SET lock_timeout = {round(1000 * NAME_SECONDS)}", *_NOTICED_GONE):
            driver.execute(setting)
        held_by = None
        try:
            driver.execute(f"SELECT pg_advisory_lock({_NAME})", [till])
        except psycopg.errors.LockNotAvailable:
            row = driver.execute(_HOLDER, [till]).fetchone()
            held_by = "" if row is None else str(row[0])
        yield held_by
        with suppress(psycopg.Error):  # The name goes with the connection in any case, a moment later.
            driver.execute("SELECT pg_advisory_unlock_all()")


@contextmanager
def shown_from_disk(connection: sa.Connection) -> Iterator[None]:
    """Let nobody go on with what a snapshot showed before the disk has it: another desk's commit may be on its way."""
    look = server_statements.wire_of(connection).look()
    try:
        yield
    finally:
        wait_for_disk(connection, look)


def wait_for_disk(connection: sa.Connection, look: Question | None = None) -> None:
    """End a transaction without a trace, and return once the disk has what it read (or what it saw up to a look)."""
    if _is_broken(connection):
        return  # Whoever asked hears that it was lost.
    connection.rollback()
    connection.connection.rollback()  # Of a commit that was refused SQLAlchemy believes that it is over.
    server_statements.wire_of(connection).wait_for_disk(look)


@contextmanager
def to_write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection for one transaction, which is given up unless it was committed."""
    pool = engine.pool
    assert isinstance(pool, _Pool)
    try:
        connection = pool.at_hand.pop()
    except IndexError:
        connection = engine.connect()
    is_sound = False
    try:
        yield connection
        connection.rollback()
        is_sound = not _is_broken(connection)
    except BaseException:
        _drop_if_broken(connection)
        raise
    finally:
        if is_sound and engine.pool is pool and not pool.at_hand:
            pool.at_hand.append(connection)
        else:
            connection.close()


@contextmanager
def dropping_what_broke(connection: sa.Connection) -> Iterator[None]:
    """Take a connection out of the pool that was lost under its user."""
    try:
        yield
    except BaseException:
        _drop_if_broken(connection)
        raise


def _drop_if_broken(connection: sa.Connection) -> None:
    if not connection.invalidated and _is_broken(connection):
        connection.invalidate()
        connection.engine.dispose()  # What lies in the pool was most likely lost with it.


def _is_broken(connection: sa.Connection) -> bool:
    driver = None if connection.invalidated else connection.connection.driver_connection
    return driver is None or driver.closed


def translation_of(error: psycopg.Error) -> RecordsError | None:
    """Say in this package's words what the server refused; None for what is a mistake of the program."""
    state, message = error.sqlstate, error.diag.message_primary or ""
    if state is None:
        return StoreDeniedError(role=_role(error)) if _is_turned_away(error) else StoreLostError()
    if state.startswith(("28", "3D")):
        return StoreDeniedError(role=_role(error))
    if state.startswith(("XX", "58")):
        return DamagedError(path="", detail=state)
    if state == "23000" and message.startswith("guard_"):
        return RefusedByGuardError(guard=message)
    if state == "42501":
        return RefusedByGuardError(guard=GRANTS)
    kind = _KINDS.get(state) or _KINDS.get(state[:2])
    return None if kind is None else kind()


def _is_turned_away(error: psycopg.Error) -> bool:
    """Tell a server that refuses a role from one that is away, full, or cannot take anybody now.

    libpq gives a failed connection no SQLSTATE, and a server says why in the language and coding of its own system.
    """
    said = b"" if error.pgconn is None else error.pgconn.error_message
    refusing = _REFUSING if _SERVER_SPEAKS in said else _WE_REFUSE
    return any(word in said for word in refusing)


def _role(error: psycopg.Error) -> str:
    return "" if error.pgconn is None else error.pgconn.user.decode(errors="replace")


_SERVER_SPEAKS: Final = b":  "  # libpq writes two spaces behind a server's severity, and one in its own sentences.
_REFUSING: Final = tuple(
    word.encode(coding)
    for word in (
        *("authentication", "pg_hba", "does not exist", "permission denied for", "not permitted to log in"),
        *("not currently accepting connections", "认证", "不存在", "权限", "不允许", "不接受"),
    )
    for coding in ("utf-8", "gbk")
)
_WE_REFUSE: Final = (b"no password", b"certificate", b"SSL was required")
# By SQLSTATE, or by its class. Of a serialization failure, a deadlock or a unique key: who comes second finds, the next
# time, what the first one left.
_KINDS: Final[dict[str, type[RecordsError]]] = {
    "40001": OvertakenError,
    "40P01": OvertakenError,
    "23505": OvertakenError,
    "55P03": StoreLockedError,
    "25P03": StoreLostError,
    "53300": StoreLostError,
    "08": StoreLostError,
    "57": StoreLostError,
    "53": StoreFullError,
    "25006": StoreFullError,
}
