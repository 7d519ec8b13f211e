"""Random price lists and visits, made to meet: visits begin where the list's bands, windows and hours have edges."""

import datetime as dt
import json
import random
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from billing.price_checks import check
from billing.price_list import PriceList
from tests.billing.reference_rating import Reference

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # Its clock moves by half an hour.
    "America/Havana",  # Midnight is left out, and comes twice.
)
DAYS = ("workday", "weekend", "holiday")
EDGES = (0, 30, 60, 90, 120, 150, 180, 210, 480, 600, 1320, 1380, 1410)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def toml_text(document: dict[str, Any]) -> str:
    """The TOML of a document of plain values, tables and lists of tables."""
    plain = {key: value for key, value in document.items() if not isinstance(value, dict | list)}
    lines = [f"{key} = {json.dumps(value)}" for key, value in plain.items()]
    for name, value in document.items():
        for table in value if isinstance(value, list) else [value] if isinstance(value, dict) else []:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{json.dumps(key)} = {json.dumps(item)}" for key, item in table.items()]
    return "\n".join(lines)


YEAR = [dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in range(365)]


@cache
def moving_days(timezone: str) -> list[dt.date]:
    """The dates of 2026 on which the clock moves."""
    zone = ZoneInfo(timezone)
    return [
        day
        for day in YEAR
        if dt.datetime.combine(day, dt.time(0), zone).utcoffset()
        != dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), zone).utcoffset()
    ]


