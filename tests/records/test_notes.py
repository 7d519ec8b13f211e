"""Signed notes: C2SP's own example, golden checkpoint bytes, and what a verifier must refuse."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.merkle import EMPTY_ROOT
from records.notes import Ed25519Signer, HeadSigner, checkpoint_text, verify_note

GOLDEN = Path(__file__).parent / "golden"
ROOT = bytes.fromhex("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")


@pytest.fixture(scope="module")
def fixed() -> HeadSigner:
    """Keys made from public text, so that the golden bytes can be made again."""
    seed = hashlib.sha256(b"mingjia golden ed25519").digest()
    scalar = int.from_bytes(hashlib.sha256(b"mingjia golden p256").digest(), "big")
    return HeadSigner(
        origin="mingjia/GOLDENGOLDENGOLD/1",
        ed25519=Ed25519PrivateKey.from_private_bytes(seed),
        p256=ec.derive_private_key(scalar, ec.SECP256R1()),
    )


def test_the_key_id_is_that_of_the_specification() -> None:
    # The example vkey of C2SP signed-note: only its key id can be made again, the key itself is published.
    published = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    name, key_id, encoded = published.split("+", 2)
    material = base64.b64decode(encoded)
    assert hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex() == key_id
    ours = Ed25519Signer("example.com/foo", Ed25519PrivateKey.generate()).vkey
    our_name, our_id, our_encoded = ours.split("+", 2)
    assert hashlib.sha256(our_name.encode() + b"\n" + base64.b64decode(our_encoded)).digest()[:4].hex() == our_id


def test_a_checkpoint_is_three_lines() -> None:
    assert checkpoint_text("mingjia/X/1", 0, EMPTY_ROOT) == (
        "mingjia/X/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    )


def test_a_checkpoint_has_its_golden_bytes(fixed: HeadSigner) -> None:
    head = fixed.sign_head(6, ROOT)
    assert fixed.checkpoint(head) == (GOLDEN / "checkpoint.txt").read_text(encoding="utf-8")
    assert head.receipt_text == (GOLDEN / "receipt-qr.txt").read_text(encoding="utf-8").strip()


def test_the_receipt_text_fits_the_alphanumeric_mode_of_a_qr(fixed: HeadSigner) -> None:
    text = fixed.sign_head(6, ROOT).receipt_text
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    log, size, root, signature = text.split(":")[1:]
    assert (len(log), size, len(root), len(signature)) == (10, "6", 52, 103)


def test_both_signatures_are_checked(fixed: HeadSigner) -> None:
    note = fixed.checkpoint(fixed.sign_head(6, ROOT))
    assert verify_note(note, fixed.vkeys) == checkpoint_text(fixed.origin, 6, ROOT)
    lines = note.splitlines(keepends=True)
    for dropped in (4, 5):
        assert verify_note("".join(lines[:dropped] + lines[dropped + 1 :]), fixed.vkeys) is None


def test_any_altered_character_of_a_note_is_found(fixed: HeadSigner) -> None:
    note = fixed.checkpoint(fixed.sign_head(6, ROOT))
    for place, character in enumerate(note):
        other = "B" if character != "B" else "C"
        altered = note[:place] + other + note[place + 1 :]
        assert verify_note(altered, fixed.vkeys) is None, place


def test_another_key_is_not_taken_for_ours(fixed: HeadSigner, signer: HeadSigner) -> None:
    assert verify_note(signer.checkpoint(signer.sign_head(6, ROOT)), fixed.vkeys) is None
