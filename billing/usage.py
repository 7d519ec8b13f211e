"""What a customer used: the stay, seat moves, pauses and packages of one visit, and its JSON (docs/pricing.md §5).

A usage says nothing of prices. Whether it can be priced by a given list is `billing.course`'s question.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from billing.usage_errors import BadUsageError, UsageFlaw
from billing.wall_clock import TimeFlaw, UnreadableTimeError, WallClock, second_of

_KEYS = frozenset({"tier", "start", "end", "funds_fen", "stays", "pauses", "packages", "returning"})
_JSON_WHITESPACE = b" \t\r\n"
_TIME_FLAWS = {
    TimeFlaw.FORM: UsageFlaw.TIME_FORM,
    TimeFlaw.NO_SUCH: UsageFlaw.TIME_NO_SUCH,
    TimeFlaw.YEAR: UsageFlaw.TIME_YEAR,
    TimeFlaw.LEFT_OUT: UsageFlaw.TIME_LEFT_OUT,
}

_Part = TypeVar("_Part")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """From this instant on, until the next stay or the end, the customer sits in this zone."""

    start: dt.datetime
    zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Time `[start, end)` that isn't charged; the venue's own pauses (an outage) are not counted as the customer's."""

    start: dt.datetime
    end: dt.datetime
    venue: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Purchase:
    """A package, by its code, bought during the visit."""

    code: str
    bought_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """One visit, as far as charges depend on it. Instants are aware and in whole seconds.

    `end` is None while the visit runs: it can then be asked for its time left, not for its bill. `funds_fen` is what a
    usage file asks the time left for. `returning_hourly_fen` is set for a visit that continues an earlier one (P-20):
    the hourly charges of the chain so far.
    """

    tier: str
    start: dt.datetime
    end: dt.datetime | None
    stays: tuple[Stay, ...]
    pauses: tuple[Pause, ...] = ()
    packages: tuple[Purchase, ...] = ()
    funds_fen: int | None = None
    returning_hourly_fen: int | None = None

    @classmethod
    def from_json(cls, document: object, clock: WallClock) -> "Usage":
        """The usage in a parsed JSON document; local times are those of `clock`.

        Raises BadUsageError for an unknown or missing key, a wrong type or a bad time. Codes, order, overlap and
        limits are not looked at here.
        """
        reader = _Reader(clock)
        keys = _object(document, "", allowed=_KEYS, required=("tier", "start", "stays"))
        has_end, has_funds = "end" in keys, "funds_fen" in keys
        if has_end == has_funds:
            raise BadUsageError(UsageFlaw.END_OR_FUNDS)
        return cls(
            tier=_text(keys["tier"], "tier"),
            start=reader.instant(keys["start"], "start"),
            end=reader.instant(keys["end"], "end") if has_end else None,
            stays=_each(keys["stays"], "stays", reader.stay),
            pauses=_each(keys["pauses"], "pauses", reader.pause) if "pauses" in keys else (),
            packages=_each(keys["packages"], "packages", reader.purchase) if "packages" in keys else (),
            funds_fen=_fen(keys["funds_fen"], "funds_fen") if has_funds else None,
            returning_hourly_fen=_returning(keys["returning"]) if "returning" in keys else None,
        )

    def to_json(self, clock: WallClock) -> dict[str, Any]:
        """The usage as a JSON document that `from_json` reads back as an equal value.

        Empty lists of pauses and packages are left out; offsets stand only where a local time is ambiguous. A running
        visit without funds has no such document: ValueError.
        """
        if (self.end is None) == (self.funds_fen is None):
            raise ValueError("a usage is written with either an end or funds")

        def text(instant: dt.datetime) -> str:
            return clock.text(second_of(instant))

        document: dict[str, Any] = {"tier": self.tier, "start": text(self.start)}
        if self.end is not None:
            document["end"] = text(self.end)
        else:
            document["funds_fen"] = self.funds_fen
        document["stays"] = [{"from": text(stay.start), "zone": stay.zone} for stay in self.stays]
        if self.pauses:
            document["pauses"] = [
                {"from": text(pause.start), "to": text(pause.end)} | ({"venue": True} if pause.venue else {})
                for pause in self.pauses
            ]
        if self.packages:
            document["packages"] = [
                {"code": purchase.code, "bought_at": text(purchase.bought_at)} for purchase in self.packages
            ]
        if self.returning_hourly_fen is not None:
            document["returning"] = {"hourly_fen": self.returning_hourly_fen}
        return document


