"""The examples of docs/pricing.md §6, read and worked out: what a row says is asked of the product.

A visit is told in parts: `hall 21:00–22:01`, then `pause 21:15–21:30`, `outage …`, `esports from 21:30`, `3h at 21:00`,
`funds 4.00`, `returning 1.20`; clock times before the first are of the next date. The first part may begin with a tier
and a date; without them it is a guest on Monday, 2026-11-23.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from billing.best_price import charge
from billing.money import parse_yuan, yuan_text
from billing.price_checks import check
from billing.price_list import PriceList
from billing.time_left import time_left
from billing.usage import Usage
from billing.usage_errors import UsageError
from tests.billing.shop import WINTER_TEXT

DOCUMENT = (Path(__file__).parents[2] / "docs" / "pricing.md").read_text(encoding="utf-8")
_STAY = re.compile(r"(?:(gold) )?(?:(\d{4}-\d\d-\d\d) )?(hall|esports) ([\d:]+)(?:–(?:(\d{4}-\d\d-\d\d) )?([\d:]+))?")
_CHANGE = re.compile(r"`(\w+) = ([^`]+)`(?: of (\w+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A row of a table: the rule, and its cells."""

    rule: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.cells[0]} {self.cells[1]}"


def rows(heading: str) -> list[Example]:
    """The rows of the table under a heading that begins with a rule."""
    table = DOCUMENT.split(f"| rule | {heading} |", 1)[1].split("\n\n", 1)[0]
    found = []
    for line in table.splitlines()[2:]:
        rule, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found.append(Example(rule=rule, cells=tuple(cells)))
    return found


def list_of(changes: str) -> str:
    """The text of the winter list with other values for the keys of `[method]`, or of what else a cell names."""
    text = WINTER_TEXT
    for key, value, owner in _CHANGE.findall(changes):
        if key == "timezone":
            text = text.replace('timezone = "Asia/Shanghai"', f"timezone = {value}")
            continue
        head = f"[{owner or 'method'}]" if owner in {"", "hours"} else f'code = "{owner}"'
        before, after = text.split(head, 1)
        block, *rest = after.split("\n[", 1)
        line = re.compile(rf"^{key} = .*$", re.MULTILINE)
        block = line.sub(f"{key} = {value}", block) if line.search(block) else f"\n{key} = {value}{block}"
        text = before + head + "\n[".join([block, *rest])
    return text


def visit(told: str, prices: PriceList) -> Usage:
    """The usage that a cell tells."""
    first, *others = told.split(", ")
    match = _STAY.fullmatch(first)
    assert match is not None, f"not a visit: {first}"
    tier, date, zone, start, end_date, end = match.groups()
    day = dt.date.fromisoformat(date or "2026-11-23")

    def at(clock: str) -> str:
        is_next = clock < start
        return f"{day + dt.timedelta(days=is_next)}T{clock if len(clock) > 5 else clock + ':00'}"

    document: dict[str, Any] = {"tier": tier or "guest", "start": at(start), "pauses": [], "packages": []}
    document["stays"] = [{"from": at(start), "zone": zone}]
    if end:
        document["end"] = f"{end_date}T{end}:00" if end_date else at(end)
    for part in others:
        words = part.split(" ")
        if words[0] in {"pause", "outage"}:
            begins, ends = words[1].split("–")
            pause = {"from": at(begins), "to": at(ends)} | ({"venue": True} if words[0] == "outage" else {})
            document["pauses"].append(pause)
        elif words[0] == "funds":
            document["funds_fen"] = parse_yuan(words[1])
        elif words[0] == "returning":
            document["returning"] = {"hourly_fen": parse_yuan(words[1])}
        elif words[1] == "from":
            document["stays"].append({"from": at(words[2]), "zone": words[0]})
        else:
            document["packages"].append({"code": words[0], "bought_at": at(words[2])})
    return Usage.from_json(document, prices.clock)


def worked_out(changes: str, told: str) -> tuple[str, str]:
    """The lines and the total of a visit; `refused`, or the end that funds pay for, and the code or the instant."""
    prices = check(list_of(changes)).require()
    try:
        usage = visit(told, prices)
        if usage.funds_fen is not None:
            until = time_left(usage, prices, funds_fen=usage.funds_fen)
            assert until is not None
            return "lasts until", until.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%m-%d %H:%M:%S")
        bill = charge(usage, prices)
    except UsageError as error:
        return "refused", error.code
    lines = []
    for line in bill.to_json()["lines"]:
        name = (
            f"{line['code']} added at {line['at'][11:16]}" if "best_price" in line else line.get("code", line["kind"])
        )
        lines.append(f"{name} {line['amount_fen']}")
    return ", ".join(lines), yuan_text(bill.total_fen)
