"""Frames of the ID card's security module (SAM_V, SAM_A): requests, replies, a resynchronising parser.

    host to reader:  AA AA AA 96 69 | length (2) | command (2)      | checksum
    reader to host:  AA AA AA 96 69 | length (2) | SW1 SW2 status   | payload | checksum

The length is big-endian and counts what follows it, checksum included. The checksum is the XOR of the
length's bytes and everything up to itself, so a whole frame without its preamble XORs to 0.
"""

from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AA AA AA 96 69")
_HEAD_BYTES = len(PREAMBLE) + 2
_MIN_LENGTH = 4
"""SW1, SW2, status, checksum. A request echoed back has 3 and is no reply."""
_MAX_LENGTH = 4096
"""The longest real reply has 2314; line noise announces anything up to 65535 and must not be waited for."""

TEXT_BYTES = 256
NEW_ADDRESS_BYTES = 70

OK = 0x90
NO_SUCH_CONTENT = 0x91
FOUND = 0x9F
BAD_CHECKSUM = 0x10
BAD_LENGTH = 0x11
BAD_COMMAND = 0x21
READ_FAILED = 0x41
SELF_TEST_FAILED = 0x60
NOT_AUTHORISED = 0x66
FIND_FAILED = 0x80
SELECT_FAILED = 0x81

_KNOWN_STATUSES = frozenset(bytes.fromhex("10 11 21 23 24 31 32 33 34 37 3F 40 41 47 50 60 61 66 80 81 90 91 9F"))
"""A frame with another status is noise whose checksum fits: one handheld's marker `00 05 05 05 05` makes one of
the first two bytes of the true reply behind it."""

MODULE_FAULTS = frozenset({SELF_TEST_FAILED, NOT_AUTHORISED})


class Command(Enum):
    """What is ever sent to a module: nothing here writes to it or reads a fingerprint."""

    RESET = bytes.fromhex("10 FF")
    STATUS = bytes.fromhex("11 FF")
    FIND = bytes.fromhex("20 01")
    SELECT = bytes.fromhex("20 02")
    READ = bytes.fromhex("30 01")
    READ_NEW_ADDRESS = bytes.fromhex("30 03")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One valid frame of the module. `card_words` are the card's own SW1 SW2; `status` decides.

    The payload may be a person's document: it stays out of `repr`.
    """

    card_words: bytes
    status: int
    payload: bytes = field(repr=False)


def checksum(body: bytes | bytearray) -> int:
    """XOR over the length's two bytes and what follows."""
    return reduce(xor, body, 0)


def request(command: Command) -> bytes:
    """The whole frame that asks for `command`."""
    body = (len(command.value) + 1).to_bytes(2, "big") + command.value
    return PREAMBLE + body + bytes([checksum(body)])


def text_block(payload: bytes) -> bytes | None:
    """The text of a READ reply: two length words, text, photo. None where it is not 256 bytes of text.

    The photo is left behind here: nothing keeps it.
    """
    if len(payload) < 4 + TEXT_BYTES or int.from_bytes(payload[:2], "big") != TEXT_BYTES:
        return None
    if len(payload) != 4 + TEXT_BYTES + int.from_bytes(payload[2:4], "big"):
        return None
    return payload[4 : 4 + TEXT_BYTES]


def could_answer(command: Command, reply: Reply) -> bool:
    """Whether the reply can belong to this command, and is not the late answer to the one before.

    Fault codes fit every command. Find answers found or not found; only find does. A success must have the
    size of its command's content, so that the empty 90 of a status query is never taken for a selected card.
    """
    size = len(reply.payload)
    match reply.status:
        case 0x9F:
            return command is Command.FIND and size == 4
        case 0x80:
            return command is Command.FIND
        case 0x81:
            return command is Command.SELECT
        case 0x91:
            return command in {Command.READ, Command.READ_NEW_ADDRESS}
        case 0x90:
            return _success_fits(command, size)
        case _:
            return True


def _success_fits(command: Command, size: int) -> bool:
    match command:
        case Command.RESET | Command.STATUS:
            return size == 0
        case Command.SELECT:
            return size == 8
        case Command.READ:
            return size >= 4 + TEXT_BYTES
        case Command.READ_NEW_ADDRESS:
            return size == NEW_ADDRESS_BYTES
        case Command.FIND:
            return False


class ReplyParser:
    """Finds replies in whatever a line delivers: split, joined, preceded by noise.

    After a bad frame the search goes on one byte behind its start, so that a good frame inside or behind
    it is not lost.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> list[Reply]:
        """Take the next bytes; return the replies that are complete now, in order."""
        self._buffer += chunk
        return self._take_complete()

    def give_up(self) -> list[Reply]:
        """No more bytes come: drop unfinished frames, and return the good ones they had swallowed."""
        replies: list[Reply] = []
        while self._buffer:
            del self._buffer[0]
            replies += self._take_complete()
        return replies

    def reset(self) -> None:
        """Forget what came so far."""
        self._buffer.clear()

    def _take_complete(self) -> list[Reply]:
        replies = []
        while self._seek_preamble() and len(self._buffer) >= _HEAD_BYTES:
            length = int.from_bytes(self._buffer[_HEAD_BYTES - 2 : _HEAD_BYTES], "big")
            if not _MIN_LENGTH <= length <= _MAX_LENGTH:
                del self._buffer[0]
                continue
            end = _HEAD_BYTES + length
            if len(self._buffer) < end:
                break
            status = self._buffer[_HEAD_BYTES + 2]
            if status not in _KNOWN_STATUSES or checksum(self._buffer[len(PREAMBLE) : end]) != 0:
                del self._buffer[0]
                continue
            replies.append(_reply(bytes(self._buffer[_HEAD_BYTES : end - 1])))
            del self._buffer[:end]
        return replies

    def _seek_preamble(self) -> bool:
        """Drop what precedes the next preamble; keep a tail that may be the beginning of one."""
        start = self._buffer.find(PREAMBLE)
        if start >= 0:
            del self._buffer[:start]
            return True
        kept = next((n for n in range(len(PREAMBLE) - 1, 0, -1) if self._buffer.endswith(PREAMBLE[:n])), 0)
        del self._buffer[: len(self._buffer) - kept]
        return False


def _reply(body: bytes) -> Reply:
    return Reply(card_words=body[:2], status=body[2], payload=body[3:])
