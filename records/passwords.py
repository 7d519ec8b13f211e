"""The program's password for a database server: it stands in a file of its own or in the system's key store.

It is read at each connection, so that a changed one needs no restart, and written nowhere by this program but into the
key store.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from records.errors import PasswordError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE: Final = "mingjia database"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def in_file(path: Path) -> str:
    """Return the first line of a file that this user alone may read.

    A file of root's may be readable by one group too, as a service's secrets are. Raises PasswordError.
    """
    try:
        with path.open(encoding="utf-8") as file:
            if os.name != "nt" and _is_open(os.fstat(file.fileno())):
                raise PasswordError(problem="file-open")
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        # The cause could carry the file's bytes.
        raise PasswordError(problem="file") from None


def _is_open(status: os.stat_result) -> bool:
    is_service_file = status.st_uid == 0 and status.st_mode & _OTHERS == stat.S_IRGRP
    return bool(status.st_mode & _OTHERS) and not is_service_file


def require_key_store() -> None:
    """Raise PasswordError where this computer has no key store that counts."""
    with _backend():
        pass


def in_key_store(url: str) -> str:
    """Return what the system's key store holds for a database's address. Raises PasswordError."""
    with _backend() as backend:
        password = backend.get_password(_SERVICE, url)
    if password is None:
        raise PasswordError(problem="not-stored")
    return str(password)


def keep_in_key_store(url: str, password: str) -> None:
    """Put a password, the first or a new one, into the system's key store. Raises PasswordError."""
    with _backend() as backend:
        backend.set_password(_SERVICE, url, password)


@contextmanager
def _backend() -> Iterator[KeyringBackend]:
    from keyring.errors import KeyringError

    from records import key_store

    backend = key_store.system_backend()
    if backend is None:
        raise PasswordError(problem="no-store")
    try:
        yield backend
    except KeyringError as error:
        raise PasswordError(problem="store") from error
