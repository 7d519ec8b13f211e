"""What can go wrong with the records. Facts and ids only; the sentence for people is written in `pos.wording`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


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
class ClockKindError(RecordsError):
    """A real venue cannot be simulated, and a simulated one stays so (I-10)."""

    code: ClassVar[str] = "clock-kind"
    is_simulated: bool


@dataclass(eq=False)
class RefusedByGuardError(RecordsError):
    """A guard of the database refused the row. Above it stands a friendlier check that should have spoken first."""

    code: ClassVar[str] = "refused-by-guard"
    guard: str
