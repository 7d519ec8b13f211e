"""The Merkle tree of RFC 6962 §2.1 (unchanged in RFC 9162 §2.1), on hashlib alone.

Nodes are addressed as (level, index): level 0 are the leaves, a node of level *k* covers 2**k of them, and only
complete subtrees are stored, so that a stored node never changes. The proofs follow RFC 9162 §2.1.3 and §2.1.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry: SHA-256(00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring nodes: SHA-256(01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """The root of a complete subtree: it covers the leaves [index << level, (index + 1) << level)."""

    level: int
    index: int
    hash: bytes


ReadNode = Callable[[int, int], bytes]
"""Reads the stored hash at (level, index)."""


def frontier_addresses(size: int) -> list[tuple[int, int]]:
    """Return (level, index) of the complete subtrees that make up a tree of `size` leaves, largest first."""
    return [(level, (size >> level) - 1) for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first; O(log n) memory."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._hashes = list(hashes)
        if len(self._hashes) != size.bit_count():
            raise ValueError("a frontier has one hash for each bit set in its size")

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The subtree roots, largest first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash and return the nodes that became complete by it, the leaf first."""
        made = [Node(level=0, index=self.size, hash=leaf)]
        rest, level, hash_ = self.size, 0, leaf
        while rest & 1:
            hash_ = node_hash(self._hashes.pop(), hash_)
            rest >>= 1
            level += 1
            made.append(Node(level=level, index=rest, hash=hash_))
        self._hashes.append(hash_)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self._hashes:
            return EMPTY_ROOT
        root = self._hashes[-1]
        for left in self._hashes[-2::-1]:
            root = node_hash(left, root)
        return root


def range_hash(begin: int, end: int, read: ReadNode) -> bytes:
    """Return the hash MTH of the leaves [begin, end), where begin is aligned as RFC 6962's splits make it."""
    width = end - begin
    if width < 1:
        raise ValueError("an empty range has no node")
    level = width.bit_length() - 1
    if width == 1 << level:
        return read(level, begin >> level)
    split = begin + (1 << level)
    return node_hash(read(level, begin >> level), range_hash(split, end, read))


def root_of(size: int, read: ReadNode) -> bytes:
    """Return the root of the first `size` leaves."""
    return range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadNode) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside the tree")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        split = begin + _split(end - begin)
        if index < split:
            path.append(range_hash(split, end, read))
            end = split
        else:
            path.append(range_hash(begin, split, read))
            begin = split
    path.reverse()
    return path


def consistency_proof(old_size: int, size: int, read: ReadNode) -> list[bytes]:
    """Return the proof that the tree of `old_size` leaves is a prefix of that of `size` (RFC 9162 §2.1.4.1)."""
    if not 1 <= old_size <= size:
        raise ValueError("a consistency proof needs 1 <= old size <= size")
    path: list[bytes] = []
    begin, end, whole = 0, size, True
    while old_size != end:
        split = begin + _split(end - begin)
        if old_size <= split:
            path.append(range_hash(split, end, read))
            end = split
        else:
            path.append(range_hash(begin, split, read))
            begin, whole = split, False
    if not whole:
        path.append(range_hash(begin, end, read))
    path.reverse()
    return path


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether `proof` shows `leaf` at `index` in the tree of `size` leaves (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != 32:
        return False
    fn, sn, hash_ = index, size - 1, leaf
    for step in proof:
        if sn == 0 or len(step) != 32:
            return False
        if fn & 1 or fn == sn:
            hash_ = node_hash(step, hash_)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node_hash(hash_, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and hash_ == root


def verify_consistency(*, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether `proof` shows the old tree to be a prefix of the new one (RFC 9162 §2.1.4.2)."""
    if not 1 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    steps = list(proof)
    if not steps or any(len(step) != 32 for step in steps):
        return False
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_hash = hash_ = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old_hash, hash_ = node_hash(step, old_hash), node_hash(step, hash_)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node_hash(hash_, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old_hash == old_root and hash_ == root


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width` (≥ 2)."""
    return 1 << (width - 1).bit_length() - 1
