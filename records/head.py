"""The journal's head as several desks share it: one row, held from the seal to the commit (architecture §3).

Before that nothing keeps desks apart but the rows they hold. What many of them go by (prices, settings, an outage) is
changed by units that stand alone: those hold the head from their beginning and raise its epoch, and whoever began
before is overtaken. On SQLite the write lock does all of this, and the row is left alone.
"""

from __future__ import annotations

import sqlalchemy as sa

from records.errors import DamagedError, OvertakenError
from records.schema import journal_head
from records.statements import Prepared


def epoch(connection: sa.Connection) -> int:
    """Return how many units have stood alone so far."""
    return _epoch(_READ, connection)


def hold(connection: sa.Connection) -> int:
    """Hold the head until the commit, and return its epoch."""
    return _epoch(_HOLD, connection)


def ask_to_hold(connection: sa.Connection) -> None:
    """Hold the head until the commit, as the next statement that travels; `require` takes its answer."""
    _HOLD.ahead(connection)


def require(connection: sa.Connection, began_in: int) -> None:
    """Hold the head until the commit. Raises OvertakenError where a unit stood alone since `began_in`."""
    if hold(connection) != began_in:
        raise OvertakenError


def raise_epoch(connection: sa.Connection) -> None:
    """Let whoever began before this unit begin anew."""
    _RAISE.ask(connection)


def _epoch(query: Prepared, connection: sa.Connection) -> int:
    row = query.one(connection)
    if row is None:
        raise DamagedError(path="", detail="journal_head")
    return int(row.epoch)


_READ = Prepared(sa.select(journal_head.c.epoch))
_HOLD = Prepared(sa.select(journal_head.c.epoch).with_for_update())
_RAISE = Prepared(journal_head.update().values(epoch=journal_head.c.epoch + 1))
