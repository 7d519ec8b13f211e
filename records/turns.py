"""Turns at what has no row yet, and so none that could be held.

Two desks that look for the same unknown thing would both make it. The second waits here until the first has committed,
and finds it then. On a file the write lock does that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa

from records import database
from records.statements import Prepared


def take(connection: sa.Connection, names: Iterable[bytes]) -> None:
    """Keep everybody else from taking a turn at these names until the commit. What is looked for is read afterwards.

    Raises StoreLockedError where another desk does not come to its end.
    """
    if not database.holds_rows(connection):
        return
    # In one order everywhere, so that nobody waits in a circle.
    for key in sorted({_key(name) for name in names}):
        _TAKE.ask(connection, key=key)


def _key(name: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"turn" + name).digest()[:8], "big", signed=True)


_TAKE = Prepared(sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger)).label("taken")))
