"""What goes wrong between a card module and the desk, one named fault at a time."""

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardware.simulated.ports import Port
from hardware.simulated.samv_module import PREAMBLE, Question, SamvModule, Traits

_LONG_REPLY_BYTES = 256
_JUNK = bytes.fromhex("AA 00 AA AA 96 69 00 0C 00 00 90 AA AA 96 41 41 41 41 00 FF")
_TIMEOUT_MARKER = PREAMBLE + bytes.fromhex("00 05 05 05 05")
"""One handheld's own frame: the length says 5, and 3 bytes follow."""

TRAITS: dict[str, Traits] = {
    "module-60": Traits(broken=0x60),
    "module-66": Traits(broken=0x66),
    "finds-again": Traits(finds_again=True),
    "serial-bytes": Traits(serial_bytes=True),
    "no-new-address": Traits(knows_new_address=False),
    "forgets-reading": Traits(finds_again=True, knows_new_address=False),
}
"""Faults of the module itself: they stay until `clear`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One question of the host and the true answer, before anything spoils it."""

    question: Question
    asked: bytes
    answer: bytes

    @property
    def is_long(self) -> bool:
        """Whether this is a card's text; the damage faults strike these only, and the probe passes."""
        return len(self.answer) > _LONG_REPLY_BYTES

    @property
    def status(self) -> int:
        """The answer's status byte."""
        return self.answer[9]

    @property
    def middle(self) -> int:
        """The index of a byte in the middle of the answer."""
        return len(self.answer) // 2


class FaultyLine:
    """Delivers answers over the port, spoiled by the fault that is set."""

    def __init__(self, port: Port, module: SamvModule) -> None:
        self.port = port
        self._module = module
        self._random = random.Random(20261123)  # noqa: S311 - noise that repeats from run to run
        self._name = ""
        self._once = False
        self._held = b""
        self._previous = b""
        self._pause = threading.Event()

    def set_fault(self, name: str, *, once: bool) -> bool:
        """Choose the fault, for the next answer it strikes or for all; False when the name is unknown."""
        if name in TRAITS:
            self._module.traits = TRAITS[name]
            return True
        if name not in FAULTS:
            return False
        self._name, self._once = name, once
        return True

    def clear(self) -> None:
        """Back to a sound module and a sound line."""
        self._name, self._held = "", b""
        self._module.traits = Traits()

    def deliver(self, exchange: Exchange) -> None:
        """Send one answer, or what the fault leaves of it."""
        held, self._held = self._held, b""
        if held:
            self.port.send(held)
        strike = FAULTS.get(self._name)
        if strike is None:
            self.port.send(exchange.answer)
        elif strike(self, exchange):
            if self._once:
                self._name = ""
        else:
            self.port.send(exchange.answer)
        self._previous = exchange.answer

    # Each fault answers whether it struck; if not, the true answer is sent.

    def _pieces(self, exchange: Exchange, sizes: Iterable[int]) -> bool:
        rest = exchange.answer
        for size in sizes:
            self.port.send(rest[:size])
            rest = rest[size:]
            # Long enough for the host to see this piece alone, most of the time.
            self._pause.wait(0.0001)
            if not rest:
                break
        return True

    def chunks_of(self, size: int, exchange: Exchange) -> bool:
        """The answer in pieces of one size."""
        return self._pieces(exchange, [size] * len(exchange.answer))

    def chunks_head(self, exchange: Exchange) -> bool:
        """Seven bytes, then the rest: as the two-pipe USB modules send it."""
        return self._pieces(exchange, [7, len(exchange.answer)])

    def chunks_random(self, exchange: Exchange) -> bool:
        """The answer in pieces of random size."""
        return self._pieces(exchange, (self._random.randint(1, 90) for _ in exchange.answer))

    def slow(self, exchange: Exchange) -> bool:
        """As over 9600 baud, about."""
        rest = exchange.answer
        while rest:
            self.port.send(rest[:64])
            rest = rest[64:]
            self._pause.wait(0.066)
        return True

    def surround(self, before: bytes, after: bytes, exchange: Exchange) -> bool:
        """Bytes that are no frame, before and behind the answer."""
        self.port.send(before + exchange.answer + after)
        return True

    def stale_frame(self, exchange: Exchange) -> bool:
        """The answer to the question before, and the right one, in one piece."""
        self.port.send(self._previous + exchange.answer)
        return True

    def duplicate(self, exchange: Exchange) -> bool:
        """The same answer twice in one piece."""
        self.port.send(exchange.answer * 2)
        return True

    def damage(self, spoil: Callable[[bytes, int], bytes], exchange: Exchange) -> bool:
        """A card's text with one place spoiled."""
        if exchange.is_long:
            self.port.send(spoil(exchange.answer, exchange.middle))
        return exchange.is_long

    def stall_mid_read(self, exchange: Exchange) -> bool:
        """Half of the card's text, then silence."""
        return self.damage(lambda answer, at: answer[:at], exchange)

    def lift_in_transfer(self, exchange: Exchange) -> bool:
        """Half of the card's text, and the card is gone."""
        if exchange.is_long:
            self.port.send(exchange.answer[: exchange.middle])
            self._module.lift()
        return exchange.is_long

    def unplug_mid_read(self, exchange: Exchange) -> bool:
        """Half of the card's text, and the cable is out."""
        if exchange.is_long:
            self.port.send(exchange.answer[: exchange.middle])
            self.port.unplug()
        return exchange.is_long

    def lift_after(self, code: bytes, exchange: Exchange) -> bool:
        """The card leaves as soon as this question was answered well."""
        strikes = exchange.question.code == code and exchange.status in {0x90, 0x9F}
        if strikes:
            self._module.lift()
            self.port.send(exchange.answer)
        return strikes

    def late_reply(self, exchange: Exchange) -> bool:
        """A find's answer comes when the next question is already out."""
        strikes = exchange.question.code == b"\x20\x01"
        if strikes:
            self._held = exchange.answer
        return strikes

    def silence(self, exchange: Exchange) -> bool:  # noqa: ARG002 - nothing of it is sent
        """No answer to anything."""
        return True

    def echo(self, exchange: Exchange) -> bool:
        """A modem or a loop-back plug: what was sent comes back."""
        self.port.send(exchange.asked)
        return True

    def other_device(self, exchange: Exchange) -> bool:  # noqa: ARG002 - whatever was asked
        """A receipt printer on this port: it reports its status."""
        self.port.send(b"\x10\x00\x00\x0f")
        return True

    def noise(self, exchange: Exchange) -> bool:
        """What a wrong baud rate makes of an answer."""
        self.port.send(self._random.randbytes(len(exchange.answer)))
        return True

    def refuse_frame(self, exchange: Exchange) -> bool:  # noqa: ARG002 - whatever was asked
        """The module says that the host's frame arrived damaged."""
        self.port.send(PREAMBLE + bytes.fromhex("00 04 00 00 10 14"))
        return True


