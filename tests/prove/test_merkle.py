"""The Merkle tree against its definition and against public vectors."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.prove.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    consistent,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_inclusion,
)
from tests.reference import reference_data

sizes = st.integers(1, 700)


def plain_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962, 2.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def subtrees(leaves: list[bytes]):
    """The hash of a complete subtree, straight from the leaves."""
    return lambda level, index: plain_root(leaves[index << level : (index + 1) << level])


def some(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


@given(sizes)
def test_a_frontier_has_the_root_of_the_definition_and_survives_packing(size: int) -> None:
    """Appending leaf by leaf gives the root that the recursive definition gives, also across a restart."""
    tree, leaves = Frontier(), some(size)
    for leaf in leaves[: size // 2]:
        tree.append(leaf)
    tree = Frontier.unpacked(tree.size, tree.packed())
    for leaf in leaves[size // 2 :]:
        tree.append(leaf)
    assert (tree.size, tree.root()) == (size, plain_root(leaves))


def test_every_256_leaves_complete_a_stored_node() -> None:
    """The nodes that appending reports are the complete subtrees of 256 and 65,536 leaves, each once."""
    tree, leaves, nodes = Frontier(), some(600), []
    for leaf in leaves:
        nodes += tree.append(leaf)
    assert nodes == [(1, 0, plain_root(leaves[:256])), (1, 1, plain_root(leaves[256:512]))]


@given(sizes, st.data())
def test_an_inclusion_proof_leads_from_the_leaf_to_the_root_and_from_no_other_leaf(
    size: int, data: st.DataObject
) -> None:
    """A proof holds for its own leaf and position, and for nothing else."""
    leaves = some(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, subtrees(leaves))
    root = plain_root(leaves)
    assert root_from_inclusion(index, size, leaves[index], path) == root
    assert root_from_inclusion(index, size, leaf_hash(b"another"), path) != root
    assert root_from_inclusion(index, size, leaves[index], [*path, root]) is None


@given(sizes, st.data())
def test_a_consistency_proof_shows_growth_and_no_fork(size: int, data: st.DataObject) -> None:
    """The proof between two sizes of one log holds; a log that was changed before the first size fails."""
    leaves = some(size)
    first = data.draw(st.integers(1, size))
    path = consistency_proof(first, size, subtrees(leaves))
    assert consistent(first, size, plain_root(leaves[:first]), plain_root(leaves), path)
    forked = [leaf_hash(b"forked"), *leaves[1:]]
    assert not consistent(first, size, plain_root(forked[:first]), plain_root(leaves), path)


def vectors(part: str, good: int, bad: int) -> list[Path]:
    """The files of a part of transparency-dev/merkle; so many must be accepted, so many refused."""
    files = sorted(reference_data(f"prove/merkle/{part}").rglob("*.json"))
    wanted = [json.loads(path.read_text())["wantErr"] for path in files]
    assert (wanted.count(False), wanted.count(True)) == (good, bad)
    return files


def test_public_inclusion_vectors() -> None:
    """Every inclusion vector of transparency-dev/merkle is accepted or refused as it says."""
    for path in vectors("inclusion", 6, 92):
        v = json.loads(path.read_text())
        proof = [base64.b64decode(step) for step in v["proof"] or []]
        index, size = int(v["leafIdx"]), int(v["treeSize"])
        root = root_from_inclusion(index, size, base64.b64decode(v["leafHash"] or ""), proof)
        assert (root == base64.b64decode(v["root"] or "")) is not v["wantErr"], path


def test_public_consistency_vectors() -> None:
    """Every consistency vector of transparency-dev/merkle is accepted or refused as it says."""
    for path in vectors("consistency", 6, 92):
        v = json.loads(path.read_text())
        proof = [base64.b64decode(step) for step in v["proof"] or []]
        roots = [base64.b64decode(v[name] or "") for name in ("root1", "root2")]
        assert consistent(int(v["size1"]), int(v["size2"]), *roots, proof) is not v["wantErr"], path


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_no_proof_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    """Asking for a leaf that the tree does not have is an error, not a wrong proof."""
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(index, size, subtrees(some(3)))
