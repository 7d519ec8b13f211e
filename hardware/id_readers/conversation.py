"""One conversation with a card module: the line, the proof that a module answers, one question at a time."""

from contextlib import suppress
from dataclasses import dataclass

from hardware.deadlines import Deadline, Monotonic
from hardware.errors import ModuleFaultError, NoAnswerError, NotAReaderError
from hardware.id_readers import samv
from hardware.id_readers.samv import Command, Reply, ReplyParser
from hardware.targets import Attachment, Target
from hardware.transports import DEFAULT_BAUD, Transport, open_transport


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
_BAUDS = (DEFAULT_BAUD, 57_600, 38_400, 19_200, 9_600)


@dataclass(eq=False)
class DamagedAnswerError(Exception):
    """Bytes came, no valid frame among them. Never leaves this package."""


class Conversation:
    """A module's line. Any method may raise PortUnavailableError when it is lost."""

    def __init__(self, target: Target, *, times: ReaderTimes, clock: Monotonic) -> None:
        self._target = target
        self._times = times
        self._clock = clock
        self._line: Transport | None = None
        self._parser = ReplyParser()

    def open(self) -> None:
        """Open the line and have the module answer, at one of the rates; an open line is opened anew."""
        self.close()
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

    def close(self) -> None:
        """Let go of the line; may be repeated."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _bauds(self) -> tuple[int, ...]:
        real_serial = self._target.attachment is Attachment.SERIAL and not self._target.path.startswith("/dev/pts/")
        return _BAUDS if real_serial and self._target.baud is None else (self._target.baud or DEFAULT_BAUD,)

    def _probe(self) -> None:
        heard = False
        for _ in range(_PROBE_TRIES):
            try:
                reply = self.ask(Command.STATUS)
            except NoAnswerError:
                continue
            except DamagedAnswerError:
                heard = True
                continue
            if reply.status == samv.OK:
                return
            heard = True
        if heard:
            raise NotAReaderError(target=str(self._target))
        raise NoAnswerError(target=str(self._target))

    def ask(self, command: Command) -> Reply:
        """Send one command and take its answer; once more where the module got our frame damaged.

        Raises ModuleFaultError on 60 and 66, NoAnswerError on silence, DamagedAnswerError on rubbish.
        """
        reply = self._ask_once(command)
        if reply.status in {samv.BAD_CHECKSUM, samv.BAD_LENGTH}:
            reply = self._ask_once(command)
        if reply.status in samv.MODULE_FAULTS:
            raise ModuleFaultError(status=reply.status)
        return reply

    def _ask_once(self, command: Command) -> Reply:
        if self._line is None:
            self.open()
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
            raise DamagedAnswerError
        raise NoAnswerError(target=str(self._target))

    def restart_module(self) -> None:
        """Like power off and on; the module may be deaf for a second or more afterwards."""
        deadline = Deadline.after(self._times.restart, self._clock)
        with suppress(DamagedAnswerError, NoAnswerError):  # What counts is the status query's answer.
            self.ask(Command.RESET)
        while True:
            with suppress(DamagedAnswerError, NoAnswerError):
                if self.ask(Command.STATUS).status == samv.OK:
                    return
            if deadline.has_passed:
                raise NoAnswerError(target=str(self._target))
