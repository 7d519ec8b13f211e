"""What the entries of a list must be to each other: references, sums and the rules a single value cannot show.

Each rule looks only at values that could be read; a rule whose values could not is silent, because the reason has
been noted already.
"""

import datetime as dt
from collections.abc import Collection
from itertools import chain

from billing.calendar import DAY_SECONDS, Calendar, DayKind
from billing.price_faults import (
    BestPriceTooMany,
    ComboDearerThanParts,
    Duplicate,
    HolidayAndWorkday,
    HoursExemptionMissing,
    MinimumNotMultiple,
    OverBeforeItBegins,
    PromotionDearerThanItem,
    UnknownItem,
    UnknownTier,
    UnknownZone,
    WindowOutsideHours,
    WorkdayInTheWeek,
    ZeroRate,
)
from billing.price_list import Hours, Item, ItemKind
from billing.price_problems import ProblemLog
from billing.price_reading import Document, Entry
from billing.wall_clock import WallClock

HOURS_FROM = 8 * 3600
"""条例: an internet café opens from 8:00 to 24:00, unless a document allows more."""

BEST_PRICE_PACKAGES_MAX = 16
BEST_PRICE_PLACES_MAX = 240
"""How often a tier's packages fit into a day, each by itself, a window once: combinations grow with it."""

DAY_MINUTES = DAY_SECONDS // 60

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
    _check_best_price(document, log)
    _check_combos(document, log)
    _check_promotion_times(document, log)


def check_new_rules(document: Document, log: ProblemLog) -> None:
    """Note `promotion-dearer-than-item`: only a list that was published before this was refused may hold one."""
    prices = _prices_singly(document)
    for entry in document.entries("promotions"):
        if not entry.has("item", "price_fen"):
            continue
        item_fen = prices.get((entry["item"].kind, entry["item"].code))
        if item_fen is not None and entry["price_fen"] > item_fen:
            fault = PromotionDearerThanItem(price_fen=entry["price_fen"], item_fen=item_fen)
            log.add(fault, table="promotions", entry=entry.number, key="price_fen")


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
            log.add(HolidayAndWorkday(date=date), table="calendar", key="workdays")
        elif Calendar().kind(date) is DayKind.WORKDAY:
            log.add(WorkdayInTheWeek(date=date), table="calendar", key="workdays")


def _check_duplicates(document: Document, log: ProblemLog) -> None:
    keys = [(table, "code") for table in document.lists if table != "rates"] + [("goods", "barcode")]
    for table, key in keys:
        first: dict[str, int] = {}
        for entry in document.entries(table):
            value = entry.values.get(key)
            if value is None:
                continue
            number = entry.place
            if first.setdefault(value, number) != number:
                fault = Duplicate(key_name=key, given=value, first=first[value])
                log.add(fault, table=table, entry=number, key=key)


def _check_zone_and_tier_references(document: Document, log: ProblemLog) -> None:
    if document.has_every_code("zones"):
        for entry in document.entries("rates"):
            zones = (entry["zone"],) if entry.has("zone") else ()
            _check_codes(document, log, entry, key="zone", codes=zones)
        for entry in document.entries("packages"):
            _check_codes(document, log, entry, key="zones", codes=entry.values.get("zones") or ())
    if document.has_every_code("tiers"):
        for entry in chain(*(document.entries(table) for table in ("rates", "packages", "topups"))):
            _check_codes(document, log, entry, key="tiers", codes=entry.values.get("tiers") or ())


def _check_codes(document: Document, log: ProblemLog, entry: Entry, *, key: str, codes: tuple[str, ...]) -> None:
    is_tier = key == "tiers"
    known = document.codes("tiers" if is_tier else "zones")
    for code in codes:
        if code not in known:
            fault = UnknownTier(tier=code) if is_tier else UnknownZone(zone=code)
            log.add(fault, table=entry.table, entry=entry.number, key=key)


def _check_item_references(document: Document, log: ProblemLog) -> None:
    for entry in document.entries("combos"):
        for part in entry.readable("parts"):
            _check_item(document, log, entry, key="items", item=part.item)
    for entry in document.entries("promotions"):
        if entry.has("item"):
            _check_item(document, log, entry, key="item", item=entry["item"])


