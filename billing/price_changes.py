"""What differs between two price lists, for every table and field of a list.

An entry is followed by its code, not by its place in the file. Rates have no code: they are compared by the price that
counts at each clock time, for each zone, tier and pair of day kinds, so a rate that was moved, cut in two or written
in another way is no change.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from billing.calendar import DAY_SECONDS, EVERY_DAY, clock_text
from billing.price_faults import Dates, DayPair
from billing.price_list import PriceList
from billing.stretches import EVERY_PAIR, Finding, Stretch, findings
from billing.timetable import Band, day_bands, open_bands, opened

_CODED = ("zones", "tiers", "packages", "goods", "services", "combos", "promotions", "topups")


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """One field in the keys of the file: None where a list does not have it. A top-level key has no table."""

    table: str
    code: str
    key: str
    before: Any
    after: Any

    def where(self) -> str:
        """Name the place: `goods[cola-330].price_fen`, `method.unit_minutes`, `title`."""
        entry = f"{self.table}[{self.code}]" if self.code else self.table
        return f"{entry}.{self.key}" if entry else self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """A price an hour, and whether it is meant to be free."""

    fen_per_hour: int
    free: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RateChange:
    """Another price from `begins` to `ends` (not later: on the next date); None where nothing is posted.

    `is_every_tier`: both lists' tiers all have it.
    """

    zone: str
    tiers: tuple[str, ...]
    is_every_tier: bool
    dates: Dates
    begins: int
    ends: int
    before: Posted | None
    after: Posted | None

    def where(self) -> str:
        """Name the place: `rates[hall 22:00-08:00]`, with days and tiers where not all are meant."""
        named = [self.zone, f"{clock_text(self.begins)}-{clock_text(self.ends)}"]
        if self.dates.kinds and self.dates.kinds != EVERY_DAY:
            named.append("+".join(self.dates.kinds))
        if self.dates.after:
            named.append("after-" + "+".join(self.dates.after))
        if self.dates.pairs:
            named.append("+".join(f"{pair.kind}-after-{pair.before}" for pair in self.dates.pairs))
        if not self.is_every_tier:
            named.append("+".join(self.tiers))
        return f"rates[{' '.join(named)}]"


Change = FieldChange | RateChange


def changes_between(before: PriceList, after: PriceList) -> list[Change]:
    """Everything that differs, in the order of docs/pricing.md §1; nothing for lists that charge and say the same."""
    old, new = (json.loads(prices.canonical_bytes) for prices in (before, after))
    changes: list[Change] = [*_fields("", "", _scalars(old), _scalars(new))]
    for table in ("hours", "calendar", "method", "deposit"):
        changes += _fields(table, "", old[table], new[table])
    for table in _CODED:
        if table == "packages":
            changes += rate_changes(before, after)
        changes += _entries(table, old[table], new[table])
    return changes


def to_json(change: Change) -> list[dict[str, Any]]:
    """The change as `prices diff` answers it: one object a field."""
    if isinstance(change, FieldChange):
        return [{"where": change.where(), "before": change.before, "after": change.after}]
    old, new = (_posted_json(posted) for posted in (change.before, change.after))
    return [
        {"where": f"{change.where()}.{key}", "before": old[key], "after": new[key]}
        for key in old
        if old[key] != new[key]
    ]


def _posted_json(posted: Posted | None) -> dict[str, Any]:
    if posted is None:
        return {"fen_per_hour": None, "free": None}
    return {"fen_per_hour": posted.fen_per_hour, "free": posted.free}


def _scalars(listed: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in listed.items() if not isinstance(value, dict | list)}


def _entries(table: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[FieldChange]:
    before, after = ({entry["code"]: entry for entry in entries} for entries in (old, new))
    for code in dict.fromkeys([*before, *after]):
        yield from _fields(table, code, before.get(code, {}), after.get(code, {}))


def _fields(table: str, code: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if key != "code" and not _is_same(table, key, was, now):
            yield FieldChange(table=table, code=code, key=key, before=was, after=now)


def _is_same(table: str, key: str, was: Any, now: Any) -> bool:
    """Lists of a price list mean the same in any order, instants of a promotion in any offset."""
    if isinstance(was, list) and isinstance(now, list):
        return sorted(map(_sorted_text, was)) == sorted(map(_sorted_text, now))
    if table == "promotions" and key in {"from", "until"} and was and now:
        return dt.datetime.fromisoformat(was) == dt.datetime.fromisoformat(now)
    return bool(was == now)


def _sorted_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


# Rates.

_Priced = tuple[Posted | None, Posted | None]


def rate_changes(before: PriceList, after: PriceList) -> Iterator[RateChange]:
    """What differs in the hourly prices, by what counts at each clock time."""
    zones = dict.fromkeys([*before.zone_by_code, *after.zone_by_code])
    tiers = dict.fromkeys([*before.tier_by_code, *after.tier_by_code])
    pairs_by_tier: dict[Stretch[_Priced], dict[str, frozenset[DayPair]]] = defaultdict(dict)
    for zone, tier in product(zones, tiers):
        differing: dict[Stretch[_Priced], list[DayPair]] = defaultdict(list)
        old, new = _Posting(before, zone, tier), _Posting(after, zone, tier)
        for pair in EVERY_PAIR:
            for stretch in _differing(zone, old.on(pair), new.on(pair)):
                differing[stretch].append(pair)
        for stretch, pairs in differing.items():
            pairs_by_tier[stretch][tier] = frozenset(pairs)
    places = {zone: place for place, zone in enumerate(zones)}
    found = findings(pairs_by_tier)
    for finding in sorted(found, key=lambda one: (places[one.stretch.zone], one.stretch.begins)):
        yield _rate_change(finding, is_every_tier=set(finding.tiers) == set(tiers))


def _rate_change(finding: Finding[_Priced], *, is_every_tier: bool) -> RateChange:
    stretch = finding.stretch
    was, now = stretch.what
    return RateChange(
        zone=stretch.zone,
        tiers=finding.tiers,
        is_every_tier=is_every_tier,
        dates=finding.dates,
        begins=stretch.begins,
        ends=stretch.ends,
        before=was,
        after=now,
    )


@dataclass(frozen=True, slots=True)
class _PostedBand:
    band: Band
    posted: Posted


class _Posting:
    """What a list posts for one zone and tier."""

    def __init__(self, prices: PriceList, zone: str, tier: str) -> None:
        self._open = open_bands(prices.hours)
        self._rates = {
            place: rate for place, rate in enumerate(prices.rates) if rate.zone == zone and tier in rate.tiers
        }

    def on(self, pair: DayPair) -> list[_PostedBand]:
        """What is posted on a date of a kind, within the opening hours."""
        bands = opened(day_bands(self._rates.items(), before=pair.before, kind=pair.kind), self._open)
        rates = [self._rates[band.rate_index] for band in bands]
        return [
            _PostedBand(band, Posted(fen_per_hour=rate.fen_per_hour, free=rate.free))
            for band, rate in zip(bands, rates, strict=True)
        ]


def _differing(zone: str, old: list[_PostedBand], new: list[_PostedBand]) -> list[Stretch[_Priced]]:
    edges = {edge for posted in (*old, *new) for edge in (posted.band.begins, posted.band.ends)}
    found: list[Stretch[_Priced]] = []
    for begins, ends in pairwise(sorted({0, DAY_SECONDS} | edges)):
        what = (_at(old, begins), _at(new, begins))
        if what[0] == what[1]:
            continue
        if found and found[-1].ends == begins and found[-1].what == what:
            begins = found.pop().begins  # noqa: PLW2901  # The joined stretch begins where its first part does.
        found.append(Stretch(zone, begins, ends, what))
    return found


def _at(bands: list[_PostedBand], clock_time: int) -> Posted | None:
    return next((one.posted for one in bands if one.band.begins <= clock_time < one.band.ends), None)
