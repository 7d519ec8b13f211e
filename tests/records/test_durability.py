"""A commit frees the journal's head before the disk has it; what anybody is told is on the disk all the same.

The server's processes die where they stand (an immediate stop), which loses what none of them had written, and this
server's background writer sleeps. To withhold a desk's wait is to stop it between the two: its clerk knows nothing yet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from hardware.receipt import Mark, ReceiptDocument
from pos.counter import print_jobs
from pos.counter.print_jobs import PrintState, Slip, SlipKind
from pos.counter.print_queue import PrintQueue
from pos.counter.tables import print_attempts
from records import database, wire
from records.clock import SimulatedClock
from records.errors import RecordsError
from records.folder import open_server
from records.notes import HeadSigner
from records.place import ServerPlace
from records.schema import journal, venue_settings
from records.unit_of_work import Records
from tests.conftest import DAYS
from tests.servers import Crashing, crashing_server

DESKS = 4
ENOUGH = 60


@pytest.fixture(scope="module")
def crashing() -> Iterator[Crashing]:
    with crashing_server() as server:
        yield server


@pytest.fixture
def place(crashing: Crashing, founded_template: Path) -> Iterator[ServerPlace]:
    name = crashing.server.create(like=crashing.server.template(founded_template))
    yield crashing.server.place(name)
    crashing.server.drop(name)


@pytest.fixture
def desks(place: ServerPlace, clock: SimulatedClock, signer: HeadSigner) -> Iterator[list[Records]]:
    made = [
        Records(
            engine=open_server(replace(place, desk=f"desk-{number}")),
            clock=clock,
            signer=signer,
            till=f"desk-{number}",
            venue_code="44010410000001",
            days=DAYS,
        )
        for number in range(1, DESKS + 1)
    ]
    yield made
    for desk in made:
        desk.engine.dispose()


def record(desk: Records, number: int, *, alone: bool = False) -> int:
    with desk.begin(alone=alone) as work:
        entry = work.entry("venue.changed", {"settings": number})
        work.insert(venue_settings, {"version": number, "settings": "{}"}, entry=entry)
        return work.commit().seqs[-1]


def written(desk: Records) -> list[int]:
    desk.engine.dispose()  # Its connections died with the server.
    with desk.reading() as connection:
        return list(connection.execute(sa.select(journal.c.seq).order_by(journal.c.seq)).scalars())


WITHHELD = wire.Statement(name=b"mj_withheld", sql=b"SELECT 1")


@pytest.fixture
def withheld(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, it lets no commit from then on wait for the disk."""
    return lambda: monkeypatch.setattr(wire, "_WRITTEN", WITHHELD)


def test_what_was_acknowledged_outlives_a_crash_of_the_server(crashing: Crashing, desks: list[Records]) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def work(desk: Records, first: int) -> None:
        number = first
        try:
            while True:
                acknowledged.append(record(desk, number))
                number += DESKS
                if len(acknowledged) > ENOUGH:
                    enough.set()
        except RecordsError:  # The crash.
            return

    threads = [threading.Thread(target=work, args=(desk, number)) for number, desk in enumerate(desks)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    crashing.crash()
    for thread in threads:
        thread.join(30)
    there = written(desks[0])
    assert there == list(range(len(there)))
    assert set(acknowledged) <= set(there)


def test_what_did_not_wait_for_the_disk_is_lost_with_the_server(
    crashing: Crashing, desks: list[Records], withheld: Callable[[], None]
) -> None:
    """This is what the other tests would see if nobody waited."""
    record(desks[0], 0)
    withheld()
    assert record(desks[0], 1) == 1
    crashing.crash()
    assert written(desks[0]) == [0]


def test_what_many_desks_go_by_is_on_the_disk_before_anybody_sees_it(
    crashing: Crashing, desks: list[Records], withheld: Callable[[], None]
) -> None:
    withheld()
    record(desks[0], 0, alone=True)
    crashing.crash()
    assert written(desks[0]) == [0]


def read(desk: Records) -> None:
    with desk.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == 2


def find_it_done(desk: Records) -> None:
    """As whoever asks a second time: the answer is there, and nothing is written."""
    with desk.begin() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == 2


class RefusedError(Exception):
    pass


def be_refused(desk: Records) -> None:
    """As whoever comes too late."""

    def come_late() -> None:
        with desk.begin() as work:
            assert work.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == 2
            raise RefusedError

    with pytest.raises(RefusedError):
        come_late()


@pytest.mark.parametrize("tell", [read, find_it_done, be_refused])
def test_whatever_another_desk_is_told_of_it_is_on_the_disk(
    crashing: Crashing, desks: list[Records], withheld: Callable[[], None], tell: Callable[[Records], None]
) -> None:
    record(desks[0], 0)
    withheld()
    record(desks[0], 1)
    tell(desks[1])
    crashing.crash()
    assert written(desks[0]) == [0, 1]


def test_who_builds_upon_it_takes_it_to_the_disk(
    crashing: Crashing, desks: list[Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(desks[0], 0)
    with monkeypatch.context() as withheld:
        withheld.setattr(wire, "_WRITTEN", WITHHELD)
        record(desks[0], 1)
    assert record(desks[1], 2) == 2
    crashing.crash()
    assert written(desks[0]) == [0, 1, 2]


def test_a_glance_waits_for_nothing(crashing: Crashing, desks: list[Records], withheld: Callable[[], None]) -> None:
    """So it tells nobody anything: it is for a look whose consequence is committed."""
    record(desks[0], 0)
    withheld()
    record(desks[0], 1)
    with database.glance(desks[1].engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one() == 2
    crashing.crash()
    assert written(desks[0]) == [0]


def test_a_slip_goes_to_paper_only_from_the_disk(
    crashing: Crashing, desks: list[Records], withheld: Callable[[], None]
) -> None:
    """Whichever program's worker finds it first: it takes the job in a transaction that waits for the disk."""
    desk = desks[0]
    record(desk, 0)
    withheld()
    with desk.begin() as work:
        entry = work.entry("shift.read", {})
        slip = Slip(job_id="job-1", kind=SlipKind.SHIFT_READING, ref="1")
        print_jobs.queue(work, entry, slip, ReceiptDocument(items=(Mark(text="测"),)))
        work.commit()
    queue = PrintQueue(engine=desk.engine, clock=desk.clock, till=desk.till)
    assert queue.has_waiting()
    taken = queue.finish_and_take(None, takes=True)
    assert taken is not None
    crashing.crash()
    assert written(desk) == [0, 1]
    with desk.reading() as connection:
        state = connection.execute(sa.select(print_attempts.c.state)).scalar_one()
    assert state == PrintState.SENDING


@pytest.mark.parametrize("ends", [b"SELECT pg_terminate_backend(pg_backend_pid())", b"SELECT 1 / 0"])
def test_a_commit_that_nobody_says_is_on_the_disk_is_looked_up_and_taken_there(
    crashing: Crashing, desks: list[Records], monkeypatch: pytest.MonkeyPatch, ends: bytes
) -> None:
    """The connection ends after COMMIT and before the disk, or the wait is refused."""
    record(desks[0], 0)
    desks[0].engine.dispose()  # So that no connection has prepared it already.
    monkeypatch.setattr(wire, "_WRITTEN", replace(wire._WRITTEN, sql=ends))
    assert record(desks[0], 1) == 1
    crashing.crash()
    assert written(desks[0]) == [0, 1]
