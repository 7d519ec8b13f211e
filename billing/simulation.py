"""What past visits would have cost under another list: who would pay more, and who less.

Only time and packages are compared: what was ordered beside them would have been ordered anyway, or not, and no list
tells. A returning visit (P-20) counts what its earlier visits really came to.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from billing.best_price import charge
from billing.price_list import PriceList
from billing.settled_visits import settled_between
from billing.usage import Usage
from billing.usage_errors import (
    BadUsageError,
    NotOnSaleError,
    UnknownPackageError,
    UnknownTierError,
    UnknownZoneError,
    UsageError,
)

LARGEST_SHOWN: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Recharged:
    """A settled visit under the other list. `zone` is that of its last seat; local times as in its usage."""

    visit_id: str
    receipt: int
    zone: str
    tier: str
    start: str
    end: str
    charged_fen: int
    would_fen: int

    @property
    def change_fen(self) -> int:
        """What the customer would pay more; below 0: less."""
        return self.would_fen - self.charged_fen

    def to_json(self) -> dict[str, Any]:
        """The visit among the largest changes."""
        return {
            "visit": self.visit_id,
            "receipt": self.receipt,
            "zone": self.zone,
            "tier": self.tier,
            "start": self.start,
            "end": self.end,
            "charged_fen": self.charged_fen,
            "would_fen": self.would_fen,
        }


@dataclass(kw_only=True, slots=True)
class Tally:
    """Sums over visits. `more`, `less` and `same` count them; `more_fen` and `less_fen` are by how much in all."""

    visits: int = 0
    charged_fen: int = 0
    would_fen: int = 0
    more: int = 0
    less: int = 0
    same: int = 0
    more_fen: int = 0
    less_fen: int = 0

    def add(self, visit: Recharged) -> None:
        """Count one visit."""
        self.visits += 1
        self.charged_fen += visit.charged_fen
        self.would_fen += visit.would_fen
        change_fen = visit.change_fen
        if change_fen > 0:
            self.more += 1
            self.more_fen += change_fen
        elif change_fen < 0:
            self.less += 1
            self.less_fen -= change_fen
        else:
            self.same += 1

    def to_json(self) -> dict[str, int]:
        """The sums by their names."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why the list cannot rate some visits: the code of the error, and the tier, zone, package or flaw it names."""

    reason: str
    what: str | None


@dataclass(kw_only=True, slots=True)
class Refused:
    """How many visits these are, and what they were charged."""

    visits: int = 0
    charged_fen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulation:
    """What a period would have come to. What is held does not grow with the period, but with zones, tiers and codes."""

    total: Tally = field(default_factory=Tally)
    groups: dict[tuple[str, str], Tally] = field(default_factory=dict)
    refused: dict[Refusal, Refused] = field(default_factory=dict)
    _rises: list[tuple[int, int, Recharged]] = field(default_factory=list)
    _falls: list[tuple[int, int, Recharged]] = field(default_factory=list)

    @property
    def rises(self) -> tuple[Recharged, ...]:
        """The visits that would pay most more, the largest first."""
        return tuple(visit for _, _, visit in sorted(self._rises, reverse=True))

    @property
    def falls(self) -> tuple[Recharged, ...]:
        """The visits that would pay most less, the largest first."""
        return tuple(visit for _, _, visit in sorted(self._falls, reverse=True))

    def add(self, visit: Recharged) -> None:
        """Count a visit that the list can rate."""
        self.total.add(visit)
        self.groups.setdefault((visit.zone, visit.tier), Tally()).add(visit)
        for largest, size_fen in ((self._rises, visit.change_fen), (self._falls, -visit.change_fen)):
            if size_fen > 0:
                # Of equal changes the earlier visit stays.
                heapq.heappush(largest, (size_fen, -self.total.visits, visit))
                if len(largest) > LARGEST_SHOWN:
                    heapq.heappop(largest)

    def refuse(self, refusal: Refusal, charged_fen: int) -> None:
        """Count a visit that it cannot."""
        refused = self.refused.setdefault(refusal, Refused())
        refused.visits += 1
        refused.charged_fen += charged_fen

    def to_json(self) -> dict[str, Any]:
        """The answer of `prices simulate` (docs/pricing.md §5)."""
        return {
            **self.total.to_json(),
            "not_comparable": [
                {"reason": why.reason, "what": why.what, "visits": refused.visits, "charged_fen": refused.charged_fen}
                for why, refused in self.refused.items()
            ],
            "groups": [
                {"zone": zone, "tier": tier, **tally.to_json()} for (zone, tier), tally in sorted(self.groups.items())
            ],
            "rises": [visit.to_json() for visit in self.rises],
            "falls": [visit.to_json() for visit in self.falls],
        }


def simulate(
    connection: sa.Connection,
    prices: PriceList,
    since: date,
    until: date,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Simulation:
    """Rate every visit that was settled on the business days `since … until` by another list.

    `progress` is told how many of how many are done.
    """
    found = Simulation()
    for settled in settled_between(connection, since, until, progress=progress):
        _rate_again(settled.body, prices, found)
    return found


def _rate_again(settled: Mapping[str, Any], prices: PriceList, found: Simulation) -> None:
    charged_fen, usage = settled["bill"]["total_fen"], settled["usage"]
    try:
        would_fen = charge(Usage.from_json(usage, prices.clock), prices).total_fen
    except UsageError as error:
        found.refuse(_refusal(error), charged_fen)
        return
    found.add(
        Recharged(
            visit_id=settled["visit"],
            receipt=settled["receipt"],
            zone=settled["zone"],
            tier=settled["tier"],
            start=usage["start"],
            end=usage["end"],
            charged_fen=charged_fen,
            would_fen=would_fen,
        )
    )


def _refusal(error: UsageError) -> Refusal:
    what = None
    match error:
        case UnknownZoneError():
            what = error.zone
        case UnknownTierError():
            what = error.tier
        case UnknownPackageError() | NotOnSaleError():
            what = error.package
        case BadUsageError():
            what = error.flaw.value
        case _:
            pass
    return Refusal(reason=error.code, what=what)
