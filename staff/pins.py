"""PINs: which are taken, how they are kept, and when wrong ones lock an account.

A PIN is 4 to 12 digits, or a password of 8 to 128 characters that is not all digits. A PIN gates a session and
nothing else: all six-digit PINs are tried in six hours by whoever has verifier and pepper, so no key hangs on one.
The pepper rests with the counter's secrets, so that the database alone gives nothing to try against.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from typing_extensions import override

from staff.errors import PinTooWeakError

SALT_BYTES: Final = 16
SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 12
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 128

FREE_FAILURES: Final = 4
"""Wrong PINs in a row that cost nothing but the time to type them."""

LAST_FAILURE: Final = 10
"""With this wrong PIN in a row the account waits for a reset."""

_FIRST_DELAY: Final = timedelta(seconds=30)

_OBVIOUS_PASSWORDS: Final = frozenset(
    {"password", "password1", "passw0rd", "12345678a", "qwertyui", "qwerty123", "mingjia1"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PinCost:
    """The cost of one try. The default is OWASP's least for Argon2id, some 20 ms; tests take less."""

    memory_kib: int = 19456
    iterations: int = 2
    lanes: int = 1


DEFAULT_COST: Final = PinCost()


@dataclass(frozen=True, kw_only=True, slots=True)
class Pepper:
    """The key that every PIN is mixed with; it never lies in the database."""

    secret: bytes

    @override
    def __repr__(self) -> str:
        return "Pepper()"


def check_new_pin(pin: str) -> None:
    """Raise PinTooWeakError unless a new PIN may be taken.

    Obvious are: one digit repeated (000000), runs up or down (123456, 9876), a pair or half repeated (1212, 123123),
    a year from 1900 to 2099, a date of birth with such a year (YYYYMMDD), and a handful of passwords.
    """
    pin = _normal(pin)
    is_digits = pin.isascii() and pin.isdigit()
    if len(pin) < (SHORTEST_PIN if is_digits else SHORTEST_PASSWORD):
        raise PinTooWeakError(problem="too-short")
    if len(pin) > (LONGEST_PIN if is_digits else LONGEST_PASSWORD):
        raise PinTooWeakError(problem="too-long")
    if _is_obvious_pin(pin) if is_digits else _is_obvious_password(pin):
        raise PinTooWeakError(problem="obvious")


def _is_obvious_pin(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_repeated = any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))
    is_dated = len(pin) in {4, 8} and "1900" <= pin[:4] <= "2099"
    return steps in ({1}, {9}) or is_repeated or is_dated


def _is_obvious_password(pin: str) -> bool:
    return pin.casefold() in _OBVIOUS_PASSWORDS or len(set(pin)) < 3


def verifier_of(pin: str, *, staff: str, pepper: Pepper, cost: PinCost = DEFAULT_COST) -> str:
    """Give what is kept of a PIN: Argon2id in PHC form of HMAC-SHA256(pepper, staff number and PIN)."""
    kdf = Argon2id(
        salt=secrets.token_bytes(SALT_BYTES),
        length=32,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return kdf.derive_phc_encoded(_peppered(pin, staff=staff, pepper=pepper))


def is_pin(pin: str, verifier: str, *, staff: str, pepper: Pepper) -> bool:
    """Tell whether the PIN is the one; takes the time of the verifier's own cost."""
    try:
        Argon2id.verify_phc_encoded(_peppered(pin, staff=staff, pepper=pepper), verifier)
    except (InvalidKey, ValueError):
        return False
    return True


def _peppered(pin: str, *, staff: str, pepper: Pepper) -> bytes:
    # The staff number binds a verifier to its account: moved to another one it never fits.
    return hmac.digest(pepper.secret, b"pin-v1\0" + staff.encode() + b"\0" + _normal(pin).encode(), "sha256")


def _normal(pin: str) -> str:
    # An input method may hand over full-width digits.
    return unicodedata.normalize("NFKC", pin)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempts:
    """Wrong PINs in a row of one account, and when the last one was; a right one or a reset makes it none."""

    failures: int = 0
    last_failed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lock:
    """Whether an account may be tried: `until` an instant, or until a reset where it is None."""

    until: datetime | None


def delay_after(failures: int) -> timedelta:
    """Give how long an account waits after so many wrong PINs in a row: 30 s from the fifth on, doubling."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures, LAST_FAILURE) - FREE_FAILURES - 1
    return _FIRST_DELAY * (1 << doublings)


def lock_at(attempts: Attempts, now: datetime) -> Lock | None:
    """Give the lock that is on the account now, or None.

    5 wrong: 30 s, 6: 60 s, 7: 2 min, 8: 4 min, 9: 8 min, 10: until a reset. A clock that was set back does not
    shorten a wait.
    """
    if attempts.failures >= LAST_FAILURE:
        return Lock(until=None)
    if attempts.last_failed_at is None or attempts.failures <= FREE_FAILURES:
        return None
    until = attempts.last_failed_at + delay_after(attempts.failures)
    return Lock(until=until) if now < until else None
