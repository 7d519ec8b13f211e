"""The verifier's own cryptography, tree, time and rating against published vectors and second implementations."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from compliance.verify import verify as v

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "merkle_rfc6962.json").read_text(encoding="utf-8"))

# RFC 8032 §7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
# FIPS 186-4 / RFC 6979 A.2.5, P-256 with SHA-256: the key's point, message, r, s.
RFC_6979_POINT = (
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
)
RFC_6979 = [
    (
        b"sample",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    ),
    (
        b"test",
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
        "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_ed25519_by_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert v.ed25519_holds(key, text, made)
    assert not v.ed25519_holds(key, text + b"x", made)
    for at in (0, 31, 32, 63):
        assert not v.ed25519_holds(key, text, made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :])


def test_ed25519_is_strict() -> None:
    public, message, signature = (bytes.fromhex(part) for part in RFC_8032[1])
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little")
    malleable = signature[:32] + (s + order).to_bytes(32, "little")
    assert not v.ed25519_holds(public, message, malleable), "s must be below the group's order"
    prime = 2**255 - 19
    for y in (prime, prime + 1, 2**255 - 1):
        assert not v.ed25519_holds(y.to_bytes(32, "little"), message, signature), "y must be below the field's prime"
    minus_zero = (1 | 1 << 255).to_bytes(32, "little")
    assert not v.ed25519_holds(minus_zero, message, signature), "zero has no sign"
    assert not v.ed25519_holds(public, message, signature + b"\x00")
    assert not v.ed25519_holds(public[:31], message, signature)
    assert not v.ed25519_holds(b"", message, signature)


def test_p256_by_rfc_6979() -> None:
    spki = v.SPKI_P256 + bytes.fromhex("".join(RFC_6979_POINT))
    for message, r, s in RFC_6979:
        der = encode_dss_signature(int(r, 16), int(s, 16))
        assert v.p256_holds(spki, message, der)
        assert not v.p256_holds(spki, message + b"x", der)


def test_both_algorithms_agree_with_a_second_implementation() -> None:
    chance = random.Random(1)  # noqa: S311  # Repeatable messages.
    for seed in range(1, 9):
        message = chance.randbytes(seed * 7)
        edwards = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        assert v.ed25519_holds(edwards.public_key().public_bytes_raw(), message, edwards.sign(message))
        curve = ec.derive_private_key(seed, ec.SECP256R1())
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        spki = curve.public_key().public_bytes(serialization.Encoding.DER, form)
        der = curve.sign(message, ec.ECDSA(hashes.SHA256()))
        assert v.p256_holds(spki, message, der)
        assert not v.p256_holds(spki, message + b".", der)


def test_p256_der_is_strict() -> None:
    key = ec.derive_private_key(7, ec.SECP256R1())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    spki = key.public_key().public_bytes(serialization.Encoding.DER, form)
    good = key.sign(b"m", ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(good)
    assert v.p256_holds(spki, b"m", good)
    padded = b"\x02" + bytes([good[3] + 1]) + b"\x00" + good[4 : 4 + good[3]] + good[4 + good[3] :]
    order = v._N
    loose = [
        good + b"\x00",
        good[:-1],
        b"",
        b"\x30",
        b"\x30\x81" + good[1:],
        b"\x31" + good[1:],
        b"\x30" + bytes([len(padded)]) + padded,
        encode_dss_signature(r, s + order),
        encode_dss_signature(r + order, s),
        encode_dss_signature(0, s),
        encode_dss_signature(r, 0),
    ]
    for der in loose:
        assert not v.p256_holds(spki, b"m", der), der.hex()
    assert not v.p256_holds(spki[:-1], b"m", good)
    assert not v.p256_holds(spki[:-1] + bytes([spki[-1] ^ 1]), b"m", good), "a point beside the curve"


def proofs(kind: str) -> list[dict[str, Any]]:
    found = VECTORS[kind]
    assert isinstance(found, list)
    return found


LEAVES = [v.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]


def root_of(size: int) -> bytes:
    tree = v.Tree(0, [])
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    root: bytes = tree.root()
    return root


def test_roots_of_the_vectors() -> None:
    assert [leaf.hex() for leaf in LEAVES] == VECTORS["leaf_hashes"]
    for root in proofs("roots"):
        assert root_of(root["tree_size"]).hex() == root["root"]


def test_the_36_inclusion_proofs() -> None:
    assert len(proofs("inclusion_proofs")) == 36
    for case in proofs("inclusion_proofs"):
        index, size = case["leaf_index"], case["tree_size"]
        proof = [bytes.fromhex(node) for node in case["proof"]]
        assert v.inclusion_root(LEAVES[index], index, size, proof) == root_of(size)
        for wrong in ([*proof, LEAVES[0]], proof[:-1]):
            if wrong != proof:
                with pytest.raises(ValueError, match="too"):
                    v.inclusion_root(LEAVES[index], index, size, wrong)


def test_the_36_consistency_proofs() -> None:
    assert len(proofs("consistency_proofs")) == 36
    for case in proofs("consistency_proofs"):
        old, new = case["old_size"], case["new_size"]
        proof = [bytes.fromhex(node) for node in case["proof"]]
        assert v.is_consistent(old, new, root_of(old), root_of(new), proof)
        assert not v.is_consistent(old, new, root_of(old), root_of(new), [*proof, LEAVES[0]])
        assert not v.is_consistent(old, new, LEAVES[3], root_of(new), proof)
        assert not v.is_consistent(old, new, root_of(old), LEAVES[3], proof)
        if proof:
            assert not v.is_consistent(old, new, root_of(old), root_of(new), proof[:-1])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        v.inclusion_root(LEAVES[0], index, size, [])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (4, 3)])
def test_a_tree_of_size_nought_proves_nothing(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        v.is_consistent(old, new, root_of(old), root_of(new), [])


@pytest.mark.parametrize("size", range(9))
def test_a_tree_goes_on_from_its_frontier(size: int) -> None:
    def node(begin: int, end: int) -> bytes:
        if end - begin == 1:
            return LEAVES[begin]
        made: bytes = v.node_hash(node(begin, (begin + end) // 2), node((begin + end) // 2, end))
        return made

    frontier, begin = [], 0
    for bit in (8, 4, 2, 1):
        if size & bit:
            frontier.append(node(begin, begin + bit))
            begin += bit
    tree = v.Tree(size, frontier)
    assert tree.root() == root_of(size)
    for leaf in LEAVES[size:]:
        tree.append(leaf)
    assert tree.root() == root_of(8)
    with pytest.raises(ValueError, match="frontier"):
        v.Tree(size + 1, [*frontier, b""])


def test_the_example_key_of_the_signed_note_specification() -> None:
    text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    key = v.parse_vkey(text)
    assert (key.name, key.key_id.hex(), key.algorithm, len(key.public)) == ("example.com/foo", "530d903a", 1, 32)
    for wrong in (text.replace("530d", "530e"), text[:-1], text + "=", text.replace("+A", "+C")):
        with pytest.raises(ValueError, match=r".*"):
            v.parse_vkey(wrong)


@pytest.mark.parametrize("text", ["QQ==", "QUI=", "QUJD"])
def test_canonical_base64_is_accepted(text: str) -> None:
    assert v.strict_base64(text)


@pytest.mark.parametrize("text", ["QR==", "QUJ=", "QQ", "QQ==\n", " QQ==", "QQ=", "QQ===", "Q-==", "é"])
def test_loose_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        v.strict_base64(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        '{"a":1.0}',
        '{"a":-0}',
        '{"a":1e2}',
        '"\\u0041"',
        '"\\/"',
        '"\\ud800"',
        "NaN",
        "",
    ],
)
def test_what_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        v.parse_canonical(text.encode())


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("0", False),
        ("1", True),
        ("01", False),
        ("9007199254740991", True),
        ("9007199254740992", False),
        ("9999999999999999", False),
        ("8999999999999999", True),
        ("9007199254740090", True),
        ("10000000000000000", False),
    ],
)
def test_positive_numbers_end_below_two_to_the_53(number: str, is_one: bool) -> None:  # noqa: FBT001  # A column of a table.
    import re

    assert bool(re.fullmatch(v.KINDS["positive"], number)) is is_one


@pytest.mark.parametrize("text", ["", "可乐", 'a"b', "a\\b", "\n\t\x08\x0c\r", "\x00\x1f\x0b", "\x7f\u2028😀"])
def test_the_pattern_of_a_text_is_the_canonical_form(text: str) -> None:
    import re

    assert re.fullmatch(v.KINDS["text"], v.canonical(text).decode())
    for loose in ('"\\u0041"', '"\\u000a"', '"\\u001F"', '"\\/"', '"\x01"', '"a'):
        assert not re.fullmatch(v.KINDS["text"], loose)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Shanghai"])
def test_clocks_are_those_of_the_zone(zone: str) -> None:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    mine, chance = v.Zone(zone), random.Random(zone)  # noqa: S311  # Repeatable instants.
    for _ in range(2000):
        instant = 1_767_225_600 + chance.randrange(365 * 86_400)
        local = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone))
        text = mine.text(instant)
        assert text[:19] == local.strftime("%Y-%m-%dT%H:%M:%S")
        assert mine.instant(text) == instant, "with its offset where the clock shows it twice"


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (1250, "12.50"), (-300, "-3.00"), (10**12, "10000000000.00")],
)
def test_money_in_tables(fen: int, shown: str) -> None:
    assert v.yuan(fen) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+5", "'+5"),
        ("-5", "-5"),
        ("-5.20", "-5.20"),
        ("-a", "'-a"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ("a,b", '"a,b"'),
        ('a"b', '"a""b"'),
        ("a\nb", '"a\nb"'),
        ("可乐", "可乐"),
        ("", ""),
    ],
)
def test_fields_are_harmless_to_a_spreadsheet(text: str, shown: str) -> None:
    assert v.field(text) == shown
