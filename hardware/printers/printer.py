"""One receipt printer: open, ask, send, have it confirmed, close; and an honest word for what came of it.

No network printer keeps an idle connection reliably, and bytes handed to a closed one vanish without an error:
so every job opens its own connection, and only the printer's answer behind the job counts as printed.
"""

import threading
import time
from dataclasses import dataclass
from enum import StrEnum

from hardware.deadlines import Deadline, Monotonic
from hardware.errors import PortTrouble, PortUnavailableError
from hardware.printers.escpos_bytes import REPORT_PAPER
from hardware.printers.status import Answer, AnswerKind, AnswerReader, PrinterState, PrinterStatus, status_query
from hardware.targets import Target
from hardware.transports import Transport, open_transport


class Outcome(StrEnum):
    """What is known about the paper after one attempt."""

    CONFIRMED = "confirmed"
    """The printer answered behind the job: it is on paper."""
    SENT = "sent"
    """All bytes were handed over to one that cannot confirm: a file, or a clone without GS r."""
    UNCERTAIN = "uncertain"
    """Some or all of it may be on paper. Never print again unasked; the cashier looks."""
    NOT_STARTED = "not-started"
    """Not a byte of the job left. Trying again later is safe."""
    FAILED = "failed"
    """Nothing was printed, and trying again is useless until someone changes the target or its rights."""