class RandomShop:
    """One random list, as document and as value, and visits to it."""

    def __init__(self, seed: int, *, best_price: bool = False) -> None:
        self.random = random.Random(seed)  # noqa: S311  # A repeatable choice of examples.
        self._best_price = best_price
        while True:
            self.document = self._document()
            result = check(toml_text(self.document))
            if result.prices is not None:
                # Short packages make short visits; a list that is published may not have so many of them.
                method = replace(result.prices.method, best_price=best_price)
                self.prices: PriceList = replace(result.prices, method=method)
                break
            assert {problem.code for problem in result.problems} == {"window-outside-hours"}, result.problems
        self.reference = Reference(self.document)

    def _document(self) -> dict[str, Any]:
        chance = self.random
        round_to = chance.choice([1, 1, 10, 50, 7])
        timezone = chance.choice(ZONES)
        dates = [self._date(timezone).isoformat() for _ in range(3)]
        document: dict[str, Any] = {"schema": 1, "title": "x", "timezone": timezone, "currency": "CNY"}
        document["hours"] = {"open": "00:00", "close": "24:00", "exemption": "x"}
        if chance.random() < 0.4:
            document["hours"] |= {"open": clock(chance.choice(EDGES)), "close": clock(chance.choice(EDGES))}
        document["calendar"] = {
            "holidays": sorted(set(dates[:2])),
            "workdays": [d for d in dates[2:] if d not in dates[:2] and dt.date.fromisoformat(d).weekday() > 4],
        }
        document["method"] = {
            "unit_minutes": chance.choice([0, 0, 1, 2, 5, 15]),
            "grace_minutes": chance.choice([0, 0, 1, 5]),
            "minimum_fen": chance.choice([0, 0, 3, 20]) * round_to,
            "round_to_fen": round_to,
            "package_end": chance.choice(["hourly", "hourly", "stop"]),
        }
        if chance.random() < 0.3:
            document["method"] |= {"pauses_max": chance.choice([0, 1]), "pause_minutes_max": chance.choice([1, 3])}
        document["zones"] = [{"code": code, "name": code, "spec": "x"} for code in ("hall", "room")]
        document["tiers"] = [
            {"code": code, "name": code, "discount_bp": chance.choice([0, 0, 1000, 1234, 10000])}
            for code in ("guest", "gold")
        ]
        document["rates"] = [rate for zone in ("hall", "room") for rate in self._rates(zone)]
        document["packages"] = [self._package(number) for number in range(chance.randrange(4))]
        if self._best_price:
            document["packages"] = [self._tempting_package(number) for number in range(chance.choice([1, 2, 3]))]
        return document

    def _date(self, timezone: str) -> dt.date:
        """A date of 2026, often one on which the clock moves."""
        moving = moving_days(timezone)
        return self.random.choice(moving if moving and self.random.random() < 0.6 else YEAR)

    def _rates(self, zone: str) -> list[dict[str, Any]]:
        """Rates without gap or overlap: all day kinds share the clock time at which a day's first band begins."""
        chance = self.random
        rates = []
        groups = chance.choice([[["guest", "gold"]], [["guest"], ["gold"]]])
        for tiers in groups:
            first = chance.choice(EDGES)
            for days in chance.choice([[list(DAYS)], [["workday"], ["weekend", "holiday"]]]):
                later = sorted(
                    set(chance.sample(EDGES, chance.randrange(4))) - {first}, key=lambda m: (m - first) % 1440
                )
                # Bands after midnight would belong to the day they begin on, so they are left to the overnight one.
                cuts = [first, *(edge for edge in later if edge > first), first]
                for begins, ends in pairwise(cuts):
                    price = chance.choice([0, 1, 100, 333, 400, 799, 3600])
                    rates.append(
                        {
                            "zone": zone,
                            "tiers": tiers,
                            "days": days,
                            "from": clock(begins),
                            "to": clock(ends) if ends or chance.random() < 0.5 else "24:00",
                            "fen_per_hour": price,
                            "free": price == 0,
                        }
                    )
        return rates

    def _package(self, number: int) -> dict[str, Any]:
        chance = self.random
        package: dict[str, Any] = {"code": f"p{number}", "name": "x", "price_fen": chance.choice([0, 5, 200])}
        if chance.random() < 0.5:
            package["zones"] = [chance.choice(["hall", "room"])]
        if chance.random() < 0.2:
            package["tiers"] = [chance.choice(["guest", "gold"])]
        if chance.random() < 0.3:
            package["days"] = chance.sample(DAYS, 2)
        if chance.random() < 0.3:
            package["sold_from"] = self._near_edge()
        if chance.random() < 0.3:
            package["sold_until"] = self._near_edge()
        if chance.random() < 0.6:
            package |= {"kind": "duration", "minutes": chance.choice([1, 3, 5, 10, 60])}
            if chance.random() < 0.3:
                package["until"] = self._near_edge()
        else:
            package |= {"kind": "window", "start": self._near_edge(), "end": self._near_edge()}
        return package

    def _tempting_package(self, number: int) -> dict[str, Any]:
        """A package that is short and cheap beside the hourly rates, and never for nothing."""
        package = self._package(number) | {"price_fen": self.random.choice([1, 3, 10, 40, 60, 100])}
        if package["kind"] == "duration":
            package["minutes"] = self.random.choice([2, 3, 5, 7, 10, 30])
        return package

    def _near_edge(self) -> str:
        return clock((self.random.choice(EDGES) + self.random.randrange(-4, 5)) % 1440)

    def visit(self, *, seconds_max: int = 900) -> dict[str, Any]:
        """A usage with an end whose form is right; it may be refused for hours, sale or `stop`."""
        chance, reference = self.random, self.reference
        clocks = [rate["from"] for rate in self.document["rates"]]
        clocks += [
            p[key] for p in self.document["packages"] for key in ("start", "end", "sold_from", "until") if key in p
        ]
        clocks += [self.document["hours"]["open"], self.document["hours"]["close"]]
        hours, minutes = map(int, chance.choice(clocks).split(":"))
        date = self._date(reference.zone)
        midnight = int(dt.datetime.combine(date, dt.time(0), ZoneInfo(reference.zone)).timestamp())
        start = midnight + hours * 3600 + minutes * 60 + chance.randrange(-600, 300)
        if chance.random() < 0.3:
            start += chance.choice([-3600, 3600, -1800])
        end = start + chance.choice([0, chance.randrange(60), *[chance.randrange(1, seconds_max)] * 8])
        usage: dict[str, Any] = {
            "tier": chance.choice(["guest", "gold"]),
            "start": reference.text(start),
            "end": reference.text(end),
        }
        inner = range(start + 1, end)
        moves = sorted(chance.sample(inner, min(len(inner), chance.choice([0, 0, 1, 2]))))
        usage["stays"] = [
            {"from": reference.text(second), "zone": chance.choice(["hall", "room"])} for second in [start, *moves]
        ]
        edges = sorted(chance.sample(range(start, end + 1), min(end - start, chance.choice([0, 0, 2, 4])) // 2 * 2))
        usage["pauses"] = [
            {"from": reference.text(begins), "to": reference.text(ends)} | chance.choice([{}, {}, {"venue": True}])
            for begins, ends in zip(edges[::2], edges[1::2], strict=True)
        ]
        if end > start and self.document["packages"]:
            usage["packages"] = [
                {
                    "code": chance.choice(self.document["packages"])["code"],
                    "bought_at": reference.text(chance.choice([start, chance.randrange(start, end)])),
                }
                for _ in range(chance.choice([0, 0, 1, 1, 2, 3]))
            ]
        if chance.random() < 0.1:
            usage["returning"] = {"hourly_fen": chance.choice([0, 5, 100, 10_000])}
        return usage
