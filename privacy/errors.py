"""What can go wrong with keys and sealed things. No class here carries a plaintext, a passphrase or a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class PrivacyError(Exception):
    """Root of this package's errors."""

    code: ClassVar[str] = "privacy"


class SealedDataError(PrivacyError):
    """Something sealed does not open. One class without detail, so that no difference helps who tampers."""

    code: ClassVar[str] = "sealed-data"


@dataclass(eq=False)
class PassphraseWrongError(PrivacyError):
    """The passphrase does not open the file, or the file was altered: the cipher cannot tell which."""

    code: ClassVar[str] = "passphrase-wrong"

    path: str


@dataclass(eq=False)
class PassphraseEmptyError(PrivacyError):
    """An empty passphrase protects nothing."""

    code: ClassVar[str] = "passphrase-empty"


@dataclass(eq=False)
class OwnerKeyFileError(PrivacyError):
    """The file is no owner's key file. Problems: `missing`, `exists`, `unreadable`, `not-a-key-file`, `unwritable`."""

    code: ClassVar[str] = "owner-key-file"

    path: str
    problem: str


@dataclass(eq=False)
class SecretStoreError(PrivacyError):
    """The counter's secrets cannot be had or kept.

    Problems: `missing`, `exists`, `unreadable`, `damaged`, `unwritable` (either store), `unavailable` and
    `locked` (the system's key store: none of a kind that counts, or its owner has not unlocked it).
    """

    code: ClassVar[str] = "secret-store"

    store: str
    problem: str


@dataclass(eq=False)
class RecipientsRefusedError(PrivacyError):
    """The list of the owner's public keys is not the one the owner signed for this venue.

    Whoever swaps a key in it could read every later registration: nothing is sealed, the program does not start.
    Problems: `not-a-list`, `other-site`, `signature`.
    """

    code: ClassVar[str] = "recipients-refused"

    problem: str


@dataclass(eq=False)
class NoRecipientError(PrivacyError):
    """No key of the owner's list has begun by the month of this date; the clock is wrong, or the list."""

    code: ClassVar[str] = "no-recipient"

    month: str


@dataclass(eq=False)
class EnrolmentFileError(PrivacyError):
    """A desk's enrolment file cannot be used. `problem`: form, passphrase."""

    code: ClassVar[str] = "enrolment-file"
    problem: str
