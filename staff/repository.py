"""Rows to values and back; every query about staff."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from records.schema import journal
from records.unit_of_work import UnitOfWork
from staff.pins import Attempts
from staff.roles import Role
from staff.tables import staff_attempts, staff_disabled, staff_members, staff_pins


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember:
    """One account. `staff` is its number as entries have it (`s1`); the name stays in the venue's database."""

    staff: str
    name: str = field(repr=False)
    role: Role
    is_active: bool


def row_number(staff: str) -> int:
    """Give the row's number of a staff number: `s1` is 1."""
    return int(staff.removeprefix("s"))


_MEMBERS = sa.select(
    staff_members.c.number,
    staff_members.c.name,
    staff_members.c.role,
    sa.exists().where(staff_disabled.c.number == staff_members.c.number).label("is_disabled"),
)


def all_members(connection: sa.Connection) -> list[StaffMember]:
    """List every account there ever was, oldest first."""
    return [_member(row) for row in connection.execute(_MEMBERS.order_by(staff_members.c.number))]


def member_named(connection: sa.Connection, name: str) -> StaffMember | None:
    """Find an account by its name, disabled ones too."""
    row = connection.execute(_MEMBERS.where(staff_members.c.name == name)).one_or_none()
    return None if row is None else _member(row)


def _member(row: sa.Row[Any]) -> StaffMember:
    return StaffMember(staff=f"s{row.number}", name=row.name, role=Role(row.role), is_active=not row.is_disabled)


def next_number(connection: sa.Connection) -> int:
    """Give the number of the next account; the write lock is held."""
    newest: int | None = connection.execute(sa.select(sa.func.max(staff_members.c.number))).scalar_one()
    return (newest or 0) + 1


def verifier_of(connection: sa.Connection, staff: str) -> str | None:
    """Give what is kept of an account's PIN."""
    query = sa.select(staff_pins.c.verifier).where(staff_pins.c.number == row_number(staff))
    verifier: str | None = connection.execute(query).scalar_one_or_none()
    return verifier


def set_verifier(work: UnitOfWork, staff: str, verifier: str) -> None:
    """Put a new PIN in the place of the old one."""
    number = row_number(staff)
    work.execute(staff_pins.delete().where(staff_pins.c.number == number))
    work.insert(staff_pins, {"number": number, "verifier": verifier})


def attempts_of(connection: sa.Connection, staff: str) -> Attempts:
    """Give the wrong PINs in a row of an account."""
    query = sa.select(staff_attempts).where(staff_attempts.c.number == row_number(staff))
    row = connection.execute(query).one_or_none()
    return Attempts() if row is None else Attempts(failures=row.failures, last_failed_at=row.last_failed_at)


def set_attempts(connection: sa.Connection, staff: str, attempts: Attempts) -> None:
    """Keep the wrong PINs in a row; none are no row."""
    number = row_number(staff)
    connection.execute(staff_attempts.delete().where(staff_attempts.c.number == number))
    if attempts.failures:
        row = {"number": number, "failures": attempts.failures, "last_failed_at": attempts.last_failed_at}
        connection.execute(staff_attempts.insert(), row)


def rebuild_attempts(connection: sa.Connection) -> None:
    """Make the state of wrong attempts anew from the journal (`doctor --repair`).

    The count in a row is that of the last `pin.refused` of an account, unless a log-in or a reset came after it.
    """
    connection.execute(staff_attempts.delete())
    query = (
        sa.select(journal.c.type, journal.c.wall, journal.c.entry)
        .where(journal.c.type.in_(("pin.refused", "staff.logged_in", "staff.pin_reset")))
        .order_by(journal.c.seq)
    )
    latest: dict[str, Attempts] = {}
    for row in connection.execute(query):
        body = json.loads(row.entry)["body"]
        if body["staff"] is not None:
            refused = row.type == "pin.refused"
            latest[body["staff"]] = (
                Attempts(failures=body["failures"], last_failed_at=row.wall) if refused else Attempts()
            )
    for staff, attempts in latest.items():
        set_attempts(connection, staff, attempts)