class Cause(StrEnum):
    """Why a job is not confirmed: the printer's own state, or the line's trouble."""

    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER = "cutter"
    HOT_HEAD = "hot-head"
    UNRECOVERABLE = "unrecoverable"
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    """No connection: wrong address, no power, another desk holds the printer's only one."""
    PORT_UNAVAILABLE = "port-unavailable"
    """The serial port or file cannot be opened."""
    CLOSED = "closed"
    """The line broke in the middle of the job."""
    TIMEOUT = "timeout"
    """It stopped taking bytes, or did not confirm in time."""
    NO_ANSWER = "no-answer"
    """It cannot be heard: nothing confirms, nothing contradicts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintResult:
    """One attempt. `cause` is None when confirmed; `status` is what the printer said, before or after."""

    outcome: Outcome
    cause: Cause | None
    status: PrinterStatus
    handed_over_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterTimes:
    """Patience in seconds. `total` bounds one job from connecting to confirming.

    `settle` is how long surplus answers of an earlier question are listened for.
    """

    connect: float = 2.0
    answer: float = 1.5
    settle: float = 0.05
    confirm: float = 2.0
    total: float = 15.0


@dataclass(kw_only=True, slots=True)
class _Manners:
    """What this printer has done before; silence of one that used to speak means something."""

    answers_status: bool = False
    confirms: bool = False


class ReceiptPrinter:
    """A printer at a target. Threads may share it: one job at a time."""

    def __init__(self, target: Target, *, times: PrinterTimes | None = None, clock: Monotonic = time.monotonic) -> None:
        self._target = target
        self._times = times or PrinterTimes()
        self._clock = clock
        self._lock = threading.Lock()
        self._manners = _Manners()

    def print(self, job: bytes) -> PrintResult:
        """Print one rendered job. Whatever the device does is a result; no HardwareError leaves here."""
        with self._lock:
            return _Attempt(self._target, self._times, self._clock, self._manners).run(job)

    def status(self) -> PrinterStatus:
        """Ask without printing. Raises PortUnavailableError when the printer cannot be reached."""
        with self._lock:
            return _Attempt(self._target, self._times, self._clock, self._manners).ask()


_STATE_CAUSES = {
    PrinterState.PAPER_OUT: Cause.PAPER_OUT,
    PrinterState.COVER_OPEN: Cause.COVER_OPEN,
    PrinterState.CUTTER: Cause.CUTTER,
    PrinterState.HOT_HEAD: Cause.HOT_HEAD,
    PrinterState.UNRECOVERABLE: Cause.UNRECOVERABLE,
    PrinterState.OFFLINE: Cause.OFFLINE,
}
_ROUNDS_WITHOUT_CONFIRMATION = 2
"""A printer that is ready this often behind a job, and has never confirmed one, does not know GS r."""
_HOPELESS = frozenset({PortTrouble.DENIED, PortTrouble.NOT_A_PORT})
_NETWORK = frozenset({PortTrouble.REFUSED, PortTrouble.UNREACHABLE})


class _Attempt:
    """One connection, from opening to closing."""

    def __init__(self, target: Target, times: PrinterTimes, clock: Monotonic, manners: _Manners) -> None:
        self._target = target
        self._times = times
        self._clock = clock
        self._deadline = Deadline.after(times.total, clock)
        self._answers = AnswerReader()
        self._unheard: list[Answer] = []
        self._status = PrinterStatus()
        self._manners = manners
        self._is_sent = False
        self._is_confirmed = False

    def ask(self) -> PrinterStatus:
        line = open_transport(self._target, self._deadline.within(self._times.connect))
        try:
            return self._probe(line)
        finally:
            line.close()

    def run(self, job: bytes) -> PrintResult:
        try:
            line = open_transport(self._target, self._deadline.within(self._times.connect))
        except PortUnavailableError as error:
            return self._not_opened(error)
        try:
            return self._run(line, job)
        finally:
            line.close()

    def _not_opened(self, error: PortUnavailableError) -> PrintResult:
        outcome = Outcome.FAILED if error.trouble in _HOPELESS else Outcome.NOT_STARTED
        cause = Cause.UNREACHABLE if error.trouble in _NETWORK else Cause.PORT_UNAVAILABLE
        return self._result(outcome, cause, 0)

    def _run(self, line: Transport, job: bytes) -> PrintResult:
        try:
            self._status = self._probe(line)
        except PortUnavailableError:
            return self._result(Outcome.NOT_STARTED, Cause.CLOSED, 0)
        state = self._status.state
        if not state.can_print:
            return self._result(Outcome.NOT_STARTED, _STATE_CAUSES[state], 0)
        if state is PrinterState.UNKNOWN and self._manners.answers_status:
            return self._result(Outcome.NOT_STARTED, Cause.NO_ANSWER, 0)
        try:
            # The question behind the job goes in the same call: a job without it could never be confirmed.
            line.send(job + REPORT_PAPER if line.answers else job, self._deadline)
            self._is_sent = True
        except PortUnavailableError as error:
            return self._broken_off(error, len(job))
        try:
            return self._confirm(line, len(job))
        except PortUnavailableError:
            return self._result(Outcome.UNCERTAIN, Cause.CLOSED, len(job))

    def _broken_off(self, error: PortUnavailableError, job_bytes: int) -> PrintResult:
        cause = Cause.TIMEOUT if error.trouble is PortTrouble.STALLED else Cause.CLOSED
        handed_over = min(error.handed_over_bytes, job_bytes)
        outcome = Outcome.UNCERTAIN if handed_over else Outcome.NOT_STARTED
        return self._result(outcome, cause, handed_over)

    def _confirm(self, line: Transport, job_bytes: int) -> PrintResult:
        """Wait for the answer behind the job; in between, ask what holds the printer up."""
        rounds = 0
        status = self._status
        while line.answers:
            self._hear(line, AnswerKind.IN_ORDER, self._times.confirm)
            if not self._is_confirmed and self._manners.answers_status:
                status = self._probe(line, settles=False)
            if self._is_confirmed:
                self._manners.confirms = True
                return self._result(Outcome.CONFIRMED, None, job_bytes)
            if not self._manners.answers_status:
                break
            if not status.state.can_print:
                self._status = status
                return self._result(Outcome.UNCERTAIN, _STATE_CAUSES[status.state], job_bytes)
            if self._deadline.has_passed:
                return self._result(Outcome.UNCERTAIN, Cause.TIMEOUT, job_bytes)
            if status.state is PrinterState.UNKNOWN:
                return self._result(Outcome.UNCERTAIN, Cause.NO_ANSWER, job_bytes)
            self._status = status
            rounds += 1
            if rounds >= _ROUNDS_WITHOUT_CONFIRMATION and not self._manners.confirms:
                break
        return self._result(Outcome.SENT, Cause.NO_ANSWER, job_bytes)

    def _result(self, outcome: Outcome, cause: Cause | None, handed_over_bytes: int) -> PrintResult:
        return PrintResult(outcome=outcome, cause=cause, status=self._status, handed_over_bytes=handed_over_bytes)

    # The status probe.

    def _probe(self, line: Transport, *, settles: bool = True) -> PrinterStatus:
        """Ask DLE EOT 1 to 4, each after the answer to the one before.

        Answers carry no number: a late one of an earlier question would be taken for the first. So surplus is
        listened for afterwards, and if there is any, everything is asked once more.
        """
        if not line.answers:
            return PrinterStatus()
        status = PrinterStatus()
        for _ in range(2):
            self._take(line.drain())
            self._unheard = []
            status = self._ask_all(line)
            if not settles or self._hear(line, AnswerKind.REAL_TIME, self._times.settle) is None:
                return status
        return status

    def _ask_all(self, line: Transport) -> PrinterStatus:
        replies: list[int | None] = [None] * 4
        for index in range(4):
            line.send(status_query(index + 1), self._deadline.within(self._times.answer))
            replies[index] = self._hear(line, AnswerKind.REAL_TIME, self._times.answer)
            if replies[index] is None:
                break  # After a silence no later byte can be told to its question.
            self._manners.answers_status = True
        return PrinterStatus.of_answers(*replies)

    def _hear(self, line: Transport, kind: AnswerKind, seconds: float) -> int | None:
        """The first byte of this kind within the time; other answers before it are passed over."""
        deadline = self._deadline.within(seconds)
        while True:
            while self._unheard:
                answer = self._unheard.pop(0)
                if answer.kind is kind:
                    return answer.byte
            if deadline.has_passed:
                return None
            self._unheard = self._take(line.receive(deadline))

    def _take(self, block: bytes) -> list[Answer]:
        """Sort what came, and notice the confirmation also while something else is waited for."""
        answers = self._answers.take(block)
        self._is_confirmed |= self._is_sent and any(answer.kind is AnswerKind.IN_ORDER for answer in answers)
        return answers
