"""A receipt printer in every state and with every fault, over real sockets and pseudo-terminals."""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hardware.errors import PortUnavailableError
from hardware.printers.printer import Cause, Outcome, PrinterTimes, ReceiptPrinter
from hardware.printers.profile import PrinterProfile
from hardware.printers.receipt_bytes import render
from hardware.printers.status import Answer, AnswerKind, AnswerReader, PrinterState, PrinterStatus
from hardware.receipt import Cut, ReceiptDocument, Text
from hardware.simulated.printer import LINE_FAULTS
from hardware.simulated.printer_machine import CONDITIONS
from hardware.targets import Target
from tests.hardware.sample_receipt import SAMPLE, SAMPLE_32
from tests.hardware.simulators import PRINTER_TIMES, Simulator, printer
from tests.patience import LONGEST_SECONDS


@cache
def job() -> bytes:
    """A receipt as it goes to the printer; made when it is needed, because the library takes a second to load."""
    return render(SAMPLE, PrinterProfile(has_four_byte_font=True))


STATES = [
    ((0x12, 0x12, 0x12, 0x12), PrinterState.READY),
    ((0x16, 0x12, 0x12, 0x12), PrinterState.READY),
    ((0x12, 0x12, 0x12, 0x1E), PrinterState.NEAR_END),
    ((0x1A, 0x32, 0x12, 0x7E), PrinterState.PAPER_OUT),
    ((0x1A, 0x32, 0x12, 0x72), PrinterState.PAPER_OUT),
    ((0x1A, 0x16, 0x12, 0x12), PrinterState.COVER_OPEN),
    ((0x1A, 0x52, 0x1A, 0x12), PrinterState.CUTTER),
    ((0x1A, 0x52, 0x32, 0x12), PrinterState.UNRECOVERABLE),
    ((0x1A, 0x52, 0x52, 0x12), PrinterState.HOT_HEAD),
    ((0x1A, 0x12, 0x12, 0x12), PrinterState.OFFLINE),
    ((0x12, None, None, None), PrinterState.READY),
    ((0x1A, None, None, None), PrinterState.OFFLINE),
    ((None, None, None, None), PrinterState.UNKNOWN),
]


@pytest.mark.parametrize(("answers", "state"), STATES)
def test_four_answers_make_one_state(answers: tuple[int | None, ...], state: PrinterState) -> None:
    assert PrinterStatus.of_answers(*answers).state is state


def test_unknown_is_not_out_of_paper() -> None:
    assert PrinterStatus().is_paper_out is None
    assert PrinterStatus().state.can_print


def test_an_automatic_report_is_passed_over_also_in_pieces() -> None:
    reader = AnswerReader()
    stream = bytes.fromhex("12 10 00 00 0F 1A 14 00 03 0F 00 38 00 00 0F 03")
    answers = [answer for byte in stream for answer in reader.take(bytes([byte]))]
    assert answers == [
        Answer(kind=AnswerKind.REAL_TIME, byte=0x12),
        Answer(kind=AnswerKind.REAL_TIME, byte=0x1A),
        Answer(kind=AnswerKind.IN_ORDER, byte=0x00),
        Answer(kind=AnswerKind.IN_ORDER, byte=0x03),
    ]


def test_a_report_cut_short_does_not_swallow_the_next_answer() -> None:
    answers = AnswerReader().take(bytes.fromhex("10 00 12"))
    assert answers == [Answer(kind=AnswerKind.REAL_TIME, byte=0x12)]


FAULTS: dict[str, tuple[Outcome, Cause | None]] = {
    "no-paper": (Outcome.NOT_STARTED, Cause.PAPER_OUT),
    "near-end": (Outcome.CONFIRMED, None),
    "cover": (Outcome.NOT_STARTED, Cause.COVER_OPEN),
    "cutter": (Outcome.NOT_STARTED, Cause.CUTTER),
    "hot-head": (Outcome.NOT_STARTED, Cause.HOT_HEAD),
    "unrecoverable": (Outcome.NOT_STARTED, Cause.UNRECOVERABLE),
    "offline": (Outcome.NOT_STARTED, Cause.OFFLINE),
    "drawer-open": (Outcome.CONFIRMED, None),
    "black-hole": (Outcome.NOT_STARTED, Cause.UNREACHABLE),
    "refuse": (Outcome.NOT_STARTED, Cause.UNREACHABLE),
    "never-read": (Outcome.SENT, Cause.NO_ANSWER),
    "never-answer": (Outcome.SENT, Cause.NO_ANSWER),
    "late": (Outcome.SENT, Cause.NO_ANSWER),
    "no-report": (Outcome.SENT, Cause.NO_ANSWER),
    "late-report": (Outcome.CONFIRMED, None),
    "clone-zeros": (Outcome.CONFIRMED, None),
    "asb-chatter": (Outcome.CONFIRMED, None),
    "stale": (Outcome.CONFIRMED, None),
    "duplicate": (Outcome.CONFIRMED, None),
    "slow": (Outcome.CONFIRMED, None),
    "close-at-once": (Outcome.NOT_STARTED, Cause.CLOSED),
    "close-mid-job": (Outcome.UNCERTAIN, Cause.CLOSED),
    "rst-mid-job": (Outcome.UNCERTAIN, Cause.CLOSED),
    "power-cut-mid-job": (Outcome.UNCERTAIN, Cause.CLOSED),
    "paper-out-mid-job": (Outcome.UNCERTAIN, Cause.PAPER_OUT),
}


