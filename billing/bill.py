"""The bill of a visit: lines that add up to the total exactly and explain it (P-14), and their JSON.

Lines are named tuples, not frozen dataclasses: they are made by the million, and cost half as much that way.
"""

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from billing.wall_clock import WallClock, instant_of


class AdjustmentKind(StrEnum):
    """What a line that is neither time nor package does to the hourly charge."""

    DISCOUNT = "discount"
    MINIMUM = "minimum"
    ROUNDING = "rounding"
    GRACE = "grace"


class TimeLine(NamedTuple):
    """Contiguous hourly time in one zone under one posted rate, from `start_second` to `end_second` since 1970.

    The time includes the unit's extension (P-9), of which there are `extension_seconds`. `rate_index` is the rate's
    place in `PriceList.rates`; it is not part of the JSON.
    """

    zone: str
    start_second: int
    end_second: int
    extension_seconds: int
    fen_per_hour: int
    amount_fen: int
    rate_index: int

    @property
    def start(self) -> dt.datetime:
        """The beginning as an aware instant."""
        return instant_of(self.start_second)

    @property
    def end(self) -> dt.datetime:
        """The end as an aware instant, the unit's extension included."""
        return instant_of(self.end_second)

    @property
    def seconds(self) -> int:
        """The elapsed seconds, the unit's extension included."""
        return self.end_second - self.start_second


class AdjustmentLine(NamedTuple):
    """A discount or rounding (≤ 0), what is missing to the minimum (> 0), or a visit within the grace (0)."""

    kind: AdjustmentKind
    amount_fen: int


class PackageLine(NamedTuple):
    """A package at its posted price. `added_second` is when the best price bought it (P-16), None if somebody did."""

    code: str
    amount_fen: int
    added_second: int | None = None

    @property
    def added_at(self) -> dt.datetime | None:
        """The same as an aware instant."""
        return None if self.added_second is None else instant_of(self.added_second)


Line = TimeLine | AdjustmentLine | PackageLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """What a visit costs and why. `clock` is the list's, by which local times are written."""

    lines: tuple[Line, ...]
    clock: WallClock

    @property
    def total_fen(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def hourly_fen(self) -> int:
        """The total less the packages: what a returning visit counts towards its minimum (P-20)."""
        return sum(line.amount_fen for line in self.lines if not isinstance(line, PackageLine))

    def to_json(self) -> dict[str, Any]:
        """The answer of `prices quote` (docs/pricing.md §5)."""
        return {"total_fen": self.total_fen, "lines": [self._line_json(line) for line in self.lines]}

    def to_json_text(self) -> str:
        """The same as compact JSON text, written out because a batch does little else."""
        lines = ",".join([self._line_text(line) for line in self.lines])
        return f'{{"total_fen":{self.total_fen},"lines":[{lines}]}}'

    def _line_json(self, line: Line) -> dict[str, Any]:
        if isinstance(line, TimeLine):
            return {
                "kind": "time",
                "zone": line.zone,
                "from": self.clock.text(line.start_second),
                "to": self.clock.text(line.end_second),
                "seconds": line.seconds,
                "extension_seconds": line.extension_seconds,
                "fen_per_hour": line.fen_per_hour,
                "amount_fen": line.amount_fen,
            }
        if isinstance(line, PackageLine):
            said: dict[str, Any] = {"kind": "package", "code": line.code, "amount_fen": line.amount_fen}
            if line.added_second is not None:
                said |= {"at": self.clock.text(line.added_second), "best_price": True}
            return said
        return {"kind": line.kind.value, "amount_fen": line.amount_fen}

    def _line_text(self, line: Line) -> str:
        if isinstance(line, TimeLine):
            text = self.clock.text
            return (
                f'{{"kind":"time","zone":{_quoted(line.zone)},'
                f'"from":"{text(line.start_second)}","to":"{text(line.end_second)}",'
                f'"seconds":{line.end_second - line.start_second},"extension_seconds":{line.extension_seconds},'
                f'"fen_per_hour":{line.fen_per_hour},"amount_fen":{line.amount_fen}}}'
            )
        if isinstance(line, PackageLine):
            added = (
                "" if line.added_second is None else f',"at":"{self.clock.text(line.added_second)}","best_price":true'
            )
            return f'{{"kind":"package","code":{_quoted(line.code)},"amount_fen":{line.amount_fen}{added}}}'
        return f'{{"kind":"{line.kind.value}","amount_fen":{line.amount_fen}}}'


@lru_cache(maxsize=256)
def _quoted(code: str) -> str:
    return json.dumps(code)
