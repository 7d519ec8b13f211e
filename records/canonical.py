"""Canonical bytes: the narrow profile of RFC 8785 that docs/journal-format.md §1 defines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

_PROFILE = "canonical JSON holds objects, arrays, strings, integers, true, false and null"

LARGEST_INTEGER = 2**53 - 1

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: Json) -> bytes:
    """Return the one byte string that stands for `value`.

    Raises ValueError for anything outside the profile (a float, a key that is not ASCII, an integer beyond ±(2⁵³−1), a
    lone surrogate): whoever builds such a value has made a mistake; no operator can.
    """
    _admit(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def canonical_sha256(value: Json) -> str:
    """Return the SHA-256 of the canonical bytes, 64 lower-case hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _admit(value: object) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:  # type: ignore[operator]  # An int by the line above.
            raise ValueError("an integer beyond 2^53-1 travels as a string")
    elif kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]  # A dict by the line above.
            if type(key) is not str or not key.isascii():
                raise ValueError("keys are ASCII strings")
            _admit(item)
    elif kind is list or kind is tuple:
        for item in value:  # type: ignore[attr-defined]  # A sequence by the line above.
            _admit(item)
    else:
        raise ValueError(f"{_PROFILE}, not {kind.__name__}")
