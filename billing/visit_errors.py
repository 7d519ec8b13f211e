"""Refusals around a visit, from its opening to its settlement."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from billing.errors import BooksError


@dataclass(eq=False)
class UnknownVisitError(BooksError):
    """No visit has this id, and no open one this seat."""

    code: ClassVar[str] = "unknown-visit"

    visit: str


@dataclass(eq=False)
class VisitRepeatedError(BooksError):
    """The visit was opened before under the same id; these are the facts of the first time."""

    code: ClassVar[str] = "visit-repeated"

    visit_id: str
    seat: str
    opened_at: dt.datetime


@dataclass(eq=False)
class CheckUsedError(BooksError):
    """Another visit was opened on this ID check (I-5)."""

    code: ClassVar[str] = "check-used"

    check_id: str
    visit_id: str


@dataclass(eq=False)
class PersonSeatedError(BooksError):
    """The person has an open visit (I-6)."""

    code: ClassVar[str] = "same-person"

    visit_id: str
    seat: str


@dataclass(eq=False)
class SeatTakenError(BooksError):
    """An open visit has the seat (I-6)."""

    code: ClassVar[str] = "seat-taken"

    seat: str
    visit_id: str


@dataclass(eq=False)
class SeatOutOfUseError(BooksError):
    """The seat is out of use: nobody sits down there. `reason` is a code."""

    code: ClassVar[str] = "seat-out-of-use"

    seat: str
    since: dt.datetime
    reason: str


@dataclass(eq=False)
class SeatInUseError(BooksError):
    """The seat is not out of use."""

    code: ClassVar[str] = "seat-in-use"

    seat: str


@dataclass(eq=False)
class NotJustMovedError(BooksError):
    """The last thing that happened to the visit is no move, so there is none to take back."""

    code: ClassVar[str] = "not-just-moved"

    visit_id: str


@dataclass(eq=False)
class VisitEndedError(BooksError):
    """The visit ended by itself (closing time, the end of its package) and waits for its settlement."""

    code: ClassVar[str] = "visit-ended"

    visit_id: str
    at: dt.datetime
    reason: str


@dataclass(eq=False)
class VisitPausedError(BooksError):
    """The visit is paused already."""

    code: ClassVar[str] = "visit-paused"

    visit_id: str
    since: dt.datetime


@dataclass(eq=False)
class VisitNotPausedError(BooksError):
    """There is no pause to end."""

    code: ClassVar[str] = "visit-not-paused"

    visit_id: str


@dataclass(eq=False)
class PausesUsedUpError(BooksError):
    """The customer may not pause (again) under the visit's list (P-4)."""

    code: ClassVar[str] = "pauses-used-up"

    visit_id: str
    pauses_max: int


@dataclass(eq=False)
class OutageRunningError(BooksError):
    """All seats are paused for an outage; while it lasts no visit opens, pauses or resumes."""

    code: ClassVar[str] = "outage-running"

    since: dt.datetime
    reason: str


@dataclass(eq=False)
class NoOutageError(BooksError):
    """There is no outage to end."""

    code: ClassVar[str] = "no-outage"


@dataclass(eq=False)
class StatementNeededError(BooksError):
    """A stay is settled only once its itemised statement was shown (G-5)."""

    code: ClassVar[str] = "statement-needed"

    visit_id: str


@dataclass(eq=False)
class StatementStaleError(BooksError):
    """The statement is too old, or something has changed since: it must be shown again (G-5)."""

    code: ClassVar[str] = "statement-stale"

    visit_id: str
    shown_at: dt.datetime


@dataclass(eq=False)
class AlreadySettledError(BooksError):
    """The visit was settled before; `receipt` is the number of that time. Nobody pays twice."""

    code: ClassVar[str] = "already-settled"

    visit_id: str
    receipt: int
