"""Cipher suites, by the first byte of everything sealed.

0x01 is AES-256-GCM with SHA-256. 0x02 is kept for SM4-GCM with SM3. A reader picks the suite by that byte,
which is also bound as associated data, so a box cannot be moved from one suite to another.
"""

from __future__ import annotations

import secrets
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.errors import SealedDataError

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
OVERHEAD_BYTES: Final = NONCE_BYTES + TAG_BYTES


class Suite(Protocol):
    """Authenticated encryption under one key. A nonce is never an argument: each sealing draws its own."""

    suite_id: int
    key_bytes: int

    def seal(self, key: bytes, plaintext: bytes, *, context: bytes) -> bytes:
        """Give nonce ‖ ciphertext ‖ tag."""

    def open(self, key: bytes, sealed: bytes, *, context: bytes) -> bytes:
        """Give the plaintext; raises SealedDataError for anything that is not what `seal` gave."""


class Aes256Gcm:
    """Suite 0x01."""

    suite_id = 0x01
    key_bytes = 32

    def seal(self, key: bytes, plaintext: bytes, *, context: bytes) -> bytes:
        """Seal under a random 96-bit nonce: a data key seals nine boxes, far from any limit."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plaintext, context)

    def open(self, key: bytes, sealed: bytes, *, context: bytes) -> bytes:
        """Open what `seal` gave under the same key and context."""
        if len(sealed) < OVERHEAD_BYTES:
            raise SealedDataError
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except InvalidTag as error:
            raise SealedDataError from error


DEFAULT_SUITE: Final[Suite] = Aes256Gcm()
SUITES: Final[dict[int, Suite]] = {suite.suite_id: suite for suite in (DEFAULT_SUITE,)}
