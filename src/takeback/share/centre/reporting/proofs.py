"""Where the entries behind a report stand in the log, and their inclusion proofs, many at once."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.log import latest_checkpoint
from takeback.prove.merkle import inclusion_proof
from takeback.prove.tiles import Tile, read_tile, tiled_subtree

_LEAVES = sa.text("""
    select l.entry_id, l.leaf_index, l.leaf_hash from leaf l join entry e on e.id = l.entry_id
    where e.org_id = :org and e.id = any(:ids) and l.leaf_index < :size order by l.entry_id
""")


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry in the log. `path`: its audit path (RFC 6962, 2.1.1) as numbers of `Proofs.nodes`."""

    index: int
    hash: bytes
    path: tuple[int, ...]


@dataclass(frozen=True)
class Proofs:
    """The proofs of many entries against one signed checkpoint; `leaves` by entry id.

    Entries that are not in it were appended an instant ago, or the log has no checkpoint yet.
    """

    size: int = 0
    root: bytes = b""
    note: str = ""
    nodes: tuple[bytes, ...] = ()
    leaves: Mapping[int, Leaf] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return them as plain data: hashes in base64, each once."""
        return {
            "format": "takeback-inclusion-proofs-v1",
            "checkpoint": self.note,
            "size": self.size,
            "root": _text(self.root),
            "nodes": [_text(node) for node in self.nodes],
            "entries": [
                {"entry": entry, "leaf_index": leaf.index, "leaf_hash": _text(leaf.hash), "path": list(leaf.path)}
                for entry, leaf in self.leaves.items()
            ],
        }


def proofs_of(connection: sa.Connection, org: UUID, entries: Iterable[int]) -> Proofs:
    """Return the proofs of a party's entries against the newest checkpoint."""
    checkpoint = latest_checkpoint(connection)
    if checkpoint is None:
        return Proofs()
    size = int(checkpoint.size)
    subtree = cache(tiled_subtree(size, lambda tile: _tile(connection, tile)))  # paths share most of their nodes
    numbers: dict[bytes, int] = {}
    leaves = {}
    for row in connection.execute(_LEAVES, {"org": org, "ids": sorted({*entries}), "size": size}):
        path = inclusion_proof(row.leaf_index, size, subtree)
        numbered = tuple(numbers.setdefault(node, len(numbers)) for node in path)
        leaves[row.entry_id] = Leaf(row.leaf_index, bytes(row.leaf_hash), numbered)
    return Proofs(size, bytes(checkpoint.root), str(checkpoint.note), tuple(numbers), leaves)


def _tile(connection: sa.Connection, tile: Tile) -> bytes:
    return read_tile(connection, tile) or b""


def _text(hashed: bytes) -> str:
    return base64.b64encode(hashed).decode()
