"""Rule P-3: for each zone and tier, each instant of the opening hours has exactly one rate.

Asked for every pair of neighbouring day kinds, because a rate that runs past midnight reaches into the next date. A
rate with a value that could not be read, or that refers to nothing, is not judged; and where it may be what fills a
hole, the hole isn't reported either, because its cause has been.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, product

from billing.calendar import DAY_SECONDS, EVERY_DAY
from billing.price_faults import DayPair, RateGap, RateOverlap
from billing.price_list import Hours, Rate
from billing.price_problems import ProblemLog
from billing.price_reading import Document, Entry
from billing.price_rules import readable_hours
from billing.stretches import EVERY_PAIR, Finding, Stretch, findings
from billing.timetable import Band, day_bands, open_bands

Flaw = Stretch[tuple[int, ...]]
"""Clock times in a zone with no rate, or with these (by their numbers in the file)."""


@dataclass(frozen=True, slots=True)
class NumberedRate:
    """A rate by its number in the file."""

    number: int
    rate: Rate


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """The rates of one zone and tier: those that count there, and those that may be meant to."""

    certain: tuple[NumberedRate, ...]
    fillers: tuple[NumberedRate, ...]


def check_coverage(document: Document, log: ProblemLog) -> None:
    """Note every `rate-gap` and `rate-overlap`, each span of clock time once, with its zone, tiers and day kinds."""
    hours = readable_hours(document)
    if hours is None or not {"zones", "tiers", "rates"} <= document.lists.keys():
        return
    pairs_by_tier: dict[Flaw, dict[str, frozenset[DayPair]]] = defaultdict(dict)
    written = _written(document)
    for zone, tier in product(sorted(document.codes("zones")), sorted(document.codes("tiers"))):
        for flaw, pairs in _flaws(_candidates(written, zone, tier), zone, hours).items():
            pairs_by_tier[flaw][tier] = frozenset(pairs)
    for finding in findings(pairs_by_tier):
        _note(log, finding)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """An entry of `[[rates]]` as far as it could be read: `zone` is None where it refers to none.

    `may_be_any_tier`: its tiers could not be read, or one of them refers to nothing.
    """

    rate: NumberedRate
    zone: str | None
    tiers: frozenset[str]
    may_be_any_tier: bool
    is_band_known: bool


def _written(document: Document) -> list[_Written]:
    every_tier = frozenset(document.codes("tiers"))
    zones = document.codes("zones")
    written = []
    for entry in document.entries("rates"):
        tiers = frozenset(entry["tiers"] or every_tier) if entry.has("tiers") else frozenset()
        zone = entry.values.get("zone")
        written.append(
            _Written(
                rate=_numbered(entry),
                zone=zone if zone in zones else None,
                tiers=tiers,
                may_be_any_tier=not entry.has("tiers") or not every_tier.issuperset(tiers),
                is_band_known=entry.has("begins", "ends", "days"),
            )
        )
    return written


def _candidates(written: Iterable[_Written], zone: str, tier: str) -> Candidates:
    certain: list[NumberedRate] = []
    misplaced: list[NumberedRate] = []
    fillers: list[NumberedRate] = []
    for one in written:
        is_for_tier, is_zone_known = tier in one.tiers, one.zone is not None
        if not (is_for_tier or one.may_be_any_tier) or one.zone not in {None, zone}:
            continue
        if not one.is_band_known:
            # In an unknown zone at an unknown time it may be anything, which excuses nothing.
            if is_zone_known:
                fillers.append(one.rate)
        elif is_zone_known and is_for_tier:
            certain.append(one.rate)
        else:
            misplaced.append(one.rate)
    fillers += [rate for rate in misplaced if _fits(rate.rate, certain)]
    return Candidates(certain=tuple(certain), fillers=tuple(fillers))


def _numbered(entry: Entry) -> NumberedRate:
    """The rate as far as it is known: a band that could not be read may be the whole day, its days every day."""
    is_band_known = entry.has("begins", "ends")
    rate = Rate(
        zone="",
        tiers=(),
        days=entry.values.get("days", EVERY_DAY),
        begins=entry["begins"] if is_band_known else 0,
        ends=entry["ends"] if is_band_known else DAY_SECONDS,
        fen_per_hour=0,
    )
    return NumberedRate(entry.place, rate)


def _fits(misplaced: Rate, certain: Iterable[NumberedRate]) -> bool:
    """Whether a rate with a wrong zone or tier fits between those that count: then it may be meant for here."""
    return not any(
        _overlap(mine, other)
        for pair in EVERY_PAIR
        for mine in _bands([NumberedRate(0, misplaced)], pair)
        for other in _bands(certain, pair)
    )


def _bands(rates: Iterable[NumberedRate], pair: DayPair) -> list[Band]:
    return day_bands(((rate.number, rate.rate) for rate in rates), before=pair.before, kind=pair.kind)


def _overlap(one: Band, other: Band) -> bool:
    return one.begins < other.ends and other.begins < one.ends


def _flaws(candidates: Candidates, zone: str, hours: Hours) -> dict[Flaw, list[DayPair]]:
    flaws: dict[Flaw, list[DayPair]] = defaultdict(list)
    for pair in EVERY_PAIR:
        bands, fillers = _bands(candidates.certain, pair), _bands(candidates.fillers, pair)
        for span in open_bands(hours):
            for flaw in _flaws_of_span(zone, span, bands, fillers):
                flaws[flaw].append(pair)
    return flaws


def _flaws_of_span(zone: str, span: Band, bands: list[Band], fillers: list[Band]) -> list[Flaw]:
    """The span is cut wherever the rates change; neighbours with one flaw are joined again."""
    flaws: list[Flaw] = []
    edges = {edge for band in (*bands, *fillers) for edge in (band.begins, band.ends)}
    cuts = sorted({span.begins, span.ends} | {edge for edge in edges if span.begins < edge < span.ends})
    for begins, ends in pairwise(cuts):
        segment = Band(begins, ends, 0)
        rates = tuple(sorted(band.rate_index for band in bands if _overlap(segment, band)))
        if len(rates) == 1 or (not rates and any(_overlap(segment, filler) for filler in fillers)):
            continue
        if flaws and flaws[-1].ends == begins and flaws[-1].what == rates:
            begins = flaws.pop().begins  # noqa: PLW2901  # The joined flaw begins where its first part does.
        flaws.append(Stretch(zone, begins, ends, rates))
    return flaws


def _note(log: ProblemLog, finding: Finding[tuple[int, ...]]) -> None:
    flaw, dates = finding.stretch, finding.dates
    if flaw.what:
        overlap = RateOverlap(
            zone=flaw.zone, tiers=finding.tiers, dates=dates, begins=flaw.begins, ends=flaw.ends, rates=flaw.what
        )
        log.add(overlap, table="rates", entry=flaw.what[-1])
    else:
        gap = RateGap(zone=flaw.zone, tiers=finding.tiers, dates=dates, begins=flaw.begins, ends=flaw.ends)
        log.add(gap, table="rates")
