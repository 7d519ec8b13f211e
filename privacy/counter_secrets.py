"""What the counter must keep to itself: index keys, signing keys, the pepper of PINs. Nothing here opens a box.

Where they rest is `secret_stores`' affair; here is what they are and their one byte form.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import tlv
from privacy.blind_index import IndexKey

SECRET_BYTES: Final = 32

_LABEL: Final = b"counter-secrets-v1"
_ITEMS: Final = 9


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterSecrets:
    """The secrets of one venue's counter, shared by its desks but for the signing keys.

    `checkpoint_ed25519` and `registration_ed25519` are 32-byte seeds, `checkpoint_p256` a 32-byte scalar.
    """

    site: str
    registration_index: IndexKey
    member_index: IndexKey
    checkpoint_ed25519: bytes = field(repr=False)
    checkpoint_p256: bytes = field(repr=False)
    registration_ed25519: bytes = field(repr=False)
    pin_pepper: bytes = field(repr=False)

    @classmethod
    def create(cls, *, site: str) -> CounterSecrets:
        """Draw every secret anew."""
        p256 = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return cls(
            site=site,
            registration_index=IndexKey(version=1, secret=secrets.token_bytes(SECRET_BYTES)),
            member_index=IndexKey(version=1, secret=secrets.token_bytes(SECRET_BYTES)),
            checkpoint_ed25519=Ed25519PrivateKey.generate().private_bytes_raw(),
            checkpoint_p256=p256.to_bytes(SECRET_BYTES, "big"),
            registration_ed25519=Ed25519PrivateKey.generate().private_bytes_raw(),
            pin_pepper=secrets.token_bytes(SECRET_BYTES),
        )

    def for_another_desk(self) -> CounterSecrets:
        """Return the secrets of a further desk: the shared ones, and signing keys of its own."""
        own = CounterSecrets.create(site=self.site)
        return replace(
            own,
            registration_index=self.registration_index,
            member_index=self.member_index,
            pin_pepper=self.pin_pepper,
        )

    @classmethod
    def from_bytes(cls, encoded: bytes) -> CounterSecrets:
        """Read what `to_bytes` gave; ValueError, with none of the bytes in it, for anything else."""
        items, end = tlv.decode_prefix(encoded)
        if end != len(encoded) or len(items) != _ITEMS or items[0] != _LABEL:
            raise ValueError("no counter secrets")
        if any(len(item) != SECRET_BYTES for item in items[3:]) or len(items[2]) != 4:
            raise ValueError("counter secrets of another form")
        found = cls(
            site=items[1].decode(),
            registration_index=IndexKey(version=int.from_bytes(items[2][:2], "big"), secret=items[3]),
            member_index=IndexKey(version=int.from_bytes(items[2][2:], "big"), secret=items[4]),
            checkpoint_ed25519=items[5],
            checkpoint_p256=items[6],
            registration_ed25519=items[7],
            pin_pepper=items[8],
        )
        found.checkpoint_p256_key()  # A scalar outside the curve's order is no key.
        return found

    def to_bytes(self) -> bytes:
        """Give the byte form that a store seals."""
        return tlv.encode(
            _LABEL,
            self.site,
            self.registration_index.version.to_bytes(2, "big") + self.member_index.version.to_bytes(2, "big"),
            self.registration_index.secret,
            self.member_index.secret,
            self.checkpoint_ed25519,
            self.checkpoint_p256,
            self.registration_ed25519,
            self.pin_pepper,
        )

    def checkpoint_ed25519_key(self) -> Ed25519PrivateKey:
        """Give the key that signs the journal's heads, receipts' QR codes included."""
        return Ed25519PrivateKey.from_private_bytes(self.checkpoint_ed25519)

    def checkpoint_p256_key(self) -> ec.EllipticCurvePrivateKey:
        """Give the journal's second key, for verifiers that have no Ed25519."""
        return ec.derive_private_key(int.from_bytes(self.checkpoint_p256, "big"), ec.SECP256R1())

    def registration_key(self) -> Ed25519PrivateKey:
        """Give the key that signs registrations: what it has not signed was not sealed at this counter."""
        return Ed25519PrivateKey.from_private_bytes(self.registration_ed25519)
