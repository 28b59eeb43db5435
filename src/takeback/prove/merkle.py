"""The Merkle tree of RFC 6962 (section 2.1): hashes, a growing frontier, inclusion and consistency proofs.

A complete subtree of ``2**level`` leaves that begins at leaf ``index * 2**level`` is named ``(level, index)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree ``(level, index)``."""

HASH = 32  # bytes of a hash
EMPTY_ROOT = sha256(b"").digest()
TIER = 8  # a stored node stands for 256 nodes of the tier below, as in C2SP tlog-tiles


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: the hashes of its complete subtrees, largest first.

    With it alone leaves are appended and the root is known; the tree itself need not be read.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Continue a tree of ``size`` leaves; ``hashes`` has one hash for each set bit of ``size``."""
        if len(hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(hashes)}")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Append one leaf hash; return the tier nodes ``(tier, index, hash)`` that it completes."""
        completed = []
        level, index, carry = 0, self.size, leaf
        while index & 1:
            carry = node_hash(self.hashes.pop(), carry)
            level, index = level + 1, index >> 1
            if level % TIER == 0:
                completed.append((level // TIER, index, carry))
        self.hashes.append(carry)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def packed(self) -> bytes:
        """Return the hashes as one string of 32 bytes each."""
        return b"".join(self.hashes)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Frontier:
        """Continue from what :meth:`packed` gave."""
        return cls(size, [packed[i : i + 32] for i in range(0, len(packed), 32)])


def range_hash(begin: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash of the leaves ``begin`` to ``end`` (not included), ``begin`` being aligned as RFC 6962 splits."""
    count = end - begin
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtree(level, begin >> level)
    split = 1 << (count - 1).bit_length() - 1
    return node_hash(range_hash(begin, begin + split, subtree), range_hash(begin + split, end, subtree))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size} leaves")
    path, begin, end = [], 0, size
    while end - begin > 1:
        split = begin + (1 << (end - begin - 1).bit_length() - 1)
        if index < split:
            path.append(range_hash(split, end, subtree))
            end = split
        else:
            path.append(range_hash(begin, split, subtree))
            begin = split
    return path[::-1]


def consistency_proof(first: int, second: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the tree of ``first`` leaves is a prefix of that of ``second`` (RFC 6962, 2.1.2)."""
    if not 0 < first <= second:
        raise ValueError(f"no consistency proof from {first} to {second} leaves")
    path: list[bytes] = []
    begin, end, whole = 0, second, True
    while end != first:
        split = begin + (1 << (end - begin - 1).bit_length() - 1)
        if first <= split:
            path.append(range_hash(split, end, subtree))
            end = split
        else:
            path.append(range_hash(begin, split, subtree))
            begin, whole = split, False
    if not whole:
        path.append(range_hash(begin, end, subtree))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an audit path leads to, or None when the path has not the right length (RFC 9162,
    2.1.3.2)."""
    if not 0 <= index < size or any(len(hashed) != HASH for hashed in (leaf, *path)):
        return None
    node, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return result if last == 0 else None


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether ``path`` proves the first tree a prefix of the second (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second or not path:
        return first == second and not path and first_root == second_root
    nodes = list(path) if first & (first - 1) else [first_root, *path]
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
