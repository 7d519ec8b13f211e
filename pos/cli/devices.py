"""What the `devices` commands do, apart from reading their arguments and wording their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardware.id_readers.reader import DocumentRead

SIMULATED_DEVICES = ("id-reader", "printer")


def simulate(device: str, arguments: Sequence[str]) -> int:
    """Be the device until stopped; the port is the first line of standard output. Returns the exit status.

    `arguments` are the simulator's own: --on, --card, --fault, --script and so on.
    """
    if device == "id-reader":
        from hardware.simulated import id_reader

        return id_reader.main(arguments)
    from hardware.simulated import printer

    return printer.main(arguments)


def read_document(port: str, *, wait_seconds: float) -> DocumentRead:
    """Wait for a card on the reader at `port` and read it.

    Raises TargetSyntaxError, and the reader's errors: NoCardError, CardMovedError, NoAnswerError, NotAReaderError,
    ModuleFaultError, UnreadableError, PortUnavailableError.
    """
    from hardware.deadlines import Deadline
    from hardware.id_readers.reader import IdReader
    from hardware.targets import Target

    with IdReader.open(Target.parse(port)) as reader:
        document = reader.wait_for_card(Deadline.after(wait_seconds))
    assert document is not None  # Only a stop event ends the wait without a card, and none was given.
    return document


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialPrint:
    """What came of a trial page. `cause` is None when confirmed; `status` is the printer's one word for itself."""

    handed_over_bytes: int
    state: str
    cause: str | None
    status: str

    def to_plain(self) -> dict[str, int | str | None]:
        """The JSON answer."""
        return {
            "bytes": self.handed_over_bytes,
            "state": self.state,
            "status": self.status,
            "cause": self.cause,
        }


def print_trial_page(target: str, *, width_mm: int) -> TrialPrint:
    """Print the trial page. Raises TargetSyntaxError; what the printer does is in the answer.

    A job that never left counts as failed here: nobody retries a trial page.
    """
    from hardware.printers.printer import Outcome, ReceiptPrinter
    from hardware.printers.profile import PrinterProfile
    from hardware.printers.trial_page import trial_page
    from hardware.targets import Target

    page = trial_page(PrinterProfile.for_paper(width_mm))
    result = ReceiptPrinter(Target.parse(target)).print(page)
    state = Outcome.FAILED if result.outcome is Outcome.NOT_STARTED else result.outcome
    return TrialPrint(
        handed_over_bytes=result.handed_over_bytes,
        state=state.value,
        cause=result.cause.value if result.cause else None,
        status=result.status.state.value,
    )
