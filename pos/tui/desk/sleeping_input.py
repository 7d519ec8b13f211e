"""Textual's terminal driver on POSIX, with an input thread that sleeps until somebody types.

Textual's own looks up ten times a second: to see whether the program ends, and whether a lone Esc has waited long
enough to be a key and no beginning of a sequence. Each look wakes the processor; together they cost as much as a third
of painting the seats. Here the end of the program is something that the thread can wait for, and it looks up by itself
only after input.
"""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from contextlib import suppress
from threading import Event
from typing import Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

_READ_BYTES = 4096


class Felt(Event):
    """An event that `select` can wait for beside a terminal. One thread sets and clears it."""

    def __init__(self) -> None:
        super().__init__()
        self._reads, self._writes = os.pipe()  # As long as the program lives: Textual starts and stops it again.

    def fileno(self) -> int:
        """Return what can be read while it is set."""
        return self._reads

    def set(self) -> None:
        """Let whoever waits go on."""
        was_set = self.is_set()
        super().set()
        if not was_set:
            os.write(self._writes, b".")

    def clear(self) -> None:
        """Let whoever comes wait again."""
        if self.is_set():
            os.read(self._reads, 1)
        super().clear()


class SleepingInputDriver(LinuxDriver):
    """What is read means what it means to Textual, whose parser it goes through."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.exit_event: Felt = Felt()

    def run_input_thread(self) -> None:
        """Hand on what is typed until the program ends, or nothing can come any more."""
        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")().decode
        patience: float | None = None
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno, self.exit_event], [], [], patience)
            if self.fileno not in ready:
                patience = None
                for message in parser.tick():
                    self.process_message(message)
                continue
            read = os.read(self.fileno, _READ_BYTES)
            if not read:  # The terminal is gone.
                break
            if text := decode(read):  # Half a character says nothing yet.
                for message in parser.feed(text):
                    self.process_message(message)
            patience = ESCAPE_DELAY
        with suppress(EOFError, ParseError):
            list(parser.feed(""))
