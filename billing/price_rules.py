"""What the entries of a list must be to each other: references, sums and the rules a single value cannot show.

Each rule looks only at values that could be read; a rule whose values could not is silent, because the reason has
been noted already.
"""

import datetime as dt
from collections.abc import Collection
from itertools import chain

from billing.calendar import DAY_SECONDS, Calendar
from billing.price_list import Hours, ItemKind
from billing.price_problems import ProblemCode, ProblemLog
from billing.price_reading import Document, Entry
from billing.wall_clock import WallClock

HOURS_FROM = 8 * 3600
"""条例: an internet café opens from 8:00 to 24:00, unless a document allows more."""

ITEM_TABLES = {ItemKind.GOODS: "goods", ItemKind.SERVICE: "services", ItemKind.PACKAGE: "packages"}


def check_rules(document: Document, log: ProblemLog) -> None:
    """Note every problem of the codes from `calendar-conflict` to `combo-dearer-than-parts` but P-3's."""
    _check_calendar(document, log)
    _check_duplicates(document, log)
    _check_zone_and_tier_references(document, log)
    _check_item_references(document, log)
    _check_rates(document, log)
    _check_minimum(document, log)
    _check_hours(document, log)
    _check_windows(document, log)
    _check_combos(document, log)
    _check_promotion_times(document, log)


def readable_hours(document: Document) -> Hours | None:
    """The opening hours, if they could be read."""
    entry = document.settings["hours"]
    return Hours(open=entry["open"], close=entry["close"]) if entry.has("open", "close") else None


def _check_calendar(document: Document, log: ProblemLog) -> None:
    entry = document.settings["calendar"]
    holidays: Collection[dt.date] = entry.readable("holidays")
    workdays: Collection[dt.date] = entry.readable("workdays")
    for date in sorted(workdays):
        if date in holidays:
            message = f"{date} is both a holiday and a workday"
        elif Calendar().kind(date) == "workday":
            message = f"{date} is a {date:%A}: only a Saturday or Sunday is made a workday"
        else:
            continue
        log.add(ProblemCode.CALENDAR_CONFLICT, message, table="calendar", key="workdays")


def _check_duplicates(document: Document, log: ProblemLog) -> None:
    keys = [(table, "code") for table in document.lists if table != "rates"] + [("goods", "barcode")]
    for table, key in keys:
        first: dict[str, int | None] = {}
        for entry in document.entries(table):
            value = entry.values.get(key)
            if value is None:
                continue
            if value in first:
                message = f"entry {first[value]} of [[{table}]] has the {key} {value!r} already"
                log.add(ProblemCode.DUPLICATE_CODE, message, table=table, entry=entry.number, key=key)
            first.setdefault(value, entry.number)


def _check_zone_and_tier_references(document: Document, log: ProblemLog) -> None:
    if "zones" in document.lists:
        for entry in document.entries("rates"):
            _check_codes(document, log, entry, key="zone", codes=(entry.values.get("zone"),))
        for entry in document.entries("packages"):
            _check_codes(document, log, entry, key="zones", codes=entry.values.get("zones") or ())
    if "tiers" in document.lists:
        for entry in chain(*(document.entries(table) for table in ("rates", "packages", "topups"))):
            _check_codes(document, log, entry, key="tiers", codes=entry.values.get("tiers") or ())


def _check_codes(document: Document, log: ProblemLog, entry: Entry, *, key: str, codes: tuple[str | None, ...]) -> None:
    is_tier = key == "tiers"
    known = document.codes("tiers" if is_tier else "zones")
    code = ProblemCode.UNKNOWN_TIER if is_tier else ProblemCode.UNKNOWN_ZONE
    for reference in codes:
        if reference is not None and reference not in known:
            message = f"{entry.title()}: there is no {'tier' if is_tier else 'zone'} {reference!r}"
            log.add(code, message, table=entry.table, entry=entry.number, key=key)


def _check_item_references(document: Document, log: ProblemLog) -> None:
    for entry in document.entries("combos"):
        for part in entry.readable("parts"):
            _check_item(document, log, entry, key="items", kind=part.item.kind, code=part.item.code)
    for entry in document.entries("promotions"):
        if entry.has("item"):
            item = entry["item"]
            _check_item(document, log, entry, key="item", kind=item.kind, code=item.code)


