"""How far something long has come, on a terminal; nothing where nobody looks at one."""

from __future__ import annotations

import sys


class Progress:
    """Shows a share on standard error and wipes it away at the end. Call it with what is done and what there is."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._percent = -1

    def __call__(self, done: int, whole: int) -> None:
        """Show the share if it has grown by a hundredth."""
        percent = 100 * done // whole
        if not self._is_shown or percent == self._percent:
            return
        self._percent = percent
        sys.stderr.write("\r\033[K" if done == whole else f"\r{percent:3} %")
        sys.stderr.flush()
