"""Keys enter the log before they sign anything: the rows and the `key.added` entries of new ones."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from privacy.counter_secrets import CounterSecrets
from privacy.owner_key import OwnerKey
from privacy.registration_keys import USE as REGISTRATION_SIGNATURE
from records.notes import HeadSigner
from records.schema import public_keys
from records.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class NewKey:
    """A public key that nobody knows yet."""

    use: str
    public: str  # a vkey, or base64 of the DER
    algorithm: str = ""
    month: str | None = None

    def body(self) -> dict[str, str]:
        """Return the body of its `key.added`."""
        if self.use == "checkpoint":
            return {"use": self.use, "vkey": self.public}
        body = {"use": self.use, "algorithm": self.algorithm, "public": self.public}
        return body if self.month is None else {**body, "month": self.month}


def desk_keys(signer: HeadSigner, counter_secrets: CounterSecrets) -> list[NewKey]:
    """What one desk signs with: two keys for the journal's heads, one for registrations."""
    registration = _der(counter_secrets.registration_key().public_key())
    return [
        *(NewKey(use="checkpoint", public=vkey) for vkey in signer.vkeys),
        NewKey(use=REGISTRATION_SIGNATURE, algorithm="Ed25519", public=registration),
    ]


def owner_keys(owner: OwnerKey) -> list[NewKey]:
    """The owner's key, and those that registrations are sealed to."""
    keys = [NewKey(use="owner", algorithm="Ed25519", public=_der(owner.signing_key.public_key()))]
    for recipient in owner.recipients().keys:
        public = base64.b64encode(recipient.subject_public_key_info()).decode()
        keys.append(NewKey(use="registration-seal", algorithm="P-256", public=public, month=recipient.month))
    return keys


def introduce(work: UnitOfWork, keys: Sequence[NewKey]) -> None:
    """Write the keys, numbered after those that are known."""
    newest: int | None = work.execute(sa.select(sa.func.max(public_keys.c.number))).scalar_one()
    for number, key in enumerate(keys, start=(newest or 0) + 1):
        entry = work.entry("key.added", key.body())
        row = {"number": number, "use": key.use, "public": key.public, "month": key.month}
        work.insert(public_keys, row, entry=entry)


def _der(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
