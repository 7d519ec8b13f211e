"""The only place that asks the time (I-10).

One reading gives the wall clock, the boot it belongs to and the monotonic clock of that boot. Order never comes from
here: it comes from the journal's sequence. A clock is an argument of whoever needs the time.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

Discipline = Literal["synced", "free", "simulated"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
PROGRAM_BOOT = "program-"
"""How the boot of a program begins where the system tells none: several may go on side by side."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# systemd-timesyncd and chrony's helper touch this file when the clock is disciplined.
_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One look at the clocks: `wall_ms` since 1970 UTC, `mono_us` within `boot`."""

    wall_ms: int
    boot: str
    mono_us: int
    discipline: Discipline

    @property
    def at(self) -> datetime:
        """The wall clock as an aware instant in UTC, to the millisecond."""
        return instant_of(self.wall_ms)

    @property
    def second(self) -> datetime:
        """The wall clock cut to the whole second: charges count whole seconds."""
        return instant_of(self.wall_ms // 1000 * 1000)


class Clock(Protocol):
    """Whatever can be asked for the time."""

    @property
    def is_simulated(self) -> bool:
        """Whether its hours pass by command; every entry made under it says so."""

    def read(self) -> Reading:
        """Look at the clocks once."""


class SystemClock:
    """The computer's clocks; suspended time counts where the system tells it (Linux)."""

    is_simulated = False

    def __init__(self) -> None:
        self._boot = _boot_id()

    def read(self) -> Reading:
        """Look at wall and monotonic clock, in this order."""
        wall_ns, mono_ns = time.time_ns(), _monotonic_ns()
        discipline: Discipline = "synced" if _SYNCHRONIZED.exists() else "free"
        return Reading(wall_ms=wall_ns // 1_000_000, boot=self._boot, mono_us=mono_ns // 1000, discipline=discipline)


class SimulatedClock:
    """A clock for demos and tests: it stands until it is told to advance.

    `follows_real_time` lets it run on from its start with real seconds, for commands on a simulated folder.
    """

    is_simulated = True

    def __init__(
        self, start: datetime, *, boot: str | None = None, mono_us: int = 0, follows_real_time: bool = False
    ) -> None:
        self._start_ms = milliseconds_of(start)
        self._boot = boot if boot is not None else f"simulated-{uuid.uuid4().hex[:12]}"
        self._start_mono_us = mono_us
        self._passed_us = 0
        self._real_start_ns = _monotonic_ns() if follows_real_time else None

    def read(self) -> Reading:
        """Look at the simulated time."""
        passed = self._passed_us
        if self._real_start_ns is not None:
            passed += (_monotonic_ns() - self._real_start_ns) // 1000
        return Reading(
            wall_ms=self._start_ms + passed // 1000,
            boot=self._boot,
            mono_us=self._start_mono_us + passed,
            discipline="simulated",
        )

    def advance(self, by: timedelta) -> None:
        """Let time pass; never backwards."""
        passed = by // timedelta(microseconds=1)
        if passed < 0:
            raise ValueError("simulated time only advances")
        self._passed_us += passed

    def advance_to(self, at: datetime) -> None:
        """Let time pass until `at`; nothing happens if that is over already."""
        self.advance(max(at - self.read().at, timedelta()))


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessDays:
    """The venue's days: they begin at `starts_minute` minutes after local midnight."""

    timezone: ZoneInfo
    starts_minute: int

    def day_of(self, at: datetime) -> date:
        """Return the business day that `at` belongs to."""
        local = at.astimezone(self.timezone)
        is_before = local.hour * 60 + local.minute < self.starts_minute
        return local.date() - timedelta(days=is_before)


def instant_of(wall_ms: int) -> datetime:
    """Return the aware instant of a number of milliseconds since 1970 UTC."""
    return _EPOCH + wall_ms * _MILLISECOND


def milliseconds_of(at: datetime) -> int:
    """Return the milliseconds since 1970 UTC of an aware instant."""
    if at.tzinfo is None:
        raise ValueError("an instant is aware")
    return (at - _EPOCH) // _MILLISECOND


def monotonic_seconds() -> float:
    """Return a monotonic time for deadlines and progress; its zero means nothing."""
    return time.monotonic()


def _monotonic_ns() -> int:
    boottime = getattr(time, "CLOCK_BOOTTIME", None)  # Linux only: it goes on while the computer sleeps.
    return time.monotonic_ns() if boottime is None else time.clock_gettime_ns(boottime)


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        # No boot id to be had: each start of the program counts as a boot of its own.
        return f"{PROGRAM_BOOT}{uuid.uuid4().hex[:12]}"
