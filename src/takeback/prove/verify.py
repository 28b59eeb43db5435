"""Recomputing everything: is the ledger what its signed checkpoints say it is?"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.canonical import canonical_json
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.checkpoint import extensions, opened
from takeback.prove.completeness.checking import map_findings
from takeback.prove.index_check import IndexCheck
from takeback.prove.kept import COLUMNS, leaf_of
from takeback.prove.lives_check import LivesCheck
from takeback.prove.merkle import TIER, Frontier, leaf_hash, root_from_inclusion
from takeback.prove.personal_check import PersonalCheck
from takeback.prove.signednote import parted

Progress = Callable[[int, int], None]

_LEAVES = sa.text("select leaf_index, leaf_hash from leaf where leaf_index < :size order by leaf_index")
_BEYOND = sa.text("select coalesce(max(leaf_index) + 1, 0), (select coalesce(max(size), 0) from checkpoint) from leaf")
_CHECKPOINTS = sa.text("select size, root, frontier, made_at, note from checkpoint order by size")
_NODES = sa.text("select tier, node_index, hash from log_node where (node_index + 1) << (8 * tier) <= :size")
_ENTRIES = sa.text(
    f"""
    select e.id, l.leaf_index, l.leaf_hash, q.leaf_hash as queued, e.action, e.biz_step, e.disposition, e.read_point,
           e.biz_location, e.event_key, e.error_declared_at, {COLUMNS}
    from entry e
    left join leaf l on l.entry_id = e.id left join leaf_queue q on q.entry_id = e.id
    where e.org_id = :org order by number
    """
)
BATCH = 2000  # rows read at a time
_COUNTER = sa.text("select next_number - 1 from party_counter where org_id = :org")
_RUNS = sa.text("select number, count from number_run where org_id = :org order by number")


@dataclass(slots=True)
class Verification:
    """What was recomputed and what did not agree; ``findings`` is empty when all is well.

    ``sequenced`` are the entries whose leaf is among the ``leaves`` of the log, ``waiting`` those still in the queue.
    """

    entries: int = 0
    sequenced: int = 0
    waiting: int = 0
    leaves: int = 0
    checkpoints: int = 0
    size: int = 0
    root: str = ""
    findings: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """True when nothing disagrees."""
        return not self.findings


def verify_log(connection: sa.Connection, origin: str, public: bytes) -> Verification:
    """Recompute the whole tree from its leaves; compare stored nodes and every signed checkpoint.

    What is appended meanwhile is left for the next time.
    """
    result, tree = Verification(), Frontier()
    checkpoints = connection.execute(_CHECKPOINTS).all()
    size = {"size": checkpoints[-1].size if checkpoints else 0}
    stored = {(row.tier, row.node_index): bytes(row.hash) for row in connection.execute(_NODES, size)}
    awaited = iter([*checkpoints, None])
    checkpoint, before = next(awaited), 0
    for index, leaf in connection.execute(_LEAVES, size):
        if index != tree.size:
            result.findings.append(f"leaf {tree.size} is missing: the next leaf is {index}")
            return result
        for tier, node, computed in tree.append(bytes(leaf)):
            if stored.pop((tier, node), None) != computed:
                result.findings.append(
                    f"node {node} of tier {tier} ({256**tier} leaves each) is not what its leaves give"
                )
        if checkpoint is not None and tree.size == checkpoint.size:
            _check_note(result, checkpoint, tree, origin, public)
            _check_extensions(result, checkpoint, before)
            before = checkpoint.size
            checkpoint = next(awaited)
    result.leaves = tree.size
    if stored:
        result.findings.append(f"{len(stored)} stored nodes (tiers of {2**TIER}) have no leaves beneath them")
    if checkpoint is not None:
        result.findings.append(f"a checkpoint commits to {checkpoint.size} leaves, the log has {tree.size}")
    leaves, committed = connection.execute(_BEYOND).one()
    if leaves > committed:
        result.findings.append(f"leaves after {committed} are under no checkpoint")
    return result


def _check_note(result: Verification, checkpoint: sa.Row[Any], tree: Frontier, origin: str, public: bytes) -> None:
    result.checkpoints += 1
    root = tree.root()
    result.size, result.root = checkpoint.size, base64.b64encode(root).decode()
    if bytes(checkpoint.root) != root:
        result.findings.append(f"the checkpoint at {checkpoint.size} has another root than its leaves give")
    if bytes(checkpoint.frontier) != tree.packed():
        result.findings.append(f"the checkpoint at {checkpoint.size} would be carried on from other nodes than its own")
    if opened(checkpoint.note, origin, public) != (checkpoint.size, root) or _has_more(checkpoint.note, origin):
        result.findings.append(f"the signature of the checkpoint at {checkpoint.size} does not hold")


def _has_more(note: str, origin: str) -> bool:
    """Tell whether a note has anything beside its text and the log's one signature: that would be signed by nobody."""
    text, signatures = parted(note)
    return len(signatures) != 1 or signatures[0].name != origin or note != f"{text}\n{signatures[0]}"


