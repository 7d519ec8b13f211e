"""The simulated printer's insides: interface, buffer, print head, sensors, and what it answers.

Real-time questions are answered at once; everything else waits in the buffer until the printer is on line.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.simulated.escpos_stream import Piece, StreamCutter
from hardware.simulated.paper import Paper

_FIXED = 0x12
_CONDITIONS: dict[str, dict[int, int]] = {
    # Extra bits of the answers to DLE EOT 1 … 4 over 12.
    "no-paper": {1: 0x08, 2: 0x20, 4: 0x6C},
    "near-end": {4: 0x0C},
    "cover": {1: 0x08, 2: 0x04},
    "cutter": {1: 0x08, 2: 0x40, 3: 0x08},
    "unrecoverable": {1: 0x08, 2: 0x40, 3: 0x20},
    "hot-head": {1: 0x08, 2: 0x40, 3: 0x40},
    "offline": {1: 0x08},
    "drawer-open": {1: 0x04},
}
CONDITIONS = frozenset(_CONDITIONS)


@dataclass(kw_only=True)
class PrinterMachine:
    """One printer. `tell` sends bytes to the host; `cut_off` receives the text of each receipt."""

    columns: int
    tell: Callable[[bytes], None]
    cut_off: Callable[[str], None]
    conditions: set[str] = field(default_factory=set)
    runs_out_after_lines: int | None = None
    """Lines until the paper ends by itself; None: it does not."""
    answers_zero: bool = False
    confirm: Callable[[bytes], None] | None = None
    """Sends the answers to GS r; `tell` does where it is not given."""
    drawer_kicks: int = 0
    cuts: int = 0
    _cutter: StreamCutter = field(default_factory=StreamCutter)
    _waiting: deque[Piece] = field(default_factory=deque)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.paper = Paper(columns=self.columns)

    def take(self, block: bytes) -> None:
        """Bytes from the host."""
        with self._lock:
            for piece in self._cutter.cut(block):
                if piece.is_real_time:
                    self._answer_now(piece)
                else:
                    self._waiting.append(piece)
            self._print_on()

    def set_condition(self, name: str) -> None:
        """Something is wrong with the machine from now on."""
        with self._lock:
            self.conditions.add(name)

    def mend(self) -> None:
        """New paper, cover shut, everything cleared; printing goes on with what waits."""
        with self._lock:
            self.conditions.clear()
            self.runs_out_after_lines = None
            self._print_on()

    def refill(self) -> None:
        """A new roll; printing goes on."""
        with self._lock:
            self.conditions -= {"no-paper", "near-end"}
            self.runs_out_after_lines = None
            self._print_on()

    def power_cycle(self) -> None:
        """Off and on: the buffer is lost, the half-printed paper stays."""
        with self._lock:
            self._waiting.clear()
            self._cutter = StreamCutter()
            self.paper.reset()

    def stop_in_mid_job(self) -> None:
        """The host went away: a half command is not completed by the next host."""
        with self._lock:
            self._cutter = StreamCutter()

    def tear_off(self) -> str:
        """By hand: the paper up to here."""
        with self._lock:
            return self.paper.tear_off()

    @property
    def state(self) -> str:
        """In words, for a demo's control."""
        with self._lock:
            conditions = ",".join(sorted(self.conditions)) or "ok"
            return f"{conditions} waiting={len(self._waiting)} cuts={self.cuts} kicks={self.drawer_kicks}"

    @property
    def is_offline(self) -> bool:
        """Whether it refuses to print now."""
        return any(_CONDITIONS[name].get(1, 0) & 0x08 for name in self.conditions)

    # Real time.

    def _answer_now(self, piece: Piece) -> None:
        if piece.code == b"\x10\x04" and piece.parameters[0] in (1, 2, 3, 4):
            self.tell(bytes([0 if self.answers_zero else self.status_byte(piece.parameters[0])]))
        elif piece.code == b"\x10\x14":
            self.drawer_kicks += 1
        elif piece.code == b"\x10\x05":
            self.conditions.discard("cutter")

    def status_byte(self, number: int) -> int:
        """The answer to DLE EOT 1 … 4."""
        answer = _FIXED
        for name in self.conditions:
            answer |= _CONDITIONS[name].get(number, 0)
        return answer

    def status_block(self) -> bytes:
        """The four bytes of an automatic status report."""
        first = 0x10 | (0x08 if self.is_offline else 0) | (0x20 if "cover" in self.conditions else 0)
        first |= 0x04 if "drawer-open" in self.conditions else 0
        bits = {"cutter": 0x08, "unrecoverable": 0x20, "hot-head": 0x40}
        second = sum(bit for name, bit in bits.items() if name in self.conditions)
        third = 0x0F if "no-paper" in self.conditions else 0x03 if "near-end" in self.conditions else 0
        return bytes([first, second, third, 0x0F])

    # In order.

    def _print_on(self) -> None:
        while self._waiting and not self.is_offline:
            piece = self._waiting.popleft()
            before = len(self.paper.lines)
            self._execute(piece)
            self._use_paper(len(self.paper.lines) - before)

    def _use_paper(self, lines: int) -> None:
        if self.runs_out_after_lines is not None and lines > 0:
            self.runs_out_after_lines -= lines
            if self.runs_out_after_lines <= 0:
                self.runs_out_after_lines = None
                self.conditions.add("no-paper")

    def _execute(self, piece: Piece) -> None:
        command = _COMMANDS.get(piece.code)
        if not piece.code:
            self.paper.print_text(piece.parameters)
        elif command is not None:
            command(self, piece.parameters)

    def cut(self, _: bytes) -> None:
        """GS V, ESC i, ESC m: the receipt falls."""
        self.cuts += 1
        text = self.paper.tear_off()
        if text:
            self.cut_off(text)

    def kick(self, _: bytes) -> None:
        """ESC p."""
        self.drawer_kicks += 1

    def report_paper(self, parameters: bytes) -> None:
        """GS r: answered here, in order, so never while the printer is off line."""
        confirm = self.confirm or self.tell
        if parameters in (b"\x01", b"1"):
            confirm(b"\x03" if "near-end" in self.conditions else b"\x00")
        elif parameters in (b"\x02", b"2"):
            confirm(b"\x01" if "drawer-open" in self.conditions else b"\x00")

    def report_automatically(self, parameters: bytes) -> None:
        """GS a."""
        if parameters != b"\x00":
            self.tell(self.status_block())

    def two_dimensional(self, parameters: bytes) -> None:
        """GS ( k: of its functions storing and printing a QR code."""
        function = parameters[2:4]  # Behind the count: 31 for QR, and the function.
        if function == b"\x31\x50":
            self.paper.store_qr(parameters[5:].decode("ascii", errors="replace"))
        elif function == b"\x31\x51":
            self.paper.print_qr()

    def picture(self, parameters: bytes) -> None:
        """GS v 0."""
        across, down = parameters[1] + parameters[2] * 256, parameters[3] + parameters[4] * 256
        self.paper.stick(f"picture {across * 8} x {down}")


