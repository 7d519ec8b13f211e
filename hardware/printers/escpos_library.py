"""The commands that python-escpos writes for us: QR code, cut, drawer.

Only its `Dummy` is used, as a maker of bytes: its text cannot be forced to GB18030, and its transports neither bound
their waiting nor tell what was lost (docs/devices.md). It is imported by the print worker, when the first slip is
made, for it takes a quarter of a second; what its import does beside that is undone here.
"""

import logging
import tempfile
from functools import lru_cache
from threading import Lock
from typing import Any

_IMPORTING = Lock()


def qr_code(text: str, *, module_dots: int) -> bytes:
    """GS ( k: a code of model 2 that the printer itself draws, its modules 1 … 16 dots wide.

    Correction level L: a slip is read within minutes of its printing, and a smaller symbol reads better on 58 mm.
    """
    dummy = _dummy_class()()
    dummy.qr(text, native=True, size=module_dots)
    return bytes(dummy.output)


def cut() -> bytes:
    """Feed past the cutter (ESC d), then GS V."""
    dummy = _dummy_class()()
    dummy.cut()
    return bytes(dummy.output)


def kick_drawer() -> bytes:
    """ESC p, pin 2: 100 ms on, 100 ms off."""
    dummy = _dummy_class()()
    dummy.cashdraw(2)
    return bytes(dummy.output)


@lru_cache(maxsize=1)
def _dummy_class() -> Any:
    # The library sets up the root logger, which would write over a screen, and leaves a temporary folder behind.
    with _IMPORTING, tempfile.TemporaryDirectory(prefix="mingjia-") as passing:
        root, before = logging.getLogger(), tempfile.tempdir
        handlers = list(root.handlers)
        tempfile.tempdir = passing
        try:
            from escpos.printer import Dummy
        finally:
            tempfile.tempdir = before
            for handler in root.handlers[:]:
                if handler not in handlers:
                    root.removeHandler(handler)
    return Dummy
