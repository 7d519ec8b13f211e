"""An ID-card reader at the desk: proves that it is one, waits for a card, reads it once.

A card left lying is reported once; it must be lifted before the next report. The reader keeps nothing of
a card but a keyed digest, by which it knows the same card again.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from enum import Enum
from threading import Event
from types import TracebackType
from typing import Self

from hardware.deadlines import Deadline, Monotonic
from hardware.errors import (
    CardMovedError,
    NoAnswerError,
    NoCardError,
    PortUnavailableError,
    UnreadableError,
)
from hardware.id_readers import samv
from hardware.id_readers.conversation import Conversation, DamagedAnswerError, ReaderTimes
from hardware.id_readers.samv import Command, Reply
from hardware.targets import Target


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRead:
    """What a card gave: 256 bytes of text, and 70 bytes of a later address where the card has one.

    Opaque here, personal everywhere: `repr` shows nothing. The photo was not kept.
    """

    text_block: bytes = field(repr=False)
    new_address: bytes | None = field(default=None, repr=False)


_SILENT_FINDS = 2
"""A find that times out may be a late one; a third in a row is a reader that died."""
_PRESENT = frozenset({samv.OK, samv.NO_SUCH_CONTENT})
"""Answers to READ_NEW_ADDRESS which mean that the card read before still lies there."""
_ORDER_LOST = frozenset({samv.BAD_COMMAND, 0x23, 0x24, 0x34})
"""The module does not know that a card was found or selected."""
_MOVED = frozenset({samv.SELECT_FAILED, samv.READ_FAILED, samv.FIND_FAILED})


class _Place(Enum):
    """What is known about the reading place."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    HELD = "held"
    """A card was reported, or failed, and has not been lifted since."""


@dataclass(kw_only=True, slots=True)
class _Lying:
    """The card on the reading place, known again by a digest under a key of this process."""

    place: _Place = _Place.UNKNOWN
    digest: bytes = b""
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def digest_of(self, text_block: bytes) -> bytes:
        return hmac.digest(self.key, text_block, hashlib.sha256)


