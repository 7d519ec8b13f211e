"""A simulated receipt printer: `python -m hardware.simulated.printer --on socket --paper DIR`.

Its first line is the port. Cut receipts go into the folder as `0001.txt` and so on, and with `--show` (or without a
folder) to standard output. Then it obeys, from standard input or a script: `fault NAME`, `clear`, `refill`,
`power-cycle`, `faults`, `state`, `tear`, `quit`; in scripts also `pause SECONDS` and `wait-cut`.
"""

import argparse
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hardware.simulated.control import QUIT, Stage, answer_to, lines_of_script, obey_standard_input
from hardware.simulated.paper import Basket
from hardware.simulated.ports import PtyPort, SocketPort
from hardware.simulated.printer_machine import CONDITIONS, PrinterMachine

_COLUMNS = {58: 32, 80: 48}
_MID_JOB_BYTES = 200
_LINES_BEFORE_PAPER_ENDS = 5
_LATE_SECONDS = 2.0

LINE_FAULTS = frozenset(
    {
        "black-hole",
        "refuse",
        "never-read",
        "never-answer",
        "late",
        "stale",
        "duplicate",
        "asb-chatter",
        "clone-zeros",
        "no-report",
        "late-report",
        "slow",
        "close-at-once",
        "close-mid-job",
        "rst-mid-job",
        "power-cut-mid-job",
        "paper-out-mid-job",
    }
)
"""Faults of the line and of cheap interfaces; they stay until `clear`."""
_SOCKET_ONLY = frozenset({"black-hole", "refuse", "close-at-once", "close-mid-job", "rst-mid-job", "power-cut-mid-job"})


class SimulatedPrinter:
    """The machine behind its port."""

    def __init__(self, *, port: PtyPort | SocketPort, columns: int, on_receipt: Callable[[str], None]) -> None:
        self.port = port
        self.machine = PrinterMachine(columns=columns, tell=self._tell, confirm=self._confirm, cut_off=self._receipt)
        self._on_receipt = on_receipt
        self._faults: set[str] = set()
        self._job_bytes = 0
        self._connections = 0
        self._was_stale = False
        self._held = b""
        self._quits = threading.Event()
        self._cut = threading.Event()

    def serve(self) -> None:
        """Take jobs until told to quit."""
        while (block := self.port.receive()) is not None:
            if isinstance(self.port, SocketPort) and self.port.connections != self._connections:
                self._connections = self.port.connections
                self._greet(self.port)
            if not block:
                continue
            self._job_bytes += len(block)
            if isinstance(self.port, SocketPort) and self._break_off(self.port):
                continue
            if "slow" in self._faults:
                self._quits.wait(0.02)
            self.machine.take(block)

    def _greet(self, port: SocketPort) -> None:
        self._job_bytes = 0
        self._was_stale = False
        self.machine.stop_in_mid_job()
        if "close-at-once" in self._faults:
            port.hang_up()

    def _break_off(self, port: SocketPort) -> bool:
        """Whether the line breaks in the middle of this job."""
        if self._job_bytes < _MID_JOB_BYTES:
            return False
        if "power-cut-mid-job" in self._faults:
            self.machine.power_cycle()
        breaking = self._faults & {"close-mid-job", "rst-mid-job", "power-cut-mid-job"}
        if breaking:
            port.hang_up(reset="close-mid-job" not in breaking)
        return bool(breaking)

    def _tell(self, answer: bytes) -> None:
        """Send what the machine answers, as the faults allow."""
        if "never-answer" in self._faults:
            return
        answer, self._held = self._held + answer, b""
        if "late" in self._faults:
            timer = threading.Timer(_LATE_SECONDS, self._tell_late, (answer, self._connections))
            timer.daemon = True
            timer.start()
            return
        if "stale" in self._faults and not self._was_stale:
            # The answer "offline" to a question of long ago.
            self._was_stale = True
            self.port.send(b"\x1a")
        if "asb-chatter" in self._faults:
            report = self.machine.status_block()
            self.port.send(report[:2])
            self.port.send(report[2:])
        self.port.send(answer * 2 if "duplicate" in self._faults else answer)

    def _confirm(self, answer: bytes) -> None:
        """Send the answer to GS r, as the faults allow."""
        if "late-report" in self._faults:
            self._held = answer
        elif "no-report" not in self._faults:
            self._tell(answer)

    def _tell_late(self, answer: bytes, connection: int) -> None:
        if connection == self._connections:  # A new connection never hears answers of an old one.
            self.port.send(answer)

    def _receipt(self, text: str) -> None:
        self._on_receipt(text)
        self._cut.set()

    def obey(self, words: list[str]) -> str:
        """One command; ValueError says what was wrong with it."""
        commands: dict[str, Callable[[], str]] = {
            "clear": self._clear,
            "refill": self._refill,
            "power-cycle": self._power_cycle,
            "quit": lambda: QUIT,  # Who gave the command calls `stop` when it is answered.
            "faults": lambda: " ".join(sorted(CONDITIONS | LINE_FAULTS)),
            "state": lambda: self.machine.state,
            "tear": self._tear,
        }
        match words:
            case ["fault", name]:
                self._set_fault(name)
                return f"fault {name}"
            case [word] if word in commands:
                return commands[word]()
            case _:
                raise ValueError("commands: fault NAME, " + ", ".join(commands))

    def _set_fault(self, name: str) -> None:
        check_fault(name, on="socket" if isinstance(self.port, SocketPort) else "pty")
        if name in CONDITIONS:
            self.machine.set_condition(name)
            return
        self._faults.add(name)
        self.machine.answers_zero = "clone-zeros" in self._faults
        if name == "paper-out-mid-job":
            self.machine.runs_out_after_lines = _LINES_BEFORE_PAPER_ENDS
        if isinstance(self.port, SocketPort):
            self._set_socket(self.port)

    def _set_socket(self, port: SocketPort) -> None:
        port.is_deaf = "never-read" in self._faults
        port.bite_bytes = 64 if "slow" in self._faults else 4096
        port.swallow_connections(on="black-hole" in self._faults)
        if "refuse" in self._faults:
            port.stop_listening()

    def _clear(self) -> str:
        self._faults.clear()
        self.machine.answers_zero = False
        self.machine.mend()
        if isinstance(self.port, SocketPort):
            self.port.listen_again()
            self._set_socket(self.port)
        return "clear"

    def _refill(self) -> str:
        self._faults.discard("paper-out-mid-job")
        self.machine.refill()
        return "refill"

    def _power_cycle(self) -> str:
        self.machine.power_cycle()
        return "power-cycle"

    def _tear(self) -> str:
        text = self.machine.tear_off()
        if text:
            self._receipt(text)
        return f"tear {text.count(chr(10))} lines"

    def stop(self) -> None:
        """End `serve`."""
        self._quits.set()
        self.port.unplug()

    def play(self, script: Sequence[list[str]], stage: Stage) -> None:
        """Do a script's lines in turn."""
        for words in script:
            if words[0] == "pause":
                self._quits.wait(float(words[1]))
            elif words[0] == "wait-cut":
                self._cut.wait()
                self._cut.clear()
            else:
                stage.say(answer_to(self.obey, words))
                if words == [QUIT]:
                    self.stop()
            if self._quits.is_set():
                return


