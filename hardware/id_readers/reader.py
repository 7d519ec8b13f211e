"""An ID-card reader at the desk: proves that it is one, waits for a card, reads it once.

A card left lying is reported once; it must be lifted before the next report. The reader keeps nothing of
a card but a keyed digest, by which it knows the same card again.
"""

import hashlib
import hmac
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from threading import Event
from types import TracebackType
from typing import Self

from hardware.deadlines import Deadline, Monotonic
from hardware.errors import (
    CardMovedError,
    ModuleFaultError,
    NoAnswerError,
    NoCardError,
    NotAReaderError,
    PortUnavailableError,
    UnreadableError,
)
from hardware.id_readers import samv
from hardware.id_readers.samv import Command, Reply, ReplyParser
from hardware.targets import Attachment, Target
from hardware.transports import DEFAULT_BAUD, Transport, open_transport


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRead:
    """What a card gave: 256 bytes of text, and 70 bytes of a later address where the card has one.

    Opaque here, personal everywhere: `repr` shows nothing. The photo was not kept.
    """

    text_block: bytes = field(repr=False)
    new_address: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderTimes:
    """How long each answer may take, in seconds. `gap` is the longest silence inside one answer."""

    connect: float = 2.0
    status: float = 0.5
    find: float = 1.0
    select: float = 1.0
    read: float = 3.0
    new_address: float = 1.5
    gap: float = 0.4
    poll: float = 0.3
    restart: float = 3.0
    reconnect_longest: float = 5.0

    def of(self, command: Command) -> float:
        """The patience for one command's answer."""
        match command:
            case Command.RESET | Command.STATUS:
                return self.status
            case Command.FIND:
                return self.find
            case Command.SELECT:
                return self.select
            case Command.READ:
                return self.read
            case Command.READ_NEW_ADDRESS:
                return self.new_address


_PROBE_TRIES = 3
"""The first answers after opening are sometimes garbage."""
_SILENT_FINDS = 2
"""A find that times out may be a late one; a third in a row is a reader that died."""
_BAUDS = (DEFAULT_BAUD, 57_600, 38_400, 19_200, 9_600)
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


