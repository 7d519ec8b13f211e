"""Each desk feeds its own printer; an anchor that came out at any of them is an anchor for all."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hardware.printers.printer import Outcome, PrintResult
from hardware.printers.status import PrinterStatus
from pos.bootstrap import open_venue
from pos.counter.counter import Counter
from pos.counter.print_jobs import PrintState, Resolution
from pos.counter.print_queue import FinishedJob, PrintQueue
from records.clock import SimulatedClock
from records.folder import VenueFolder
from records.ids import new_id
from tests.conftest import MONDAY_EVENING
from tests.pos.counter.venues import PASSPHRASE, cash, counter_of, goods
from tests.servers import Server
from tests.soak.soaking import found_desks


def sell(counter: Counter) -> None:
    counter.sales.sell([goods("cola-330")], [cash(400)], request=new_id())


def prints(counter: Counter, outcome: Outcome = Outcome.CONFIRMED) -> None:
    """Have everything that waits for this desk's printer come out."""
    records = counter.till.records
    queue = PrintQueue(engine=records.engine, clock=records.clock, till=records.till)
    taken = queue.finish_and_take(None, takes=True)
    while taken is not None:
        result = PrintResult(outcome=outcome, cause=None, status=PrinterStatus(), handed_over_bytes=100)
        taken = queue.finish_and_take(FinishedJob(job_id=taken.job_id, result=result), takes=True)


def test_what_waits_is_each_desks_own_and_an_anchor_is_everybodys(server: Server, tmp_path: Path) -> None:
    name = server.create()
    clocks = [SimulatedClock(MONDAY_EVENING, boot=boot) for boot in ("here", "there")]
    with ExitStack() as books:
        here, there = (
            counter_of(
                books.enter_context(open_venue(VenueFolder(path=path), passphrase=lambda: PASSPHRASE, clock=clock)),
                "chen",
            )
            for path, clock in zip(found_desks(server, name, tmp_path, 2), clocks, strict=True)
        )
        for counter in (here, there):
            counter.shifts.open(float_fen=20_000)
        assert [counter.floors.pulse().anchored_at for counter in (here, there)] == [None, None]
        sell(here)
        sell(here)
        prints(here)
        first = clocks[0].read().second
        assert [counter.floors.pulse().anchored_at for counter in (here, there)] == [first, first]
        for clock in clocks:
            clock.advance(timedelta(minutes=10))
        for _ in range(3):
            sell(here)
        sell(there)
        assert [counter.floors.pulse().unsent for counter in (here, there)] == [3, 1]
        assert [len(counter.slips.open()) for counter in (here, there)] == [3, 1]
        prints(there)
        # The other desk's queue is longer; its slips have higher places and are older.
        now = clocks[0].read().second
        assert [counter.floors.pulse().anchored_at for counter in (here, there)] == [now, now]
        assert [counter.floors.pulse().unsent for counter in (here, there)] == [3, 0]
        # A doubted slip is settled at any desk, and comes out at its own.
        prints(here, Outcome.UNCERTAIN)
        doubted = here.slips.open()[0]
        assert (doubted.desk, doubted.state) == ("desk-1", PrintState.UNCERTAIN)
        there.slips.resolve(doubted.job_id, Resolution.NOT_ON_PAPER)
        assert [counter.floors.pulse().unsent for counter in (here, there)] == [3, 0]
        assert here.slips.open()[0].state is PrintState.QUEUED
    server.drop(name)
