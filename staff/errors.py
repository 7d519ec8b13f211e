"""What can go wrong with staff. Names, PINs and their verifiers stand in no error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


class StaffError(Exception):
    """Root of this package's errors."""

    code: ClassVar[str] = "staff"


@dataclass(eq=False)
class PinRefusedError(StaffError):
    """The name, the PIN or both are wrong; which one is told to nobody. The attempt is in the journal."""

    code: ClassVar[str] = "pin-refused"


@dataclass(eq=False)
class StaffLockedError(StaffError):
    """Too many wrong PINs: the account waits until `until`, or for a reset where `until` is None."""

    code: ClassVar[str] = "staff-locked"

    until: datetime | None


@dataclass(eq=False)
class PinTooWeakError(StaffError):
    """The new PIN is not taken. Problems: `too-short`, `too-long`, `obvious`."""

    code: ClassVar[str] = "pin-too-weak"

    problem: str


@dataclass(eq=False)
class StaffNameError(StaffError):
    """The name cannot be given. Problems: `empty`, `too-long`, `characters`, `taken`."""

    code: ClassVar[str] = "staff-name"

    problem: str


@dataclass(eq=False)
class StaffUnknownError(StaffError):
    """There is no account of that name."""

    code: ClassVar[str] = "staff-unknown"


@dataclass(eq=False)
class LastOwnerError(StaffError):
    """The venue's last active owner cannot be disabled: nobody could appoint another."""

    code: ClassVar[str] = "last-owner"

    staff: str


@dataclass(eq=False)
class RoleRefusedError(StaffError):
    """The role may not do this, with or without a second person."""

    code: ClassVar[str] = "not-allowed"

    operation: str
    role: str


@dataclass(eq=False)
class ApprovalNeededError(StaffError):
    """The role may do this only with a second person's approval; `limit_fen` is what it may do alone, if anything."""

    code: ClassVar[str] = "approval-needed"

    operation: str
    role: str
    limit_fen: int | None


@dataclass(eq=False)
class ApprovalRefusedError(StaffError):
    """The approval does not count. Problems: `same-person`, `role`, `reason`, `other-operation`, `other-person`."""

    code: ClassVar[str] = "approval-refused"

    operation: str
    problem: str
