"""The files of a bundle on their way into a reproducible zip: written once, hashed while they are written."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final

from records.canonical import canonical

_CHUNK_BYTES: Final = 1 << 20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # The earliest time that a zip can hold.
_UNIX: Final = 3
_REGULAR_0644: Final = 0o100644 << 16


class BundleFiles:
    """A private folder of files that grow side by side."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, IO[bytes]] = {}
        self._hashes: dict[str, hashlib._Hash] = {}
        self._stack = ExitStack()

    def append(self, path: str, data: bytes) -> None:
        """Append to the file at this path of the bundle."""
        if path not in self._open:
            place = self._folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            self._open[path] = self._stack.enter_context(place.open("xb", buffering=_CHUNK_BYTES))
            self._hashes[path] = hashlib.sha256()
        self._open[path].write(data)
        self._hashes[path].update(data)

    def manifest(self) -> bytes:
        """The canonical list of every file so far and its hash."""
        return canonical({"files": {path: digest.hexdigest() for path, digest in self._hashes.items()}})

    def zip_into(self, out: BinaryIO) -> None:
        """Write the zip: members by path, without anything that differs from run to run."""
        self._stack.close()
        with zipfile.ZipFile(out, "w") as archive:
            for path in sorted(self._open):
                member = zipfile.ZipInfo(path, _EPOCH)
                member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, _UNIX
                member.external_attr = _REGULAR_0644
                with (self._folder / path).open("rb") as source, archive.open(member, "w", force_zip64=False) as target:
                    shutil.copyfileobj(source, target, _CHUNK_BYTES)

    def close(self) -> None:
        """Close what is still open."""
        self._stack.close()


@contextmanager
def staged(beside: Path) -> Iterator[BundleFiles]:
    """Files in a folder of mode 0700 beside the bundle to be; it goes when the block is left."""
    with tempfile.TemporaryDirectory(prefix=".bundle-", dir=beside.parent) as folder:
        files = BundleFiles(Path(folder))
        try:
            yield files
        finally:
            files.close()


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """Write a file of mode 0600 that takes its place only when it is whole and on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)  # mkstemp gives mode 0600.
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
