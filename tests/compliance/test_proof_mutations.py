"""Every known proof, spoiled in each of the ways in which provers go wrong, is refused by both implementations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compliance.verify import verify as v
from records import merkle

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "merkle_rfc6962.json").read_text(encoding="utf-8")
)
LEAVES = [v.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]
ROOTS = {row["tree_size"]: bytes.fromhex(row["root"]) for row in VECTORS["roots"]}
GARBAGE = bytes(range(32))
Proof = list[bytes]


def spoiled(proof: Proof, *known: bytes) -> Iterator[tuple[str, Proof]]:
    """The proof with something changed, left out, put before or put behind; `known` are hashes that lie near."""
    for at, node in enumerate(proof):
        for bit in (0, 4, 255):
            changed = bytearray(node)
            changed[bit // 8] ^= 1 << bit % 8
            yield f"bit {bit} of node {at}", [*proof[:at], bytes(changed), *proof[at + 1 :]]
        yield f"node {at} left out", proof[:at] + proof[at + 1 :]
        yield f"node {at} twice", [*proof[:at], node, *proof[at:]]
    for name, node in (("garbage", GARBAGE), *((f"known hash {n}", node) for n, node in enumerate(known))):
        yield f"{name} before", [node, *proof]
        yield f"{name} behind", [*proof, node]
    if proof:
        yield "empty", []
    if len(set(proof)) > 1:
        yield "backwards", proof[::-1]


def hashes(row: dict[str, Any]) -> Proof:
    return [bytes.fromhex(node) for node in row["proof"]]


def includes(leaf: bytes, index: int, size: int, proof: Proof, root: bytes) -> tuple[bool, bool]:
    """The word of the product, and of the verifier."""
    try:
        verified = v.inclusion_root(leaf, index, size, proof) == root
    except ValueError:
        verified = False
    return merkle.verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root), verified


def extends(old: int, new: int, roots: tuple[bytes, bytes], proof: Proof) -> tuple[bool, bool]:
    first, second = roots
    try:
        verified = v.is_consistent(old, new, first, second, proof)
    except ValueError:
        verified = False
    return merkle.verify_consistency(old_size=old, old_root=first, size=new, root=second, proof=proof), verified


@pytest.mark.parametrize("row", VECTORS["inclusion_proofs"], ids=str)
def test_a_spoiled_inclusion_proof_proves_nothing(row: dict[str, Any]) -> None:
    index, size, proof = row["leaf_index"], row["tree_size"], hashes(row)
    leaf, root = LEAVES[index], ROOTS[size]
    assert includes(leaf, index, size, proof, root) == (True, True)
    for name, wrong in spoiled(proof, leaf, root):
        assert includes(leaf, index, size, wrong, root) == (False, False), name
    for other in (GARBAGE, *(ROOTS[n] for n in ROOTS if n not in (0, size))):
        assert includes(leaf, index, size, proof, other) == (False, False)
    for other in (GARBAGE, *(one for one in LEAVES if one != leaf)):
        assert includes(other, index, size, proof, root) == (False, False)
    for at in (*(one for one in range(size) if one != index), -1, size, 2**63):
        assert includes(leaf, at, size, proof, root) == (False, False)
    assert includes(leaf, index, index, proof, root) == (False, False)


@pytest.mark.parametrize("row", VECTORS["consistency_proofs"], ids=str)
def test_a_spoiled_consistency_proof_proves_nothing(row: dict[str, Any]) -> None:
    old, new, proof = row["old_size"], row["new_size"], hashes(row)
    roots = ROOTS[old], ROOTS[new]
    assert extends(old, new, roots, proof) == (True, True)
    for name, wrong in spoiled(proof, *roots):
        assert extends(old, new, roots, wrong) == (False, False), name
    wrong_roots = [(GARBAGE, roots[1]), (roots[0], GARBAGE), *([roots[::-1]] if old != new else [])]
    wrong_roots += [(ROOTS[n], roots[1]) for n in ROOTS if n not in (0, old)]
    for pair in wrong_roots:
        assert extends(old, new, pair, proof) == (False, False)
    for size in (0, new + 1, -1):
        assert extends(size, new, roots, proof) == (False, False)
