"""The examination of a data folder: what is kept, computed again from what is signed, and compared.

It opens read-only, needs no secret and writes nothing. Each check has a name that stays, and a detail (names of
tables, numbers of entries) for whoever mends it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from billing import rebuild
from compliance import server_checks
from compliance.fact_comparison import facts_differing, facts_without_entry, posted_differing
from compliance.log_check import LogFindings, examine_log
from compliance.payment_references import used_again
from records import database, desk_clocks, guards, migrations
from records.errors import DamagedError, RoleTooMightyError
from records.folder import VenueFolder
from records.schema import kind_of

_MOST_SHOWN: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that was looked at; `detail` is empty where there is nothing to say."""

    name: str
    is_ok: bool
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the check as `doctor` answers it."""
        return {"name": self.name, "ok": self.is_ok, "detail": self.detail}


def examine(folder: VenueFolder, metadata: sa.MetaData) -> list[Check]:
    """Examine a data folder.

    `metadata` holds every table of the product. Raises NotAVenueError, SchemaTooNewError, and DamagedError for what
    is no database at all; one that is damaged in places makes checks that are not ok.
    """
    engine = folder.open_read_only()
    try:
        with database.snapshot(engine) as connection:
            checks = list(_examine_store(connection, metadata))
            checks += _examine_facts(connection, metadata)
            checks += _examine_log(connection)
    finally:
        engine.dispose()
    return [*checks, *_examine_folder(folder)]


def tables(metadata: sa.MetaData) -> list[dict[str, str]]:
    """Return name and kind of every table (`doctor --tables`)."""
    return [{"name": table.name, "kind": kind_of(table).value} for table in metadata.sorted_tables]


def _examine_store(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[Check]:
    if database.is_shared(connection):
        yield _check("foreign-keys", lambda: server_checks.rows_without_target(connection, metadata))
        yield _check("durability", lambda: server_checks.settings_that_lose(connection))
        yield _check("server-log", lambda: server_checks.settings_that_tell(connection))
    else:
        yield _check("integrity", lambda: _integrity(connection))
        yield _check("foreign-keys", lambda: _foreign_keys(connection))
    version = migrations.version_of(connection)
    yield Check(name="schema", is_ok=version == migrations.HEAD, detail=str(version))
    yield _check("guards", lambda: _guards(connection, metadata))


def _examine_facts(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[Check]:
    yield _check("facts-without-entry", lambda: facts_without_entry(connection, metadata))
    yield _check("facts-as-told", lambda: facts_differing(connection))
    yield _check("posted-items", lambda: posted_differing(connection))
    yield _remark("payment-references", used_again(connection))
    yield _check("state", lambda: _state(connection))


def _examine_log(connection: sa.Connection) -> Iterator[Check]:
    try:
        with database.translated():
            found = examine_log(connection)
    except DamagedError as error:
        found = LogFindings(chain=[error.detail])
    yield _named("journal", found.chain, f"{found.size}")
    yield _named("tree", found.tree)
    yield _named("signed-heads", found.heads)
    yield _named("clocks", found.clocks, f"{found.steps} steps" if found.steps else "")
    yield _remark("desk-computers", found.computers)


def _examine_folder(folder: VenueFolder) -> Iterator[Check]:
    yield Check(name="reserve", is_ok=folder.has_reserve(), detail=f"{folder.free_bytes()} bytes free")
    if os.name == "posix":
        yield _named("file-modes", _open_files(folder.path))


def _check(name: str, look: Callable[[], Iterable[str]]) -> Check:
    try:
        with database.translated():
            # One more than is shown, so that the end says whether there are others.
            return _named(name, list(islice(look(), _MOST_SHOWN + 1)))
    except DamagedError as error:
        return Check(name=name, is_ok=False, detail=error.detail)


def _remark(name: str, remarks: Iterable[str]) -> Check:
    """What is worth a look and no fault."""
    try:
        with database.translated():
            found = list(islice(remarks, _MOST_SHOWN + 1))
    except DamagedError as error:
        return Check(name=name, is_ok=False, detail=error.detail)
    return Check(name=name, is_ok=True, detail=_shown(found))


def _shown(found: list[str]) -> str:
    return ", ".join(found[:_MOST_SHOWN]) + (", …" if len(found) > _MOST_SHOWN else "")


def _named(name: str, findings: Iterable[str], detail: str = "") -> Check:
    found = list(findings)
    if not found:
        return Check(name=name, is_ok=True, detail=detail)
    return Check(name=name, is_ok=False, detail=_shown(found))


def _state(connection: sa.Connection) -> Iterator[str]:
    yield from rebuild.differing(connection)
    try:
        if desk_clocks.told(connection) != desk_clocks.kept(connection):
            yield "desk_clocks"
    except (ValueError, KeyError, TypeError):
        return  # Entries that are none: the journal's own check names them.


def _guards(connection: sa.Connection, metadata: sa.MetaData) -> Iterable[str]:
    try:
        return guards.missing(connection, metadata)
    except RoleTooMightyError as error:
        return [f"role {error.role}"]


def _integrity(connection: sa.Connection) -> Iterator[str]:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield line


def _foreign_keys(connection: sa.Connection) -> Iterator[str]:
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{row[0]} → {row[2]}"


def _open_files(folder: Path) -> Iterator[str]:
    """Yield what others on this computer may read; the folder's own mode closes it to them, if it is kept."""
    if _is_open(folder):
        yield f"{folder.name}/"
    for name in ("records.db", "records.db-wal", "records.db-shm", "counter-secrets"):
        path = folder / name
        if path.exists() and _is_open(path):
            yield name


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
