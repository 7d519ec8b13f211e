"""What a receipt printer says about itself: answers to DLE EOT 1–4 and GS r 1, told apart from automatic reports.

Unknown is a state of its own: a printer that answers nonsense, or nothing, is never taken to be out of paper.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Self


class PrinterState(StrEnum):
    """The one word for a printer's condition; the worst one where several hold."""

    READY = "ready"
    NEAR_END = "paper-near-end"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER = "cutter"
    HOT_HEAD = "hot-head"
    UNRECOVERABLE = "unrecoverable"
    OFFLINE = "offline"
    UNKNOWN = "unknown"

    @property
    def can_print(self) -> bool:
        """Whether a job may be sent; with UNKNOWN too, because many clones cannot say."""
        return self in {PrinterState.READY, PrinterState.NEAR_END, PrinterState.UNKNOWN}


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterStatus:
    """The four answers as facts. None: that answer did not come, or made no sense."""

    is_online: bool | None = None
    is_cover_open: bool | None = None
    has_stopped_for_paper: bool | None = None
    has_cutter_error: bool | None = None
    has_unrecoverable_error: bool | None = None
    has_hot_head: bool | None = None
    is_near_end: bool | None = None
    is_paper_out: bool | None = None
    is_drawer_pin_high: bool | None = None
    """Whether HIGH means an open drawer depends on the drawer's switch."""

    @classmethod
    def of_answers(cls, printer: int | None, cause: int | None, error: int | None, paper: int | None) -> Self:
        """From the answers to DLE EOT 1, 2, 3 and 4; None where there was none."""
        return cls(
            is_online=_no(printer, 0x08),
            is_drawer_pin_high=_yes(printer, 0x04),
            is_cover_open=_yes(cause, 0x04),
            has_stopped_for_paper=_yes(cause, 0x20),
            has_cutter_error=_yes(error, 0x08),
            has_unrecoverable_error=_yes(error, 0x20),
            has_hot_head=_yes(error, 0x40),
            is_near_end=_yes(paper, 0x0C),
            # Without a near-end sensor only the two end bits are set.
            is_paper_out=_yes(paper, 0x60),
        )

    @property
    def state(self) -> PrinterState:
        """The word for all of it; what a clerk can mend first comes first."""
        order = (
            (self.is_paper_out or self.has_stopped_for_paper, PrinterState.PAPER_OUT),
            (self.is_cover_open, PrinterState.COVER_OPEN),
            (self.has_cutter_error, PrinterState.CUTTER),
            (self.has_hot_head, PrinterState.HOT_HEAD),
            (self.has_unrecoverable_error, PrinterState.UNRECOVERABLE),
            (self.is_online is False, PrinterState.OFFLINE),
            (self.is_online is None, PrinterState.UNKNOWN),
            (self.is_near_end, PrinterState.NEAR_END),
        )
        return next((state for holds, state in order if holds), PrinterState.READY)


def _yes(answer: int | None, bits: int) -> bool | None:
    return None if answer is None else bool(answer & bits)


def _no(answer: int | None, bits: int) -> bool | None:
    return None if answer is None else not answer & bits


def status_query(number: int) -> bytes:
    """DLE EOT 1 to 4: answered at once, also by a printer that is offline."""
    return bytes([0x10, 0x04, number])


class AnswerKind(Enum):
    """Who a byte from the printer speaks for."""

    REAL_TIME = "real-time"
    """The answer to a DLE EOT."""
    IN_ORDER = "in-order"
    """The answer to a GS r: what was sent before it has been executed."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One byte from the printer and whose it is."""

    kind: AnswerKind
    byte: int


class AnswerReader:
    """Sorts a printer's bytes; automatic status reports (four bytes, ASB) are passed over, also in pieces."""

    def __init__(self) -> None:
        self._left_of_report = 0

    def take(self, block: bytes) -> list[Answer]:
        """The answers in this block, in order."""
        answers = []
        for byte in block:
            if self._left_of_report and byte & 0x90 == 0:
                self._left_of_report -= 1
                continue
            self._left_of_report = 0
            if byte & 0x93 == 0x10:
                self._left_of_report = 3
                continue
            answers.append(Answer(kind=_kind(byte), byte=byte))
        return answers


def _kind(byte: int) -> AnswerKind:
    if byte & 0x93 == 0x12:
        return AnswerKind.REAL_TIME
    return AnswerKind.IN_ORDER if byte & 0x90 == 0 else AnswerKind.OTHER
