"""Slips on their way to paper: printed once, waiting for paper, uncertain after a crash, copied on request."""

from __future__ import annotations

import pytest

from hardware.printers.printer import Cause
from hardware.receipt import Cut, ReceiptDocument, Text
from hardware.targets import Target
from pos.counter import print_jobs
from pos.counter.errors import PrintJobNotWaitingError, PrintJobUnknownError
from pos.counter.print_jobs import PrintState, Resolution, Slip, SlipKind
from pos.counter.print_queue import PrintQueue
from pos.counter.print_worker import PrintWorker
from records.folder import VenueFolder
from records.unit_of_work import Records
from tests.patience import LONGEST_SECONDS
from tests.pos.counter.conftest import PaperPrinter, new_worker


def queue_slip(records: Records, job_id: str, text: str = "一份小票") -> None:
    with records.begin(actor="s2") as work:
        entry = work.entry("shift.read", {"shift": 1, "job": job_id})
        document = ReceiptDocument(items=(Text(text=text), Cut()))
        print_jobs.queue(work, entry, Slip(job_id=job_id, kind=SlipKind.SHIFT_READING, ref="1"), document)
        work.commit()


def state_of(records: Records, job_id: str) -> PrintState:
    with records.reading() as connection:
        return print_jobs.find(connection, job_id).state


def test_a_slip_waits_in_the_transaction_that_caused_it(records: Records) -> None:
    with records.begin(actor="s2") as work:
        entry = work.entry("shift.read", {"shift": 1, "job": "job-a"})
        document = ReceiptDocument(items=(Text(text="x"),))
        print_jobs.queue(work, entry, Slip(job_id="job-a", kind=SlipKind.SALE, ref="1"), document)
    with records.reading() as connection, pytest.raises(PrintJobUnknownError):
        print_jobs.find(connection, "job-a")


def test_slips_are_printed_in_order_and_confirmed(records: Records, worker: PrintWorker, paper: PaperPrinter) -> None:
    for number in range(5):
        queue_slip(records, f"job-{number}", f"第 {number} 张")
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert [slip.strip() for slip in paper.slips] == [f"第 {number} 张" for number in range(5)]
    assert {state_of(records, f"job-{number}") for number in range(5)} == {PrintState.CONFIRMED}


def test_a_slip_queued_later_wakes_the_worker(records: Records, worker: PrintWorker, paper: PaperPrinter) -> None:
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    queue_slip(records, "job-a")
    worker.wake()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert len(paper.slips) == 1


def test_without_paper_slips_wait_and_print_by_themselves_after_the_refill(
    records: Records, worker: PrintWorker, paper: PaperPrinter
) -> None:
    paper.fault("no-paper")
    queue_slip(records, "job-a")
    queue_slip(records, "job-b")
    worker.start()
    worker.wait_until_idle(LONGEST_SECONDS)
    trouble = worker.trouble
    assert trouble is not None
    assert trouble.cause is Cause.PAPER_OUT
    assert state_of(records, "job-a") is PrintState.QUEUED
    paper.refill()
    worker.retry()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert len(paper.slips) == 2
    assert state_of(records, "job-b") is PrintState.CONFIRMED


def test_a_printer_that_is_gone_keeps_its_slips(records: Records, folder: VenueFolder) -> None:
    queue_slip(records, "job-a")
    worker = new_worker(records, folder, Target.parse("tcp://127.0.0.1:9"))
    worker.start()
    worker.wait_until_idle(LONGEST_SECONDS)
    worker.stop()
    assert state_of(records, "job-a") is PrintState.QUEUED
    with records.reading() as connection:
        assert print_jobs.find(connection, "job-a").cause == Cause.UNREACHABLE


def test_a_slip_broken_off_on_its_way_is_uncertain_and_never_printed_again_by_itself(
    records: Records, worker: PrintWorker, paper: PaperPrinter
) -> None:
    paper.fault("rst-mid-job")
    queue_slip(records, "job-a", "长" * 400)
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert state_of(records, "job-a") is PrintState.UNCERTAIN
    paper.clear()
    worker.retry()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert state_of(records, "job-a") is PrintState.UNCERTAIN
    assert paper.slips == []


def test_a_crash_while_sending_leaves_the_slip_uncertain(
    records: Records, worker: PrintWorker, paper: PaperPrinter
) -> None:
    queue_slip(records, "job-a")
    queue = PrintQueue(engine=records.engine, clock=records.clock, till=records.till)
    assert queue.finish_and_take(None, takes=True) is not None  # And the program died here.
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert state_of(records, "job-a") is PrintState.UNCERTAIN
    assert paper.slips == []


def test_a_person_says_what_became_of_an_uncertain_slip(
    records: Records, worker: PrintWorker, paper: PaperPrinter
) -> None:
    queue = PrintQueue(engine=records.engine, clock=records.clock, till=records.till)
    for job_id in ("job-a", "job-b", "job-c"):
        queue_slip(records, job_id)
        queue.finish_and_take(None, takes=True)
    queue.give_up_orphans()
    words = {"job-a": Resolution.ON_PAPER, "job-b": Resolution.NOT_ON_PAPER, "job-c": Resolution.CANCELLED}
    for job_id, word in words.items():
        with records.begin(actor="s2") as work:
            print_jobs.resolve(work, job_id, word)
            work.commit()
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    assert state_of(records, "job-a") is PrintState.CONFIRMED
    assert state_of(records, "job-b") is PrintState.CONFIRMED
    assert state_of(records, "job-c") is PrintState.CANCELLED
    assert len(paper.slips) == 1
    assert paper.slips[0].startswith("【补打】")


def test_of_a_printed_slip_there_is_nothing_to_resolve(records: Records, worker: PrintWorker) -> None:
    queue_slip(records, "job-a")
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    with records.begin(actor="s2") as work, pytest.raises(PrintJobNotWaitingError):
        print_jobs.resolve(work, "job-a", Resolution.NOT_ON_PAPER)


def test_a_copy_says_that_it_is_one_and_which(records: Records, worker: PrintWorker, paper: PaperPrinter) -> None:
    queue_slip(records, "job-a")
    for copy in ("copy-2", "copy-3"):
        with records.begin(actor="s3") as work:
            # A copy of a copy is a copy of the first.
            print_jobs.reprint(work, "job-a" if copy == "copy-2" else "copy-2", copy_job_id=copy)
            work.commit()
    worker.start()
    assert worker.wait_until_idle(LONGEST_SECONDS)
    marks = [slip.splitlines()[0] for slip in paper.slips[1:]]
    assert marks == ["【重打 第2次】11-23 19:00 s3", "【重打 第3次】11-23 19:00 s3"]


def test_two_programs_do_not_print_one_queue(
    records: Records, folder: VenueFolder, worker: PrintWorker, paper: PaperPrinter
) -> None:
    with folder.held_by_printing():
        queue_slip(records, "job-a")
        worker.start()
        assert worker.wait_until_idle(LONGEST_SECONDS)
        assert state_of(records, "job-a") is PrintState.QUEUED
    assert paper.slips == []


def test_a_lost_state_of_printing_counts_as_uncertain(records: Records) -> None:
    queue_slip(records, "job-a")
    with records.begin() as work:
        work.connection.exec_driver_sql("DELETE FROM print_attempts")
        work.entry("state.rebuilt", {"tables": []})
        work.commit()
    assert state_of(records, "job-a") is PrintState.UNCERTAIN
    with records.begin(actor="s2") as work:
        print_jobs.resolve(work, "job-a", Resolution.ON_PAPER)
        work.commit()
    assert state_of(records, "job-a") is PrintState.CONFIRMED
