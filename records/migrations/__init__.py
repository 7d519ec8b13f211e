"""The schema's history: one linear head, raw DDL for each dialect, importing nothing upward.

Whether a migration is due is a plain query; Alembic is imported only when one is. Guards are made anew after each.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from records import guards
from records.errors import SchemaTooNewError

HEAD: Final = "0010"

MOVED: Final = "moved"
"""The version of records that went to a server: every program, also an earlier one, refuses them."""

_HERE = Path(__file__).parent


def version_of(connection: sa.Connection) -> str | None:
    """Return the schema's version, or None where there is no schema yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return version


def require_known(version: str | None) -> None:
    """Raise SchemaTooNewError for the version of a later program than this one."""
    if version is not None and version > HEAD:
        raise SchemaTooNewError(found=version, known=HEAD)


def migrate(
    engine: sa.Engine,
    metadata: sa.MetaData,
    *,
    program: str | None = None,
    fill: Callable[[sa.Connection], None] | None = None,
) -> None:
    """Bring the schema to `HEAD` and its guards with it, in one transaction.

    On PostgreSQL the engine is the owner's, and `program` is the role that is given its rights. `fill` puts rows into
    the tables before the guards stand.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _HERE.as_posix().replace("%", "%%"))
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Alembic's word on a path separator that is not used.
        connection.begin()
        config.attributes["connection"] = connection
        guards.remove(connection)  # A migration writes tables anew, and a rule may have got another name since.
        command.upgrade(config, HEAD)
        if fill is not None:
            fill(connection)
        if program is None:
            guards.install(connection, metadata)
        else:
            from records import server_guards

            server_guards.install(connection, metadata, program=program)
        connection.commit()


def revisions() -> list[str]:
    """Return every revision of the schema, the oldest first."""
    return [f"{number:04}" for number in range(1, int(HEAD) + 1)]


def ddl(revision: str, dialect: str) -> list[str]:
    """Return the statements of a revision for a dialect: `versions/<revision>.<dialect>.sql`, one a paragraph.

    None where nothing changes for that dialect, or it came later: its first file holds all that was before it.
    """
    path = _HERE / "versions" / f"{revision}.{dialect}.sql"
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [statement for paragraph in text.split("\n\n") if (statement := paragraph.strip())]
