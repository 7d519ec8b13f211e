"""Commands to a simulator: one a line from standard input, answered on standard output; or a script."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

Obey = Callable[[list[str]], str]
"""Does one command, given as words, and returns the answer; ValueError says what was wrong with it."""


QUIT = "quit"


class Stage:
    """What the simulator says, from whichever thread, one whole line after the other."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Print at once: someone waits at the other end of a pipe."""
        # Who listens no more misses nothing.
        with self._lock, suppress(OSError, ValueError):
            print(line, file=self._out, flush=True)


def lines_of_script(path: Path) -> list[list[str]]:
    """The script's commands; blank lines and lines that begin with # are left out."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line.split() for line in lines if line and not line.startswith("#")]


def obey_standard_input(obey: Obey, stage: Stage, stop: Callable[[], None], *, stops_at_end: bool) -> threading.Thread:
    """Obey each line of standard input in a thread of its own.

    `quit` is answered before `stop` is called, so that the answer is not lost with the process; with `stops_at_end`
    the end of the input stops too.
    """

    def run() -> None:
        for line in _lines(sys.stdin):
            stage.say(answer_to(obey, line.split()))
            if line.split() == [QUIT]:
                stop()
        if stops_at_end:
            stop()

    thread = threading.Thread(target=run, name="control", daemon=True)
    thread.start()
    return thread


def _lines(stream: TextIO | None) -> Iterator[str]:
    if stream is None:  # Started without a console.
        return
    try:
        yield from (line for line in stream if line.strip())
    except ValueError:  # Closed under us at the end of the process, or bytes that are no text.
        return


def answer_to(obey: Obey, words: list[str]) -> str:
    """`ok …` or `error …`."""
    try:
        answer = obey(words)
    except ValueError as error:
        return f"error {error}"
    return f"ok {answer}".rstrip()
