"""A data folder in the making: a hidden draft beside its place, which it takes as the last step, all or nothing.

Whoever makes one holds its place. So a draft that nobody holds was cut off (a power cut, a killed program), never was
anybody's folder, and goes with the next attempt.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pos.errors import FolderInMakingError
from records.errors import AlreadyOpenError
from records.folder import held_as_long

FOUNDING: Final = "founding"
JOINING: Final = "joining"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Be the only one who makes this folder. Raises FolderInMakingError."""
    place = folder.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = held_as_long(place.parent / f".{place.name}.making")
        with lock:
            yield
    except AlreadyOpenError as error:
        raise FolderInMakingError(folder=str(folder)) from error


@contextmanager
def draft_of(folder: Path, purpose: str) -> Iterator[Path]:
    """Name a draft of a folder, and leave nothing of it that did not take its place. Raises FolderInMakingError."""
    place = folder.resolve()
    draft = place.parent / f".{place.name}.{purpose}-{secrets.token_hex(4)}"
    with held(folder):
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def take_place(draft: Path, folder: Path) -> None:
    """Give a draft its folder's name, for good: also after a power cut."""
    if folder.is_dir():
        folder.rmdir()  # It was empty, and Windows renames onto nothing that exists.
    draft.rename(folder)
    if os.name == "posix":
        parent = os.open(folder.resolve().parent, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)


def cut_off(folder: Path, purpose: str) -> list[Path]:
    """Drafts of a folder; whoever holds it knows that nobody works in them any more."""
    place = folder.resolve()
    if not place.parent.is_dir():
        return []
    begins = f".{place.name}.{purpose}-"
    return sorted(path for path in place.parent.iterdir() if path.name.startswith(begins) and path.is_dir())
