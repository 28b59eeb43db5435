"""A binary trie over 63-bit keys without idle nodes: n things, n - 1 nodes, one root whatever the order of building.

- The leaf of a thing is a chain over its entries, in the order of the log:
  ``h(n) = SHA-256(0x00 || key || n || h(n - 1) || leaf hash of entry n)``, ``h(0)`` 32 zero bytes,
  key and n 8 bytes each.
- A node is ``SHA-256(0x01 || depth || left || right)``: ``depth`` (one byte) is the number of the first bit, counted
  from the most significant of 63, in which the keys below it differ; 0 goes left.
- The root of the empty map is 32 zero bytes.

Membership and absence cannot both be shown under one root: a search goes by the committed depths and its key's bits
to exactly one leaf, and the leaf holds the key it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

BITS = 63
EMPTY = bytes(32)
NODE = [b"\x01" + bytes([depth]) for depth in range(BITS)]  # how what a node hashes begins


class Step(NamedTuple):
    """One node on the way from the root to a leaf: its depth, and the hash on the other side."""

    depth: int
    other: bytes


def link(key: int, number: int, before: bytes, leaf: bytes) -> bytes:
    """Return the chain's next value."""
    return sha256(b"\x00" + key.to_bytes(8, "big") + number.to_bytes(8, "big") + before + leaf).digest()


def chain(key: int, leaves: Iterable[bytes]) -> bytes:
    """Return the leaf of a thing with these entries."""
    value = EMPTY
    for number, leaf in enumerate(leaves, 1):
        value = link(key, number, value, leaf)
    return value


def node(depth: int, left: bytes, right: bytes) -> bytes:
    """Return the hash of a node."""
    return sha256(NODE[depth] + left + right).digest()


def root_of(keys: Sequence[int], leaves: Sequence[bytes]) -> bytes:
    """Return the root over things in the order of their keys."""
    if not keys:
        return EMPTY
    open_nodes: list[tuple[int, bytes]] = []  # depths rise: each waits for its right side
    before, right = keys[0], leaves[0]
    for key, leaf in zip(keys[1:], leaves[1:], strict=True):
        depth = BITS - (before ^ key).bit_length()
        while open_nodes and open_nodes[-1][0] > depth:
            above, left = open_nodes.pop()
            right = sha256(NODE[above] + left + right).digest()
        open_nodes.append((depth, right))
        before, right = key, leaf
    for above, left in reversed(open_nodes):
        right = sha256(NODE[above] + left + right).digest()
    return right


def way_to(key: int, keys: Sequence[int], leaves: Sequence[bytes]) -> tuple[int, list[Step]]:
    """Return where a search for ``key`` ends among at least one thing, as a place in ``keys``, and its steps."""
    begin, end, steps = 0, len(keys), list[Step]()
    while end - begin > 1:
        depth = BITS - (keys[begin] ^ keys[end - 1]).bit_length()
        split = next(n for n in range(begin + 1, end) if bit(keys[n], depth))
        if bit(key, depth):
            steps.append(Step(depth, root_of(keys[begin:split], leaves[begin:split])))
            begin = split
        else:
            steps.append(Step(depth, root_of(keys[split:end], leaves[split:end])))
            end = split
    return begin, steps


def root_from(key: int, leaf: bytes, steps: Sequence[Step]) -> bytes | None:
    """Return the root that a search for ``key`` with these steps starts from; None when the depths do not rise."""
    depths = [step.depth for step in steps]
    if depths != sorted(set(depths)) or any(not 0 <= depth < BITS for depth in depths):
        return None
    value = leaf
    for depth, other in reversed(steps):
        value = node(depth, other, value) if bit(key, depth) else node(depth, value, other)
    return value


def bit(key: int, depth: int) -> int:
    """Return the bit of a key at a depth."""
    return key >> (BITS - 1 - depth) & 1
