"""Python's garbage collector, kept from halting the desk.

When the desk is open, some hundred thousand objects are there for good: modules, tables, styles. The collector would
look at each of them again and again, and nothing else runs meanwhile: 80 ms, in the midst of a key. What is there is
therefore set aside. What comes later is looked at after every 20 000 new objects instead of every 700: a tick of the
seat map makes some thousands that are gone by themselves.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_NEW_OBJECTS: Final = 20_000


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector pass over what is there now, and come seldom; afterwards all is as it was."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
