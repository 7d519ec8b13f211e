"""Canonical bytes: the narrow profile of RFC 8785 that docs/journal-format.md §1 defines."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
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
    return _ENCODER.encode(value).encode()


def canonical_sha256(value: Json) -> str:
    """Return the SHA-256 of the canonical bytes, 64 lower-case hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


class Form:
    """An object's canonical bytes but for some members, which are written into their places later.

    Keys are sorted, so the object is runs of known members with one that comes later between each two.
    """

    __slots__ = ("_later", "_runs")

    def __init__(self, known: Mapping[str, Json], *, later: Collection[str]) -> None:
        """Lay out the known members. Raises ValueError as `canonical` does, and for one that is to come later."""
        if not known.keys().isdisjoint(later):
            raise ValueError("a member is known or comes later")
        names, keys = sorted(known), sorted(later)
        edges = [0, *(bisect(names, key) for key in keys), len(names)]
        self._later = [(key, _key(key)) for key in keys]
        self._runs = [_members({name: known[name] for name in names[a:b]}) for a, b in pairwise(edges)]

    def filled(self, later: Mapping[str, bytes]) -> bytes:
        """Return the bytes of the whole object; `later` has the canonical bytes of each member that was left out."""
        members = [self._runs[0]]
        for (key, key_bytes), run in zip(self._later, self._runs[1:], strict=True):
            members += b"%b:%b" % (key_bytes, later[key]), run
        return b"{%b}" % b",".join(filter(None, members))


def _members(known: Mapping[str, Json]) -> bytes:
    return canonical(known)[1:-1] if known else b""


@lru_cache(maxsize=64)
def _key(name: str) -> bytes:
    return canonical(name)


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