@dataclass(eq=False)
class _DamagedAnswerError(Exception):
    """Bytes came, no valid frame among them. Never leaves this module."""


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
        self._target = target
        self._times = times
        self._clock = clock
        self._line: Transport | None = None
        self._parser = ReplyParser()
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
        if self._line is not None:
            self._line.close()
            self._line = None

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

    # The line and the probe.

    def _connect(self) -> None:
        self.close()
        self._lying.place = _Place.UNKNOWN
        last: NoAnswerError | NotAReaderError = NoAnswerError(target=str(self._target))
        for baud in self._bauds():
            self._line = open_transport(self._target, Deadline.after(self._times.connect, self._clock), baud=baud)
            try:
                self._probe()
            except (NoAnswerError, NotAReaderError) as error:
                self.close()
                # Noise at one rate says more than silence at the others.
                last = error if isinstance(error, NotAReaderError) else last
            except BaseException:
                self.close()
                raise
            else:
                return
        raise last

    def _bauds(self) -> tuple[int, ...]:
        real_serial = self._target.attachment is Attachment.SERIAL and not self._target.path.startswith("/dev/pts/")
        return _BAUDS if real_serial and self._target.baud is None else (self._target.baud or DEFAULT_BAUD,)

    def _probe(self) -> None:
        heard = False
        for _ in range(_PROBE_TRIES):
            try:
                reply = self._ask(Command.STATUS)
            except NoAnswerError:
                continue
            except _DamagedAnswerError:
                heard = True
                continue
            if reply.status == samv.OK:
                return
            heard = True
        if heard:
            raise NotAReaderError(target=str(self._target))
        raise NoAnswerError(target=str(self._target))

    # One look at the reading place.

    def _look(self) -> DocumentRead | None:
        """One round: None when there is no card to report."""
        if self._lying.place is _Place.HELD and self._answers_as_lying():
            return None
        if not self._finds_card():
            if self._lying.place is _Place.UNKNOWN and self._answers_as_lying():
                # Read by an earlier program and never lifted: only a restart makes the module find it again.
                self._restart_module()
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
        # Forgotten before reading: after a failure even the same card is a new one.
        reported = self._lying.digest if self._lying.place is _Place.HELD else b""
        self._lying.place, self._lying.digest = _Place.HELD, b""
        text = self._read_text()
        self._lying.digest = self._lying.digest_of(text)
        if hmac.compare_digest(self._lying.digest, reported):
            # This module finds a read card again. It never left, so it is no new visit.
            return None
        return DocumentRead(text_block=text, new_address=self._read_new_address())

    def _finds_card(self) -> bool:
        try:
            reply = self._ask(Command.FIND)
        except _DamagedAnswerError:
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
            return self._ask(Command.READ_NEW_ADDRESS).status in _PRESENT
        except (_DamagedAnswerError, NoAnswerError):
            return False

    # Select and read.

    def _read_text(self) -> bytes:
        """Read the card that was found; twice at most."""
        try:
            return self._select_and_read()
        except (_DamagedAnswerError, CardMovedError, UnreadableError, NoAnswerError) as first:
            return self._read_again(first)

    def _read_again(self, first: Exception) -> bytes:
        if isinstance(first, UnreadableError) and first.status not in _ORDER_LOST:
            raise first
        found = self._finds_card()
        if not found and not isinstance(first, CardMovedError) and self._answers_as_lying():
            if self._restarted_for_card:
                raise UnreadableError(status=None) from first
            self._restarted_for_card = True
            self._restart_module()
            found = self._finds_card()
        if not found:
            self._lying.place = _Place.EMPTY
            raise CardMovedError from first
        try:
            return self._select_and_read()
        except (_DamagedAnswerError, NoAnswerError) as second:
            raise UnreadableError(status=None) from second

    def _select_and_read(self) -> bytes:
        self._expect_ok(self._ask(Command.SELECT))
        reply = self._ask(Command.READ)
        self._expect_ok(reply)
        text = samv.text_block(reply.payload)
        if text is None:
            raise _DamagedAnswerError
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
                reply = self._ask(Command.READ_NEW_ADDRESS)
            except _DamagedAnswerError:
                continue
            except NoAnswerError:
                return None
            return reply.payload if reply.status == samv.OK else None
        return None

    def _restart_module(self) -> None:
        """Like power off and on; the module may be deaf for a second or more afterwards."""
        deadline = Deadline.after(self._times.restart, self._clock)
        with suppress(_DamagedAnswerError, NoAnswerError):  # What counts is the status query's answer.
            self._ask(Command.RESET)
        while True:
            with suppress(_DamagedAnswerError, NoAnswerError):
                if self._ask(Command.STATUS).status == samv.OK:
                    return
            if deadline.has_passed:
                raise NoAnswerError(target=str(self._target))

    # One question, one answer.

    def _ask(self, command: Command) -> Reply:
        """Send one command and take its answer; once more where the module got our frame damaged.

        Raises ModuleFaultError on 60 and 66, NoAnswerError on silence, _DamagedAnswerError on rubbish.
        """
        reply = self._ask_once(command)
        if reply.status in {samv.BAD_CHECKSUM, samv.BAD_LENGTH}:
            reply = self._ask_once(command)
        if reply.status in samv.MODULE_FAULTS:
            raise ModuleFaultError(status=reply.status)
        return reply

    def _ask_once(self, command: Command) -> Reply:
        if self._line is None:
            self._connect()
        line = self._line
        assert line is not None
        line.drain()
        self._parser.reset()
        deadline = Deadline.after(self._times.of(command), self._clock)
        line.send(samv.request(command), deadline)
        heard = False
        patience = deadline
        while chunk := line.receive(patience):
            heard = True
            for reply in self._parser.feed(chunk):
                if samv.could_answer(command, reply):
                    return reply
            if deadline.has_passed:
                break  # A line that never stops talking.
            patience = deadline.within(self._times.gap)
        for reply in self._parser.give_up():
            if samv.could_answer(command, reply):
                return reply
        if heard:
            raise _DamagedAnswerError
        raise NoAnswerError(target=str(self._target))
