"""kill −9 before any statement of a settlement: afterwards there is all of it or nothing, and asking again is safe."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from billing import ledger
from pos.bootstrap import Venue, open_venue
from pos.counter.counter import Counter
from pos.counter.print_jobs import PrintState
from records.clock import SimulatedClock
from records.folder import VenueFolder
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import PASSPHRASE, cash, counter_of, goods, seat_someone

REQUEST = "settlementrequest"[:16]
TWO_HOURS = timedelta(hours=2)


@contextmanager
def opened(path: Path, *, after: timedelta) -> Iterator[Venue]:
    clock = SimulatedClock(MONDAY_EVENING, boot="test-boot")
    clock.advance(after)
    folder = VenueFolder(path=path, reserve_bytes=65536)
    with open_venue(folder, passphrase=lambda: PASSPHRASE, clock=clock) as venue:
        yield venue


@pytest.fixture(scope="module")
def about_to_pay(founded_venue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venue where the customer of A01 has read the statement: 18.00, a deposit of 10.00."""
    path = tmp_path_factory.mktemp("crash") / "shop"
    shutil.copytree(founded_venue, path)
    with opened(path, after=timedelta()) as venue:
        counter = counter_of(venue, "chen")
        counter.shifts.open(float_fen=20_000)
        seat_someone(counter, "adult-a", "A01", deposit=cash(1000))
        counter.sales.order("A01", [goods("cola-330", 2)], request="order-aaaaaaaaaa")
    with opened(path, after=TWO_HOURS) as venue:
        counter_of(venue, "chen").settlements.show(visit_of(venue))
    return path


def visit_of(venue: Venue) -> str:
    with venue.records.reading() as connection:
        visit_id: str = connection.execute(sa.text("SELECT visit_id FROM visits")).scalar_one()
        return visit_id


def pay_until_killed(path: Path, statement: int) -> bool:
    """Pay in a child process that dies before its n-th statement; whether it told that it had been paid."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        _pay_and_die(path, statement, told)
    os.close(told)
    with os.fdopen(heard, "rb") as answer:
        was_told = answer.read() == b"paid"
    _, status = os.waitpid(child, 0)
    assert was_told or os.WIFSIGNALED(status), "the child failed by itself"
    return was_told


def _pay_and_die(path: Path, statement: int, told: int) -> None:
    try:
        with opened(path, after=TWO_HOURS) as venue:
            counter, visit_id = counter_of(venue, "chen"), visit_of(venue)
            seen = 0

            def count(_sql: str) -> None:
                nonlocal seen
                seen += 1
                if seen == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            def watch(connection: Any, _record: object, _proxy: object) -> None:
                connection.set_trace_callback(count)

            sa.event.listen(venue.records.engine, "checkout", watch)
            counter.settlements.settle(visit_id, [cash(1000)], request=REQUEST)
            os.write(told, b"paid")
            os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(1)


def count(venue: Venue, table: str) -> int:
    with venue.records.reading() as connection:
        rows: int = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # A name of this file.
        return rows


def check_all_or_nothing(venue: Venue, *, was_told: bool) -> None:
    settled = count(venue, "settlements")
    assert settled or not was_told, "an acknowledged payment was forgotten"
    assert count(venue, "open_visits") == 1 - settled
    assert count(venue, "receipts") == 1 + settled  # The deposit has the first.
    assert count(venue, "print_jobs") == 1 + settled
    with venue.records.reading() as connection:
        entries = connection.execute(sa.text("SELECT count(*) FROM journal WHERE type = 'visit.settled'")).scalar_one()
        assert entries == settled
        assert ledger.balance(connection, "deposits") == -1000 * (1 - settled)


def check_asking_again(counter: Counter, venue: Venue) -> None:
    visit_id = visit_of(venue)
    first = counter.settlements.settle(visit_id, [cash(1000)], request=REQUEST)
    assert (first.total_fen, first.change_fen, first.receipt) == (1800, 200, 2)
    assert counter.settlements.settle(visit_id, [cash(1000)], request=REQUEST) == first
    with venue.records.reading() as connection:
        assert ledger.balance(connection, "cash/desk-1") == 20_000 + 1_800
    assert [job.state for job in counter.slips.about(visit_id)] == [PrintState.QUEUED] * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child that shares our imports needs fork")
def test_killed_before_any_statement_of_a_settlement(about_to_pay: Path, tmp_path: Path) -> None:
    was_told, statement = False, 0
    while not was_told:
        statement += 1
        path = tmp_path / f"killed-{statement}"
        shutil.copytree(about_to_pay, path)
        was_told = pay_until_killed(path, statement)
        with opened(path, after=TWO_HOURS) as venue:
            check_all_or_nothing(venue, was_told=was_told)
            check_asking_again(counter_of(venue, "chen"), venue)
        shutil.rmtree(path)
    assert statement > 30, "a settlement is more statements than this"
