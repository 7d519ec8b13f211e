"""Blind index: finding the same person again without keeping the number.

`u32 version ‖ first 16 bytes of HMAC-SHA256(key, TLV(label, site, series, number))`. There are two tokens under
two keys: the registration's dies with the registration, the member's lives as long as the account.

Who holds a key can try all numbers there are (2³⁷ in the country, 2²⁴ for one county and the usual ages): the
keys belong to the counter's secrets and never lie beside the database.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

from privacy import tlv

TOKEN_BYTES: Final = 20

_REGISTRATION: Final = "bidx-v1"
_MEMBER: Final = "bidx-member-v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexKey:
    """One key of 32 bytes and its version; both tokens of a person carry the version they were made under."""

    version: int
    secret: bytes = field(repr=False)


def registration_token(key: IndexKey, *, site: str, series: str, number: str) -> bytes:
    """Give the 20-byte token of a document's number in its normal form; `series` is `documents.number_class`."""
    return _token(key, _REGISTRATION, site, series, number)


def member_token(key: IndexKey, *, site: str, series: str, number: str) -> bytes:
    """Give the 20-byte token under which an account finds its holder; its key is not the registrations'."""
    return _token(key, _MEMBER, site, series, number)


def _token(key: IndexKey, label: str, site: str, series: str, number: str) -> bytes:
    digest = hmac.digest(key.secret, tlv.encode(label, site, series, number), "sha256")
    return key.version.to_bytes(4, "big") + digest[: TOKEN_BYTES - 4]
