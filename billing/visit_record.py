"""A visit as its facts tell it: what happened, what has come due by itself, and the usage that is rated.

Pure. "Due" is what must have happened by an instant although nobody pressed a key: a customer's pause reached its limit
(P-4), the opening hours ended, the last package ended under `package_end = "stop"`. The rating counts it from its
instant, whether or not a program ran then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.price_list import PriceList
from billing.rating import closing_instant, forced_end
from billing.usage import Pause, Purchase, Stay, Usage


class EventKind(StrEnum):
    """What can happen to a running visit."""

    MOVED = "moved"
    PAUSED = "paused"
    RESUMED = "resumed"
    OUTAGE_BEGAN = "outage-began"
    OUTAGE_ENDED = "outage-ended"
    PACKAGE = "package"
    ENDED = "ended"


class Ends(StrEnum):
    """Who or what ended a visit."""

    CUSTOMER = "customer"
    CLOSING_TIME = "closing-time"
    PACKAGE_END = "package-end"


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitEvent:
    """One thing that happened. `seat` and `zone` are of a move; `code` is a package's, or the reason of an end.

    A package that is part of a combo or promotion names the order and the line of the saving that covers it.
    """

    kind: EventKind
    at: datetime
    seat: str | None = None
    zone: str | None = None
    code: str | None = None
    order_id: str | None = None
    saving_line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningPause:
    """A pause that has not ended; the venue's is an outage."""

    since: datetime
    is_outage: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownStatement:
    """A statement that nothing has overtaken. The stay ends at `at`."""

    number: int
    at: datetime
    shown_at: datetime
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """An unsettled visit. `first_seat` and `first_zone` are those of its opening."""

    visit_id: str
    check_id: str
    person_id: str
    opened_at: datetime
    first_seat: str
    first_zone: str
    tier: str
    list_number: int
    prices: PriceList
    events: tuple[VisitEvent, ...] = ()
    deposit_fen: int = 0
    order_count: int = 0
    reduction_count: int = 0
    statement: ShownStatement | None = None

    @property
    def seat(self) -> str:
        """The seat that the customer has now."""
        return next((event.seat for event in reversed(self.events) if event.seat), self.first_seat)

    @property
    def zone(self) -> str:
        """The zone of that seat."""
        return next((event.zone for event in reversed(self.events) if event.zone), self.first_zone)

    @property
    def last_event_at(self) -> datetime:
        """Nothing can happen before it, even if the clock was set back."""
        return max((event.at for event in self.events), default=self.opened_at)

    @property
    def end(self) -> VisitEvent | None:
        """The end that came by itself."""
        return self.events[-1] if self.events and self.events[-1].kind is EventKind.ENDED else None

    @property
    def ends(self) -> Ends:
        """Who or what ends it: the customer, unless it ended by itself."""
        return Ends.CUSTOMER if self.end is None else Ends(self.end.code or "")

    @property
    def pause(self) -> RunningPause | None:
        """The pause that runs now."""
        running: RunningPause | None = None
        for event in self.events:
            running = _pause_after(running, event)
        return running

    @property
    def own_pauses(self) -> int:
        """How often the customer has paused and come back; a pause without length does not count."""
        return sum(not pause.venue for pause in self._pauses(None))

    def instant(self, now: datetime) -> datetime:
        """When something happens that is done now: not before the visit's last event."""
        return max(now, self.last_event_at)

    def with_events(self, *events: VisitEvent) -> Visit:
        """The visit after some more has happened, which overtakes its statement."""
        return dataclasses.replace(self, events=(*self.events, *events), statement=None) if events else self

    def as_of(self, at: datetime) -> Visit:
        """The visit with everything that is due by an instant."""
        return self.with_events(*self.due(at))

    def due(self, at: datetime) -> tuple[VisitEvent, ...]:
        """What must have happened by an instant and has not been written (module docstring)."""
        if self.end is not None:
            return ()
        found: list[VisitEvent] = []
        end = self.forced_end()
        resumes_at = self.pause_limit()
        if resumes_at is not None and resumes_at <= at and (end is None or resumes_at < end):
            found.append(VisitEvent(kind=EventKind.RESUMED, at=resumes_at))
        if end is not None and end <= at:
            found.append(VisitEvent(kind=EventKind.ENDED, at=end, code=self._reason_of_end(end).value))
        return tuple(found)

    def forced_end(self) -> datetime | None:
        """When the visit ends by itself, as things stand; None if never."""
        return forced_end(self.running_usage(), self.prices)

    def _reason_of_end(self, end: datetime) -> Ends:
        closing = closing_instant(self.prices, self.opened_at)
        return Ends.CLOSING_TIME if closing == end else Ends.PACKAGE_END

    def pause_limit(self) -> datetime | None:
        """When the customer's running pause ends by itself (P-4); None if none runs, or it has no limit."""
        pause, limit = self.pause, self.prices.method.pause_minutes_max
        if pause is None or pause.is_outage or limit is None:
            return None
        return pause.since + timedelta(minutes=limit)

    def running_usage(self) -> Usage:
        """What has been used so far, without an end; a running pause is left out."""
        return Usage(
            tier=self.tier,
            start=self.opened_at,
            end=None,
            stays=self._stays(None),
            pauses=tuple(self._pauses(None)),
            packages=self._purchases(None),
        )

    def usage(self, end: datetime) -> Usage:
        """What was used if the stay ends at `end`, in the terms of journal-format.md §6.

        Events at `end` or later do not exist; a pause that is open then ends there; one without length is left out; of
        several stays that begin within one second the last counts.
        """
        return Usage(
            tier=self.tier,
            start=self.opened_at,
            end=end,
            stays=self._stays(end),
            pauses=tuple(self._pauses(end)),
            packages=self._purchases(end),
        )

    def _stays(self, end: datetime | None) -> tuple[Stay, ...]:
        stays = [Stay(start=self.opened_at, zone=self.first_zone)]
        for event in self.events:
            if event.zone is None or not _is_before(event.at, end):
                continue
            if stays[-1].start == event.at:
                stays.pop()
            stays.append(Stay(start=event.at, zone=event.zone))
        return tuple(stays)

    def _pauses(self, end: datetime | None) -> Iterator[Pause]:
        running: RunningPause | None = None
        for event in self.events:
            after = _pause_after(running, event)
            if running is not None and after is None:
                yield from _pause(running, event.at, end)
            running = after
        if running is not None and end is not None:
            yield from _pause(running, end, end)

    def _purchases(self, end: datetime | None) -> tuple[Purchase, ...]:
        return tuple(
            Purchase(code=event.code, bought_at=event.at)
            for event in self.events
            if event.kind is EventKind.PACKAGE and event.code is not None and _is_before(event.at, end)
        )


def _is_before(at: datetime, end: datetime | None) -> bool:
    return end is None or at < end


def _pause_after(running: RunningPause | None, event: VisitEvent) -> RunningPause | None:
    match event.kind:
        case EventKind.PAUSED | EventKind.OUTAGE_BEGAN:
            return RunningPause(since=event.at, is_outage=event.kind is EventKind.OUTAGE_BEGAN)
        case EventKind.RESUMED | EventKind.OUTAGE_ENDED:
            return None
        case _:
            return running


def _pause(running: RunningPause, until: datetime, end: datetime | None) -> Iterator[Pause]:
    until = until if end is None else min(until, end)
    if running.since < until:
        yield Pause(start=running.since, end=until, venue=running.is_outage)


def chargeable_seconds(usage: Usage) -> int:
    """The stay less its pauses (P-4). A running visit has none yet: ValueError."""
    if usage.end is None:
        raise ValueError("a running visit has no length")
    paused = sum((pause.end - pause.start for pause in usage.pauses), timedelta())
    return (usage.end - usage.start - paused) // timedelta(seconds=1)
