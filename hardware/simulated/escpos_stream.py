"""Cuts a host's bytes into ESC/POS commands and text, as a printer's interface does, however they arrive.

Written from the command descriptions; shares nothing with the driver that sends them.
"""

from collections.abc import Callable
from dataclasses import dataclass

_REAL_TIME_LENGTHS = {0x04: 3, 0x05: 3, 0x14: 5}
"""DLE EOT n, DLE ENQ n, DLE DC4 1 m t; DLE DC4 with function 8 is longer and not sent by anyone here."""

_FIXED_LENGTHS = {
    # ESC
    b"\x1b@": 2,
    b"\x1b!": 3,
    b"\x1bE": 3,
    b"\x1bG": 3,
    b"\x1bM": 3,
    b"\x1ba": 3,
    b"\x1bd": 3,
    b"\x1bJ": 3,
    b"\x1bt": 3,
    b"\x1bR": 3,
    b"\x1b ": 3,
    b"\x1b-": 3,
    b"\x1b{": 3,
    b"\x1b3": 3,
    b"\x1b2": 2,
    b"\x1b$": 4,
    b"\x1b\\": 4,
    b"\x1bp": 5,
    b"\x1bB": 4,
    b"\x1bc": 4,
    b"\x1b=": 3,
    b"\x1bi": 2,
    b"\x1bm": 2,
    # GS
    b"\x1d!": 3,
    b"\x1dB": 3,
    b"\x1da": 3,
    b"\x1dr": 3,
    b"\x1dI": 3,
    b"\x1dH": 3,
    b"\x1dh": 3,
    b"\x1dw": 3,
    b"\x1df": 3,
    b"\x1dL": 4,
    b"\x1dW": 4,
    b"\x1dP": 4,
    # FS
    b"\x1c&": 2,
    b"\x1c.": 2,
    b"\x1c!": 3,
    b"\x1c-": 3,
    b"\x1cW": 3,
    b"\x1cC": 3,
    b"\x1cS": 4,
}
_SINGLE = frozenset(b"\n\r\t\x0c\x18\x00")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One command with its parameters, or a run of text bytes."""

    code: bytes
    """The command's leading bytes; b"" for text."""
    parameters: bytes

    @property
    def is_real_time(self) -> bool:
        """Whether the interface acts on it at once, past everything that waits."""
        return self.code[:1] == b"\x10"


class StreamCutter:
    """Keeps what is incomplete until the rest arrives."""

    def __init__(self) -> None:
        self._held = b""

    def cut(self, block: bytes) -> list[Piece]:
        """The pieces that are complete with this block. Text may come in several runs, never in half a character."""
        held = self._held + block
        pieces: list[Piece] = []
        at = 0
        while at < len(held):
            piece_length, code_length = _measure(held, at)
            if piece_length == 0 or at + piece_length > len(held):
                break
            end = at + piece_length
            pieces.append(Piece(code=held[at : at + code_length], parameters=held[at + code_length : end]))
            at = end
        self._held = held[at:]
        return pieces


def _measure(held: bytes, at: int) -> tuple[int, int]:
    """Length of the piece that begins at `at`, and of its code; length 0 when that cannot be told yet."""
    first = held[at]
    if first == 0x10:
        if at + 1 >= len(held):
            return _UNTOLD
        return _REAL_TIME_LENGTHS.get(held[at + 1], 1), min(2, _REAL_TIME_LENGTHS.get(held[at + 1], 1))
    if first in (0x1B, 0x1C, 0x1D):
        return _measure_command(held, at)
    if first in _SINGLE or first < 0x20:
        return 1, 1
    return _measure_text(held, at), 0


def _measure_text(held: bytes, at: int) -> int:
    """Whole GB18030 characters up to the next command: one, two or four bytes each."""
    end = at
    while end < len(held) and held[end] >= 0x20:
        if held[end] < 0x80 or held[end] in (0x80, 0xFF):
            size = 1
        elif end + 1 >= len(held):
            break
        else:
            size = 4 if 0x30 <= held[end + 1] <= 0x39 else 2
        if end + size > len(held):
            break
        end += size
    return end - at


def _measure_command(held: bytes, at: int) -> tuple[int, int]:
    code = held[at : at + 2]
    if len(code) < 2:
        return _UNTOLD
    measure = _VARIABLE_LENGTHS.get(code)
    if measure is not None:
        return measure(held[at + 2 :])
    return _FIXED_LENGTHS.get(code, 2), 2


def _measure_counted(rest: bytes) -> tuple[int, int]:
    """GS ( and FS (: a letter, then a two-byte count."""
    return (5 + rest[1] + rest[2] * 256, 3) if len(rest) >= 3 else _UNTOLD


def _measure_columns(rest: bytes) -> tuple[int, int]:
    """ESC *: mode, columns (2), picture of one or three bytes a column."""
    if len(rest) < 3:
        return _UNTOLD
    return 5 + (rest[1] + rest[2] * 256) * (3 if rest[0] >= 32 else 1), 2


def _measure_cut(rest: bytes) -> tuple[int, int]:
    """GS V: 0, 1, 48, 49 alone; 65, 66 and above with a feed."""
    if not rest:
        return _UNTOLD
    return (3 if rest[0] in (0, 1, 48, 49) else 4), 2


def _measure_up_to_zero(rest: bytes) -> tuple[int, int]:
    """ESC D: tab stops and a zero."""
    zero = rest.find(b"\x00")
    return _UNTOLD if zero < 0 else (3 + zero, 2)


def _measure_raster(rest: bytes) -> tuple[int, int]:
    """GS v 0: mode, bytes across (2), dots down (2), picture."""
    if len(rest) < 6:
        return _UNTOLD
    return 8 + (rest[2] + rest[3] * 256) * (rest[4] + rest[5] * 256), 3


def _measure_barcode(rest: bytes) -> tuple[int, int]:
    """GS k: a counted text for kinds above 64, one up to a zero for the others."""
    if len(rest) < 2:
        return _UNTOLD
    if rest[0] > 64:
        return 4 + rest[1], 2
    return _measure_up_to_zero(rest)


_UNTOLD = (0, 0)
_VARIABLE_LENGTHS: dict[bytes, Callable[[bytes], tuple[int, int]]] = {
    b"\x1d(": _measure_counted,
    b"\x1c(": _measure_counted,
    b"\x1dv": _measure_raster,
    b"\x1b*": _measure_columns,
    b"\x1dV": _measure_cut,
    b"\x1dk": _measure_barcode,
    b"\x1bD": _measure_up_to_zero,
}
