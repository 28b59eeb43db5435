"""Reading the Merkle log: subtree hashes, checkpoints and the proofs of one entry."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.kept import COLUMNS, leaf_of
from takeback.prove.merkle import TIER, consistency_proof, inclusion_proof, node_hash

_LEAVES = sa.text("select leaf_hash from leaf where leaf_index >= :begin and leaf_index < :end order by leaf_index")
_NODES = sa.text(
    "select hash from log_node where tier = :tier and node_index >= :begin and node_index < :end order by node_index"
)
_CHECKPOINT = "select size, root, made_at, note from checkpoint"
_ENTRY = sa.text(
    f"""
    select e.id, l.leaf_index, {COLUMNS}
    from entry e left join leaf l on l.entry_id = e.id
    where e.org_id = :org and e.id = :id
    """
)


def subtree_reader(connection: sa.Connection) -> Any:
    """Return a function that gives the hash of the complete subtree ``(level, index)`` from the stored tiers."""

    def subtree(level: int, index: int) -> bytes:
        tier, above = divmod(level, TIER)
        span = {"tier": tier, "begin": index << above, "end": (index + 1) << above}
        hashes = list(connection.scalars(_NODES if tier else _LEAVES, span))
        while len(hashes) > 1:
            hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return bytes(hashes[0])

    return subtree


def latest_checkpoint(connection: sa.Connection) -> sa.Row[Any] | None:
    """Return the newest checkpoint (size, root, made_at, note), or None while the log is empty."""
    return connection.execute(sa.text(f"{_CHECKPOINT} order by size desc limit 1")).one_or_none()


def prove_entry(connection: sa.Connection, org: UUID, entry_id: int) -> dict[str, Any]:
    """Return everything a stranger needs to check that an entry is in the log: body, leaf, path, signed checkpoint.

    Raises
    ------
    Problem
        ``ledger.no-such-entry``; ``ledger.not-yet-sequenced`` in the instant before the first checkpoint over it.
    """
    row = connection.execute(_ENTRY, {"org": org, "id": entry_id}).one_or_none()
    if row is None:
        raise Problem("ledger.no-such-entry", msg("The ledger has no such entry."), found=entry_id, status=404)
    checkpoint = latest_checkpoint(connection)
    if row.leaf_index is None or checkpoint is None or checkpoint.size <= row.leaf_index:
        raise Problem(
            "ledger.not-yet-sequenced",
            msg("The entry is recorded, its proof is not ready yet."),
            remedy=msg("Try again in a second."),
            status=503,
        )
    canonical = bodies.unpack(row.body)
    content = leaf_of(row, canonical).content()
    path = inclusion_proof(row.leaf_index, checkpoint.size, subtree_reader(connection))
    return {
        "format": "takeback-inclusion-proof-v1",
        "entry": {"id": row.id, "body": msgspec.json.decode(canonical), "salt": row.salt.hex()},
        "leaf": {"content": content.decode(), "index": row.leaf_index},
        "path": [base64.b64encode(step).decode() for step in path],
        "checkpoint": checkpoint.note,
    }


def prove_growth(connection: sa.Connection, first: int, second: int) -> list[str]:
    """Return the consistency proof between two checkpoint sizes, base64."""
    return [base64.b64encode(step).decode() for step in consistency_proof(first, second, subtree_reader(connection))]
