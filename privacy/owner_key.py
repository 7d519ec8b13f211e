"""The owner's key file: one signing key, and a private key for each month. It never lies in the data folder.

A text file: a head with the site and the cost of the passphrase, then PEM blocks (PKCS#8, encrypted), each under a
line that says what it is for. Their password is the passphrase stretched by Argon2id, for PKCS#8 alone stretches
too little. The months' keys are drawn one by one, not derived from a master: destroying one makes that month's
registrations unreadable for good, in every backup, and leaves the others.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy.errors import OwnerKeyFileError, PassphraseWrongError, SealedDataError
from privacy.passphrases import DEFAULT_COST, SALT_BYTES, Argon2Cost, stretch
from privacy.private_files import write_private
from privacy.recipients import Recipient, Recipients, month_of

MONTHS_AT_INIT: Final = 12

_TITLE: Final = "Mingjia owner key, format 1"
_HEAD: Final = re.compile(
    rf"{_TITLE}\nsite: (?P<site>[^\n]*)\n"
    r"argon2id: salt=(?P<salt>[A-Za-z0-9+/=]{24}) memory=(?P<memory>[0-9]{1,7}) "
    r"time=(?P<time>[0-9]{1,2}) lanes=(?P<lanes>[0-9]{1,2})\n"
)
_BLOCK: Final = re.compile(
    r"use: (?P<use>owner|registration-seal (?P<month>[0-9]{4}-[0-9]{2}))\n"
    r"(?P<pem>-----BEGIN ENCRYPTED PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END ENCRYPTED PRIVATE KEY-----\n)"
)
_LARGEST_FILE_BYTES: Final = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerKey:
    """The owner's private keys, opened. `months` maps `2026-11` to the key that the month's data keys go to."""

    site: str
    signing_key: Ed25519PrivateKey = field(repr=False)
    months: Mapping[str, ec.EllipticCurvePrivateKey] = field(repr=False)

    @classmethod
    def create(cls, *, site: str, first_month: date, months: int = MONTHS_AT_INIT) -> OwnerKey:
        """Draw a signing key and the keys of `months` months from that of `first_month` on."""
        labels = [month_of(_months_later(first_month, count)) for count in range(months)]
        keys = {label: ec.generate_private_key(ec.SECP256R1()) for label in labels}
        return cls(site=site, signing_key=Ed25519PrivateKey.generate(), months=keys)

    @classmethod
    def load(cls, path: Path, passphrase: str) -> OwnerKey:
        """Read the file; raises OwnerKeyFileError, PassphraseWrongError, PassphraseEmptyError."""
        text = _read(path)
        head = _HEAD.match(text)
        if head is None:
            raise OwnerKeyFileError(path=str(path), problem="not-a-key-file")
        cost = Argon2Cost(memory_kib=int(head["memory"]), iterations=int(head["time"]), lanes=int(head["lanes"]))
        if not cost.is_acceptable():
            raise OwnerKeyFileError(path=str(path), problem="not-a-key-file")
        password = _password(passphrase, base64.b64decode(head["salt"]), cost)
        return _assembled(path, head["site"], _blocks(path, text[head.end() :], password))

    def save(self, path: Path, passphrase: str, *, cost: Argon2Cost = DEFAULT_COST) -> None:
        """Write a new file that only its owner may read; raises OwnerKeyFileError rather than replace one."""
        try:
            write_private(path, self._text(passphrase, cost).encode())
        except FileExistsError as error:
            raise OwnerKeyFileError(path=str(path), problem="exists") from error
        except OSError as error:
            raise OwnerKeyFileError(path=str(path), problem="unwritable") from error

    def recipient(self, month: str) -> Recipient:
        """Give the public key of a month; raises SealedDataError where this file has none."""
        private_key = self.months.get(month)
        if private_key is None:
            raise SealedDataError
        point = private_key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Recipient(month=month, point=point)

    def recipients(self) -> Recipients:
        """Give the signed list of public keys that the counter seals to."""
        keys = tuple(self.recipient(month) for month in self.months)
        return Recipients.signed(site=self.site, keys=keys, owner=self.signing_key)

    def _text(self, passphrase: str, cost: Argon2Cost) -> str:
        salt = secrets.token_bytes(SALT_BYTES)
        password = _password(passphrase, salt, cost)
        head = (
            f"{_TITLE}\nsite: {self.site}\nargon2id: salt={base64.b64encode(salt).decode()} "
            f"memory={cost.memory_kib} time={cost.iterations} lanes={cost.lanes}\n"
        )
        keys = {"owner": self.signing_key} | {
            f"registration-seal {month}": self.months[month] for month in sorted(self.months)
        }
        return head + "".join(f"\nuse: {use}\n{_pem(key, password)}" for use, key in keys.items())


def site_of_key_file(path: Path) -> str | None:
    """The venue that a key file is of, which it tells without its passphrase; None where there is no such file."""
    try:
        head = _HEAD.match(_read(path))
    except OwnerKeyFileError:
        return None
    return None if head is None else head["site"]


def _password(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    # In hex, so that it can be handed to other programs that open PKCS#8.
    return stretch(passphrase, salt=salt, cost=cost).hex().encode()


def _pem(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, password: bytes) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    ).decode()


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE_BYTES)
        return content.decode("ascii").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise OwnerKeyFileError(path=str(path), problem="missing") from error
    except OSError as error:
        raise OwnerKeyFileError(path=str(path), problem="unreadable") from error
    except UnicodeDecodeError:
        # The cause would carry the file's bytes.
        raise OwnerKeyFileError(path=str(path), problem="not-a-key-file") from None


def _blocks(path: Path, text: str, password: bytes) -> dict[str, object]:
    keys: dict[str, object] = {}
    for block in _BLOCK.finditer(text):
        try:
            keys[block["use"]] = serialization.load_pem_private_key(block["pem"].encode(), password)
        except ValueError as error:
            raise PassphraseWrongError(path=str(path)) from error
    return keys


def _assembled(path: Path, site: str, keys: dict[str, object]) -> OwnerKey:
    signing_key = keys.pop("owner", None)
    months = {
        use.removeprefix("registration-seal "): key
        for use, key in keys.items()
        if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    }
    if not isinstance(signing_key, Ed25519PrivateKey) or not months or len(months) != len(keys):
        raise OwnerKeyFileError(path=str(path), problem="not-a-key-file")
    return OwnerKey(site=site, signing_key=signing_key, months=months)


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
