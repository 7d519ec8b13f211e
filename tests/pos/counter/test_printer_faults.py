"""A printer in trouble: the counter goes on at once, no slip is lost, none comes twice unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from hardware.printers.printer import PrinterTimes
from pos.bootstrap import Venue
from pos.counter.counter import Counter, counter_at
from pos.counter.print_jobs import PrintState, Resolution
from pos.counter.print_worker import PrintWorker
from records.clock import SimulatedClock
from records.ids import new_id
from tests.patience import LONGEST_SECONDS
from tests.pos.counter.conftest import TIMES, PaperPrinter, new_worker
from tests.pos.counter.venues import cash, goods, member, seat_someone


@pytest.fixture
def times() -> PrinterTimes:
    return TIMES


@pytest.fixture
def worker(venue: Venue, paper: PaperPrinter, times: PrinterTimes) -> Iterator[PrintWorker]:
    made = new_worker(venue.records, venue.folder, paper.target, times=times)
    made.start()
    assert made.wait_until_idle(LONGEST_SECONDS)
    yield made
    made.stop()


@pytest.fixture
def counter(venue: Venue, worker: PrintWorker) -> Counter:
    made = counter_at(venue, member(venue, "chen"), wake=worker.wake)
    made.shifts.open(float_fen=20_000)
    return made


@pytest.mark.parametrize("fault", ["no-paper", "cover", "offline", "black-hole", "refuse", "close-at-once"])
def test_what_never_left_the_house_is_printed_once_all_is_well(
    counter: Counter, worker: PrintWorker, paper: PaperPrinter, clock: SimulatedClock, fault: str
) -> None:
    visit_id = seat_someone(counter, "adult-a", "A01")
    clock.advance(timedelta(hours=1))
    paper.fault(fault)
    counter.settlements.show(visit_id)
    settled = counter.settlements.settle(visit_id, [cash(500)], request=new_id())
    # The answer is here, and the slip is not: nobody waited for it.
    assert {job.state for job in counter.slips.about(visit_id)} <= {PrintState.QUEUED, PrintState.SENDING}
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert worker.trouble is not None
    assert [job.job_id for job in counter.slips.open()] == [settled.job_id]
    paper.clear()
    worker.retry()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert [job.state for job in counter.slips.about(visit_id)] == [PrintState.CONFIRMED]
    assert len(paper.slips) == 1


@pytest.mark.parametrize("fault", ["rst-mid-job", "power-cut-mid-job", "paper-out-mid-job"])
def test_what_may_be_on_paper_waits_for_a_person(
    counter: Counter, worker: PrintWorker, paper: PaperPrinter, fault: str
) -> None:
    paper.fault(fault)
    sold = counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert [job.state for job in counter.slips.open()] == [PrintState.UNCERTAIN]
    printed = len(paper.slips)
    paper.clear()
    worker.retry()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert [job.state for job in counter.slips.open()] == [PrintState.UNCERTAIN]
    counter.slips.resolve(sold.job_id, Resolution.NOT_ON_PAPER)
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert counter.slips.open() == []
    # What was in the printer's buffer may have come out with the new roll; ours says that it is printed again.
    assert len(paper.slips) > printed
    assert "【补打】" in paper.slips[-1]


@pytest.mark.parametrize("times", [replace(TIMES, answer=0.1)])
def test_a_printer_that_never_answers_is_taken_at_its_silence(
    counter: Counter, worker: PrintWorker, paper: PaperPrinter
) -> None:
    paper.fault("never-answer")
    sold = counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert counter.slips.about(sold.sale_id)[0].state in {PrintState.SENT, PrintState.UNCERTAIN}
    assert len(paper.slips) == 1


def test_a_copy_is_marked_and_journaled(counter: Counter, worker: PrintWorker, paper: PaperPrinter) -> None:
    sold = counter.sales.sell([goods("noodles")], [cash(600)], request=new_id())
    counter.slips.reprint(sold.job_id, request=new_id())
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert [slip.startswith("【重打 第2次】11-23 19:00 s3") for slip in paper.slips] == [False, True]
    assert paper.slips[1].endswith(paper.slips[0])
