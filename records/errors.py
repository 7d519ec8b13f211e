"""What can go wrong with the records. Facts and ids only; the sentence for people is written in `pos.wording`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

GRANTS: Final = "grants"
"""The guard that a missing right is refused by, on a server."""


class RecordsError(Exception):
    """Root of all errors of this package."""

    code: ClassVar[str] = "records"


@dataclass(eq=False)
class NotAVenueError(RecordsError):
    """The folder holds no venue, or not one of this product."""

    code: ClassVar[str] = "not-a-venue"
    folder: str


@dataclass(eq=False)
class DamagedError(RecordsError):
    """The database cannot be read as one."""

    code: ClassVar[str] = "damaged"
    path: str
    detail: str


@dataclass(eq=False)
class SchemaTooNewError(RecordsError):
    """The folder was written by a later version of the product."""

    code: ClassVar[str] = "schema-too-new"
    found: str
    known: str


@dataclass(eq=False)
class StoreBusyError(RecordsError):
    """Another program held the write lock for longer than one waits. Nothing was written."""

    code: ClassVar[str] = "store-busy"


@dataclass(eq=False)
class StoreFullError(RecordsError):
    """The disk refused the write. Nothing was written (I-11)."""

    code: ClassVar[str] = "store-full"


@dataclass(eq=False)
class AlreadyOpenError(RecordsError):
    """Another desk works on this folder."""

    code: ClassVar[str] = "already-open"
    folder: str


@dataclass(eq=False)
class DeskElsewhereError(RecordsError):
    """A program on another computer, or in another copy of the folder, is this desk; `address` may be unknown."""

    code: ClassVar[str] = "desk-elsewhere"
    desk: str
    address: str
    trouble: str  # nearby: it did not come by network


@dataclass(eq=False)
class ClockKindError(RecordsError):
    """A real venue cannot be simulated, and a simulated one stays so (I-10)."""

    code: ClassVar[str] = "clock-kind"
    is_simulated: bool


@dataclass(eq=False)
class RefusedByGuardError(RecordsError):
    """A guard of the database refused the row. Above it stands a friendlier check that should have spoken first."""

    code: ClassVar[str] = "refused-by-guard"
    guard: str


@dataclass(eq=False)
class OvertakenError(RecordsError):
    """Another desk was first, and what this unit of work had read is no longer so. Nothing was written."""

    code: ClassVar[str] = "overtaken"


@dataclass(eq=False)
class StoreLockedError(StoreBusyError):
    """Another desk held a row for longer than one waits for it. Nothing was written."""


@dataclass(eq=False)
class StoreLostError(RecordsError):
    """The database server is away, or the connection to it was lost. Nothing was written."""

    code: ClassVar[str] = "store-lost"


@dataclass(eq=False)
class OutcomeUnknownError(RecordsError):
    """The connection was lost at the commit and the server stays away: it may or may not have been written."""

    code: ClassVar[str] = "outcome-unknown"


@dataclass(eq=False)
class StoreDeniedError(RecordsError):
    """The database server does not let a role in: its name, password or database is wrong."""

    code: ClassVar[str] = "store-denied"
    role: str


@dataclass(eq=False)
class PlaceInvalidError(RecordsError):
    """What says where the records lie cannot be used. `problem`: form, url, password, schema, desk."""

    code: ClassVar[str] = "database-invalid"
    problem: str


@dataclass(eq=False)
class PasswordError(RecordsError):
    """The password for the database server cannot be had or kept.

    Problems: `file` (missing, or not to be read), `file-open` (others may read it), `no-store` (this computer has no
    key store that counts), `store` (it is locked or does not answer), `not-stored` (it holds none for this address).
    """

    code: ClassVar[str] = "database-password"
    problem: str


@dataclass(eq=False)
class DriverMissingError(RecordsError):
    """The records lie on a PostgreSQL server and its driver is not installed."""

    code: ClassVar[str] = "driver-missing"


@dataclass(eq=False)
class MigrationDueError(RecordsError):
    """The schema is of an earlier version, and this program's role may not change it."""

    code: ClassVar[str] = "migration-due"
    found: str
    known: str


@dataclass(eq=False)
class MovedError(RecordsError):
    """The venue's records were moved to a server; this is the original that stayed behind."""

    code: ClassVar[str] = "moved"
    folder: str


@dataclass(eq=False)
class RoleTooMightyError(RecordsError):
    """The program's role owns the tables or is a superuser: it could take its own protections away."""

    code: ClassVar[str] = "role-too-mighty"
    role: str


@dataclass(eq=False)
class NotOwnerError(RecordsError):
    """A role that was given as the owner's may not create or change tables here. Nothing was written."""

    code: ClassVar[str] = "not-owner"
    role: str


@dataclass(eq=False)
class SchemaTakenError(RecordsError):
    """The server has a schema of this venue already. Nothing was written."""

    code: ClassVar[str] = "schema-taken"
    schema: str
