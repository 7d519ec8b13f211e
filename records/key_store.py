"""The system's key store: Secret Service, Keychain or the Windows Credential Manager, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


def system_backend() -> KeyringBackend | None:
    """Give the system's key store, or None on a headless machine.

    `keyring`'s own choice is not asked: it could be a plaintext file, a null store or a third party's plug-in.
    """
    from importlib import import_module

    for module, name in (
        ("keyring.backends.Windows", "WinVaultKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.SecretService", "Keyring"),
    ):
        backend: type[KeyringBackend] = getattr(import_module(module), name)
        if backend.viable:
            return backend()
    return None
