"""The keys that registrations of a venue are signed with: one for each of its desks, as the journal introduced them."""

from __future__ import annotations

import base64
from typing import Final

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from records.schema import public_keys

USE: Final = "registration-signature"


def registration_keys(connection: sa.Connection) -> tuple[Ed25519PublicKey, ...]:
    """Return every desk's public key, the founding desk's first."""
    query = sa.select(public_keys.c.public).where(public_keys.c.use == USE).order_by(public_keys.c.number)
    keys = [load_der_public_key(base64.b64decode(public)) for public in connection.execute(query).scalars()]
    return tuple(key for key in keys if isinstance(key, Ed25519PublicKey))
