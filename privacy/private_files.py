"""Writing a file that nobody else may read, whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Create `path` with mode 0600; raises FileExistsError rather than replace a file, OSError as it comes.

    The content is complete and on the disk before the name exists. Windows knows no modes: there the folder's
    access list, which new files inherit, decides.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _name(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _name(beside: Path, path: Path) -> None:
    if os.name == "nt":
        beside.rename(path)  # On Windows, renaming to a name that exists is an error.
        return
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:
        # A memory stick's file system has no hard links; there the check and the renaming are two steps.
        if path.exists():
            raise FileExistsError(str(path)) from None
        beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
