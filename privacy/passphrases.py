"""From a passphrase to a key: Argon2id, with its cost written beside the salt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from privacy.errors import PassphraseEmptyError

SALT_BYTES: Final = 16
KEY_BYTES: Final = 32

# What a file may ask of this computer before anything in it is authenticated.
_LARGEST_MEMORY_KIB: Final = 1 << 20
_MOST_ITERATIONS: Final = 32
_MOST_LANES: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Argon2Cost:
    """The cost of one guess; the default is the second choice of RFC 9106, some 170 ms."""

    memory_kib: int = 65536
    iterations: int = 3
    lanes: int = 4

    def is_acceptable(self) -> bool:
        """Whether Argon2 knows such a cost and no file can stall the program with it."""
        return (
            1 <= self.iterations <= _MOST_ITERATIONS
            and 1 <= self.lanes <= _MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= _LARGEST_MEMORY_KIB
        )


DEFAULT_COST: Final = Argon2Cost()


def stretch(passphrase: str, *, salt: bytes, cost: Argon2Cost) -> bytes:
    """Derive 32 bytes. The same words in another Unicode form (an input method's) give the same key.

    Raises PassphraseEmptyError; a cost that `is_acceptable` refuses is the caller's bug: ValueError.
    """
    if not passphrase:
        raise PassphraseEmptyError
    if not cost.is_acceptable():
        raise ValueError("an unacceptable cost")
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return kdf.derive(unicodedata.normalize("NFKC", passphrase).encode())
