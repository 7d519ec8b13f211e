"""What differs between two lists: every field, and prices an hour by what counts, not by where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from billing.price_changes import RateChange, changes_between, to_json
from billing.price_checks import check
from billing.price_list import Item, ItemKind, PriceList
from tests.billing.shop import WINTER, list_with

EVERYTHING = check((Path(__file__).parents[1] / "pos" / "board" / "everything.toml").read_bytes()).require()
HALL_DAY = """[[rates]]
zone = "hall"
tiers = ["guest", "gold"]   # left out = every tier
days = ["workday", "weekend", "holiday"]         # left out = every day
from = "08:00"
to = "22:00"
fen_per_hour = 400
"""


def told(before: PriceList, after: PriceList) -> dict[str, tuple[Any, Any]]:
    changes = [one for change in changes_between(before, after) for one in to_json(change)]
    assert len({one["where"] for one in changes}) == len(changes)
    return {one["where"]: (one["before"], one["after"]) for one in changes}


_OTHER: dict[type, Callable[[Any], Any]] = {
    bool: lambda value: not value,
    StrEnum: lambda value: next(kind for kind in type(value) if kind is not value),
    int: lambda value: value + 60,
    str: lambda value: f"{value}x",
    dt.datetime: lambda value: value + dt.timedelta(hours=1),
    tuple: lambda value: value[1:],
    frozenset: lambda value: frozenset(list(value)[1:]),
    NoneType: lambda _value: "x",
}


def other(value: Any) -> Any:
    """Another value of the same kind."""
    return next(make for kind, make in _OTHER.items() if isinstance(value, kind))(value)


def having(entry: Any, name: str, value: Any) -> Any:
    return replace(entry, **{name: value})


def altered(entry: Any, name: str) -> Any:
    value = getattr(entry, name)
    if value is None and name in {"pauses_max", "pause_minutes_max", "reference_fen"}:
        return having(entry, name, 60)
    if value is None and name in {"sold_from", "sold_until", "until"}:
        return having(entry, name, 3600)
    if isinstance(value, Item):
        return having(entry, name, Item(kind=ItemKind.SERVICE, code="print-a4"))
    return having(entry, name, other(value))


def alterations() -> Iterator[tuple[str, PriceList]]:
    """Each field of a list, changed alone."""
    for name in ("title", "timezone", "currency", "schema"):
        value = "Asia/Tokyo" if name == "timezone" else other(getattr(EVERYTHING, name))
        yield name, having(EVERYTHING, name, value)
    for table in ("hours", "calendar", "method", "deposit"):
        entry = getattr(EVERYTHING, table)
        for field in fields(entry):
            yield f"{table}.{field.name}", having(EVERYTHING, table, altered(entry, field.name))
    for table in ("zones", "tiers", "packages", "goods", "services", "combos", "promotions", "topups"):
        for place, entry in enumerate(getattr(EVERYTHING, table)):
            for field in fields(entry):
                if field.name == "code":
                    continue
                entries = list(getattr(EVERYTHING, table))
                entries[place] = altered(entry, field.name)
                yield f"{table}[{entry.code}].{field.name}", having(EVERYTHING, table, tuple(entries))


_KEYS = {"parts": "items", "begins_at": "from", "ends_at": "until"}


@pytest.mark.parametrize(
    ("where", "changed"), list(alterations()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_field_that_was_changed_is_told_and_no_other(where: str, changed: PriceList) -> None:
    place, dot, key = where.rpartition(".")
    expected = f"{place}{dot}{_KEYS.get(key, key)}"
    found = set(told(EVERYTHING, changed))
    # Other opening hours change what is posted at the clock times between.
    assert {one for one in found if not (where.startswith("hours.") and one.startswith("rates["))} == {expected}


@pytest.mark.parametrize("fen", [0, 1, 350])
def test_a_price_an_hour_is_told_by_zone_and_clock_time(fen: int) -> None:
    free = "\nfree = true" if fen == 0 else ""
    found = told(WINTER, list_with(("fen_per_hour = 300", f"fen_per_hour = {fen}{free}")))
    assert found.pop("rates[hall 22:00-08:00].fen_per_hour") == (300, fen)
    assert found == ({"rates[hall 22:00-08:00].free": (False, True)} if free else {})


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (HALL_DAY, "", "\n" + HALL_DAY),
        (
            'to = "22:00"\nfen_per_hour = 400\n',
            'to = "12:00"\nfen_per_hour = 400\n',
            "\n" + HALL_DAY.replace("08:00", "12:00"),
        ),
        ('zone = "esports"\nfrom = "00:00"\nto = "24:00"', 'zone = "esports"\nfrom = "06:00"\nto = "06:00"', ""),
        ('tiers = ["guest", "gold"]   # left out = every tier', "", ""),
    ],
)
def test_a_rate_that_was_moved_cut_or_written_in_another_way_is_no_change(old: str, new: str, more: str) -> None:
    changed = list_with((old, new), more=more)
    assert told(WINTER, changed) == {}


def test_a_price_for_some_days_and_customers_is_told_with_them() -> None:
    changed = list_with(
        ('days = ["workday", "weekend", "holiday"]         # left out = every day', 'days = ["workday"]'),
        ('tiers = ["guest", "gold"]   # left out = every tier', ""),
        more="\n"
        + HALL_DAY.replace("400", "450")
        .replace('["workday", "weekend", "holiday"]', '["weekend", "holiday"]')
        .replace('"guest", ', "")
        + "\n"
        + HALL_DAY.replace('["workday", "weekend", "holiday"]', '["weekend", "holiday"]').replace(', "gold"', ""),
    )
    assert told(WINTER, changed) == {"rates[hall 08:00-22:00 weekend+holiday gold].fen_per_hour": (400, 450)}


def test_a_night_of_other_price_is_told_by_the_day_it_begins_on() -> None:
    night = '[[rates]]\nzone = "hall"\nfrom = "22:00"\nto = "08:00"                # runs past midnight'
    weekend = '\n[[rates]]\nzone = "hall"\ndays = ["weekend"]\nfrom = "22:00"\nto = "08:00"\nfen_per_hour = 350\n'
    changed = list_with(
        (night, night.replace('zone = "hall"', 'zone = "hall"\ndays = ["workday", "holiday"]')), more=weekend
    )
    assert told(WINTER, changed) == {"rates[hall 22:00-08:00 weekend].fen_per_hour": (300, 350)}


def test_a_new_zone_and_one_taken_away_are_told_with_their_prices() -> None:
    zone = '\n[[zones]]\ncode = "vip"\nname = "包厢"\nspec = "x"\n'
    rate = '\n[[rates]]\nzone = "vip"\nfrom = "00:00"\nto = "00:00"\nfen_per_hour = 1500\n'
    with_vip = list_with(more=zone + rate)
    opened = told(WINTER, with_vip)
    assert opened["zones[vip].name"] == (None, "包厢")
    assert opened["rates[vip 00:00-24:00].fen_per_hour"] == (None, 1500)
    assert told(with_vip, WINTER) == {where: (now, was) for where, (was, now) in opened.items()}


def test_other_opening_hours_change_what_is_posted() -> None:
    later = replace(EVERYTHING, hours=replace(EVERYTHING.hours, open=9 * 3600))
    rates = [change for change in changes_between(EVERYTHING, later) if isinstance(change, RateChange)]
    assert {(one.zone, one.begins, one.ends, one.after) for one in rates} == {
        ("hall", 8 * 3600, 9 * 3600, None),
        ("esports", 8 * 3600, 9 * 3600, None),
    }