def _check_item(document: Document, log: ProblemLog, entry: Entry, *, key: str, kind: ItemKind, code: str) -> None:
    table = ITEM_TABLES[kind]
    is_readable = table in document.lists
    if is_readable and code not in document.codes(table):
        message = f"{entry.title()}: there is no {kind} {code!r} sold singly in [[{table}]]"
        log.add(ProblemCode.UNKNOWN_ITEM, message, table=entry.table, entry=entry.number, key=key)


def _check_rates(document: Document, log: ProblemLog) -> None:
    for entry in document.entries("rates"):
        if entry.has("fen_per_hour", "free") and entry["fen_per_hour"] == 0 and not entry["free"]:
            message = "a rate of 0 needs free = true beside it"
            log.add(ProblemCode.ZERO_RATE, message, table="rates", entry=entry.number, key="fen_per_hour")


def _check_minimum(document: Document, log: ProblemLog) -> None:
    entry = document.settings["method"]
    if entry.has("minimum_fen", "round_to_fen") and entry["minimum_fen"] % entry["round_to_fen"]:
        message = f"minimum_fen {entry['minimum_fen']} is no multiple of round_to_fen {entry['round_to_fen']}"
        log.add(ProblemCode.MINIMUM_NOT_MULTIPLE, message, table="method", key="minimum_fen")


def _check_hours(document: Document, log: ProblemLog) -> None:
    hours = readable_hours(document)
    entry = document.settings["hours"]
    if hours is None or not entry.has("exemption") or entry["exemption"]:
        return
    close = hours.close or DAY_SECONDS
    if hours.open < HOURS_FROM or close <= hours.open:
        message = "opening hours beyond 08:00 to 24:00 need the document that allows them in `exemption`"
        log.add(ProblemCode.HOURS_EXEMPTION_MISSING, message, table="hours")


def _check_windows(document: Document, log: ProblemLog) -> None:
    hours = readable_hours(document)
    if hours is None or hours.is_all_day:
        return
    open_seconds = (hours.close - hours.open) % DAY_SECONDS
    for entry in document.entries("packages"):
        if not entry.has("start", "end"):
            continue
        window_seconds = (entry["end"] - entry["start"]) % DAY_SECONDS or DAY_SECONDS
        if (entry["start"] - hours.open) % DAY_SECONDS + window_seconds > open_seconds:
            message = f"{entry.title()}: its window is not within the opening hours"
            log.add(ProblemCode.WINDOW_OUTSIDE_HOURS, message, table="packages", entry=entry.number, key="start")


def _check_combos(document: Document, log: ProblemLog) -> None:
    prices = {
        (kind, entry["code"]): entry["price_fen"]
        for kind, table in ITEM_TABLES.items()
        for entry in document.entries(table)
        if entry.has("code", "price_fen")
    }
    for entry in document.entries("combos"):
        if not entry.has("parts", "price_fen"):
            continue
        singly = [(prices.get((part.item.kind, part.item.code)), part.quantity) for part in entry["parts"]]
        if any(price_fen is None for price_fen, _ in singly):
            continue
        sum_fen = sum(price_fen * quantity for price_fen, quantity in singly if price_fen is not None)
        if entry["price_fen"] > sum_fen:
            message = f"{entry.title()} costs {entry['price_fen']} fen, its parts singly {sum_fen} fen (G-3)"
            log.add(ProblemCode.COMBO_DEARER_THAN_PARTS, message, table="combos", entry=entry.number, key="price_fen")


def _check_promotion_times(document: Document, log: ProblemLog) -> None:
    if not document.top.has("timezone"):
        return
    clock = WallClock(document.top["timezone"])
    for entry in document.entries("promotions"):
        if not entry.has("begins_at", "ends_at"):
            continue
        if clock.parse_for_list(entry["ends_at"]) <= clock.parse_for_list(entry["begins_at"]):
            message = f"{entry.title()} is over before it begins"
            log.add(ProblemCode.BAD_VALUE, message, table="promotions", entry=entry.number, key="until")