def _check_extensions(result: Verification, checkpoint: sa.Row[Any], before: int) -> None:
    said = tuple(checkpoint.note.partition("\n\n")[0].split("\n")[3:])
    if said and said[0] != extensions(checkpoint.made_at, before)[0]:
        result.findings.append(f"the checkpoint at {checkpoint.size} was made at another time than it says")
    if said and said[1:] != extensions(checkpoint.made_at, before)[1:]:
        result.findings.append(f"a checkpoint between {before} and {checkpoint.size} leaves is missing")


def verify_party(connection: sa.Connection, org: UUID, result: Verification, progress: Progress | None = None) -> None:
    """Recompute the leaf of each entry of one party and look for gaps in its numbers; add what is found to
    ``result``."""
    counter = {"org": org}
    total = connection.scalar(_COUNTER, counter) or 0
    expected, beside = 1, _Beside(connection, org)
    # The option goes with this query alone: on the connection it would stay for the caller's next statements.
    for row in connection.execute(_ENTRIES, {"org": org}, execution_options={"yield_per": BATCH}):
        result.entries += 1
        if row.number != expected:
            result.findings.append(f"party {org}: number {expected} is missing, found {row.number}")
        expected = (row.number or expected) + 1
        _check_entry(result, row, beside)
        if progress and result.entries % BATCH == 0:
            progress(expected - 1, total)
    later = connection.scalar(_COUNTER, counter) or 0  # what came meanwhile may have been read, or not
    if not total <= expected - 1 <= later:
        result.findings.append(f"party {org}: {total} entries were numbered, {expected - 1} are there")
    result.findings += [*_runs_findings(connection, org), *beside.findings(), *map_findings(connection, org)]


def _runs_findings(connection: sa.Connection, org: UUID) -> list[str]:
    """Tell where the runs of numbers do not follow each other, or end elsewhere than the party's count."""
    total, follows = connection.scalar(_COUNTER, {"org": org}) or 0, 1
    for row in connection.execute(_RUNS, {"org": org}):
        if row.number != follows:
            return [f"party {org}: a run of numbers begins with {row.number}, not with {follows}"]
        follows = row.number + row.count
    later = connection.scalar(_COUNTER, {"org": org}) or 0
    return [] if total <= follows - 1 <= later else [f"party {org}: {total} are numbered, the runs have {follows - 1}"]


class _Beside:
    """What the leaves do not commit to: the tables that are made from entries, and personal data."""

    def __init__(self, connection: sa.Connection, org: UUID) -> None:
        self._index, self._lives = IndexCheck(connection, org), LivesCheck(connection, org)
        self._personal = PersonalCheck(connection, org)

    def add(self, row: sa.Row[Any], canonical: bytes) -> None:
        self._index.add(row, canonical)
        self._personal.add(row, canonical)
        if row.captured and row.event_hash is not None:
            self._lives.add(row, json.loads(canonical))

    def findings(self) -> list[str]:
        return [*self._index.findings(), *self._lives.findings(), *self._personal.findings()]


def check_total(result: Verification) -> None:
    """Add a finding where leaves have no entry: once the entries of *all* parties were counted by `verify_party`.

    Only the leaves that `verify_log` has seen count: others may record meanwhile.
    """
    if lost := result.leaves - result.sequenced:
        result.findings.append(f"{lost} leaves of the log stand for entries that are not there")


def _check_entry(result: Verification, row: sa.Row[Any], beside: _Beside) -> None:
    result.sequenced += row.leaf_index is not None and row.leaf_index < result.size
    try:
        canonical = bodies.unpack(row.body)
    except ValueError as error:
        result.findings.append(f"entry {row.id}: {error}")
        return
    computed = leaf_of(row, canonical).hash()
    try:
        beside.add(row, canonical)
    except (ValueError, LookupError, TypeError, AttributeError, Problem) as error:
        result.findings.append(f"entry {row.id} cannot be understood: {error}")
    kept = row.leaf_hash or row.queued
    result.waiting += row.leaf_hash is None and row.queued is not None
    if kept is None:
        result.findings.append(f"entry {row.id} has no leaf and waits for none")
    elif bytes(kept) != computed:
        result.findings.append(f"entry {row.id} is not what its leaf commits to")


def verify_proof(proof: Mapping[str, Any], origin: str, public: bytes) -> list[str]:
    """Check an inclusion proof as `takeback.prove.log.prove_entry` gives it; return what does not hold."""
    leaf, entry = proof["leaf"], proof["entry"]
    content = json.loads(leaf["content"])
    findings = []
    digest = sha256(bytes.fromhex(entry["salt"]) + canonical_json(entry["body"])).hexdigest()
    if content["digest"] != digest:
        findings.append("the body is not the one that the leaf commits to")
    signed = opened(proof["checkpoint"], origin, public)
    if signed is None:
        return [*findings, "the checkpoint's signature does not hold"]
    size, root = signed
    path = [base64.b64decode(step) for step in proof["path"]]
    if root_from_inclusion(leaf["index"], size, leaf_hash(leaf["content"].encode()), path) != root:
        findings.append("the path does not lead to the signed root")
    return findings
