"""Whether anybody can still see the desk."""

from __future__ import annotations

import errno
import sys


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
