"""A key store of the tests' own."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from typing_extensions import override


class MemoryKeyring(KeyringBackend):
    """A key store that lives as long as its test, locked on request."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own is untyped
        self.items: dict[tuple[str, str], str] = {}
        self.is_locked = False

    @override
    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("locked")
        return self.items.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password
