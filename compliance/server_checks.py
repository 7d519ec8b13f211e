"""What `doctor` looks at where the records lie on a PostgreSQL server: the server's own word, as the program's role."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

_MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")


def settings_that_lose(connection: sa.Connection) -> Iterator[str]:
    """Yield settings under which the server may lose what it acknowledged, or write a torn page."""
    for name in _MUST_BE_ON:
        value = connection.exec_driver_sql("SELECT current_setting(%(name)s)", {"name": name}).scalar_one()
        if value != "on":
            yield f"{name} = {value}"


def settings_that_tell(connection: sa.Connection) -> Iterator[str]:
    """Yield settings under which the server's log may quote rows: a person's is no line of a log (I-7)."""
    verbosity = connection.exec_driver_sql("SELECT current_setting('log_error_verbosity')").scalar_one()
    if verbosity != "terse":
        yield f"log_error_verbosity = {verbosity}"


def rows_without_target(connection: sa.Connection, metadata: sa.MetaData) -> Iterator[str]:
    """Yield references whose rows refer to nothing, which only somebody with an owner's rights can have made."""
    for table in metadata.sorted_tables:
        for reference in table.foreign_key_constraints:
            source, target = table.alias("source"), reference.referred_table.alias("target")
            pairs = [(source.c[element.parent.name], target.c[element.column.name]) for element in reference.elements]
            is_met = sa.exists().where(*(mine == theirs for mine, theirs in pairs))
            is_said = sa.and_(*(mine.is_not(None) for mine, _ in pairs))
            orphan = sa.select(sa.literal(1)).select_from(source).where(is_said, ~is_met).limit(1)
            if connection.execute(orphan).first() is not None:
                yield f"{table.name} → {reference.referred_table.name}"
