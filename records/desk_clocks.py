"""What each desk's clocks read at its last entry (journal-format.md §7), and the row that keeps its units in order.

On a server a unit of work holds its desk's row from its beginning: so one desk's readings stand in the log in the order
in which they were taken, as SQLite's write lock has it for the only desk there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from records import database, head
from records.clock import Reading
from records.schema import desk_clocks, journal, journal_head
from records.statements import Prepared, PreparedInsert


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A desk's turn. `reading` is None before its first entry; `epoch` is the head's, None where no other desk is.

    The epoch may be older than the wait for the turn was long: then its unit begins anew for nothing.
    """

    reading: Reading | None
    epoch: int | None


def ask_to_hold(connection: sa.Connection, till: str) -> None:
    """Take the desk's turn until the commit, as the next statement that travels; `hold` takes its answer."""
    if database.holds_rows(connection):
        _HELD.ahead(connection, wanted=till)


def hold(connection: sa.Connection, till: str) -> Turn:
    """Take the desk's turn until the commit."""
    if not database.holds_rows(connection):
        return Turn(reading=_reading(_LAST.one(connection, wanted=till)), epoch=None)
    row = _HELD.one(connection, wanted=till)
    return Turn(reading=_reading(row), epoch=head.epoch(connection) if row is None else row.epoch)


def _reading(row: Any) -> Reading | None:
    if row is None:
        return None
    return Reading(wall_ms=row.wall_ms, boot=row.boot, mono_us=row.mono_us, discipline=row.discipline)


def note(connection: sa.Connection, till: str, reading: Reading, *, is_first: bool) -> None:
    """Keep what the clocks read at the entries that are being written."""
    if is_first:
        _INSERT.run(connection, [{"till": till, **asdict(reading)}])
        return
    _UPDATE.ask(
        connection,
        wanted=till,
        new_wall_ms=reading.wall_ms,
        new_boot=reading.boot,
        new_mono_us=reading.mono_us,
        new_discipline=reading.discipline,
    )


def told(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Return each desk's row as the entries have it."""
    newest: dict[str, dict[str, Any]] = {}
    for data in connection.execute(sa.select(journal.c.entry).order_by(journal.c.seq)).yield_per(1000).scalars():
        entry = json.loads(data)
        newest[entry["till"]] = {
            "till": entry["till"],
            "wall_ms": entry["wall"],
            "boot": entry["boot"],
            "mono_us": entry["mono_us"],
            "discipline": entry["clk"],
        }
    return newest


def kept(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Return each desk's row as it stands."""
    return {row.till: dict(row._mapping) for row in connection.execute(sa.select(desk_clocks))}  # noqa: SLF001  # SQLAlchemy's documented name.


def rebuild(connection: sa.Connection, *, writing: str) -> bool:
    """Make the rows what the entries say, and tell whether they were not; `writing` is the desk whose unit this is.

    A row that this desk lacks is left to the unit itself, which makes it at its seal.
    """
    wanted, found = told(connection), kept(connection)
    for till, row in wanted.items():
        if till not in found and till == writing:
            continue
        if till not in found:
            connection.execute(desk_clocks.insert(), row)
        elif found[till] != row:
            changed = {name: value for name, value in row.items() if name != "till"}
            connection.execute(desk_clocks.update().where(desk_clocks.c.till == till).values(changed))
    return wanted != found


_READING = (desk_clocks.c.wall_ms, desk_clocks.c.boot, desk_clocks.c.mono_us, desk_clocks.c.discipline)
_OF_DESK = desk_clocks.c.till == sa.bindparam("wanted")
_LAST = Prepared(sa.select(*_READING).where(_OF_DESK))
_HELD = Prepared(
    sa.select(*_READING, sa.select(journal_head.c.epoch).scalar_subquery().label("epoch"))
    .where(_OF_DESK)
    .with_for_update(of=desk_clocks)
)
_INSERT = PreparedInsert(desk_clocks)
_UPDATE = Prepared(
    desk_clocks.update()
    .where(desk_clocks.c.till == sa.bindparam("wanted"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("wall_ms", "boot", "mono_us", "discipline")})
)
