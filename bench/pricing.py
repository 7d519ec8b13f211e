"""How fast visits are rated, quoted, priced best, asked for their time left and simulated, and lists checked."""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from bench.figure import Figure, Runs, time_runs
from billing.best_price import charge
from billing.price_checks import check
from billing.price_list import PriceList
from billing.rating import rate
from billing.simulation import simulate
from billing.time_left import time_left
from billing.usage import parse_usage
from pos.cli.prices_offline import Streams, quote_batch
from pos.languages import Language, words_of
from records.schema import journal

BATCH_LINES: Final = 100_000
PAST_VISITS: Final = 100_000
LIST_ZONES, LIST_TIERS = 40, 10

LIST: Final = """
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
    { code = "night", name = "通宵", kind = "window", start = "02:00", end = "05:00", price_fen = 900 },
]
"""
EDGES: Final = ("00:00", "02:00", "04:00", "06:00", "08:00", "12:00", "16:00", "20:00", "24:00")
DURATIONS: Final = ((60, 450), (120, 850), (180, 1200), (300, 1900), (480, 2800), (600, 3300))
ODD_DURATIONS: Final = ((61, 450), (127, 850), (191, 1250), (307, 1950), (487, 2850), (599, 3300))
WINDOWS: Final = (
    ("08:00", "12:00", 1300),
    ("13:00", "18:00", 2000),
    ("18:00", "24:00", 2900),
    ("22:00", "08:00", 2200),
)


def price_list_text() -> str:
    """A list with eight bands a day in each of two zones."""
    rates = [
        f'[[rates]]\nzone = "{zone}"\nfrom = "{begins}"\nto = "{ends}"\nfen_per_hour = {base + 20 * place}\n'
        for zone, base in (("hall", 300), ("esports", 600))
        for place, (begins, ends) in enumerate(pairwise(EDGES))
    ]
    return LIST + "".join(rates)


def best_price_list_text(durations: tuple[tuple[int, int], ...]) -> str:
    """The same with the best price over six durations and four windows."""
    packages = [
        f'{{ code = "d{minutes}", name = "d", kind = "duration", minutes = {minutes}, price_fen = {price_fen} }}'
        for minutes, price_fen in durations
    ] + [
        f'{{ code = "w{start[:2]}", name = "w", kind = "window", start = "{start}", end = "{end}", price_fen = {fen} }}'
        for start, end, fen in WINDOWS
    ]
    before, rest = price_list_text().split("packages = [", 1)
    _, after = rest.split("\n]\n", 1)
    listed = before.replace("round_to_fen = 10", "round_to_fen = 10, best_price = true")
    return f"{listed}packages = [{', '.join(packages)}]\n{after}"


def large_list_text() -> str:
    """Forty zones, ten tiers, four hundred rates: two groups of tiers with five bands in each zone."""
    zones = ", ".join(f'{{ code = "z{zone}", name = "z", spec = "x" }}' for zone in range(LIST_ZONES))
    tiers = ", ".join(f'{{ code = "t{tier}", name = "t" }}' for tier in range(LIST_TIERS))
    half = LIST_TIERS // 2
    groups = [json.dumps([f"t{tier}" for tier in range(first, first + half)]) for first in (0, half)]
    bands = [*pairwise(("02:00", "08:00", "12:00", "18:00", "22:00")), ("22:00", "02:00")]
    rates = "".join(
        f'[[rates]]\nzone = "z{zone}"\ntiers = {group}\nfrom = "{begins}"\nto = "{ends}"\nfen_per_hour = {300 + zone}\n'
        for zone in range(LIST_ZONES)
        for group in groups
        for begins, ends in bands
    )
    head = LIST.split("zones = ", 1)[0]
    return f"{head}zones = [{zones}]\ntiers = [{tiers}]\n{rates}"


def long_visit() -> dict[str, Any]:
    """Twelve hours over six bands, two packages, a move, two pauses."""
    return {
        "tier": "gold",
        "start": "2026-11-23T19:00:00",
        "end": "2026-11-24T07:00:00",
        "stays": [
            {"from": "2026-11-23T19:00:00", "zone": "hall"},
            {"from": "2026-11-24T01:30:00", "zone": "esports"},
        ],
        "pauses": [
            {"from": "2026-11-23T23:40:00", "to": "2026-11-24T00:05:00"},
            {"from": "2026-11-24T05:30:00", "to": "2026-11-24T05:50:00"},
        ],
        "packages": [
            {"code": "3h", "bought_at": "2026-11-23T20:10:00"},
            {"code": "night", "bought_at": "2026-11-24T02:10:00"},
        ],
    }


