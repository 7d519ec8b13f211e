"""A slow rater that reads docs/pricing.md word by word: it asks each second what it costs.

It shares nothing with the product's rating: it takes the TOML document and the usage document, integrates second by
second with fractions, and asks `zoneinfo` for every second. Only good lists and usages of moderate length are meant.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Additions: TypeAlias = tuple[tuple[int, int], ...]
"""Packages that are added: the instant of each, and its place in the list."""

Least: TypeAlias = tuple[int, int, Additions]
"""The total, the number of additions, the additions: the smallest is the bill."""

KINDS = ["workday", "weekend", "holiday"]


class TooMany(Exception):  # noqa: N818  # A limit of the test, no error of anything.
    """There are more combinations than shall be tried."""


class Refusal(Exception):  # noqa: N818  # It is an answer here, not an error.
    """The code that `quote` answers."""


@cache
def minutes(text: str) -> int:
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


@cache
def wall(second: int, zone: str) -> dt.datetime:
    """What the wall shows, without zone."""
    return dt.datetime.fromtimestamp(second, ZoneInfo(zone)).replace(tzinfo=None)


def shows(second: int, zone: str, begins: str, ends: str) -> bool:
    """Whether the wall shows a time in [begins, ends), past midnight if need be."""
    shown = wall(second, zone)
    now, low, high = shown.hour * 60 + shown.minute, minutes(begins), minutes(ends)
    return low <= now < high if low < high else now >= low or now < high


@cache
def instants(shown: dt.datetime, zone: str) -> list[int]:
    """All instants at which the wall shows this, earliest first."""
    found = []
    for fold in (0, 1):
        second = int(shown.replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())
        if wall(second, zone) == shown and second not in found:
            found.append(second)
    return sorted(found)


@cache
def list_instant(date: dt.date, clock: str, zone: str) -> int:
    """A list's clock time on a date: the first occurrence, or the transition that leaves it out (P-19)."""
    shown = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minutes(clock))
    found = instants(shown, zone)
    if found:
        return found[0]
    second = int(shown.replace(tzinfo=ZoneInfo(zone), fold=1).timestamp()) - 4 * 3600
    while wall(second + 1, zone) < shown:
        second += 1
    return second + 1


@cache
def shown_within(begin: int, end: int, clock: str, zone: str) -> int:
    """The next strictly later instant that shows a clock time, or the end if that comes first."""
    hour, minute = divmod(minutes(clock) % 1440, 60)
    for second in range(begin + 1, end):
        shown = wall(second, zone)
        if (shown.hour, shown.minute, shown.second) == (hour, minute, 0):
            return second
    return end


