"""ESC/POS commands as bytes, and a builder that strings them together with text."""

from hardware.printers import escpos_library
from hardware.printers.encoding import encode
from hardware.printers.profile import PrinterProfile
from hardware.receipt import Align

ESC, FS, GS = b"\x1b", b"\x1c", b"\x1d"
_ALIGNMENTS = {Align.LEFT: 0, Align.CENTRE: 1, Align.RIGHT: 2}

REPORT_PAPER = GS + b"r\x01"
"""GS r 1: answered when everything before it is on paper."""


class EscPosBuilder:
    """Appends commands and text; remembers the alignment, so that it is sent only where it changes."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._bytes = bytearray(ESC + b"@" + profile.prefix)
        self._align = Align.LEFT

    def built(self) -> bytes:
        """Everything so far."""
        return bytes(self._bytes)

    def raw(self, command: bytes) -> None:
        """A command, as it is."""
        self._bytes += command

    def text(self, text: str) -> None:
        """Text without a line feed; it must be `printable`."""
        self._bytes += encode(text, self._profile)

    def line(self, text: str) -> None:
        """Text and a line feed."""
        self.text(text)
        self._bytes += b"\n"

    def align(self, align: Align) -> None:
        """ESC a; a printer obeys it at the beginning of a line."""
        if align is not self._align:
            self._bytes += ESC + b"a" + bytes([_ALIGNMENTS[align]])
            self._align = align

    def double_size(self, *, on: bool) -> None:
        """GS !, which holds for 汉字 too, unlike ESC !."""
        self._bytes += GS + b"!" + (b"\x11" if on else b"\x00")

    def bold(self, *, on: bool) -> None:
        """ESC E."""
        self._bytes += ESC + b"E" + (b"\x01" if on else b"\x00")

    def move_to(self, cell: int) -> None:
        """ESC $: continue at this cell, by dots."""
        self._bytes += ESC + b"$" + (cell * self._profile.dots_per_cell).to_bytes(2, "little")

    def feed(self, lines: int) -> None:
        """ESC d."""
        self._bytes += ESC + b"d" + bytes([lines])

    def cut(self) -> None:
        """Feed past the cutter and cut."""
        self._bytes += escpos_library.cut()

    def kick_drawer(self) -> None:
        """Open the drawer on pin 2."""
        self._bytes += escpos_library.kick_drawer()

    def qr(self, text: str, *, module_dots: int) -> None:
        """A QR code that the printer itself draws; it chooses the mode."""
        self._bytes += escpos_library.qr_code(text, module_dots=module_dots)
