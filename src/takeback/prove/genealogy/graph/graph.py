"""One organisation's graph: loaded once, kept current by what came since, asked many times."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from takeback.prove.genealogy.graph.keys import Ints, Longs, distinct, numbered
from takeback.prove.genealogy.graph.layer import Layer, Rows, layer_of, without
from takeback.prove.genealogy.graph.merge import merged
from takeback.prove.genealogy.graph.pending import Pending
from takeback.prove.genealogy.graph.read import last_number, read, voided
from takeback.prove.genealogy.graph.search import Scratch, search
from takeback.prove.genealogy.result import Direction

ENDLESS = 2**62
DEEPEST = 1_000
GROWN, SHARE = 100_000, 32
"""Rows of a delta, and part of the base's rows (one in so many), beyond both of which it becomes part of the base."""
SLACK = 1.25  # room for things and entries to come, so that not each of them needs new scratch
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Reached(NamedTuple):
    """Things in the order of their depth, the first ones first; ``via`` (-1 at depth 0) led there, ``kind`` is how.

    ``kind``: 0 aggregation, 1 association, 2 transformation.
    """

    keys: Longs
    depths: Ints
    via: Longs
    kind: NDArray[np.int8]


class Graph:
    """The genealogy of one organisation in memory. All methods may be called by several threads."""

    def __init__(self, connection: sa.Connection, org: UUID) -> None:
        """Load it all; a transaction of that organisation sees its rows and no others'."""
        self.org = org
        self.generation = 0
        self._lock = threading.Lock()
        found = read(connection, org)
        self._void = voided(connection, org)
        self._number = found.number
        entry = numbered(found.entry, found.id)
        known = entry >= 0
        self._keys, item = distinct(found.item[known])
        rows = Rows(item, entry[known], found.roles[known], found.id, found.time, found.kind)
        empty = np.zeros(len(rows.id), np.int8)
        self._base = without(layer_of(rows, first=0, items=len(self._keys), sparse=False, dead=empty), self._void)
        self._pending = Pending()
        self._merging: threading.Thread | None = None
        self._searches = 0
        self._marked: Longs | None = None
        self._extra: Longs
        self._delta: Layer
        self._renew_delta()

    @property
    def nbytes(self) -> int:
        """Bytes held, at most: pages of the scratch that no search has touched are no memory yet."""
        held = (*self._base, *self._delta, *self._scratch, self._keys, self._extra, self._pseudo)
        return sum(array.nbytes for array in held if isinstance(array, np.ndarray))

    @property
    def edges(self) -> int:
        """Rows that join a thing to an entry."""
        return len(self._base.inner) + len(self._base.outer) + len(self._delta.inner) + len(self._delta.outer)

    def refresh(self, connection: sa.Connection) -> bool:
        """Take in what was committed since; return whether there was something."""
        with self._lock:
            if last_number(connection, self.org) == self._number:
                return False
            found = read(connection, self.org, after=self._number)
            void = voided(connection, self.org)
            new = np.setdiff1d(void, self._void, assume_unique=True)
            self._number, self._void = found.number, void
            self._base, self._delta = without(self._base, new), without(self._delta, new)
            if len(found.id):
                self._pending.add(found, self._base.id)
                self._renew_delta()
                self._merge_if_grown()
            self.generation += bool(len(found.id) or len(new))
            return True

    def settle(self) -> None:
        """Wait until a delta that has grown is part of the base."""
        merging = self._merging
        if merging is not None:
            merging.join()

    def reach(
        self, keys: Sequence[int], direction: Direction, *, at: datetime | None = None, depth: int | None = None
    ) -> Reached:
        """Return what is reached from the things ``keys``; those of which nothing is known are reached, too.

        The same answer as `takeback.prove.genealogy.walk` gives, without its steps.
        """
        instant = ENDLESS if at is None else round((at - _EPOCH).total_seconds() * 1_000_000)
        asked = np.unique(np.fromiter(keys, np.int64, len(keys)))
        with self._lock:
            seeds = self._numbers(asked)
            self._searches += 1
            ends = search(
                self._base, self._delta, self._pseudo, seeds[seeds >= 0], direction == "back", instant,
                DEEPEST if depth is None else depth, self._searches, self._scratch,
            )  # fmt: skip
            return self._reached(asked[seeds < 0], ends)

    def _reached(self, strangers: Longs, ends: Ints) -> Reached:
        end, scratch = int(ends[-1]), self._scratch
        sizes = np.diff(ends, prepend=np.int32(0))
        depths = np.repeat(np.arange(len(ends), dtype=np.int32), sizes)
        keys = self._keys_of(scratch.queue[:end])
        alone = len(strangers)
        return Reached(
            keys=np.concatenate([strangers, keys]),
            depths=np.concatenate([np.zeros(alone, np.int32), depths]),
            via=np.concatenate([np.full(alone, -1), scratch.via[:end]]),
            kind=np.concatenate([np.zeros(alone, np.int8), scratch.kind[:end]]),
        )

    def _numbers(self, keys: Longs) -> Ints:
        number = numbered(keys, self._keys)
        late = numbered(keys, self._extra)
        return np.where(late >= 0, late + np.int32(len(self._keys)), number).astype(np.int32)

    def _keys_of(self, numbers: Ints) -> Longs:
        count = len(self._keys)
        if not len(self._extra):
            return self._keys[numbers]
        early = numbers < count
        keys = np.empty(len(numbers), np.int64)
        keys[early], keys[~early] = self._keys[numbers[early]], self._extra[numbers[~early] - count]
        return keys

    def _renew_delta(self) -> None:
        rows, self._extra = self._pending.rows(self._keys)
        items, dead = len(self._keys) + len(self._extra), np.zeros(len(rows.id), np.int8)
        delta = layer_of(rows, first=len(self._base.id), items=items, sparse=True, dead=dead)
        self._delta = without(delta, self._void)
        self._fit_scratch(items, len(self._base.id) + len(rows.id))

    def _merge_if_grown(self) -> None:
        """Start a thread that makes the delta part of the base; searches go on meanwhile."""
        base, delta = self._base, self._delta
        grown = len(delta.inner) + len(delta.outer)
        if self._merging is not None or grown <= max(GROWN, (len(base.inner) + len(base.outer)) // SHARE):
            return
        keys, parts = np.concatenate([self._keys, self._extra]), len(self._pending.parts)

        def work() -> None:
            try:
                whole, known = merged(base, delta, keys)
                with self._lock:
                    self._base, self._keys = without(whole, self._void), known
                    self._pending = self._pending.after(parts)
                    self._renew_delta()
            finally:
                self._merging = None

        self._merging = threading.Thread(target=work, name="genealogy-merge", daemon=True)
        self._merging.start()

    def _fit_scratch(self, items: int, entries: int) -> None:
        """Have scratch for so many things and entries, and know which numbers stand for a transformationID."""
        scratch = getattr(self, "_scratch", None)
        if scratch is None or len(scratch.item_mark) < items or len(scratch.entry_mark) < entries:
            self._searches = 0
            self._scratch = _scratch(int(items * SLACK) + 1_000, int(entries * SLACK) + 1_000)
            self._pseudo = np.zeros(len(self._scratch.item_mark), np.int8)
            self._marked = None
        if self._marked is not self._keys:
            self._pseudo[: len(self._keys)] = self._keys < 0
            self._marked = self._keys
        self._pseudo[len(self._keys) : items] = self._extra < 0


def _scratch(items: int, entries: int) -> Scratch:
    return Scratch(
        item_mark=np.zeros(items, np.int32),
        item_place=np.empty(items, np.int32),
        entry_mark=np.zeros(entries, np.int32),
        queue=np.empty(items, np.int32),
        via=np.empty(items, np.int64),
        kind=np.empty(items, np.int8),
        stack=np.empty(items, np.int32),
        head=np.zeros(3, np.int64),
    )
