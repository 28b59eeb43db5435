"""Breadth first through the layers of a graph, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takeback.prove.genealogy.graph.keys import Bytes, Ints, Longs
from takeback.prove.genealogy.graph.layer import (
    KIND_SHIFT,
    NO_CHILD,
    PARENT_SHIFT,
    TRANSFORMATION,
    Layer,
)

END, STACK, NEXT = 0, 1, 2


class Scratch(NamedTuple):
    """What a search writes, kept between searches: marks count searches, so nothing has to be cleared.

    ``queue``: things in the order they were met; ``via``, ``kind``: the entry that led to each. ``stack``:
    transformationIDs to be opened; ``head``: length of the queue, of the stack, and where the next level starts.
    """

    item_mark: Ints
    item_place: Ints
    entry_mark: Ints
    queue: Ints
    via: Longs
    kind: Bytes
    stack: Ints
    head: Longs


@njit(cache=True, nogil=True)
def search(
    layers: tuple[Layer, ...], pseudo: Bytes, seeds: Ints, back: bool, at: int, depth: int, mark: int, s: Scratch
) -> Ints:
    """Fill ``s`` with what is reached from ``seeds`` and return where each level ends in its queue.

    ``pseudo`` marks numbers that stand for a transformationID instead of a thing; they are no step of their own.
    """
    ends = np.empty(depth + 1, np.int32)
    s.head[END] = s.head[STACK] = 0
    for seed in seeds:
        if s.item_mark[seed] != mark:
            _put(s, seed, -1, 0, mark)
    levels, start = 1, 0
    ends[0] = s.head[END]
    while start < s.head[END] and levels <= depth:
        stop = s.head[NEXT] = s.head[END]
        for i in range(start, stop):
            _open(layers, pseudo, s.queue[i], back, at, mark, s)
            while s.head[STACK] > 0:
                s.head[STACK] -= 1
                _open(layers, pseudo, s.stack[s.head[STACK]], back, at, mark, s)
        start = stop
        if s.head[END] > stop:
            ends[levels] = s.head[END]
            levels += 1
    return ends[:levels]


@njit(cache=True, nogil=True)
def _put(s: Scratch, item: int, entry: int, kind: int, mark: int) -> None:
    end = s.head[END]
    s.item_mark[item] = mark
    s.item_place[item] = end
    s.queue[end], s.via[end], s.kind[end] = item, entry, kind
    s.head[END] = end + 1


@njit(cache=True, nogil=True)
def _open(layers: tuple[Layer, ...], pseudo: Bytes, item: int, back: bool, at: int, mark: int, s: Scratch) -> None:
    """Go through the entries that lead on from a thing."""
    for layer in layers:
        row = _row(layer, item)
        if row < 0:
            continue
        start, entries = (layer.made_start, layer.made) if back else (layer.used_start, layer.used)
        for i in range(start[row], start[row + 1]):
            e = entries[i]
            if layer.dead[e] or layer.time[e] > at or s.entry_mark[layer.first + e] == mark:
                continue
            if back:
                s.entry_mark[layer.first + e] = mark
                _sources(layers, layer, pseudo, item, e, at, mark, s)
            elif _holds(layers, layer, item, e, at):
                s.entry_mark[layer.first + e] = mark
                for j in range(layer.outer_start[e], layer.outer_start[e + 1]):
                    _meet(layer, pseudo, layer.outer[j], e, mark, s)


@njit(cache=True, nogil=True)
def _row(layer: Layer, item: int) -> int:
    if len(layer.members) == 0:
        return item if item < len(layer.made_start) - 1 else -1
    row = int(np.searchsorted(layer.members, item))
    return row if row < len(layer.members) and layer.members[row] == item else -1


@njit(cache=True, nogil=True)
def _sources(
    layers: tuple[Layer, ...], layer: Layer, pseudo: Bytes, parent: int, e: int, at: int, mark: int, s: Scratch
) -> None:
    looked = layer.kind[e] != TRANSFORMATION and _any_taken(layers, parent)
    for j in range(layer.inner_start[e], layer.inner_start[e + 1]):
        item = layer.inner[j]
        if not (looked and _taken(layers, parent, layer.kind[e], item, layer.time[e], layer.id[e], at)):
            _meet(layer, pseudo, item, e, mark, s)


@njit(cache=True, nogil=True)
def _holds(layers: tuple[Layer, ...], layer: Layer, child: int, e: int, at: int) -> bool:
    """Whether a child is still where the entry put it; what was used up in a transformation always is."""
    if layer.kind[e] == TRANSFORMATION:
        return True
    for j in range(layer.outer_start[e], layer.outer_start[e + 1]):
        parent = layer.outer[j]
        if _any_taken(layers, parent) and _taken(layers, parent, layer.kind[e], child, layer.time[e], layer.id[e], at):
            return False
    return True


@njit(cache=True, nogil=True)
def _meet(layer: Layer, pseudo: Bytes, item: int, e: int, mark: int, s: Scratch) -> None:
    if pseudo[item]:
        if s.item_mark[item] != mark:
            s.item_mark[item] = mark
            s.stack[s.head[STACK]] = item
            s.head[STACK] += 1
    elif s.item_mark[item] != mark:
        _put(s, item, layer.id[e], layer.kind[e], mark)
    else:
        place = s.item_place[item]
        if place >= s.head[NEXT] and layer.id[e] < s.via[place]:
            s.via[place], s.kind[place] = layer.id[e], layer.kind[e]


@njit(cache=True, nogil=True)
def _any_taken(layers: tuple[Layer, ...], parent: int) -> bool:
    for layer in layers:
        if len(layer.taken_key) == 0:
            continue
        place = np.searchsorted(layer.taken_key, parent << PARENT_SHIFT)
        if place < len(layer.taken_key) and layer.taken_key[place] >> PARENT_SHIFT == parent:
            return True
    return False


@njit(cache=True, nogil=True)
def _taken(layers: tuple[Layer, ...], parent: int, kind: int, child: int, time: int, entry: int, at: int) -> bool:
    """Whether a later DELETE took the child out of the parent, by name or with all the rest."""
    common = (parent << PARENT_SHIFT) | (kind << KIND_SHIFT)
    for layer in layers:
        if len(layer.taken_key) and (
            _later(layer, common | (child + 1), time, entry, at)
            or _later(layer, common | (NO_CHILD + 1), time, entry, at)
        ):
            return True
    return False


@njit(cache=True, nogil=True)
def _later(layer: Layer, key: int, time: int, entry: int, at: int) -> bool:
    low, high = 0, len(layer.taken_key)
    while low < high:
        middle = (low + high) // 2
        k, t = layer.taken_key[middle], layer.taken_time[middle]
        if k < key or (k == key and (t < time or (t == time and layer.taken_id[middle] <= entry))):
            low = middle + 1
        else:
            high = middle
    return low < len(layer.taken_key) and layer.taken_key[low] == key and layer.taken_time[low] <= at
