"""What is typed arrives as it does with Textual's own driver, from a thread that sleeps in between."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.terminal import ProgramOnTerminal, on_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

_PROGRAM = """
import select

from textual.app import App
from textual.widgets import Static

from pos.tui.desk.sleeping_input import SleepingInputDriver

patiences, waits = [], select.select


def watched(reads, writes, troubles, patience=None):
    if len(reads) == 2:  # The input and the end of the program: no other wait here has both.
        patiences.append(patience)
    return waits(reads, writes, troubles, patience)


class Echo(App):
    typed = []

    def compose(self):
        yield Static("ready", markup=False)

    def on_key(self, event):
        self.typed.append(event.key)
        if event.key == "q":
            self.exit()
        elif event.key == "s":
            waited = patiences if patiences[-1] is None else patiences[:-1]  # The last may be that after this key.
            self.query_one(Static).update("waited " + " ".join(map(str, waited)) + ".")
        else:
            self.query_one(Static).update(f"typed {' '.join(self.typed)}.")


if __name__ == "__main__":
    select.select = watched
    Echo(driver_class=SleepingInputDriver).run()
    print("ended well")
"""


@contextmanager
def echo(*, escape_delay_ms: int = 100) -> Iterator[ProgramOnTerminal]:
    environment = {"ESCDELAY": str(escape_delay_ms)}
    with on_terminal("-c", _PROGRAM, columns=60, lines=5, environment=environment) as program:
        program.wait_for("ready")
        yield program


def test_keys_sequences_and_half_characters_arrive() -> None:
    with echo(escape_delay_ms=60_000) as program:  # However late the other half of a sequence comes.
        program.press("a\x1b[C")
        program.wait_for("typed a right.")
        program.press("\x1b")
        program.press("[D")
        program.wait_for("typed a right left.")
        program.send("网".encode()[:1])
        program.send("网".encode()[1:])
        program.wait_for("网.")


def test_a_lone_escape_is_a_key_though_nothing_follows_it() -> None:
    with echo() as program:
        program.press("\x1b")
        program.wait_for("typed escape.")


def test_the_thread_looks_up_by_itself_only_after_something_was_typed() -> None:
    with echo() as program:
        program.press("\x1b")
        program.wait_for("typed escape.")
        program.press("s")
        program.wait_for("waited None 0.1 None.")


def test_the_program_ends_while_the_thread_sleeps() -> None:
    with echo() as program:
        program.press("q")
        program.wait_for("ended well")
        assert program.wait_until_ended() == 0
