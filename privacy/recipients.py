"""To whom the counter seals: the owner's public keys, one a month, in a list that the owner signed.

The list is public and lies in the venue's data folder. Its signature is checked at every start against the owner's
public key that the journal introduced (`key.added`, use `owner`): a swapped key would make every later
registration readable to whoever swapped it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from privacy import tlv
from privacy.errors import NoRecipientError, RecipientsRefusedError
from records.canonical import canonical

POINT_BYTES: Final = 65

_LABEL: Final = "recipients-v1"
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def month_of(day: date) -> str:
    """Give the month of a date as it labels a key: `2026-11`."""
    return f"{day.year:04d}-{day.month:02d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One public key on P-256: 65 bytes, uncompressed. `month` is the first month it is used in."""

    month: str
    point: bytes

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Give the key itself; a point that is not on the curve is a ValueError."""
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.point)

    def subject_public_key_info(self) -> bytes:
        """Give the DER that the journal's `key.added` holds."""
        return self.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipients:
    """The signed list, oldest month first."""

    site: str
    keys: tuple[Recipient, ...]
    signature: bytes

    @classmethod
    def signed(cls, *, site: str, keys: tuple[Recipient, ...], owner: Ed25519PrivateKey) -> Recipients:
        """Sign a list with the owner's key."""
        ordered = tuple(sorted(keys, key=lambda key: key.month))
        return cls(site=site, keys=ordered, signature=owner.sign(_signed_bytes(site, ordered)))

    @classmethod
    def from_json(cls, text: str, *, site: str, owner: Ed25519PublicKey) -> Recipients:
        """Read a list that `to_json` wrote; raises RecipientsRefusedError unless the owner signed it for `site`."""
        recipients = _parse(text)
        if recipients.site != site:
            raise RecipientsRefusedError(problem="other-site")
        try:
            owner.verify(recipients.signature, _signed_bytes(recipients.site, recipients.keys))
        except InvalidSignature as error:
            raise RecipientsRefusedError(problem="signature") from error
        return recipients

    def to_json(self) -> str:
        """Write the list; docs/privacy.md describes the form."""
        keys = [{"month": key.month, "public": base64.b64encode(key.point).decode()} for key in self.keys]
        signature = base64.b64encode(self.signature).decode()
        return canonical({"v": 1, "site": self.site, "keys": keys, "signature": signature}).decode() + "\n"

    def on(self, day: date) -> Recipient:
        """Give the newest key whose month has begun.

        Where the owner has not come to add keys, the last one goes on serving: a counter must not stop at the end
        of a list. Raises NoRecipientError before the first month.
        """
        begun = [key for key in self.keys if key.month <= month_of(day)]
        if not begun:
            raise NoRecipientError(month=month_of(day))
        return begun[-1]


def fingerprint(owner: Ed25519PublicKey) -> str:
    """Give the owner key's fingerprint for people to compare: 8 groups of 4 hex digits of its SHA-256."""
    digits = hashlib.sha256(owner.public_bytes_raw()).hexdigest()[:32]
    return " ".join(digits[place : place + 4] for place in range(0, 32, 4))


def _signed_bytes(site: str, keys: tuple[Recipient, ...]) -> bytes:
    return tlv.encode(_LABEL, site, *(item for key in keys for item in (key.month, key.point)))


def _parse(text: str) -> Recipients:
    try:
        return _from_document(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RecipientsRefusedError(problem="not-a-list") from error


def _from_document(document: dict[str, Any]) -> Recipients:
    if document["v"] != 1 or sorted(document) != ["keys", "signature", "site", "v"]:
        raise ValueError("another form")
    keys = tuple(_parse_key(item) for item in document["keys"])
    return Recipients(site=str(document["site"]), keys=keys, signature=_strict_base64(document["signature"]))


def _parse_key(item: dict[str, str]) -> Recipient:
    key = Recipient(month=item["month"], point=_strict_base64(item["public"]))
    if _MONTH.fullmatch(key.month) is None or len(key.point) != POINT_BYTES:
        raise ValueError("no key of a month")
    key.public_key()
    return key


def _strict_base64(text: str) -> bytes:
    # `binascii.Error` is a ValueError. Bits beyond the last byte are refused too: one list has one form.
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("not canonical base64")
    return content
