"""How fast visits are rated and batches quoted (docs/pricing.md §5)."""

from __future__ import annotations

import io
import json
import random
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.figure import Figure, time_runs
from billing.price_checks import check
from billing.rating import rate
from billing.usage import parse_usage
from pos.cli.prices_offline import Streams, quote_batch
from pos.languages import Language, words_of

RATING_CALLS = 200
BATCH_LINES = 40_000

LIST = """
schema = 1
title = "基准价目"
timezone = "Asia/Shanghai"
currency = "CNY"
hours = { open = "00:00", close = "24:00", exemption = "示例" }
method = { unit_minutes = 15, grace_minutes = 5, minimum_fen = 300, round_to_fen = 10 }
zones = [{ code = "hall", name = "大厅", spec = "i5" }, { code = "esports", name = "电竞区", spec = "i7" }]
tiers = [{ code = "guest", name = "散客" }, { code = "gold", name = "金卡会员", discount_bp = 1000 }]
packages = [
    { code = "3h", name = "包三小时", kind = "duration", minutes = 180, zones = ["hall"], price_fen = 1000 },
]
"""
EDGES = ("00:00", "02:00", "04:00", "06:00", "08:00", "12:00", "16:00", "20:00", "24:00")


def price_list_text() -> str:
    """A list with eight bands a day in each of two zones."""
    rates = [
        f'[[rates]]\nzone = "{zone}"\nfrom = "{begins}"\nto = "{ends}"\nfen_per_hour = {base + 20 * place}\n'
        for zone, base in (("hall", 300), ("esports", 600))
        for place, (begins, ends) in enumerate(pairwise(EDGES))
    ]
    return LIST + "".join(rates)


def long_visit() -> dict[str, Any]:
    """Twelve hours over six bands, one package, one move."""
    return {
        "tier": "gold",
        "start": "2026-11-23T19:00:00",
        "end": "2026-11-24T07:00:00",
        "stays": [
            {"from": "2026-11-23T19:00:00", "zone": "hall"},
            {"from": "2026-11-24T01:30:00", "zone": "esports"},
        ],
        "packages": [{"code": "3h", "bought_at": "2026-11-23T20:10:00"}],
    }


def batch(lines: int) -> bytes:
    """Mixed visits of a year over one to three bands: some with a package, a move, a pause or a discount."""
    chance = random.Random(20261123)  # noqa: S311  # A repeatable mix.
    return b"".join(json.dumps(_mixed_visit(chance)).encode() + b"\n" for _ in range(lines))


def _mixed_visit(chance: random.Random) -> dict[str, Any]:
    start = datetime(2026, 1, 1) + timedelta(seconds=chance.randrange(365 * 86_400))  # noqa: DTZ001  # Local time.
    length = timedelta(seconds=chance.randrange(1200, 9000))

    def at(share: float) -> str:
        return (start + length * share).isoformat(timespec="seconds")

    visit: dict[str, Any] = {
        "tier": chance.choice(("guest", "gold")),
        "start": at(0),
        "end": at(1),
        "stays": [{"from": at(0), "zone": chance.choice(("hall", "esports"))}],
    }
    if chance.random() < 0.2:
        visit["stays"].append({"from": at(0.4), "zone": chance.choice(("hall", "esports"))})
    if chance.random() < 0.1:
        visit["pauses"] = [{"from": at(0.5), "to": at(0.6)}]
    if chance.random() < 0.2:
        visit["packages"] = [{"code": "3h", "bought_at": at(0)}]
    return visit


def figures() -> Iterator[Figure]:
    """Rate one long visit; quote a batch through the whole command."""
    text = price_list_text()
    yield _rating(text)
    yield _batch(text)


def _rating(text: str) -> Figure:
    prices = check(text).require()
    usage = parse_usage(json.dumps(long_visit()), prices.clock)

    def rate_repeatedly() -> None:
        for _ in range(RATING_CALLS):
            rate(usage, prices)

    runs = time_runs(rate_repeatedly, runs=15)
    to_us = 1e6 / RATING_CALLS
    return Figure(
        name="rating of 12 hours, 6 bands, a package, a move",
        value=runs.median * to_us,
        unit="µs",
        bound=150,
        spread=runs.spread(to_us),
    )


def _batch(text: str) -> Figure:
    usages = batch(BATCH_LINES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.toml"
        path.write_text(text, encoding="utf-8")

        def quote() -> None:
            streams = Streams(out=io.StringIO(), err=io.StringIO())
            quote_batch(path, io.BytesIO(usages), streams, words=words_of(Language.ZH_CN), is_json=True)

        runs = time_runs(quote, runs=3, warm_up=0)
    fastest, slowest = runs.spread()
    return Figure(
        name="prices quote --batch, visits of 1 to 3 bands",
        value=BATCH_LINES / runs.median,
        unit="a second",
        bound=8000,
        is_at_least=True,
        spread=(BATCH_LINES / slowest, BATCH_LINES / fastest),
    )
