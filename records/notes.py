"""C2SP signed notes and checkpoints, by docs/journal-format.md §3.

A venue signs with two algorithms: Ed25519, whose signature fits on a receipt, and ECDSA P-256, which every browser
and every `openssl` can check.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
ECDSA_P256 = b"\x02"

# Deterministic (RFC 6979), so that a checkpoint signed twice is the same bytes.
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class Signer(Protocol):
    """Signs note texts under one name and key."""

    @property
    def vkey(self) -> str:
        """The public key as `<name>+<key id>+<base64>`."""

    def sign(self, text: bytes) -> bytes:
        """Return the bare signature of a note text, its last line feed included."""

    def line(self, signature: bytes) -> str:
        """Return the note's signature line for a bare signature."""


class Ed25519Signer:
    """The log's Ed25519 key; its signature also stands in the receipt's QR."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self._name, self._key = name, key
        public = key.public_key().public_bytes_raw()
        self._key_id = _key_id(name, ED25519, public)
        self.vkey = _vkey(name, self._key_id, ED25519 + public)

    def sign(self, text: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self._key.sign(text)

    def line(self, signature: bytes) -> str:
        """Return the signature line of a note."""
        return _line(self._name, self._key_id, signature)


class EcdsaSigner:
    """The log's P-256 key, for verifiers that have no Ed25519."""

    def __init__(self, name: str, key: ec.EllipticCurvePrivateKey) -> None:
        self._name, self._key = name, key
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._key_id = _key_id(name, ECDSA_P256, public)
        self.vkey = _vkey(name, self._key_id, ECDSA_P256 + public)

    def sign(self, text: bytes) -> bytes:
        """Return the DER signature."""
        return self._key.sign(text, _ECDSA)

    def line(self, signature: bytes) -> str:
        """Return the signature line of a note."""
        return _line(self._name, self._key_id, signature)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedHead:
    """The head of the log as it was signed with Ed25519: what a receipt has room for."""

    origin: str
    size: int
    root: bytes
    signature: bytes

    @property
    def receipt_text(self) -> str:
        """The `MJ1:` text of the receipt's QR (journal-format.md §3)."""
        return f"MJ1:{_log_of(self.origin)}:{self.size}:{_base32(self.root)}:{_base32(self.signature)}"


class HeadSigner:
    """Signs the log's heads with both keys."""

    def __init__(self, *, origin: str, ed25519: Ed25519PrivateKey, p256: ec.EllipticCurvePrivateKey) -> None:
        self.origin = origin
        self._ed25519 = Ed25519Signer(origin, ed25519)
        self._p256 = EcdsaSigner(origin, p256)

    @property
    def vkeys(self) -> tuple[str, str]:
        """Both public keys, Ed25519 first."""
        return self._ed25519.vkey, self._p256.vkey

    def sign_head(self, size: int, root: bytes) -> SignedHead:
        """Sign the head of `size` leaves for its receipt."""
        signature = self._ed25519.sign(checkpoint_text(self.origin, size, root).encode())
        return SignedHead(origin=self.origin, size=size, root=root, signature=signature)

    def checkpoint(self, head: SignedHead) -> str:
        """Return the note of a head that was signed here, with both signatures; the same note each time."""
        return self._note(checkpoint_text(self.origin, head.size, head.root), head.signature)

    def sign_text(self, text: str) -> str:
        """Sign any note text (a manifest) and return the note."""
        return self._note(text, self._ed25519.sign(text.encode()))

    def _note(self, text: str, signature: bytes) -> str:
        lines = self._ed25519.line(signature) + self._p256.line(self._p256.sign(text.encode()))
        return f"{text}\n{lines}"


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Return the three lines that a checkpoint's signatures cover."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def verify_note(note: str, vkeys: Sequence[str]) -> str | None:
    """Return the text of a well-formed note that has a good signature of each vkey; else None."""
    text, found, lines = note.partition("\n\n")
    text += "\n"
    parsed = [_parse_line(line) for line in lines.splitlines(keepends=True)]
    if not found or any(line is None for line in parsed):
        return None
    signatures = {(line.name, line.key_id): line.signature for line in parsed if line is not None}
    for vkey in vkeys:
        name, key_id, material = _parse_vkey(vkey)
        signature = signatures.get((name, key_id))
        if signature is None or not _holds(material, text.encode(), signature):
            return None
    return text


@dataclass(frozen=True, kw_only=True, slots=True)
class _SignatureLine:
    name: str
    key_id: bytes
    signature: bytes


def _holds(material: bytes, text: bytes, signature: bytes) -> bool:
    try:
        if material[:1] == ED25519:
            Ed25519PublicKey.from_public_bytes(material[1:]).verify(signature, text)
        else:
            key = serialization.load_der_public_key(material[1:])
            if not isinstance(key, ec.EllipticCurvePublicKey):
                return False
            key.verify(signature, text, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _parse_line(line: str) -> _SignatureLine | None:
    match line.removesuffix("\n").split(" "):
        case ["\u2014", name, encoded] if name and line.endswith("\n"):
            try:
                raw = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                return None
            is_strict = base64.b64encode(raw).decode() == encoded  # No stray bits in the last character.
            return _SignatureLine(name=name, key_id=raw[:4], signature=raw[4:]) if is_strict else None
    return None


def _parse_vkey(vkey: str) -> tuple[str, bytes, bytes]:
    name, key_id, encoded = vkey.split("+", 2)
    return name, bytes.fromhex(key_id), base64.b64decode(encoded, validate=True)


def _key_id(name: str, kind: bytes, public: bytes) -> bytes:
    # C2SP signed-note: type 01 hashes name and key, type 02 only the SubjectPublicKeyInfo.
    hashed = public if kind == ECDSA_P256 else name.encode() + b"\n" + kind + public
    return hashlib.sha256(hashed).digest()[:4]


def _vkey(name: str, key_id: bytes, material: bytes) -> str:
    return f"{name}+{key_id.hex()}+{base64.b64encode(material).decode()}"


def _line(name: str, key_id: bytes, signature: bytes) -> str:
    return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"


@lru_cache(maxsize=16)
def _log_of(origin: str) -> str:
    return _base32(hashlib.sha256(origin.encode()).digest())[:10]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")