def day_visit() -> dict[str, Any]:
    """Twenty-four hours in the hall, nothing bought."""
    start = "2026-11-23T10:07:13"
    stays = [{"from": start, "zone": "hall"}]
    return {"tier": "guest", "start": start, "end": "2026-11-24T10:07:13", "stays": stays}


def batch(lines: int) -> bytes:
    """Visits of a year: by turns one over one to three bands, some with a package, move or pause, and a long one."""
    chance = random.Random(20261123)  # noqa: S311  # A repeatable mix.
    visits = [_mixed_visit(chance) if line % 2 else _moved_in_time(long_visit(), chance) for line in range(lines)]
    return b"".join(json.dumps(visit).encode() + b"\n" for visit in visits)


def short_batch(lines: int) -> bytes:
    """The short half of them alone."""
    chance = random.Random(20261123)  # noqa: S311  # A repeatable mix.
    return b"".join(json.dumps(_mixed_visit(chance)).encode() + b"\n" for _ in range(lines))


def _moved_in_time(visit: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same visit on another day of the year."""
    day = (datetime(2026, 1, 1) + timedelta(days=chance.randrange(364))).date()  # noqa: DTZ001  # A date.
    dates = {"2026-11-23": str(day), "2026-11-24": str(day + timedelta(days=1))}
    moved: dict[str, Any] = json.loads(re.sub("|".join(dates), lambda date: dates[date[0]], json.dumps(visit)))
    return moved


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
    """Rate one long visit; quote a batch through the whole command; ask what else is asked of prices."""
    text = price_list_text()
    yield _rating(text)
    yield _batch(text, "prices quote --batch, half of 1 to 3 bands, half 12 hours", batch(BATCH_LINES), bound=5000)
    yield _batch(text, "prices quote --batch, visits of 1 to 3 bands", short_batch(BATCH_LINES // 2), bound=8000)
    yield _batch_memory(text)
    yield _time_left(text)
    yield _best_price("best price of 24 hours, 6 durations of whole hours, 4 windows", DURATIONS)
    yield _best_price("best price of 24 hours, 6 durations without a common measure, 4 windows", ODD_DURATIONS)
    yield _list_check()
    yield _simulation(text)


def _rating(text: str) -> Figure:
    prices = check(text).require()
    usage = parse_usage(json.dumps(long_visit()), prices.clock)
    runs = _repeated(lambda: rate(usage, prices), calls=200, runs=15)
    return _figure(
        "rating of 12 hours, 6 bands, 2 packages, a move, 2 pauses", runs, unit="µs", per_second=1e6, bound=150
    )


def _time_left(text: str) -> Figure:
    prices = check(text).require()
    start = "2026-11-23T10:07:13"
    asked = {"tier": "guest", "start": start, "funds_fen": 55_000, "stays": [{"from": start, "zone": "hall"}]}
    usage = parse_usage(json.dumps(asked), prices.clock)
    until = time_left(usage, prices, funds_fen=55_000)
    assert until is not None, "the funds end shortly before the horizon"
    runs = _repeated(lambda: time_left(usage, prices, funds_fen=55_000), calls=100, runs=15)
    return _figure("time left, funds for almost seven days", runs, unit="ms", per_second=1e3, bound=1)


def _best_price(name: str, durations: tuple[tuple[int, int], ...]) -> Figure:
    prices = check(best_price_list_text(durations)).require()
    usage = parse_usage(json.dumps(day_visit()), prices.clock)
    runs = _repeated(lambda: charge(usage, prices), calls=3, runs=9)
    return _figure(name, runs, unit="ms", per_second=1e3, bound=50)


def _list_check() -> Figure:
    text = large_list_text()
    assert not check(text).problems, "the large list is a good one"
    runs = _repeated(lambda: check(text), calls=1, runs=5)
    return _figure("prices check, 40 zones, 10 tiers, 400 rates", runs, unit="s", per_second=1, bound=1)


def _repeated(work: Callable[[], object], *, calls: int, runs: int) -> Runs:
    """Seconds of one call, in several runs of so many calls."""

    def repeat() -> None:
        for _ in range(calls):
            work()

    return Runs(seconds=tuple(seconds / calls for seconds in time_runs(repeat, runs=runs).seconds))


def _figure(name: str, runs: Runs, *, unit: str, per_second: float, bound: float) -> Figure:
    return Figure(name=name, value=runs.median * per_second, unit=unit, bound=bound, spread=runs.spread(per_second))


def _batch(text: str, name: str, usages: bytes, *, bound: float) -> Figure:
    lines = usages.count(b"\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.toml"
        path.write_text(text, encoding="utf-8")

        def quote() -> None:
            streams = Streams(out=io.StringIO(), err=io.StringIO())
            quote_batch(path, io.BytesIO(usages), streams, words=words_of(Language.ZH_CN), is_json=True)

        runs = time_runs(quote, runs=3, warm_up=0)
    fastest, slowest = runs.spread()
    return Figure(
        name=name,
        value=lines / runs.median,
        unit="a second",
        bound=bound,
        is_at_least=True,
        spread=(lines / slowest, lines / fastest),
    )


def _batch_memory(text: str) -> Figure:
    """The most memory that the command takes for the whole batch, against a hundredth of it."""
    small, whole = (_peak_kilobytes(text, batch(lines)) for lines in (BATCH_LINES // 100, BATCH_LINES))
    return Figure(name="memory of prices quote --batch, 100 000 usages", value=whole, floor=small, unit="kB", bound=1.1)


def _peak_kilobytes(text: str, usages: bytes) -> float:
    # Of /proc, because what getrusage tells also counts the program that started it.
    with tempfile.TemporaryDirectory() as folder:
        prices, lines = Path(folder) / "prices.toml", Path(folder) / "usages.jsonl"
        prices.write_text(text, encoding="utf-8")
        lines.write_bytes(usages)
        words = ["--json", "prices", "quote", str(prices), "--batch", str(lines)]
        program = (
            "import sys; from pathlib import Path; from pos.cli.main import main; main(sys.argv[1:]); "
            "status = Path('/proc/self/status').read_text(); "
            "print(status.split('VmHWM:')[1].split()[0], file=sys.stderr)"
        )
        ran = subprocess.run(  # noqa: S603  # This interpreter and our own words.
            [sys.executable, "-c", program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
        )
    return float(ran.stderr)


def _simulation(text: str) -> Figure:
    """Rate a hundred thousand past visits again, out of a journal's rows of the product's own shape."""
    prices = check(text).require()
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{Path(folder) / 'journal.db'}")
        with engine.begin() as connection:
            journal.create(connection)
            for first in range(0, PAST_VISITS, PAST_VISITS // 10):
                connection.execute(journal.insert(), list(_past_visits(prices, first, PAST_VISITS // 10)))
        with engine.connect() as connection:
            day = date(2026, 11, 23)
            runs = time_runs(lambda: simulate(connection, prices, day, day), runs=3, warm_up=0)
        engine.dispose()
    return _figure("prices simulate, 100 000 past visits", runs, unit="s", per_second=1, bound=20)


def _past_visits(prices: PriceList, first: int, count: int) -> Iterator[dict[str, Any]]:
    """Settlements as the journal keeps them, as far as a simulation reads them, and as long as they are there."""
    for number, line in enumerate(batch(count).splitlines(), start=first):
        usage = json.loads(line)
        body = {
            "visit": f"v{number}",
            "receipt": number,
            "zone": usage["stays"][-1]["zone"],
            "tier": usage["tier"],
            "usage": usage,
            "bill": rate(parse_usage(line, prices.clock), prices).to_json(),
            "statement": "0" * 64,
            "list_sha256": prices.sha256,
        }
        yield {
            "seq": number,
            "entry_id": f"e{number}",
            "type": "visit.settled",
            "biz_day": "2026-11-23",
            "wall": datetime(2026, 11, 23, 12, tzinfo=UTC),
            "entry": json.dumps({"body": body}).encode(),
            "leaf": bytes(32),
        }
