"""Opening a registration: the owner's side. Nothing that runs at the counter imports this module (I-8).

Whatever does not open ends in SealedDataError, always the same one: a swapped box, a cut one, another venue's, a
repointed token, a forged signature, a missing month.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from privacy import tlv
from privacy.commitments import SALT_BYTES, commitment
from privacy.errors import SealedDataError
from privacy.owner_key import OwnerKey
from privacy.personal import Personal
from privacy.sealing import (
    FORMAT_VERSION,
    HEADER_BYTES,
    HPKE,
    SMALLEST_BOX_BYTES,
    Field,
    SealedRegistration,
    WrappedKey,
    box_context,
    data_key_hash,
    registration_statement,
    wrap,
    wrapping_info,
)
from privacy.suites import SUITES


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedValue:
    """One value and its salt: together they prove the entry's commitment."""

    value: Personal[str]
    salt: bytes

    def commitment(self) -> str:
        """Give what the entry must hold for this value to be the one that was registered."""
        return commitment(self.value.reveal(), salt=self.salt)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opener:
    """The owner's key, and the desks' public keys, one of which a registration must be signed with.

    `privacy.registration_keys` reads those that the journal introduced; a registration does not tell its desk.
    """

    site: str
    owner: OwnerKey
    desks: tuple[Ed25519PublicKey, ...]

    def open(self, sealed: SealedRegistration) -> Mapping[Field, OpenedValue]:
        """Check the signature, take out the data key, open every box; raises SealedDataError.

        A field that the document does not have comes back as the empty text.
        """
        data_key = self._checked_data_key(sealed)
        return {
            name: open_box(data_key, sealed.boxes[name], context=box_context(self.site, sealed.record_id, name))
            for name in Field
        }

    def rewrap(self, sealed: SealedRegistration, *, month: str) -> WrappedKey:
        """Wrap the data key anew, to another month's key. The signature stays true; raises SealedDataError."""
        data_key = self._checked_data_key(sealed)
        recipient = self.owner.recipient(month)
        return wrap(data_key, site=self.site, record_id=sealed.record_id, token=sealed.token, recipient=recipient)

    def _checked_data_key(self, sealed: SealedRegistration) -> bytes:
        if set(sealed.boxes) != set(Field):
            raise SealedDataError
        self._check_signature(sealed)
        data_key = self._unwrap(sealed)
        if not hmac.compare_digest(data_key_hash(data_key), sealed.key_hash):
            raise SealedDataError
        return data_key

    def _check_signature(self, sealed: SealedRegistration) -> None:
        statement = registration_statement(
            self.site,
            sealed.record_id,
            token=sealed.token,
            boxes=sealed.boxes,
            key_hash=sealed.key_hash,
            sealed_ms=sealed.sealed_ms,
            actor=sealed.actor,
        )
        if not any(_has_signed(key, sealed.signature, statement) for key in self.desks):
            raise SealedDataError

    def _unwrap(self, sealed: SealedRegistration) -> bytes:
        wrapped = sealed.wrapped
        info = wrapping_info(self.site, sealed.record_id, month=wrapped.month, token=sealed.token)
        private_key = self.owner.months.get(wrapped.month)
        if private_key is None or info != wrapped.info:
            raise SealedDataError
        try:
            return HPKE.decrypt(wrapped.blob, private_key, info=info)
        except (InvalidTag, ValueError) as error:
            raise SealedDataError from error


def _has_signed(key: Ed25519PublicKey, signature: bytes, statement: bytes) -> bool:
    try:
        key.verify(signature, statement)
    except InvalidSignature:
        return False
    return True


def open_box(data_key: bytes, box: bytes, *, context: bytes) -> OpenedValue:
    """Open one box; raises SealedDataError, also where what it holds is not in the one form there is."""
    if len(box) < SMALLEST_BOX_BYTES or int.from_bytes(box[1:HEADER_BYTES], "big") != FORMAT_VERSION:
        raise SealedDataError
    suite = SUITES.get(box[0])
    if suite is None or len(data_key) != suite.key_bytes:
        raise SealedDataError
    return _unpadded(suite.open(data_key, box[HEADER_BYTES:], context=context))


def _unpadded(plaintext: bytes) -> OpenedValue:
    try:
        items, end = tlv.decode_prefix(plaintext)
        salt, content = items
        value = content.decode()
    except ValueError:
        # The cause is left out: a decoding error carries the bytes it failed on.
        raise SealedDataError from None
    if len(salt) != SALT_BYTES or any(plaintext[end:]):
        raise SealedDataError
    return OpenedValue(value=Personal(value), salt=salt)
