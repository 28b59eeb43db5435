"""The one writer of the log: takes queued leaves in order, appends them and signs a checkpoint, all in one
transaction."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from takeback import store
from takeback.prove.checkpoint import LogKey, extensions
from takeback.prove.merkle import Frontier
from takeback.store import bulk

BATCH = 20_000  # leaves in one transaction
PAUSE = 0.05  # seconds between two looks at an empty queue: a leaf waits at most 100 ms for its checkpoint
_LOCK = 7_386_214  # any constant: the advisory lock of the sequencer

_FIRST = sa.text("select min(id), max(id) from (select id from leaf_queue order by id limit :batch) as first")
_TAKE = sa.text("delete from leaf_queue where id between :low and :high returning id, entry_id, leaf_hash")
# What was taken stays in the table until it is vacuumed: a scan of the table reads it each time, the index passes over.
_BY_INDEX = sa.text("set local enable_seqscan = off; set local enable_bitmapscan = off")
_log = logging.getLogger(__name__)

_LATEST = sa.text("select size, frontier from checkpoint order by size desc limit 1")
_CHECKPOINT = sa.text(
    """
    insert into checkpoint (size, root, frontier, made_at, note)
    values (:size, :root, :frontier, :made, :note)
    """
)


def sequence(key: LogKey) -> int:
    """Move what is queued into the log and sign one checkpoint; return how many leaves were moved.

    Two sequencers never work at once: the second finds the advisory lock taken and moves nothing.
    """
    with store.admin() as connection:
        connection.execute(sa.text("set local role takeback_sequencer"))
        connection.execute(_BY_INDEX)
        if not connection.scalar(sa.text("select pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}):
            return 0
        low, high = connection.execute(_FIRST, {"batch": BATCH}).one()
        if low is None:
            return 0
        taken = sorted(connection.execute(_TAKE, {"low": low, "high": high}), key=lambda row: row.id)
        _extend(connection, key, taken)
        return len(taken)


def _extend(connection: sa.Connection, key: LogKey, taken: list[sa.Row[Any]]) -> None:
    latest = connection.execute(_LATEST).one_or_none()
    tree = Frontier.unpacked(latest.size, latest.frontier) if latest else Frontier()
    leaves = [(tree.size + place, row.entry_id, row.leaf_hash) for place, row in enumerate(taken)]
    nodes = [node for _, _, leaf in leaves for node in tree.append(leaf)]
    bulk.copy(connection, "leaf", ("leaf_index", "entry_id", "leaf_hash"), leaves)
    bulk.copy(connection, "log_node", ("tier", "node_index", "hash"), nodes)
    root, made = tree.root(), datetime.now(UTC)
    note = key.sign(tree.size, root, *extensions(made, latest.size if latest else 0))
    signed = {"size": tree.size, "root": root, "frontier": tree.packed(), "made": made, "note": note}
    connection.execute(_CHECKPOINT, signed)


def sequence_all(key: LogKey) -> int:
    """Sequence until the queue is empty; return how many leaves were moved."""
    total = 0
    while moved := sequence(key):
        total += moved
    return total


def keep_sequencing(key: LogKey, stop: threading.Event) -> None:
    """Sequence until ``stop`` is set; a lost connection is tried again."""
    pause = PAUSE
    while not stop.wait(pause):
        try:
            waiting = _waiting()
            pause = PAUSE if waiting == 0 or sequence(key) < BATCH else 0.0
        except Exception:
            _log.exception("the sequencer will try again")
            pause = 1.0


def _waiting() -> int:
    with store.admin() as connection:
        connection.execute(_BY_INDEX)
        return int(connection.scalar(sa.text("select exists(select from leaf_queue order by id limit 1)")) or 0)
