"""The form of a file under a passphrase: Argon2id, then AES-256-GCM.

A magic line that says what the file is, 16 bytes of salt, u32 KiB, u32 iterations, u32 lanes; nonce ‖ ciphertext ‖ tag
with all of the former as associated data. The cost is that of a new file; an old one tells its own.
"""

from __future__ import annotations

import secrets

from privacy.passphrases import SALT_BYTES, Argon2Cost, stretch
from privacy.suites import DEFAULT_SUITE

_NUMBERS_BYTES = 12


def seal(content: bytes, passphrase: str, *, magic: bytes, cost: Argon2Cost) -> bytes:
    """Return a file's bytes. Raises PassphraseEmptyError."""
    salt = secrets.token_bytes(SALT_BYTES)
    numbers = (cost.memory_kib, cost.iterations, cost.lanes)
    head = magic + salt + b"".join(number.to_bytes(4, "big") for number in numbers)
    return head + DEFAULT_SUITE.seal(stretch(passphrase, salt=salt, cost=cost), content, context=head)


def unseal(file: bytes, passphrase: str, *, magic: bytes) -> bytes:
    """Return what a file holds.

    Raises ValueError for what is no such file, and SealedDataError for a wrong passphrase and an altered file alike.
    """
    head_bytes = len(magic) + SALT_BYTES + _NUMBERS_BYTES
    head, sealed = file[:head_bytes], file[head_bytes:]
    if len(head) != head_bytes or not head.startswith(magic):
        raise ValueError("a file of another form")
    numbers = head[-_NUMBERS_BYTES:]
    memory, iterations, lanes = (int.from_bytes(numbers[place : place + 4], "big") for place in (0, 4, 8))
    cost = Argon2Cost(memory_kib=memory, iterations=iterations, lanes=lanes)
    if not cost.is_acceptable():
        raise ValueError("a file of an impossible cost")
    key = stretch(passphrase, salt=head[len(magic) : -_NUMBERS_BYTES], cost=cost)
    return DEFAULT_SUITE.open(key, sealed, context=head)
