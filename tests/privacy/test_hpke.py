"""HPKE against the reference vector, a second implementation, and the key schedule written out by hand.

The last is what an owner's token does: it gives the Diffie-Hellman secret, and the rest is RFC 9180.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from privacy.sealing import HPKE, data_key_hash

if TYPE_CHECKING:
    from tests.privacy.conftest import House

KEM_SUITE = b"KEM" + bytes.fromhex("0010")
SUITE_ID = b"HPKE" + bytes.fromhex("001000010002")


def labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    block, output, count = b"", b"", 0
    while len(output) < length:
        count += 1
        block = hmac.digest(prk, block + labeled + bytes([count]), "sha256")
        output += block
    return output[:length]


def key_and_nonce(dh: bytes, enc: bytes, recipient: bytes, info: bytes) -> tuple[bytes, bytes]:
    prk = labeled_extract(KEM_SUITE, b"", b"eae_prk", dh)
    shared = labeled_expand(KEM_SUITE, prk, b"shared_secret", enc + recipient, 32)
    context = (
        b"\0" + labeled_extract(SUITE_ID, b"", b"psk_id_hash", b"") + labeled_extract(SUITE_ID, b"", b"info_hash", info)
    )
    secret = labeled_extract(SUITE_ID, shared, b"secret", b"")
    return (
        labeled_expand(SUITE_ID, secret, b"key", context, 32),
        labeled_expand(SUITE_ID, secret, b"base_nonce", context, 12),
    )


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_by_hand(private_key: ec.EllipticCurvePrivateKey, blob: bytes, info: bytes, aad: bytes = b"") -> bytes:
    enc, ciphertext = blob[:65], blob[65:]
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
    key, nonce = key_and_nonce(private_key.exchange(ec.ECDH(), peer), enc, point_of(private_key), info)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def test_the_key_schedule_by_hand_is_that_of_the_reference_vector() -> None:
    """The CFRG's vector for mode 0, KEM 0x0010, KDF 0x0001, AEAD 0x0002; the RFC prints this suite's siblings."""
    private_key = ec.derive_private_key(
        int("317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2", 16), ec.SECP256R1()
    )
    enc = bytes.fromhex(
        "04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f0"
        "3e0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0"
    )
    ciphertext = bytes.fromhex(
        "58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f"
    )
    info = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
    key, nonce = key_and_nonce(private_key.exchange(ec.ECDH(), peer), enc, point_of(private_key), info)
    assert key.hex() == "ee16802a936d5f544771131900ee6973d0551de9e852ece2ef34bf0d5f9e1d1d"
    assert nonce.hex() == "9bc50980832a7b4b58c40161"
    assert open_by_hand(private_key, enc + ciphertext, info, b"Count-0") == b"Beauty is truth, truth beauty"


def test_a_wrapped_key_opens_by_hand_as_a_token_would_open_it(house: House) -> None:
    sealed = house.seal().registration
    private_key = house.owner.months[sealed.wrapped.month]
    data_key = open_by_hand(private_key, sealed.wrapped.blob, sealed.wrapped.info)
    assert data_key_hash(data_key) == sealed.key_hash
    assert sealed.key_hash == hashlib.sha256(b"dek-v1" + data_key).digest()


def test_a_second_implementation_opens_what_we_seal(house: House) -> None:
    sealed = house.seal().registration
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    private_key = KEMKey.from_pyca_cryptography_key(house.owner.months["2026-11"])
    blob = sealed.wrapped.blob
    recipient = suite.create_recipient_context(blob[:65], private_key, info=sealed.wrapped.info)
    assert data_key_hash(recipient.open(blob[65:])) == sealed.key_hash


def test_we_open_what_a_second_implementation_seals() -> None:
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    private_key = ec.generate_private_key(ec.SECP256R1())
    enc, sender = suite.create_sender_context(KEMKey.from_pyca_cryptography_key(private_key.public_key()), info=b"info")
    assert HPKE.decrypt(enc + sender.seal(b"data key"), private_key, info=b"info") == b"data key"


@pytest.mark.parametrize(
    ("key", "data", "digest"),
    [
        (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    ],
)
def test_hmac_is_that_of_rfc_4231(key: bytes, data: bytes, digest: str) -> None:
    assert hmac.digest(key, data, "sha256").hex() == digest