def check_fault(name: str, *, on: str) -> None:
    """ValueError when no fault has this name, or a pseudo-terminal cannot have it."""
    if name not in CONDITIONS | LINE_FAULTS:
        raise ValueError(f"no fault is called {name}; ask for `faults`")
    if name in _SOCKET_ONLY and on != "socket":
        raise ValueError(f"{name} needs --on socket")


def _check(words: list[str], *, on: str) -> None:
    """Find a script's mistakes before it starts."""
    match words:
        case ["fault", name]:
            check_fault(name, on=on)
        case ["pause", seconds]:
            float(seconds)
        case ["wait-cut" | "clear" | "refill" | "power-cycle" | "quit" | "state" | "tear"]:
            pass
        case _:
            raise ValueError(f"the script's line {' '.join(words)!r} is no command")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="printer", description="A simulated receipt printer.")
    parser.add_argument("--on", choices=("pty", "socket"), default="socket")
    parser.add_argument("--number", type=int, default=0, help="TCP port number with --on socket; 0 = any free one")
    parser.add_argument("--width", type=int, choices=sorted(_COLUMNS), default=58, help="paper in mm")
    parser.add_argument("--columns", type=int, help="cells a line, instead of the paper's usual ones")
    parser.add_argument("--paper", type=Path, metavar="DIR", help="folder for the receipts")
    parser.add_argument("--show", action="store_true", help="show receipts on standard output too")
    parser.add_argument("--fault", metavar="NAME", action="append", default=[])
    parser.add_argument("--script", type=Path, metavar="FILE")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input closes")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to quit; 2 when an argument names nothing."""
    options = _options(arguments)
    stage = Stage(sys.stdout)
    try:
        basket = Basket(options.paper) if options.paper else None

        def on_receipt(text: str) -> None:
            if basket is not None:
                basket.drop(text)
            if basket is None or options.show:
                stage.say(text)

        script = lines_of_script(options.script) if options.script else []
        for words in (*(["fault", name] for name in options.fault), *script):
            _check(words, on=options.on)
        printer = SimulatedPrinter(
            port=PtyPort() if options.on == "pty" else SocketPort(scheme="tcp", number=options.number),
            columns=options.columns or _COLUMNS[options.width],
            on_receipt=on_receipt,
        )
        for fault in options.fault:
            printer.obey(["fault", fault])
    except (OSError, ValueError) as error:
        sys.stderr.write(f"printer: {error}\n")
        return 2
    stage.say(printer.port.name)
    obey_standard_input(printer.obey, stage, printer.stop, stops_at_end=options.until_eof)
    threading.Thread(target=printer.play, args=(script, stage), name="script", daemon=True).start()
    try:
        printer.serve()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
