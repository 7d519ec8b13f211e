"""What the counter refuses by itself; most refusals come from the packages below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class CounterError(Exception):
    """Root of this package's errors."""

    code: ClassVar[str] = "counter"


@dataclass(eq=False)
class IdRefusedError(CounterError):
    """Nobody is admitted on this document; `reason` is the verdict's code. The refusal is in the journal.

    `seat` tells where a person sits who is refused for sitting somewhere already.
    """

    code: ClassVar[str] = "id-refused"
    reason: str
    seat: str | None = None


@dataclass(eq=False)
class SeatUnknownError(CounterError):
    """The venue has no such seat."""

    code: ClassVar[str] = "seat-unknown"
    seat: str


@dataclass(eq=False)
class NothingNewBeginsError(CounterError):
    """The store is full: no new visit opens until there is room again (I-11). Running visits can be settled."""

    code: ClassVar[str] = "store-full"


@dataclass(eq=False)
class RequestReusedError(CounterError):
    """The request's id was used before, for something else."""

    code: ClassVar[str] = "request-reused"
    request: str


@dataclass(eq=False)
class PrintJobUnknownError(CounterError):
    """There is no print job of that id."""

    code: ClassVar[str] = "print-job-unknown"
    job_id: str


@dataclass(eq=False)
class PrintJobNotWaitingError(CounterError):
    """Nothing is open about the job: `state` says what is known."""

    code: ClassVar[str] = "print-job-not-waiting"
    job_id: str
    state: str