def parse_usage(text: str | bytes, clock: WallClock) -> Usage:
    """The usage in a JSON text. Raises BadUsageError, also for what is no JSON."""
    try:
        # Text that is decoded already spares json the question which encoding it has.
        document = json.loads(text.decode() if isinstance(text, bytes) else text)
    except (ValueError, RecursionError) as error:
        raise BadUsageError(UsageFlaw.NOT_JSON) from error
    return Usage.from_json(document, clock)


def is_blank(line: bytes) -> bool:
    """Whether a line of a batch holds nothing and is skipped."""
    return not line.strip(_JSON_WHITESPACE)


@dataclass(frozen=True, slots=True)
class _Reader:
    clock: WallClock

    def instant(self, value: object, key: str) -> dt.datetime:
        try:
            return self.clock.parse_instant(_text(value, key))
        except UnreadableTimeError as error:
            raise BadUsageError(_TIME_FLAWS[error.flaw], key=key, given=error.text) from error

    def stay(self, value: object) -> Stay:
        keys = _object(value, "stays", allowed=frozenset({"from", "zone"}), required=("from", "zone"))
        return Stay(start=self.instant(keys["from"], "stays.from"), zone=_text(keys["zone"], "stays.zone"))

    def pause(self, value: object) -> Pause:
        keys = _object(value, "pauses", allowed=frozenset({"from", "to", "venue"}), required=("from", "to"))
        venue = keys.get("venue", False)
        if not isinstance(venue, bool):
            raise BadUsageError(UsageFlaw.NOT_FLAG, key="pauses.venue")
        start, end = self.instant(keys["from"], "pauses.from"), self.instant(keys["to"], "pauses.to")
        return Pause(start=start, end=end, venue=venue)

    def purchase(self, value: object) -> Purchase:
        keys = _object(value, "packages", allowed=frozenset({"code", "bought_at"}), required=("code", "bought_at"))
        return Purchase(
            code=_text(keys["code"], "packages.code"),
            bought_at=self.instant(keys["bought_at"], "packages.bought_at"),
        )


def _object(value: object, path: str, *, allowed: frozenset[str], required: tuple[str, ...]) -> Mapping[str, object]:
    """The keys of a JSON object; `path` is that of the object, empty for the usage itself."""
    if not isinstance(value, dict):
        raise BadUsageError(UsageFlaw.NOT_OBJECT, key=path or "usage")
    keys = value.keys()
    if not keys <= allowed:
        raise BadUsageError(UsageFlaw.UNKNOWN_KEY, key=_path(path, min(keys - allowed)))
    for key in required:
        if key not in keys:
            raise BadUsageError(UsageFlaw.MISSING_KEY, key=_path(path, key))
    return value


def _path(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _each(value: object, name: str, read: Callable[[object], _Part]) -> tuple[_Part, ...]:
    if not isinstance(value, list):
        raise BadUsageError(UsageFlaw.NOT_ARRAY, key=name)
    return tuple([read(part) for part in value])


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise BadUsageError(UsageFlaw.NOT_TEXT, key=key)
    return value


def _fen(value: object, key: str) -> int:
    if type(value) is not int or value < 0:
        raise BadUsageError(UsageFlaw.NOT_FEN, key=key)
    return value


def _returning(value: object) -> int:
    keys = _object(value, "returning", allowed=frozenset({"hourly_fen"}), required=("hourly_fen",))
    return _fen(keys["hourly_fen"], "returning.hourly_fen")