_Strike = Callable[[FaultyLine, Exchange], bool]


def _chunks(size: int) -> _Strike:
    return lambda line, exchange: line.chunks_of(size, exchange)


def _around(before: bytes, after: bytes = b"") -> _Strike:
    return lambda line, exchange: line.surround(before, after, exchange)


def _damaged(spoil: Callable[[bytes, int], bytes]) -> _Strike:
    return lambda line, exchange: line.damage(spoil, exchange)


def _lifted_after(code: bytes) -> _Strike:
    return lambda line, exchange: line.lift_after(code, exchange)


FAULTS: dict[str, _Strike] = {
    "chunks-1": _chunks(1),
    "chunks-7": FaultyLine.chunks_head,
    "chunks-64": _chunks(64),
    "chunks-random": FaultyLine.chunks_random,
    "slow": FaultyLine.slow,
    "junk": _around(_JUNK, _JUNK),
    "leading-aa": _around(b"\xaa"),
    "heartbeat": _around(b"AAAA", b"AAAA"),
    "timeout-marker": _around(_TIMEOUT_MARKER),
    "huge-length": _around(PREAMBLE + b"\xff\xff"),
    "zero-length": _around(PREAMBLE + b"\x00\x00"),
    "stale-frame": FaultyLine.stale_frame,
    "duplicate": FaultyLine.duplicate,
    "drop-byte": _damaged(lambda answer, at: answer[:at] + answer[at + 1 :]),
    "insert-byte": _damaged(lambda answer, at: answer[:at] + b"\x00" + answer[at:]),
    "flip-bit": _damaged(lambda answer, at: answer[:at] + bytes([answer[at] ^ 4]) + answer[at + 1 :]),
    "stall-mid-read": FaultyLine.stall_mid_read,
    "unplug-mid-read": FaultyLine.unplug_mid_read,
    "lift-in-transfer": FaultyLine.lift_in_transfer,
    "lift-after-find": _lifted_after(b"\x20\x01"),
    "lift-after-select": _lifted_after(b"\x20\x02"),
    "late-reply": FaultyLine.late_reply,
    "silence": FaultyLine.silence,
    "echo": FaultyLine.echo,
    "other-device": FaultyLine.other_device,
    "noise": FaultyLine.noise,
    "refuse-frame": FaultyLine.refuse_frame,
}
"""Faults of the line; each may strike once or until `clear`."""
