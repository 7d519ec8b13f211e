"""Where the counter's secrets rest: the system's key store, or a file under a passphrase.

The choice is made once, at `mingjia init --secret-store`, and never falls from one to the other by itself: a
counter that quietly kept its keys in a weaker place would be worse than one that asks.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from privacy import passphrase_files
from privacy.counter_secrets import CounterSecrets
from privacy.errors import PassphraseWrongError, SealedDataError, SecretStoreError
from privacy.passphrases import DEFAULT_COST, Argon2Cost
from privacy.private_files import write_private

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

FILE_NAME: Final = "counter-secrets"

_MAGIC: Final = b"mingjia counter-secrets 1\n"
_LARGEST_FILE_BYTES: Final = 65536
_SERVICE: Final = "mingjia"


class SecretStore(Protocol):
    """One place where secrets rest."""

    def save(self, counter_secrets: CounterSecrets) -> None:
        """Keep them; raises SecretStoreError rather than replace what is there."""

    def load(self) -> CounterSecrets:
        """Give them back; raises SecretStoreError, PassphraseWrongError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PassphraseStore:
    """The file `counter-secrets` of the data folder, in the form of `passphrase_files`."""

    folder: Path
    passphrase: str = field(repr=False)
    cost: Argon2Cost = DEFAULT_COST

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / FILE_NAME

    def save(self, counter_secrets: CounterSecrets) -> None:
        """Write the file, mode 0600, whole or not at all; it never replaces one."""
        sealed = passphrase_files.seal(counter_secrets.to_bytes(), self.passphrase, magic=_MAGIC, cost=self.cost)
        try:
            write_private(self.path, sealed)
        except FileExistsError as error:
            raise SecretStoreError(store="passphrase", problem="exists") from error
        except OSError as error:
            raise SecretStoreError(store="passphrase", problem="unwritable") from error

    def load(self) -> CounterSecrets:
        """Read the file; a wrong passphrase and an altered file look the same."""
        content = self._content()
        try:
            return CounterSecrets.from_bytes(passphrase_files.unseal(content, self.passphrase, magic=_MAGIC))
        except SealedDataError as error:
            raise PassphraseWrongError(path=str(self.path)) from error
        except ValueError:
            # The cause is left out, as everywhere near a secret.
            raise SecretStoreError(store="passphrase", problem="damaged") from None

    def _content(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(_LARGEST_FILE_BYTES)
        except FileNotFoundError as error:
            raise SecretStoreError(store="passphrase", problem="missing") from error
        except OSError as error:
            raise SecretStoreError(store="passphrase", problem="unreadable") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemStore:
    """The key store of the desktop: Secret Service, Keychain or the Windows Credential Manager, one item a venue.

    The backend is an argument so that a test brings its own; `records.key_store` finds the real one.
    """

    site: str
    backend: KeyringBackend = field(repr=False)

    def save(self, counter_secrets: CounterSecrets) -> None:
        """Keep them under the venue's site id; never replaces an item."""
        if self._password() is not None:
            raise SecretStoreError(store="system", problem="exists")
        encoded = base64.b64encode(counter_secrets.to_bytes()).decode()
        with _keyring_errors():
            self.backend.set_password(_SERVICE, self.site, encoded)

    def load(self) -> CounterSecrets:
        """Ask the key store; it may ask its user to unlock it."""
        encoded = self._password()
        if encoded is None:
            raise SecretStoreError(store="system", problem="missing")
        try:
            return CounterSecrets.from_bytes(base64.b64decode(encoded, validate=True))
        except ValueError:
            # The cause is left out, as everywhere near a secret.
            raise SecretStoreError(store="system", problem="damaged") from None

    def _password(self) -> str | None:
        with _keyring_errors():
            return self.backend.get_password(_SERVICE, self.site)


@contextmanager
def _keyring_errors() -> Iterator[None]:
    from keyring.errors import InitError, KeyringError, KeyringLocked

    try:
        yield
    except (KeyringLocked, InitError) as error:
        raise SecretStoreError(store="system", problem="locked") from error
    except KeyringError as error:
        raise SecretStoreError(store="system", problem="unavailable") from error