class IdReader:
    """A reader that answered as one. Used by one thread at a time.

    Any method may raise PortUnavailableError when the line is lost; `reconnect` waits for it to come back.
    """

    def __init__(self, target: Target, *, times: ReaderTimes, clock: Monotonic) -> None:
        self._times = times
        self._module = Conversation(target, times=times, clock=clock)
        self._lying = _Lying()
        self._restarted_for_card = False
        self._silences = 0

    @classmethod
    def open(
        cls,
        target: Target,
        *,
        times: ReaderTimes | None = None,
        clock: Monotonic = time.monotonic,
    ) -> Self:
        """Open the line and make sure that a working module answers.

        The probe is the harmless status query alone. Other baud rates are tried only on a real serial port
        whose target names none. Raises PortUnavailableError, NoAnswerError, NotAReaderError and
        ModuleFaultError.
        """
        reader = cls(target, times=times or ReaderTimes(), clock=clock)
        reader._connect()
        return reader

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the line; may be repeated."""
        self._module.close()

    def wait_for_card(self, deadline: Deadline, stop: Event | None = None) -> DocumentRead | None:
        """Wait until a card is laid down, and read it. None when `stop` was set.

        A card that was reported (or failed) must be lifted first. Raises NoCardError at the deadline;
        CardMovedError, UnreadableError, ModuleFaultError at once; NoAnswerError when the module falls silent.
        """
        stop = stop or Event()
        while not stop.is_set():
            document = self._look()
            if document is not None:
                return document
            if deadline.has_passed:
                raise NoCardError
            stop.wait(min(self._times.poll, deadline.left))
        return None

    def wait_until_lifted(self, deadline: Deadline, stop: Event | None = None) -> bool:
        """Wait until no card lies there that was reported before; False at the deadline or when stopped."""
        stop = stop or Event()
        while not stop.is_set():
            if self._lying.place is not _Place.HELD or self._has_been_lifted():
                return True
            if deadline.has_passed:
                return False
            stop.wait(min(self._times.poll, deadline.left))
        return False

    def reconnect(self, deadline: Deadline, stop: Event | None = None) -> bool:
        """After a lost line: try to open it again, at growing intervals. False at the deadline or stop.

        NotAReaderError and ModuleFaultError pass through: waiting mends neither.
        """
        stop = stop or Event()
        pause = self._times.poll
        while not stop.is_set():
            try:
                self._connect()
            except (PortUnavailableError, NoAnswerError):
                if deadline.has_passed:
                    return False
                stop.wait(min(pause, deadline.left))
                pause = min(pause * 2, self._times.reconnect_longest)
            else:
                return True
        return False

    def _connect(self) -> None:
        self._lying.place = _Place.UNKNOWN
        self._module.open()

    def _look(self) -> DocumentRead | None:
        """One round: None when there is no card to report."""
        if self._lying.place is _Place.HELD and self._answers_as_lying():
            return None
        if not self._finds_card():
            if self._lying.place is _Place.UNKNOWN and self._answers_as_lying():
                # Read by an earlier program and never lifted: only a restart makes the module find it again.
                self._module.restart_module()
                return self._read_found() if self._finds_card() else None
            self._lying.place = _Place.EMPTY
            self._restarted_for_card = False
            return None
        return self._read_found()

    def _has_been_lifted(self) -> bool:
        if self._answers_as_lying() or self._finds_card():
            return False
        self._lying.place = _Place.EMPTY
        self._restarted_for_card = False
        return True

    def _read_found(self) -> DocumentRead | None:
        # Forgotten before reading: after a failure even the same card is a new one. After a lost line it is still
        # the old one.
        reported = b"" if self._lying.place is _Place.EMPTY else self._lying.digest
        self._lying.place, self._lying.digest = _Place.HELD, b""
        text = self._read_text()
        self._lying.digest = self._lying.digest_of(text)
        if hmac.compare_digest(self._lying.digest, reported):
            # This module finds a read card again. It never left, so it is no new visit.
            return None
        return DocumentRead(text_block=text, new_address=self._read_new_address())

    def _finds_card(self) -> bool:
        try:
            reply = self._module.ask(Command.FIND)
        except DamagedAnswerError:
            return False  # The next round asks again.
        except NoAnswerError:
            self._silences += 1
            if self._silences > _SILENT_FINDS:
                raise
            return False
        self._silences = 0
        return reply.status == samv.FOUND

    def _answers_as_lying(self) -> bool:
        try:
            return self._module.ask(Command.READ_NEW_ADDRESS).status in _PRESENT
        except (DamagedAnswerError, NoAnswerError):
            return False

    def _read_text(self) -> bytes:
        """Read the card that was found; twice at most."""
        try:
            return self._select_and_read()
        except (DamagedAnswerError, CardMovedError, UnreadableError, NoAnswerError) as first:
            return self._read_again(first)

    def _read_again(self, first: Exception) -> bytes:
        if isinstance(first, UnreadableError) and first.status not in _ORDER_LOST:
            raise first
        found = self._finds_card()
        if not found and not isinstance(first, CardMovedError) and self._answers_as_lying():
            if self._restarted_for_card:
                raise UnreadableError(status=None) from first
            self._restarted_for_card = True
            self._module.restart_module()
            found = self._finds_card()
        if not found:
            self._lying.place = _Place.EMPTY
            raise CardMovedError from first
        try:
            return self._select_and_read()
        except (DamagedAnswerError, NoAnswerError) as second:
            raise UnreadableError(status=None) from second

    def _select_and_read(self) -> bytes:
        self._expect_ok(self._module.ask(Command.SELECT))
        reply = self._module.ask(Command.READ)
        self._expect_ok(reply)
        text = samv.text_block(reply.payload)
        if text is None:
            raise DamagedAnswerError
        return text

    @staticmethod
    def _expect_ok(reply: Reply) -> None:
        if reply.status in _MOVED:
            raise CardMovedError
        if reply.status != samv.OK:
            raise UnreadableError(status=reply.status)

    def _read_new_address(self) -> bytes | None:
        """The later address, None where the card or the module has none. It never fails a check-in."""
        for _ in range(2):
            try:
                reply = self._module.ask(Command.READ_NEW_ADDRESS)
            except DamagedAnswerError:
                continue
            except NoAnswerError:
                return None
            return reply.payload if reply.status == samv.OK else None
        return None
