"""Ids that the writer makes before anything is written, so that a repeat can be recognised."""

from __future__ import annotations

import base64
import hashlib
import secrets


def new_id() -> str:
    """Return 16 characters of lower-case base32: 80 random bits, for a visit, a check, an order, a print job."""
    return _base32(secrets.token_bytes(10))


def derived_id(request: str, part: str) -> str:
    """Return an id in the same form that follows from a request's: asked again, it is the same one."""
    digest = hashlib.sha256(f"{part}\n{request}".encode()).digest()
    return _base32(digest)[:16]


def new_entry_id() -> str:
    """Return 26 characters of lower-case base32: 128 random bits and a little, for a journal entry."""
    return _base32(secrets.token_bytes(17))[:26]


def _base32(random: bytes) -> str:
    return base64.b32encode(random).decode().lower()