def _check_item(document: Document, log: ProblemLog, entry: Entry, *, key: str, item: Item) -> None:
    table = ITEM_TABLES[item.kind]
    if document.has_every_code(table) and item.code not in document.codes(table):
        fault = UnknownItem(item_kind=item.kind, item=item.code)
        log.add(fault, table=entry.table, entry=entry.number, key=key)


def _check_rates(document: Document, log: ProblemLog) -> None:
    for entry in document.entries("rates"):
        if entry.has("fen_per_hour", "free") and entry["fen_per_hour"] == 0 and not entry["free"]:
            log.add(ZeroRate(), table="rates", entry=entry.number, key="fen_per_hour")


def _check_minimum(document: Document, log: ProblemLog) -> None:
    entry = document.settings["method"]
    if entry.has("minimum_fen", "round_to_fen") and entry["minimum_fen"] % entry["round_to_fen"]:
        fault = MinimumNotMultiple(minimum_fen=entry["minimum_fen"], round_to_fen=entry["round_to_fen"])
        log.add(fault, table="method", key="minimum_fen")


def _check_hours(document: Document, log: ProblemLog) -> None:
    hours = readable_hours(document)
    entry = document.settings["hours"]
    if hours is None or not entry.has("exemption") or entry["exemption"]:
        return
    close = hours.close or DAY_SECONDS
    if hours.open < HOURS_FROM or close <= hours.open:
        log.add(HoursExemptionMissing(), table="hours")


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
            log.add(WindowOutsideHours(), table="packages", entry=entry.number, key="start")


def _check_best_price(document: Document, log: ProblemLog) -> None:
    """Refuse more combinations than the best price may take time to look at, for the first tier that has them."""
    if not document.settings["method"].values.get("best_price"):
        return
    for tier in sorted(document.codes("tiers")):
        packages = [
            entry
            for entry in document.entries("packages")
            if entry.has("tiers") and (not entry["tiers"] or tier in entry["tiers"])
        ]
        places = sum(DAY_MINUTES // entry["minutes"] if entry.has("minutes") else 1 for entry in packages)
        if len(packages) > BEST_PRICE_PACKAGES_MAX or places > BEST_PRICE_PLACES_MAX:
            fault = BestPriceTooMany(
                tier=tier,
                packages=len(packages),
                packages_max=BEST_PRICE_PACKAGES_MAX,
                places=places,
                places_max=BEST_PRICE_PLACES_MAX,
            )
            log.add(fault, table="method", key="best_price")
            return


def _prices_singly(document: Document) -> dict[tuple[ItemKind, str], int]:
    """What every item costs by itself, as far as it could be read."""
    return {
        (kind, entry["code"]): entry["price_fen"]
        for kind, table in ITEM_TABLES.items()
        for entry in document.entries(table)
        if entry.has("code", "price_fen")
    }


def _check_combos(document: Document, log: ProblemLog) -> None:
    prices = _prices_singly(document)
    for entry in document.entries("combos"):
        if not entry.has("parts", "price_fen"):
            continue
        singly = [(prices.get((part.item.kind, part.item.code)), part.quantity) for part in entry["parts"]]
        if any(price_fen is None for price_fen, _ in singly):
            continue
        sum_fen = sum(price_fen * quantity for price_fen, quantity in singly if price_fen is not None)
        if entry["price_fen"] > sum_fen:
            fault = ComboDearerThanParts(price_fen=entry["price_fen"], parts_fen=sum_fen)
            log.add(fault, table="combos", entry=entry.number, key="price_fen")


def _check_promotion_times(document: Document, log: ProblemLog) -> None:
    if not document.top.has("timezone"):
        return
    clock = WallClock(document.top["timezone"])
    for entry in document.entries("promotions"):
        if not entry.has("begins_at", "ends_at"):
            continue
        if clock.parse_for_list(entry["ends_at"]) <= clock.parse_for_list(entry["begins_at"]):
            log.add(OverBeforeItBegins(), table="promotions", entry=entry.number, key="until")
