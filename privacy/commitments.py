"""Salted commitments: the journal binds what a document said without holding any of it.

`commit[field]` = base64url(SHA-256(salt ‖ canonical(value))), docs/journal-format.md §4. The salt lies in the
sealed box beside the value, so only the owner can show that a value is the one that was committed to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

from records.canonical import canonical

SALT_BYTES: Final = 16


def new_salt() -> bytes:
    """Draw the salt of one field of one entry; it is never used twice."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(value: str, *, salt: bytes) -> str:
    """Give the 43 characters that stand in the entry."""
    digest = hashlib.sha256(salt + canonical(value)).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_committed(value: str, *, salt: bytes, to: str) -> bool:
    """Tell whether `to` is the commitment to this value under this salt."""
    return hmac.compare_digest(commitment(value, salt=salt).encode(), to.encode())
