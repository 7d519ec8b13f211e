"""What the desk asks its terminal: whether anybody still sees it, and how wide it draws signs."""

from __future__ import annotations

import errno
import os
import re
import select
import sys
from collections.abc import Mapping
from typing import Final

ANSWERS_WITHIN_SECONDS: Final = 1.5
"""Over a slow line an answer takes its time, and without it the signs would be drawn too narrow until the desk ends.
What comes later still is no key: Textual passes it over."""
_PLACE: Final = re.compile(rb"\x1b\[(\d+);(\d+)R")


def is_hung_up() -> bool:
    """Say whether the terminal behind standard input is gone: its window closed, its line dropped (POSIX).

    A program that leads its terminal's session is told by a signal. One that does not would go on reading the end of
    the line for ever.
    """
    if sys.platform == "win32" or sys.__stdin__ is None:
        return False
    import termios

    try:
        termios.tcgetattr(sys.__stdin__.fileno())
    except termios.error as error:
        return bool(error.args) and error.args[0] == errno.EIO
    except (OSError, ValueError):
        return False  # No terminal to begin with.
    return False


def draws_signs_wide(environment: Mapping[str, str]) -> bool:
    """Ask the terminal whether it draws ▶ two cells wide; one that does not answer at once draws it narrow.

    Asked only where the language makes it likely (Chinese, Japanese, Korean), on POSIX.
    """
    language = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    if sys.platform == "win32" or sys.__stdin__ is None or not language.startswith(("zh", "ja", "ko")):
        return False
    try:
        return _column_after_sign(sys.__stdin__.fileno()) == 3
    except (OSError, ValueError):
        return False


def _column_after_sign(terminal: int) -> int | None:
    """Write one sign at the left edge, ask where the cursor is, and wipe it out again."""
    import termios
    import tty

    try:
        before = termios.tcgetattr(terminal)
    except termios.error:
        return None
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        os.write(terminal, "\r▶\x1b[6n".encode())
        found = _PLACE.search(_answer(terminal))
        os.write(terminal, b"\r\x1b[K")
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    return None if found is None else int(found[2])


def _answer(terminal: int) -> bytes:
    """Read until the cursor's place has come, or nothing comes any more."""
    answer = b""
    while _PLACE.search(answer) is None and select.select([terminal], [], [], ANSWERS_WITHIN_SECONDS)[0]:
        part = os.read(terminal, 64)
        if not part:
            break
        answer += part
    return answer
