"""One program is a desk: on a server the open one holds its desk's name there (an advisory lock of PostgreSQL).

A folder's own lock (`records.folder`) knows of its computer alone, and a copy of the folder bears the same name and the
same keys. The name is held by a connection and goes with it, half a minute after its computer vanished at the latest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa

from records import database
from records.errors import DeskElsewhereError


@contextmanager
def held(engine: sa.Engine, till: str) -> Iterator[None]:
    """Hold a desk's name as long as this lasts; on a file there is nobody else. Raises DeskElsewhereError.

    Where the connection goes, so does the name: whoever listens (`records.announcements`) takes it again and again.
    """
    if not database.is_shared(engine):
        yield
        return
    from records import postgres

    with ExitStack() as stack:
        with database.translated():
            held_by = stack.enter_context(postgres.name_of_desk(engine, till))
        if held_by is not None:
            raise DeskElsewhereError(desk=till, address=held_by, trouble="" if held_by else "nearby")
        yield
