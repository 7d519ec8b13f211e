"""The tree against the published vectors, and its laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.merkle import (
    EMPTY_ROOT,
    Frontier,
    ReadNode,
    consistency_proof,
    frontier_addresses,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "merkle_rfc6962.json").read_text(encoding="utf-8")
)
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
ROOTS = {row["tree_size"]: bytes.fromhex(row["root"]) for row in VECTORS["roots"]}


def grown(leaves: list[bytes]) -> tuple[Frontier, ReadNode]:
    frontier = Frontier()
    stored: dict[tuple[int, int], bytes] = {}
    for leaf in leaves:
        for node in frontier.append(leaf_hash(leaf)):
            stored[node.level, node.index] = node.hash
    return frontier, lambda level, index: stored[level, index]


def test_leaf_hashes_are_those_of_the_vectors() -> None:
    assert [leaf_hash(leaf).hex() for leaf in LEAVES] == VECTORS["leaf_hashes"]


def test_the_facts_own_known_answers_hold() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_vectors(size: int) -> None:
    frontier, read = grown(LEAVES[:size])
    assert frontier.root() == ROOTS[size]
    assert root_of(size, read) == ROOTS[size]


@pytest.mark.parametrize("row", VECTORS["inclusion_proofs"], ids=str)
def test_inclusion_proofs_are_those_of_the_vectors(row: dict[str, Any]) -> None:
    _frontier, read = grown(LEAVES)
    index, size = row["leaf_index"], row["tree_size"]
    proof = inclusion_proof(index, size, read)
    assert [step.hex() for step in proof] == row["proof"]
    assert verify_inclusion(leaf=leaf_hash(LEAVES[index]), index=index, size=size, proof=proof, root=ROOTS[size])


@pytest.mark.parametrize("row", VECTORS["consistency_proofs"], ids=str)
def test_consistency_proofs_are_those_of_the_vectors(row: dict[str, Any]) -> None:
    _frontier, read = grown(LEAVES)
    old_size, size = row["old_size"], row["new_size"]
    proof = consistency_proof(old_size, size, read)
    assert [step.hex() for step in proof] == row["proof"]
    assert verify_consistency(old_size=old_size, old_root=ROOTS[old_size], size=size, root=ROOTS[size], proof=proof)


def test_no_tree_extends_the_empty_one() -> None:
    assert not verify_consistency(old_size=0, old_root=EMPTY_ROOT, size=8, root=ROOTS[8], proof=[])
    with pytest.raises(ValueError, match="old size"):
        consistency_proof(0, 8, lambda _level, _index: b"")


def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    with pytest.raises(ValueError, match="outside"):
        inclusion_proof(8, 8, lambda _level, _index: b"")
    assert not verify_inclusion(leaf=leaf_hash(b""), index=8, size=8, proof=[], root=ROOTS[8])


SIZES = st.integers(1, 300)


@given(SIZES, st.data())
def test_every_leaf_is_proved_and_no_other_fits(size: int, data: st.DataObject) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    frontier, read = grown(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, read)
    root = frontier.root()
    assert verify_inclusion(leaf=leaf_hash(leaves[index]), index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf=leaf_hash(b"other"), index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf=leaf_hash(leaves[index]), index=index, size=size, proof=[*proof, root], root=root)
    if proof:
        assert not verify_inclusion(leaf=leaf_hash(leaves[index]), index=index, size=size, proof=proof[:-1], root=root)


@given(SIZES, st.data())
def test_every_prefix_is_consistent_and_no_other_tree_is(size: int, data: st.DataObject) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    _frontier, read = grown(leaves)
    old_size = data.draw(st.integers(1, size))
    old_root, root = root_of(old_size, read), root_of(size, read)
    proof = consistency_proof(old_size, size, read)
    assert verify_consistency(old_size=old_size, old_root=old_root, size=size, root=root, proof=proof)
    assert not verify_consistency(old_size=old_size, old_root=b"\0" * 32, size=size, root=root, proof=proof)
    assert not verify_consistency(old_size=old_size, old_root=old_root, size=size, root=b"\0" * 32, proof=proof)


@given(SIZES)
def test_a_frontier_read_back_goes_on_like_the_one_that_was_kept(size: int) -> None:
    kept, read = grown([bytes([number % 256]) for number in range(size)])
    read_back = Frontier(size, [read(level, index) for level, index in frontier_addresses(size)])
    assert read_back.root() == kept.root()
    assert read_back.append(leaf_hash(b"next")) == kept.append(leaf_hash(b"next"))
    assert read_back.root() == kept.root()


def test_a_frontier_with_the_wrong_number_of_hashes_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="one hash for each bit"):
        Frontier(3, [b"\0" * 32])
