"""`doctor --repair`: state is made again from facts; the journal says which tables had differed."""

from __future__ import annotations

import sqlalchemy as sa

from billing import rebuild
from members.tables import registrations
from pos.bootstrap import Venue
from records import desk_clocks
from records.repeating import repeated
from staff import repository as staff_repository
from staff.repository import StaffMember
from staff.roles import Operation, require
from staff.tables import staff_attempts


@repeated
def repair_state(venue: Venue, *, by: StaffMember) -> list[str]:
    """Rebuild what differs and return the tables' names. Raises RoleRefusedError.

    Print attempts are kept as they are: what may be on paper must never print again by itself.
    """
    require(Operation.STATE_REPAIR, by.role)
    with venue.records.begin(actor=by.staff, alone=True) as work:

        def person_of(check_id: str) -> str | None:
            query = sa.select(registrations.c.person_id).where(registrations.c.record_id == check_id)
            person_id: str | None = work.execute(query).scalar_one_or_none()
            return person_id

        rebuilt = [
            str(name) for name in rebuild.rebuild(work, person_of=person_of)
        ]  # A table's name is a str of its own.
        before = _attempts(work.connection)
        staff_repository.rebuild_attempts(work.connection)
        if _attempts(work.connection) != before:
            rebuilt.append(str(staff_attempts.name))
        if desk_clocks.rebuild(work.connection, writing=work.records.till):
            rebuilt.append("desk_clocks")
        if rebuilt:
            work.entry("state.rebuilt", {"tables": rebuilt})
            work.commit()
    return rebuilt


def _attempts(connection: sa.Connection) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.execute(sa.select(staff_attempts))}