_COMMANDS: dict[bytes, Callable[[PrinterMachine, bytes], None]] = {
    b"\n": lambda machine, _: machine.paper.end_line(),
    b"\x1b@": lambda machine, _: machine.paper.reset(),
    b"\x1ba": lambda machine, n: machine.paper.justify(n[0] % 48),
    b"\x1bd": lambda machine, n: machine.paper.feed(n[0]),
    b"\x1b$": lambda machine, n: machine.paper.move_to_dots(n[0] + n[1] * 256),
    b"\x1bp": PrinterMachine.kick,
    b"\x1bi": PrinterMachine.cut,
    b"\x1bm": PrinterMachine.cut,
    b"\x1dV": PrinterMachine.cut,
    b"\x1d!": lambda machine, n: machine.paper.set_width(1 + (n[0] >> 4 & 7)),
    b"\x1dr": PrinterMachine.report_paper,
    b"\x1da": PrinterMachine.report_automatically,
    b"\x1d(k": PrinterMachine.two_dimensional,
    b"\x1dv0": PrinterMachine.picture,
    b"\x1c&": lambda machine, _: machine.paper.set_chinese(on=True),
    b"\x1c.": lambda machine, _: machine.paper.set_chinese(on=False),
}
"""Commands with an effect on paper or drawer; all others are understood and passed over."""
