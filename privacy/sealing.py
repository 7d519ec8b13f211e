"""Sealing a registration: boxes under a data key of its own, the data key wrapped to the owner, all of it signed.

Nothing here opens anything. The bytes are final and described in docs/privacy.md; `FORMAT_VERSION` names them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as HpkeSuite

from privacy import tlv
from privacy.commitments import commitment, new_salt
from privacy.recipients import Recipient
from privacy.suites import DEFAULT_SUITE, OVERHEAD_BYTES

FORMAT_VERSION: Final = 1
SCHEMA_VERSION: Final = 1  # of a box's plaintext: TLV(salt, value) and zeros
TABLE: Final = "registration"
HEADER_BYTES: Final = 5
SMALLEST_BOX_BYTES: Final = HEADER_BYTES + OVERHEAD_BYTES

HPKE: Final = HpkeSuite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Field(StrEnum):
    """What is kept of a document. The order is that of the signature; a registration has a box for each."""

    NAME = "name"
    NUMBER = "number"
    BIRTH = "birth"
    VALID_TO = "valid_to"
    NATIONALITY = "nationality"
    ADDRESS = "address"
    ISSUER = "issuer"
    SEX = "sex"
    ETHNIC = "ethnic"


# A value is padded to a multiple of this, so that a box's length tells nothing of a usual one: the longest name on
# any card is 60 bytes, an ID number 18, a printed address 105.
PADDING_BYTES: Final = {
    Field.NAME: 64,
    Field.NUMBER: 32,
    Field.BIRTH: 16,
    Field.VALID_TO: 16,
    Field.NATIONALITY: 16,
    Field.ADDRESS: 128,
    Field.ISSUER: 64,
    Field.SEX: 16,
    Field.ETHNIC: 32,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WrappedKey:
    """A data key as only the owner can take it out: the one part of a registration that may be replaced.

    `blob` is HPKE's enc ‖ ciphertext (113 bytes) to the key of `month`, under `info`.
    """

    month: str
    info: bytes
    blob: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedRegistration:
    """One registration as it lies in the database. `sealed_ms` counts from 1970 UTC, `actor` is a staff number."""

    record_id: str
    token: bytes
    boxes: Mapping[Field, bytes]
    key_hash: bytes
    sealed_ms: int
    actor: str
    signature: bytes
    wrapped: WrappedKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealing:
    """A sealed registration, and the commitments of its values for the journal's entry."""

    registration: SealedRegistration
    commitments: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealer:
    """What the counter seals with: the venue's unchanging site id and the device's registration-signing key."""

    site: str
    signing_key: Ed25519PrivateKey = field(repr=False)

    def seal(
        self,
        values: Mapping[Field, str],
        *,
        record_id: str,
        token: bytes,
        recipient: Recipient,
        sealed_ms: int,
        actor: str,
    ) -> Sealing:
        """Seal the values of one document. A field without a value gets a box that holds nothing.

        `token` is the registration's blind-index token; `record_id` is made before anything is written. The data
        key leaves this call only wrapped.
        """
        data_key = secrets.token_bytes(DEFAULT_SUITE.key_bytes)
        salts = {name: new_salt() for name in Field}
        boxes = {
            name: seal_box(
                data_key,
                values.get(name, ""),
                salt=salts[name],
                context=box_context(self.site, record_id, name),
                padding_bytes=PADDING_BYTES[name],
            )
            for name in Field
        }
        key_hash = data_key_hash(data_key)
        statement = registration_statement(
            self.site, record_id, token=token, boxes=boxes, key_hash=key_hash, sealed_ms=sealed_ms, actor=actor
        )
        registration = SealedRegistration(
            record_id=record_id,
            token=token,
            boxes=boxes,
            key_hash=key_hash,
            sealed_ms=sealed_ms,
            actor=actor,
            signature=self.signing_key.sign(statement),
            wrapped=wrap(data_key, site=self.site, record_id=record_id, token=token, recipient=recipient),
        )
        commitments = {name.value: commitment(values[name], salt=salts[name]) for name in Field if values.get(name)}
        return Sealing(registration=registration, commitments=commitments)


def seal_box(data_key: bytes, value: str, *, salt: bytes, context: bytes, padding_bytes: int) -> bytes:
    """Give suite byte ‖ u32 format version ‖ nonce ‖ ciphertext ‖ tag of TLV(salt, value) and zeros."""
    content = value.encode()
    # An empty value is as long as a short one: absence shows nowhere but in the entry's list of commitments.
    padding = -len(content) % padding_bytes if content else padding_bytes
    plaintext = tlv.encode(salt, content) + bytes(padding)
    return box_header() + DEFAULT_SUITE.seal(data_key, plaintext, context=context)


def box_header() -> bytes:
    """Give the five bytes before a box's nonce."""
    return bytes([DEFAULT_SUITE.suite_id]) + FORMAT_VERSION.to_bytes(4, "big")


def box_context(site: str, record_id: str, name: Field) -> bytes:
    """Give what a box is bound to: it opens in no other venue, table, record or field."""
    return tlv.encode(
        "pii-v1", site, TABLE, record_id, name.value, SCHEMA_VERSION, DEFAULT_SUITE.suite_id, FORMAT_VERSION
    )


def wrap(data_key: bytes, *, site: str, record_id: str, token: bytes, recipient: Recipient) -> WrappedKey:
    """Wrap a data key to a month's public key."""
    info = wrapping_info(site, record_id, month=recipient.month, token=token)
    blob = HPKE.encrypt(data_key, recipient.public_key(), info=info)
    return WrappedKey(month=recipient.month, info=info, blob=blob)


def wrapping_info(site: str, record_id: str, *, month: str, token: bytes) -> bytes:
    """Give what a wrapped key is bound to: with the token in it, a repointed index does not open."""
    return tlv.encode("dek-v1", site, TABLE, record_id, month, token)


def data_key_hash(data_key: bytes) -> bytes:
    """Give what the signature says of the data key: the key itself is random, so its hash tells nothing."""
    return hashlib.sha256(b"dek-v1" + data_key).digest()


def registration_statement(
    site: str,
    record_id: str,
    *,
    token: bytes,
    boxes: Mapping[Field, bytes],
    key_hash: bytes,
    sealed_ms: int,
    actor: str,
) -> bytes:
    """Give what the device signs. No month and no wrapping stand in it: re-wrapping leaves the signature true."""
    hashes = [hashlib.sha256(boxes[name]).digest() for name in Field]
    return tlv.encode("reg-v1", site, record_id, token, *hashes, key_hash, sealed_ms, actor)
