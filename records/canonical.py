"""Canonical bytes: the narrow profile of RFC 8785 that docs/journal-format.md §1 defines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

_PROFILE = "canonical JSON holds objects, arrays, strings, integers, true, false and null"

LARGEST_INTEGER = 2**53 - 1

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: Json) -> bytes:
    """Return the one byte string that stands for `value`.

    Raises ValueError for anything outside the profile (a float, a key that is not ASCII, an integer beyond ±(2⁵³−1), a
    lone surrogate): whoever builds such a value has made a mistake; no operator can.
    """
    _admit(value)
    return b"%d" % value if type(value) is int else _ENCODER.encode(value).encode()


def canonical_sha256(value: Json) -> str:
    """Return the SHA-256 of the canonical bytes, 64 lower-case hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


class Form:
    """A value's canonical bytes but for its blanks, which are written into their places later."""

    __slots__ = ("_first", "_rest")

    def __init__(self, value: Json) -> None:
        """Lay out a value in which some strings are `blank`.

        Raises ValueError as `canonical` does, and for a blank that stands there twice.
        """
        _admit(value)
        first, *rest = _ENCODER.encode(value).split(f'"{_BLANK}')
        self._first = first.encode()
        parted = [piece.partition('"') for piece in rest]
        self._rest = [(name, run.encode()) for name, _, run in parted]
        if len(dict(self._rest)) != len(self._rest):
            raise ValueError("a blank stands in its form once")

    def filled(self, blanks: Mapping[str, bytes]) -> bytes:
        """Return the whole value's bytes; `blanks` has the canonical bytes for each. KeyError for one that it lacks."""
        return self._first + b"".join([blanks[name] + run for name, run in self._rest])


def blank(name: str) -> str:
    """Return what stands in a form's value for something that is not known yet; names are letters, digits and dots."""
    return f"{_BLANK}{name}"


_BLANK: Final = "\ud800"  # A lone surrogate: no string that has a canonical form holds one.

_WORDS: Final = frozenset({str, bool, type(None)})
# `_admit` has been through the value: nothing holds itself.
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


def _admit(value: object) -> None:
    kind = type(value)
    if kind in _WORDS:
        return
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:  # type: ignore[operator]  # An int by the line above.
            raise ValueError("an integer beyond 2^53-1 travels as a string")
    elif kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]  # A dict by the line above.
            if type(key) is not str or not key.isascii():
                raise ValueError("keys are ASCII strings")
            if type(item) not in _WORDS:  # Most are, and a call takes longer than a look.
                _admit(item)
    elif kind is list or kind is tuple:
        for item in value:  # type: ignore[attr-defined]  # A sequence by the line above.
            _admit(item)
    else:
        raise ValueError(f"{_PROFILE}, not {kind.__name__}")
