"""A simulated ID-card reader: `python -m hardware.simulated.id_reader --on pty --card adult-a`.

Its first line is the port. Then it obeys, from standard input or a script: `place NAME`, `lift`,
`fault NAME [once]`, `clear`, `unplug`, `plug`, `cards`, `faults`, `state`, `quit`; in scripts `pause SECONDS`.
In a script a card lies until it has been read, and the next one comes when the host has seen the empty place.
"""

import argparse
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hardware.simulated.control import QUIT, Stage, answer_to, lines_of_script, obey_standard_input
from hardware.simulated.people import CARDS, Card, find_card
from hardware.simulated.ports import Port, PtyPort, SocketPort
from hardware.simulated.reader_faults import FAULTS, TRAITS, Exchange, FaultyLine
from hardware.simulated.samv_module import QuestionScanner, SamvModule


class SimulatedReader:
    """The module, its port, and the hand that lays cards down."""

    def __init__(self, *, on: str, number: int, stage: Stage) -> None:
        self._on = on
        self._number = number
        self._stage = stage
        self._quits = threading.Event()
        self._plugged = threading.Event()
        self._unplugged = threading.Event()
        self.module = SamvModule()
        self._line = FaultyLine(self._new_port(), self.module)

    @property
    def port_name(self) -> str:
        """What the host opens."""
        return self._line.port.name

    def _new_port(self) -> Port:
        if self._on == "pty":
            return PtyPort()
        return SocketPort(scheme="socket", number=self._number)

    def serve(self) -> None:
        """Answer the host until told to quit; unplugged, wait to be plugged in again."""
        while not self._quits.is_set():
            self._serve_plugged()
            self._plugged.clear()
            self._unplugged.set()
            if not self._quits.is_set():
                self._plugged.wait()

    def _serve_plugged(self) -> None:
        scanner = QuestionScanner()
        while (block := self._line.port.receive()) is not None:
            for question in scanner.scan(block):
                answer = self.module.answer(question)
                self._line.deliver(Exchange(question=question, asked=block, answer=answer))

    def obey(self, words: list[str]) -> str:
        """One command; ValueError says what was wrong with it."""
        match words:
            case ["place", name]:
                self.module.place(self._card(name))
                return f"place {name}"
            case ["lift"]:
                self.module.lift()
                return "lift"
            case ["fault", name] | ["fault", name, "once"]:
                if not self._line.set_fault(name, once=len(words) == 3):
                    raise ValueError(f"no fault is called {name}; ask for `faults`")
                return " ".join(words)
            case ["clear"]:
                self._line.clear()
                return "clear"
            case ["unplug" | "plug"]:
                return self._cable(words[0])
            case ["cards" | "faults" | "state" | "quit"]:
                return self._tell(words[0])
            case _:
                raise ValueError(
                    "commands: place NAME, lift, fault NAME [once], clear, unplug, plug, cards, faults, state, quit"
                )

    def _tell(self, what: str) -> str:
        if what == QUIT:
            return QUIT  # Who gave the command calls `stop` when it is answered.
        if what == "cards":
            return " ".join(CARDS)
        if what == "faults":
            return " ".join((*FAULTS, *TRAITS))
        card = self.module.card.name if self.module.card else "none"
        return f"card={card} reads={self.module.reads} empty_finds={self.module.empty_finds}"

    @staticmethod
    def _card(name: str) -> Card:
        card = find_card(name)
        if card is None:
            raise ValueError(f"no card is called {name}; ask for `cards`")
        return card

    def _cable(self, what: str) -> str:
        if what == "unplug":
            self._line.port.unplug()
        elif not self._line.port.unplugged:
            raise ValueError("it is plugged in")
        else:
            self._unplugged.wait()  # The serving thread closes the old port.
            self._line.port = self._new_port()
            self._unplugged.clear()
            self._plugged.set()
            return f"port {self.port_name}"
        return what

    def stop(self) -> None:
        """End `serve`."""
        self._quits.set()
        self._line.port.unplug()
        self._plugged.set()

    def play(self, script: Sequence[list[str]]) -> None:
        """Do a script's lines, each when the host has seen the effect of the one before."""
        for words in script:
            if self._quits.is_set():
                return
            if words[0] == "pause":
                self._quits.wait(float(words[1]))
                continue
            if words[0] in {"place", "lift"} and self.module.card is not None:
                self._wait_for_host(lambda module: module.reads > 0)
            if words[0] == "place" and self.module.card is not None:
                self.module.lift()
            if words[0] == "place":
                self._wait_for_host(lambda module: module.empty_finds > 0)
            self._stage.say(answer_to(self.obey, words))
            if words == [QUIT]:
                self.stop()

    def _wait_for_host(self, condition: Callable[[SamvModule], bool]) -> None:
        while not self._quits.is_set() and not self.module.wait_for(condition, 0.5):
            pass


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="id_reader", description="A simulated ID-card reader.")
    parser.add_argument("--on", choices=("pty", "socket"), default="socket" if sys.platform == "win32" else "pty")
    parser.add_argument("--number", type=int, default=0, help="TCP port number with --on socket; 0 = any free one")
    parser.add_argument("--card", metavar="NAME", action="append", default=[], help="cards to lay down, in turn")
    parser.add_argument("--fault", metavar="NAME", default="")
    parser.add_argument("--script", type=Path, metavar="FILE")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input closes")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to quit; 2 when an argument names nothing."""
    options = _options(arguments)
    stage = Stage(sys.stdout)
    try:
        script = lines_of_script(options.script) if options.script else []
        script = [["place", name] for name in options.card[1:]] + script
        at_once = [["fault", options.fault]] if options.fault else []
        at_once += [["place", name] for name in options.card[:1]]
        for words in (*at_once, *script):
            _check(words)
        reader = SimulatedReader(on=options.on, number=options.number, stage=stage)
        for words in at_once:
            reader.obey(words)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"id_reader: {error}\n")
        return 2
    stage.say(reader.port_name)
    obey_standard_input(reader.obey, stage, reader.stop, stops_at_end=options.until_eof)
    threading.Thread(target=reader.play, args=(script,), name="script", daemon=True).start()
    try:
        reader.serve()
    except KeyboardInterrupt:
        return 0
    return 0


def _check(words: list[str]) -> None:
    """Find a script's mistakes before it starts."""
    match words:
        case ["place", name]:
            if find_card(name) is None:
                raise ValueError(f"no card is called {name}")
        case ["fault", name] | ["fault", name, "once"]:
            if name not in FAULTS and name not in TRAITS:
                raise ValueError(f"no fault is called {name}")
        case ["pause", seconds]:
            float(seconds)
        case ["lift" | "clear" | "unplug" | "plug" | "quit" | "state"]:
            pass
        case _:
            raise ValueError(f"the script's line {' '.join(words)!r} is no command")


if __name__ == "__main__":
    sys.exit(main())
