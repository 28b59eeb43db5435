"""A layer of the graph: things and entries as numbers from 0, rows of the one by the other, compressed, both ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from takeback.prove.epcis.roles import ADD, CHILD, DELETE, INPUT, OUTPUT, PARENT
from takeback.prove.genealogy.graph.keys import Bytes, Ints, Longs, numbered

AGGREGATION, ASSOCIATION, TRANSFORMATION = 0, 1, 2
PARENT_SHIFT, KIND_SHIFT = 33, 32
NO_CHILD = -1


class Layer(NamedTuple):
    """A base holds every thing (``members`` empty: thing i stands in row i); a delta those of its entries only.

    ``first``: number of its first entry. ``made``, ``used``: entries in which a thing is a target, a source; ``inner``,
    ``outer``: sources and targets of an entry. ``taken``: DELETEs, sorted by ``taken_key`` (see `taken_key`), time, id.
    Times are microseconds since 2000-01-01.
    """

    first: int
    members: Ints
    made_start: Ints
    made: Ints
    used_start: Ints
    used: Ints
    inner_start: Ints
    inner: Ints
    outer_start: Ints
    outer: Ints
    id: Longs
    time: Longs
    kind: Bytes
    dead: Bytes
    taken_key: Longs
    taken_time: Longs
    taken_id: Longs


class Rows(NamedTuple):
    """What a layer is made of: ``item``, ``entry`` (place in the entries' arrays) and ``roles`` of each row, and
    ``id`` (ascending), ``time`` and ``kind`` of each entry."""

    item: Ints
    entry: Ints
    roles: NDArray[np.int16]
    id: Longs
    time: Longs
    kind: Bytes


def layer_of(rows: Rows, *, first: int, items: int, sparse: bool, dead: Bytes) -> Layer:
    """Return the layer; ``items`` is how many things there are in all, ``sparse`` asks for a delta."""
    changes = rows.kind[rows.entry] == TRANSFORMATION
    added = changes | (rows.roles & ADD != 0)
    sources = added & (rows.roles & np.where(changes, INPUT, CHILD) != 0)
    targets = added & (rows.roles & np.where(changes, OUTPUT, PARENT) != 0)
    members = np.unique(rows.item).astype(np.int32) if sparse else np.empty(0, np.int32)
    place = np.searchsorted(members, rows.item).astype(np.int32) if sparse else rows.item
    count, entries = (len(members) if sparse else items), len(rows.id)
    made = compressed(place[targets], rows.entry[targets], count)
    used = compressed(place[sources], rows.entry[sources], count)
    inner = compressed(rows.entry[sources], rows.item[sources], entries)
    outer = compressed(rows.entry[targets], rows.item[targets], entries)
    return Layer(
        first, members, *made, *used, *inner, *outer, rows.id, rows.time, rows.kind, dead, *_taken(rows, ~changes)
    )


def _taken(rows: Rows, boxes: NDArray[np.bool_]) -> tuple[Longs, Longs, Longs]:
    """Return the DELETEs: parent with each child named, or with none where none is named."""
    gone = boxes & (rows.roles & DELETE != 0)
    entry, item, roles = rows.entry[gone], rows.item[gone], rows.roles[gone]
    parent = np.full(len(rows.id), NO_CHILD, np.int64)
    parent[entry[roles & PARENT != 0]] = item[roles & PARENT != 0]
    child = roles & CHILD != 0
    named = np.zeros(len(rows.id), np.bool_)
    named[entry[child]] = True
    alone = np.unique(entry[(roles & PARENT != 0) & ~named[entry]])
    entries = np.concatenate([entry[child], alone]).astype(np.int64)
    children = np.concatenate([item[child], np.full(len(alone), NO_CHILD)]).astype(np.int64)
    known = parent[entries] != NO_CHILD
    entries, children = entries[known], children[known]
    key = (parent[entries] << PARENT_SHIFT) | (rows.kind[entries].astype(np.int64) << KIND_SHIFT) | (children + 1)
    order = np.lexsort((rows.id[entries], rows.time[entries], key))
    return key[order], rows.time[entries][order], rows.id[entries][order]


def without(layer: Layer, ids: Longs) -> Layer:
    """Return the layer in which the entries ``ids`` (ascending) never happened."""
    place = numbered(ids, layer.id)
    layer.dead[place[place >= 0]] = 1
    kept = numbered(layer.taken_id, ids) < 0
    if kept.all():
        return layer
    return layer._replace(
        taken_key=layer.taken_key[kept], taken_time=layer.taken_time[kept], taken_id=layer.taken_id[kept]
    )


def compressed(row: Ints, column: Ints, rows: int) -> tuple[Ints, Ints]:
    """Return where each row starts, and the columns, row after row."""
    start = np.zeros(rows + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
    return start, _placed(row, column, start[:-1].copy())


@njit(cache=True)
def _placed(row: Ints, column: Ints, free: Ints) -> Ints:
    placed = np.empty(len(column), np.int32)
    for i in range(len(row)):
        placed[free[row[i]]] = column[i]
        free[row[i]] += 1
    return placed
