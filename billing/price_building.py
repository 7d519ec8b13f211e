"""From checked entries to the price list value. Runs only when nothing was found wrong."""

import datetime as dt
from typing import Any

from billing.calendar import Calendar
from billing.price_fields import PackageKind
from billing.price_list import (
    Combo,
    Deposit,
    DurationPackage,
    Goods,
    Hours,
    Method,
    Package,
    PriceList,
    Promotion,
    Rate,
    Service,
    Tier,
    TopUp,
    WindowPackage,
    Zone,
)
from billing.price_reading import Document, Entry
from billing.wall_clock import WallClock, instant_of


def build_list(document: Document) -> PriceList:
    """The list of a document without problems. "Every zone" and "every tier" become their codes, in file order."""
    top, settings = document.top, document.settings
    zones = tuple(Zone(**entry.values) for entry in document.entries("zones"))
    tiers = tuple(Tier(**entry.values) for entry in document.entries("tiers"))
    everyone = {"zones": tuple(zone.code for zone in zones), "tiers": tuple(tier.code for tier in tiers)}
    clock = WallClock(top["timezone"])
    return PriceList(
        **top.values,
        hours=Hours(**settings["hours"].values),
        calendar=Calendar(**settings["calendar"].values),
        method=Method(**settings["method"].values),
        deposit=Deposit(**settings["deposit"].values),
        zones=zones,
        tiers=tiers,
        rates=tuple(Rate(**_for_everyone(entry, everyone)) for entry in document.entries("rates")),
        packages=tuple(_package(entry, everyone) for entry in document.entries("packages")),
        goods=tuple(Goods(**entry.values) for entry in document.entries("goods")),
        services=tuple(Service(**entry.values) for entry in document.entries("services")),
        combos=tuple(Combo(**entry.values) for entry in document.entries("combos")),
        promotions=tuple(_promotion(entry, clock) for entry in document.entries("promotions")),
        topups=tuple(TopUp(**_for_everyone(entry, everyone)) for entry in document.entries("topups")),
    )


def _for_everyone(entry: Entry, everyone: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """The entry's values with its zones and tiers written out, in the order in which the list defines them."""
    named = {
        key: tuple(code for code in everyone[key] if entry[key] is None or code in entry[key])
        for key in everyone
        if key in entry.values
    }
    return {**entry.values, **named}


def _package(entry: Entry, everyone: dict[str, tuple[str, ...]]) -> Package:
    values = _for_everyone(entry, everyone)
    kind = values.pop("kind")
    return DurationPackage(**values) if kind is PackageKind.DURATION else WindowPackage(**values)


def _promotion(entry: Entry, clock: WallClock) -> Promotion:
    def instant(text: str) -> dt.datetime:
        return instant_of(clock.parse_for_list(text))

    return Promotion(**dict(entry.values) | {key: instant(entry[key]) for key in ("begins_at", "ends_at")})