_SAYS_NOTHING = replace(PRINTER_TIMES, answer=0.05)
_SAYS_TOO_MUCH = replace(PRINTER_TIMES, settle=2.0)
TIMES = {
    "black-hole": replace(PRINTER_TIMES, connect=0.4),
    "never-read": _SAYS_NOTHING,
    "never-answer": _SAYS_NOTHING,
    "late": _SAYS_NOTHING,
    "clone-zeros": replace(_SAYS_NOTHING, confirm=LONGEST_SECONDS),
    "stale": _SAYS_TOO_MUCH,
    "duplicate": _SAYS_TOO_MUCH,
}


def test_every_fault_of_the_simulator_is_in_the_table() -> None:
    assert set(FAULTS) == CONDITIONS | LINE_FAULTS


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with printer("--paper", str(tmp_path_factory.mktemp("paper"))) as simulator:
        yield simulator


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_outcome_and_nothing_is_claimed_that_is_not_so(shared: Simulator, fault: str) -> None:
    shared.tell("clear")
    assert shared.tell(f"fault {fault}") == f"ok fault {fault}"
    result = ReceiptPrinter(shared.target, times=TIMES.get(fault, PRINTER_TIMES)).print(job())
    assert (result.outcome, result.cause) == FAULTS[fault]
    if result.outcome is Outcome.NOT_STARTED:
        assert result.handed_over_bytes == 0