class Reference:
    """One price list, as the document that tomllib gives."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.list = document
        self.zone: str = document["timezone"]
        self.method = document.get("method", {})
        self.all_zones = [zone["code"] for zone in document["zones"]]
        self.all_tiers = [tier["code"] for tier in document["tiers"]]
        self.indexes: dict[tuple[dt.datetime, str, str], int] = {}

    def kind(self, date: dt.date) -> str:
        calendar = self.list.get("calendar", {})
        if date.isoformat() in calendar.get("holidays", []):
            return "holiday"
        if date.isoformat() in calendar.get("workdays", []):
            return "workday"
        return "weekend" if date.weekday() in {5, 6} else "workday"

    def is_open(self, second: int) -> bool:
        hours = self.list.get("hours", {})
        begins, ends = hours.get("open", "08:00"), hours.get("close", "24:00")
        if minutes(begins) % 1440 == minutes(ends) % 1440:
            return True
        return shows(second, self.zone, begins, ends)

    def rate_index(self, second: int, zone: str, tier: str) -> int:
        """P-2, P-3: the one rate whose band the wall shows; bands begin and end with a minute."""
        asked = wall(second, self.zone).replace(second=0), zone, tier
        if asked not in self.indexes:
            self.indexes[asked] = self._rate_index(*asked)
        return self.indexes[asked]

    def _rate_index(self, shown: dt.datetime, zone: str, tier: str) -> int:
        now, found = shown.hour * 60 + shown.minute, []
        for index, rate in enumerate(self.list["rates"]):
            if rate["zone"] != zone or tier not in rate.get("tiers", self.all_tiers):
                continue
            low, high, days = minutes(rate["from"]), minutes(rate["to"]), rate.get("days", KINDS)
            if low < high:
                counts = low <= now < high and self.kind(shown.date()) in days
            else:
                yesterday = shown.date() - dt.timedelta(days=1)
                counts = (now >= low and self.kind(shown.date()) in days) or (
                    now < high and self.kind(yesterday) in days
                )
            if counts:
                found.append(index)
        assert len(found) == 1, f"P-3 is broken at {shown} in {zone}: {found}"
        return found[0]

    def cover(self, package: dict[str, Any], tier: str, bought: int, queue: int) -> tuple[int, int]:
        """P-5, P-6, P-6a."""
        if tier not in package.get("tiers", self.all_tiers):
            raise Refusal("not-on-sale")
        days, date = package.get("days", KINDS), wall(bought, self.zone).date()
        if package["kind"] == "duration":
            is_on = shows(bought, self.zone, package.get("sold_from", "00:00"), package.get("sold_until", "24:00"))
            if self.kind(date) not in days or not is_on:
                raise Refusal("not-on-sale")
            begin = max(bought, queue)
            end = begin + package["minutes"] * 60
            return begin, shown_within(begin, end, package["until"], self.zone) if "until" in package else end
        for back in (2, 1, 0, -1):
            day = date - dt.timedelta(days=back)
            if self.kind(day) not in days:
                continue
            start = list_instant(day, package["start"], self.zone)
            end = self.following(package["end"], day, start)
            sold_from = list_instant(day, package["sold_from"], self.zone) if "sold_from" in package else start
            sold_until = self.following(package["sold_until"], day, sold_from) if "sold_until" in package else end
            begin = max(bought, start, queue)
            if sold_from <= bought < sold_until and begin < end:
                return begin, end
        raise Refusal("not-on-sale")

    def following(self, clock: str, day: dt.date, after: int) -> int:
        instant = list_instant(day, clock, self.zone)
        while instant <= after:
            day += dt.timedelta(days=1)
            instant = list_instant(day, clock, self.zone)
        return instant

    def parse(self, text: str) -> int:
        value = dt.datetime.fromisoformat(text)
        if value.tzinfo is not None:
            return int(value.timestamp())
        found = instants(value, self.zone)
        if not found:
            raise Refusal("bad-usage")
        return found[0]

    def text(self, second: int) -> str:
        shown = wall(second, self.zone)
        if len(instants(shown, self.zone)) == 1:
            return shown.isoformat()
        return dt.datetime.fromtimestamp(second, ZoneInfo(self.zone)).isoformat()

    def bought(self, usage: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
        """The purchases in the order of P-5."""
        by_code = {package["code"]: package for package in self.list.get("packages", [])}
        bought = ((self.parse(p["bought_at"]), by_code[p["code"]]) for p in usage.get("packages", []))
        return sorted(bought, key=lambda purchase: purchase[0])

    def covers(self, usage: dict[str, Any]) -> list[tuple[int, int, list[str]]]:
        """What the purchases cover, with the zones. Raises Refusal."""
        covers: list[tuple[int, int, list[str]]] = []
        for instant, package in self.bought(usage):
            queue = max([instant, *(cover[1] for cover in covers)])
            begin, finish = self.cover(package, usage["tier"], instant, queue)
            covers.append((begin, finish, package.get("zones", self.all_zones)))
        return covers

    def has_allowed_pauses(self, usage: dict[str, Any]) -> bool:
        """P-4: the customer's own pauses are few and short enough."""
        own = [pause for pause in usage.get("pauses", []) if not pause.get("venue")]
        longest = max((self.parse(pause["to"]) - self.parse(pause["from"]) for pause in own), default=0)
        most, minutes_max = self.method.get("pauses_max", len(own)), self.method.get("pause_minutes_max")
        return len(own) <= most and (minutes_max is None or longest <= minutes_max * 60)

    def window_starts(self, start: int, end: int) -> list[int]:
        """The starts of all windows within a visit."""
        first, last = wall(start, self.zone).date(), wall(end, self.zone).date()
        dates = [first + dt.timedelta(days=day) for day in range(-3, (last - first).days + 4)]
        found = {
            list_instant(date, package["start"], self.zone)
            for package in self.list.get("packages", [])
            if package["kind"] == "window"
            for date in dates
            if self.kind(date) in package.get("days", KINDS)
        }
        return sorted(instant for instant in found if start <= instant < end)

    def least(self, usage: dict[str, Any], quote: Callable[[dict[str, Any]], dict[str, Any]], most: int) -> Least:
        """P-16: the least of all combinations, by rating every one of them that costs no more for packages alone.

        `quote` rates a usage, as `Reference.quote` does. Packages must cost something. Raises TooMany for more than
        `most` combinations.
        """
        start, end = self.parse(usage["start"]), self.parse(usage["end"])
        packages = self.list.get("packages", [])
        windows = self.window_starts(start, end)
        as_bought = quote(usage)["total_fen"]
        found: list[Least] = []
        waiting: list[Additions] = [()]
        while waiting:
            additions = waiting.pop()
            most -= 1
            if most < 0:
                raise TooMany
            added = [{"code": packages[place]["code"], "bought_at": self.text(at)} for at, place in additions]
            combination = usage | {"packages": [*usage.get("packages", []), *added]}
            try:
                covers = self.covers(combination)
            except Refusal:
                continue  # Nothing that is bought later puts it on sale.
            with suppress(Refusal):
                found.append((quote(combination)["total_fen"], len(additions), additions))
            last = additions[-1][0] if additions else start
            for instant in sorted({start, *windows, *(finish for _, finish, _ in covers)}):
                for place in range(len(packages)) if last <= instant < end else ():
                    longer = (*additions, (instant, place))
                    if sum(packages[place]["price_fen"] for _, place in longer) <= as_bought:
                        waiting.append(longer)
        return min(found)

    def quote(self, usage: dict[str, Any]) -> dict[str, Any]:
        """The bill of a usage with an end, as `prices quote` answers it. Raises Refusal."""
        end = self.parse(usage["end"])
        start, tier = self.parse(usage["start"]), usage["tier"]
        stays = [(self.parse(stay["from"]), stay["zone"]) for stay in usage["stays"]]
        pauses = [(self.parse(pause["from"]), self.parse(pause["to"])) for pause in usage.get("pauses", [])]
        covers: list[tuple[int, int, list[str]]] = []
        refusal: Refusal | None = None
        try:
            covers = self.covers(usage)
        except Refusal as error:
            refusal = error
        if not self.has_allowed_pauses(usage):
            raise Refusal("bad-usage")
        stops = self.method.get("package_end", "hourly") == "stop"
        if refusal is None and covers and stops and end > covers[-1][1]:
            raise Refusal("bad-usage")
        if any(not self.is_open(second) for second in range(start, end)):
            raise Refusal("outside-hours")
        if refusal:
            raise refusal
        packages = [package for _, package in self.bought(usage)]
        return self.explain(
            tier=tier,
            start=start,
            end=end,
            stays=stays,
            pauses=pauses,
            covers=covers,
            packages=packages,
            chain_fen=usage.get("returning", {}).get("hourly_fen"),
        )

    def explain(
        self,
        *,
        tier: str,
        start: int,
        end: int,
        stays: list[tuple[int, str]],
        pauses: list[tuple[int, int]],
        covers: list[tuple[int, int, list[str]]],
        packages: list[dict[str, Any]],
        chain_fen: int | None,
    ) -> dict[str, Any]:
        """`chain_fen` is what a returning customer's earlier visits paid by the hour (P-20)."""
        chargeable, hourly = 0, []  # The hourly seconds with their zones.
        for second in range(start, end):
            if any(begin <= second < finish for begin, finish in pauses):
                continue
            chargeable += 1
            zone = next(zone for begin, zone in reversed(stays) if begin <= second)
            if not any(begin <= second < finish and zone in zones for begin, finish, zones in covers):
                hourly.append((second, zone, False))
        if chain_fen is None and not packages and chargeable <= self.method.get("grace_minutes", 0) * 60:
            return {"total_fen": 0, "lines": [{"kind": "grace", "amount_fen": 0}]}
        has_hourly = bool(hourly)
        unit = self.method.get("unit_minutes", 0) * 60
        while hourly and unit and len(hourly) % unit and self.is_open(hourly[-1][0] + 1):
            hourly.append((hourly[-1][0] + 1, hourly[-1][1], True))
        lines: list[dict[str, Any]] = []
        exact, last = 0, None  # Of what an hour costs, for a second: 3600ths of a fen.
        for second, zone, is_extension in hourly:
            index = self.rate_index(second, zone, tier)
            if last != (second - 1, zone, index):
                price = self.list["rates"][index]["fen_per_hour"]
                lines.append({"zone": zone, "from": second, "fen_per_hour": price, "seconds": 0, "extension": 0})
            exact += self.list["rates"][index]["fen_per_hour"]
            lines[-1]["seconds"] += 1
            lines[-1]["extension"] += is_extension
            lines[-1]["to"] = second + 1
            lines[-1]["cum"] = exact
            last = (second, zone, index)
        for line in lines:
            line["cum"] = Fraction(line["cum"], 3600)
        owed_fen = max(self.method.get("minimum_fen", 0) - (chain_fen or 0), 0) if has_hourly and not packages else 0
        return self.settle(tier, lines, Fraction(exact, 3600), packages, minimum_fen=owed_fen)

    def settle(
        self,
        tier: str,
        time_lines: list[dict[str, Any]],
        exact: Fraction,
        packages: list[dict[str, Any]],
        *,
        minimum_fen: int,
    ) -> dict[str, Any]:
        answer: list[dict[str, Any]] = []
        before = 0
        for line in time_lines:
            answer.append(
                {
                    "kind": "time",
                    "zone": line["zone"],
                    "from": self.text(line["from"]),
                    "to": self.text(line["to"]),
                    "seconds": line["seconds"],
                    "extension_seconds": line["extension"],
                    "fen_per_hour": line["fen_per_hour"],
                    "amount_fen": floor(line["cum"]) - before,
                }
            )
            before = floor(line["cum"])
        discount_bp = next(t for t in self.list["tiers"] if t["code"] == tier).get("discount_bp", 0)
        discounted = exact * (10000 - discount_bp) / 10000
        charge = max(discounted, Fraction(minimum_fen))
        step = self.method.get("round_to_fen", 1)
        rounded = floor(charge / step) * step
        for kind, amount in (
            ("discount", floor(discounted) - floor(exact)),
            ("minimum", floor(charge) - floor(discounted)),
            ("rounding", rounded - floor(charge)),
        ):
            if amount:
                answer.append({"kind": kind, "amount_fen": amount})
        answer += [
            {"kind": "package", "code": p["code"], "amount_fen": p["price_fen"]} for p in packages if p["price_fen"]
        ]
        return {"total_fen": sum(line["amount_fen"] for line in answer), "lines": answer}
