"""A delta that has grown becomes part of the base."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from takeback.prove.epcis.roles import ADD, CHILD, INPUT, OUTPUT, PARENT
from takeback.prove.genealogy.graph.keys import Ints, Longs
from takeback.prove.genealogy.graph.layer import (
    KIND_SHIFT,
    PARENT_SHIFT,
    TRANSFORMATION,
    Layer,
    Rows,
    layer_of,
)

T = TypeVar("T", bound=np.generic)
_CHILD_BITS = (1 << KIND_SHIFT) - 1


def merged(base: Layer, delta: Layer, keys: Longs) -> tuple[Layer, Longs]:
    """Return the base of both and its keys, ascending; ``keys`` are those of both, the base's first."""
    order = np.argsort(keys, kind="stable")
    place = np.empty(len(keys), np.int64)
    place[order] = np.arange(len(keys))
    ids = np.concatenate([base.id, delta.id])
    by_id = np.argsort(ids, kind="stable")
    entry_place = np.empty(len(ids), np.int32)
    entry_place[by_id] = np.arange(len(ids), dtype=np.int32)
    parts = [_rows(layer, place, entry_place) for layer in (base, delta)]
    item, entry, roles = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = Rows(
        item, entry, roles, ids[by_id], _both(base.time, delta.time)[by_id], _both(base.kind, delta.kind)[by_id]
    )
    dead = _both(base.dead, delta.dead)[by_id]
    whole = layer_of(rows, first=0, items=len(keys), sparse=False, dead=dead)
    key, when, by = _taken(base, delta, place)
    return whole._replace(taken_key=key, taken_time=when, taken_id=by), keys[order]


def _both(first: NDArray[T], second: NDArray[T]) -> NDArray[T]:
    return np.concatenate([first, second])


def _rows(layer: Layer, place: Longs, entry_place: Ints) -> tuple[Ints, Ints, NDArray[np.int16]]:
    entries = np.arange(len(layer.id), dtype=np.int32)
    sides = []
    for start, items, box, change in (
        (layer.inner_start, layer.inner, CHILD | ADD, INPUT),
        (layer.outer_start, layer.outer, PARENT | ADD, OUTPUT),
    ):
        entry = np.repeat(entries, np.diff(start))
        roles = np.where(layer.kind[entry] == TRANSFORMATION, change, box).astype(np.int16)
        sides.append((place[items].astype(np.int32), entry_place[layer.first + entry], roles))
    item, entry, roles = (np.concatenate(column) for column in zip(*sides, strict=True))
    return item, entry, roles


def _taken(base: Layer, delta: Layer, place: Longs) -> tuple[Longs, Longs, Longs]:
    key = _both(base.taken_key, delta.taken_key)
    time, entry = _both(base.taken_time, delta.taken_time), _both(base.taken_id, delta.taken_id)
    child = (key & _CHILD_BITS) - 1
    moved = np.where(child >= 0, place[child] if len(place) else child, -1) + 1
    kind = key & (1 << KIND_SHIFT)
    key = (place[key >> PARENT_SHIFT] << PARENT_SHIFT) | kind | moved
    order = np.lexsort((entry, time, key))
    return key[order], time[order], entry[order]
