"""Accounts: adding, disabling, logging in, resetting a PIN. Each is one transaction with its entry."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn

from records.clock import BusinessDays
from records.repeating import repeated
from records.unit_of_work import Records, UnitOfWork
from staff import repository
from staff.errors import (
    LastOwnerError,
    PinRefusedError,
    RoleRefusedError,
    StaffLockedError,
    StaffNameError,
    StaffUnknownError,
)
from staff.pins import DEFAULT_COST, Attempts, Pepper, PinCost, check_new_pin, is_pin, lock_at, verifier_of
from staff.repository import StaffMember
from staff.roles import Operation, Role, may_reset_pin_of
from staff.tables import staff_disabled, staff_members

LONGEST_NAME: Final = 32

# Nobody has this number; a verifier is computed for it where a name is unknown, so that the answer takes as long.
_NOBODY: Final = "s0"


@dataclass(frozen=True, kw_only=True, slots=True)
class PinPad:
    """What is needed to make and to check PINs: the counter's pepper, and the cost of new verifiers."""

    pepper: Pepper
    cost: PinCost = DEFAULT_COST


def add(work: UnitOfWork, *, name: str, role: Role, pin: str, pad: PinPad) -> StaffMember:
    """Add an account; raises StaffNameError, PinTooWeakError. Names are given once, also after a disabling."""
    name = _checked_name(name)
    check_new_pin(pin)
    if repository.member_named(work.connection, name) is not None:
        raise StaffNameError(problem="taken")
    number = repository.next_number(work.connection)
    member = StaffMember(staff=f"s{number}", name=name, role=role, is_active=True)
    entry = work.entry("staff.added", {"staff": member.staff, "role": role.value})
    work.insert(staff_members, {"number": number, "name": name, "role": role.value}, entry=entry)
    repository.set_verifier(work, member.staff, _verifier(member.staff, pin, pad))
    return member


def disable(work: UnitOfWork, *, name: str) -> StaffMember:
    """Disable an account for good; raises StaffUnknownError, LastOwnerError. A disabled one stays as it is."""
    member = _required(work, name)
    if member.is_active:
        if member.role is Role.OWNER and _active_owners(work) == 1:
            raise LastOwnerError(staff=member.staff)
        entry = work.entry("staff.disabled", {"staff": member.staff})
        work.insert(staff_disabled, {"number": repository.row_number(member.staff)}, entry=entry)
    return StaffMember(staff=member.staff, name=member.name, role=member.role, is_active=False)


def reset_pin(work: UnitOfWork, *, name: str, pin: str, pad: PinPad, by: Role) -> StaffMember:
    """Give an account a new PIN and take its lock away.

    Raises RoleRefusedError where `by` may not reset that role's PIN, StaffUnknownError, PinTooWeakError. An owner who
    is locked out proves himself with his key file instead; then `by` is `Role.OWNER` too.
    """
    member = _required(work, name)
    if not may_reset_pin_of(by, member.role):
        raise RoleRefusedError(operation=Operation.STAFF_RESET_PIN.value, role=by.value)
    check_new_pin(pin)
    work.entry("staff.pin_reset", {"staff": member.staff})
    repository.set_verifier(work, member.staff, _verifier(member.staff, pin, pad))
    repository.set_attempts(work.connection, member.staff, Attempts())
    return member


def log_in(records: Records, *, name: str, pin: str, pad: PinPad) -> StaffMember:
    """Check a name and a PIN, and write `staff.logged_in` or `pin.refused`; commits by itself.

    Raises PinRefusedError, for a wrong PIN and an unknown or disabled name alike and in the same time, and
    StaffLockedError without looking at the PIN. The slow check is done before the books are locked.
    """
    name = _normal_name(name)
    with records.reading() as connection:
        member = repository.member_named(connection, name)
        stored = None if member is None else repository.verifier_of(connection, member.staff)
        attempts = Attempts() if member is None else repository.attempts_of(connection, member.staff)
    _refuse_locked(attempts, records.clock.read().at)
    if member is None or stored is None or not member.is_active:
        verifier_of(pin, staff=_NOBODY, pepper=pad.pepper, cost=pad.cost)
        _refuse_stranger(records)
    if not is_pin(pin, stored, staff=member.staff, pepper=pad.pepper):
        _count_failure(records, member)
    return _let_in(records, member)


@repeated
def _let_in(records: Records, member: StaffMember) -> StaffMember:
    with records.begin(actor=member.staff) as work:
        # Somebody else may have locked the account while this PIN was being checked.
        _refuse_locked(repository.attempts_of(work.connection, member.staff), work.reading.at)
        work.entry("staff.logged_in", {"staff": member.staff, "role": member.role.value})
        repository.set_attempts(work.connection, member.staff, Attempts())
        work.commit()
    return member


@repeated
def _count_failure(records: Records, member: StaffMember) -> NoReturn:
    with records.begin() as work:
        before = repository.attempts_of(work.connection, member.staff)
        _refuse_locked(before, work.reading.at)
        attempts = Attempts(failures=before.failures + 1, last_failed_at=work.reading.at)
        lock = lock_at(attempts, work.reading.at)
        body: dict[str, str | int | None] = {"staff": member.staff, "failures": attempts.failures}
        if lock is not None and lock.until is not None:
            body["locked_until"] = _local(lock.until, records.days)
        work.entry("pin.refused", body)
        repository.set_attempts(work.connection, member.staff, attempts)
        work.commit()
    raise PinRefusedError


@repeated
def _refuse_stranger(records: Records) -> NoReturn:
    with records.begin() as work:
        work.entry("pin.refused", {"staff": None, "failures": 1})
        work.commit()
    raise PinRefusedError


def _refuse_locked(attempts: Attempts, now: datetime) -> None:
    lock = lock_at(attempts, now)
    if lock is not None:
        raise StaffLockedError(until=lock.until)


def _required(work: UnitOfWork, name: str) -> StaffMember:
    member = repository.member_named(work.connection, _normal_name(name))
    if member is None:
        raise StaffUnknownError
    return member


def _active_owners(work: UnitOfWork) -> int:
    members = repository.all_members(work.connection)
    return sum(member.is_active and member.role is Role.OWNER for member in members)


def _verifier(staff: str, pin: str, pad: PinPad) -> str:
    return verifier_of(pin, staff=staff, pepper=pad.pepper, cost=pad.cost)


def _checked_name(name: str) -> str:
    name = _normal_name(name)
    if not name:
        raise StaffNameError(problem="empty")
    if len(name) > LONGEST_NAME:
        raise StaffNameError(problem="too-long")
    if not name.isprintable():
        raise StaffNameError(problem="characters")
    return name


def _normal_name(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _local(at: datetime, days: BusinessDays) -> str:
    """Write local time as entries have it: an offset only where the clock shows that time twice."""
    local = at.astimezone(days.timezone).replace(microsecond=0)
    is_ambiguous = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.isoformat() if is_ambiguous else local.replace(tzinfo=None).isoformat()
