"""Rows to values and back; every query about checks and registrations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from members.errors import RegistrationUnknownError
from members.tables import id_checks, registration_boxes, registrations
from privacy.sealing import Field, SealedRegistration, WrappedKey
from records.clock import instant_of, milliseconds_of
from records.journal import Entry
from records.unit_of_work import UnitOfWork


def insert_check(work: UnitOfWork, check_id: str, *, kind: str, method: str, entry: Entry) -> None:
    """Write the fact of a check."""
    row = {
        "check_id": check_id,
        "kind": kind,
        "method": method,
        "verdict": "adult",
        "checked_at": work.reading.at,
    }
    work.insert(id_checks, row, entry=entry)


def insert_registration(
    work: UnitOfWork, sealed: SealedRegistration, *, person_id: str, erasable_from: date, entry: Entry
) -> None:
    """Write a sealed registration; from `erasable_from` on an erasure may delete it."""
    floor = erasable_from.isoformat()
    row = {
        "record_id": sealed.record_id,
        "person_id": person_id,
        "token": sealed.token,
        "key_hash": sealed.key_hash,
        "sealed_at": instant_of(sealed.sealed_ms),
        "actor": sealed.actor,
        "signature": sealed.signature,
        "wrapped_key": sealed.wrapped.blob,
        "wrapped_month": sealed.wrapped.month,
        "wrapped_info": sealed.wrapped.info,
        "erasable_from": floor,
    }
    work.insert(registrations, row, entry=entry)
    boxes = [
        {"record_id": sealed.record_id, "field": name.value, "box": box, "erasable_from": floor}
        for name, box in sealed.boxes.items()
    ]
    work.insert(registration_boxes, boxes, entry=entry)


def person_of(connection: sa.Connection, tokens: Iterable[bytes]) -> str | None:
    """Find the person whose document had one of these tokens; of several registrations the newest."""
    query = (
        sa.select(registrations.c.person_id)
        .where(registrations.c.token.in_(list(tokens)))
        .order_by(registrations.c.sealed_at.desc(), registrations.c.record_id)
        .limit(1)
    )
    person_id: str | None = connection.execute(query).scalar_one_or_none()
    return person_id


def sealed_registration(connection: sa.Connection, record_id: str) -> SealedRegistration:
    """Give a registration as it was sealed, for the owner to open; raises RegistrationUnknownError."""
    row = connection.execute(sa.select(registrations).where(registrations.c.record_id == record_id)).one_or_none()
    if row is None:
        raise RegistrationUnknownError(record_id=record_id)
    query = sa.select(registration_boxes.c.field, registration_boxes.c.box)
    stored = connection.execute(query.where(registration_boxes.c.record_id == record_id)).all()
    known = {name.value for name in Field}
    return SealedRegistration(
        record_id=record_id,
        token=row.token,
        # A box under a name that nobody knows is not read, and its place is missed by the opener.
        boxes={Field(box.field): box.box for box in stored if box.field in known},
        key_hash=row.key_hash,
        sealed_ms=milliseconds_of(row.sealed_at),
        actor=row.actor,
        signature=row.signature,
        wrapped=WrappedKey(month=row.wrapped_month, info=row.wrapped_info, blob=row.wrapped_key),
    )


def replace_wrapping(connection: sa.Connection, record_id: str, *, old: WrappedKey, new: WrappedKey) -> bool:
    """Put a new wrapping in the place of the old one, if it is still there; tell whether it was.

    The three columns are the only ones that the database lets change.
    """
    here = registrations.c
    statement = (
        registrations.update()
        .where(here.record_id == record_id, here.wrapped_key == old.blob, here.wrapped_month == old.month)
        .values(wrapped_key=new.blob, wrapped_month=new.month, wrapped_info=new.info)
    )
    return connection.execute(statement).rowcount == 1