@pytest.mark.parametrize(
    "on",
    [
        pytest.param("pty", marks=pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")),
        "socket",
    ],
)
def test_the_paper_shows_the_receipt(on: str, tmp_path: Path) -> None:
    with printer("--paper", str(tmp_path), on=on) as simulator:
        for _ in range(2):
            result = ReceiptPrinter(simulator.target, times=PRINTER_TIMES).print(job())
            assert (result.outcome, result.cause) == (Outcome.CONFIRMED, None)
        assert simulator.tell("state") == "ok ok waiting=0 cuts=2 kicks=2"
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0001.txt", "0002.txt"]
    assert (tmp_path / "0002.txt").read_text(encoding="utf-8") == SAMPLE_32


def test_a_job_that_met_the_end_of_the_paper_goes_on_after_the_refill(tmp_path: Path) -> None:
    with printer("--paper", str(tmp_path), "--fault", "paper-out-mid-job") as simulator:
        desk = ReceiptPrinter(simulator.target, times=PRINTER_TIMES)
        assert desk.print(job()).outcome is Outcome.UNCERTAIN
        assert desk.status().state is PrinterState.PAPER_OUT
        assert list(tmp_path.iterdir()) == []
        assert simulator.tell("refill") == "ok refill"
        assert desk.status().state is PrinterState.READY
    assert (tmp_path / "0001.txt").read_text(encoding="utf-8") == SAMPLE_32


def test_a_printer_that_used_to_answer_gets_no_job_while_it_is_silent() -> None:
    with printer() as simulator:
        desk = ReceiptPrinter(simulator.target, times=PRINTER_TIMES)
        assert desk.status().state is PrinterState.READY
        simulator.tell("fault never-answer")
        desk._times = _SAYS_NOTHING
        result = desk.print(job())
    assert (result.outcome, result.cause) == (Outcome.NOT_STARTED, Cause.NO_ANSWER)


def test_a_printer_that_used_to_confirm_and_now_does_not_is_waited_for_then_uncertain(tmp_path: Path) -> None:
    with printer("--paper", str(tmp_path)) as simulator:
        desk = ReceiptPrinter(simulator.target, times=PRINTER_TIMES)
        assert desk.print(job()).outcome is Outcome.CONFIRMED
        simulator.tell("fault no-report")
        desk._times = replace(PRINTER_TIMES, total=3.0)
        result = desk.print(job())
    assert (result.outcome, result.cause) == (Outcome.UNCERTAIN, Cause.TIMEOUT)


def test_a_printer_that_swallows_no_more_of_a_long_job_is_uncertain(tmp_path: Path) -> None:
    with printer("--paper", str(tmp_path), "--fault", "never-read") as simulator:
        times = PrinterTimes(answer=0.05, settle=0.02, total=0.6)
        result = ReceiptPrinter(simulator.target, times=times).print(job() * 60_000)
    assert (result.outcome, result.cause) == (Outcome.UNCERTAIN, Cause.TIMEOUT)
    assert 0 < result.handed_over_bytes < len(job()) * 60_000


def test_two_desks_never_mix_their_receipts(tmp_path: Path) -> None:
    slips = [ReceiptDocument(items=(*(Text(text=f"小票{n}"),) * 5, Cut())) for n in range(6)]
    with printer("--paper", str(tmp_path)) as simulator:
        desk = ReceiptPrinter(simulator.target, times=PRINTER_TIMES)
        jobs = [render(slip, PrinterProfile()) for slip in slips]
        threads = [threading.Thread(target=desk.print, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=LONGEST_SECONDS)
    receipts = [path.read_text(encoding="utf-8").splitlines() for path in tmp_path.iterdir()]
    assert sorted(receipts) == [[f"小票{n}"] * 5 for n in range(6)]


def test_nonsense_before_the_job_confirms_nothing() -> None:
    with printer("--fault", "clone-zeros", "--fault", "no-report") as simulator:
        result = ReceiptPrinter(simulator.target, times=_SAYS_NOTHING).print(job())
    assert (result.outcome, result.cause) == (Outcome.SENT, Cause.NO_ANSWER)


def has_ended(client: socket.socket) -> bool:
    """Whether the other side has closed by now; what it sent before is read away."""
    client.setblocking(False)
    try:
        while client.recv(4096):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        pass  # Closed before it had read all.
    return True


def test_one_printer_has_one_connection_at_a_time() -> None:
    # Real ones accept a single one, and let a second desk wait or fail.
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(LONGEST_SECONDS)
        times = PrinterTimes(answer=0.05, confirm=0.05, settle=0.01)
        desk = ReceiptPrinter(Target.parse(f"tcp://127.0.0.1:{server.getsockname()[1]}"), times=times)
        desks = [threading.Thread(target=desk.print, args=(job(),)) for _ in range(3)]
        for thread in desks:
            thread.start()
        clients = [server.accept()[0]]
        with contextlib.ExitStack() as open_clients:
            open_clients.enter_context(clients[0])
            for _ in range(2):
                clients.append(open_clients.enter_context(server.accept()[0]))
                # Asked where the next one knocks: the one before must have hung up by itself.
                assert has_ended(clients[-2])
        for thread in desks:
            thread.join(timeout=LONGEST_SECONDS)


def test_a_file_gets_the_bytes_and_nobody_confirms(tmp_path: Path) -> None:
    path = tmp_path / "receipts.bin"
    result = ReceiptPrinter(Target.parse(f"file:{path}")).print(job())
    assert (result.outcome, result.cause) == (Outcome.SENT, Cause.NO_ANSWER)
    assert path.read_bytes() == job()


@pytest.mark.parametrize(
    ("target", "outcome"), [("serial:/no/such/printer", Outcome.NOT_STARTED), ("file:{folder}", Outcome.FAILED)]
)
def test_a_target_that_cannot_be_opened_is_safe_to_retry_or_hopeless(
    target: str, outcome: Outcome, tmp_path: Path
) -> None:
    desk = ReceiptPrinter(Target.parse(target.format(folder=tmp_path)))
    result = desk.print(job())
    assert (result.outcome, result.cause, result.handed_over_bytes) == (outcome, Cause.PORT_UNAVAILABLE, 0)
    with pytest.raises(PortUnavailableError):
        desk.status()


def test_the_receipts_of_yesterday_stay(tmp_path: Path) -> None:
    (tmp_path / "0007.txt").write_text("gestern", encoding="utf-8")
    with printer("--paper", str(tmp_path)) as simulator:
        ReceiptPrinter(simulator.target, times=PRINTER_TIMES).print(job())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0007.txt", "0008.txt"]
