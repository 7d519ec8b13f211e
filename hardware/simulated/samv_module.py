"""The security module inside a simulated reader: idle, found, selected, read; and what it answers.

Written from the module's description, with its own frame code.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from hardware.simulated.people import PHOTO, Card

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
_MODULE_NUMBER = bytes.fromhex("05 00 01 00 5B 03 33 01 5A B3 1E 00 D2 02 96 49")


def framed(status: int, content: bytes = b"") -> bytes:
    """A reply: 00 00 status, content, between length and checksum."""
    body = b"\x00\x00" + bytes([status]) + content
    counted = bytes(divmod(len(body) + 1, 256)) + body
    check = 0
    for byte in counted:
        check ^= byte
    return PREAMBLE + counted + bytes([check])


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One request as it arrived: two command bytes, or the complaint it deserves."""

    code: bytes = b""
    complaint: int = 0


class QuestionScanner:
    """Cuts the host's bytes into questions."""

    def __init__(self) -> None:
        self._held = b""

    def scan(self, block: bytes) -> list[Question]:
        """The questions that are complete with this block."""
        self._held += block
        questions = []
        while (question := self._next()) is not None:
            questions.append(question)
        return questions

    def _next(self) -> Question | None:
        at = self._held.find(PREAMBLE)
        if at < 0:
            self._held = self._held[-4:]
            return None
        frame = self._held[at:]
        self._held = frame
        if len(frame) < 7:
            return None
        length = frame[5] * 256 + frame[6]
        if not 2 <= length <= 64:
            self._held = frame[5:]
            return Question(complaint=0x11)
        if len(frame) < 7 + length:
            return None
        self._held = frame[7 + length :]
        check = 0
        for byte in frame[5 : 7 + length]:
            check ^= byte
        if check:
            return Question(complaint=0x10)
        return Question(code=frame[7 : 7 + length - 1])


class _Step(Enum):
    IDLE = 0
    FOUND = 1
    SELECTED = 2
    READ = 3


@dataclass(kw_only=True)
class Traits:
    """How this module differs from the plain one."""

    broken: int = 0
    """60 or 66: the only answer it has."""
    finds_again: bool = False
    """Whether a card that was read is found again without being lifted."""
    serial_bytes: bool = False
    """Whether find and select hand out numbers instead of zeros."""
    knows_new_address: bool = True


@dataclass(kw_only=True)
class SamvModule:
    """A module with a place for one card. Its methods may be called from several threads."""

    traits: Traits = field(default_factory=Traits)
    card: Card | None = None
    reads: int = 0
    empty_finds: int = 0
    """How often the host looked and found no card, since the last change of card."""
    _step: _Step = _Step.IDLE
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def place(self, card: Card) -> None:
        """Lay a card down; one that lies there is swapped."""
        with self._changed:
            self.card, self._step, self.reads, self.empty_finds = card, _Step.IDLE, 0, 0
            self._changed.notify_all()

    def lift(self) -> None:
        """Take the card away."""
        with self._changed:
            self.card, self._step, self.reads, self.empty_finds = None, _Step.IDLE, 0, 0
            self._changed.notify_all()

    def wait_for(self, condition: Callable[["SamvModule"], bool], timeout_seconds: float | None) -> bool:
        """Wait until the condition holds of this module; False when the time has passed."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), timeout_seconds)

    def answer(self, question: Question) -> bytes:
        """The reply frame to one question."""
        with self._changed:
            reply = self._answer(question)
            self._changed.notify_all()
            return reply

    def _answer(self, question: Question) -> bytes:
        if question.complaint:
            return framed(question.complaint)
        if self.traits.broken:
            return framed(self.traits.broken)
        answers = {
            b"\x10\xff": self._restart,
            b"\x11\xff": lambda: framed(0x90),
            b"\x12\xff": lambda: framed(0x90, _MODULE_NUMBER),
            b"\x20\x01": self._find,
            b"\x20\x02": self._select,
            b"\x30\x01": self._read,
            b"\x30\x03": self._new_address,
        }
        return answers.get(question.code, lambda: framed(0x21))()

    def _restart(self) -> bytes:
        self._step = _Step.IDLE
        return framed(0x90)

    def _find(self) -> bytes:
        read_before = self._step is _Step.READ and not self.traits.finds_again
        if self.card is None or read_before:
            self.empty_finds += self.card is None
            return framed(0x80)
        self._step = _Step.FOUND
        return framed(0x9F, b"\x01\x02\x03\x04" if self.traits.serial_bytes else bytes(4))

    def _select(self) -> bytes:
        if self.card is None or self._step is not _Step.FOUND:
            return framed(0x81)
        self._step = _Step.SELECTED
        return framed(0x90, b"\x11\x22\x33\x44\x55\x66\x77\x88" if self.traits.serial_bytes else bytes(8))

    def _read(self) -> bytes:
        if self.card is None or self._step is not _Step.SELECTED:
            return framed(0x41)
        self._step = _Step.READ
        self.reads += 1
        return framed(0x90, b"\x01\x00\x04\x00" + self.card.block + PHOTO)

    def _new_address(self) -> bytes:
        if not self.traits.knows_new_address:
            return framed(0x21)
        if self.card is None or self._step is not _Step.READ:
            return framed(0x41)
        if self.card.new_address is None:
            return framed(0x91)
        return framed(0x90, self.card.new_address)
