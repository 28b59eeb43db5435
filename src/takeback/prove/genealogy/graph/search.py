"""Breadth first through the two layers of a graph, compiled.

Arrays are handed on one by one: taking a layer apart again for each thing would cost more than the search.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takeback.prove.genealogy.graph.keys import Bytes, Ints, Longs
from takeback.prove.genealogy.graph.layer import KIND_SHIFT, NO_CHILD, PARENT_SHIFT, TRANSFORMATION, Layer

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
    base: Layer, delta: Layer, pseudo: Bytes, seeds: Ints, back: bool, at: int, depth: int, mark: int, s: Scratch
) -> Ints:
    """Fill ``s`` with what is reached from ``seeds`` and return where each level ends in its queue.

    ``pseudo`` marks numbers that stand for a transformationID instead of a thing; they are no step of their own.
    """
    item_mark, item_place, entry_mark, queue, via, kind, stack, head = s
    near_start, near = (base.made_start, base.made) if back else (base.used_start, base.used)
    far_start, far = (base.inner_start, base.inner) if back else (base.outer_start, base.outer)
    dead, ids, times, kinds = base.dead, base.id, base.time, base.kind
    key1, time1, by1 = base.taken_key, base.taken_time, base.taken_id
    near_start2, near2 = (delta.made_start, delta.made) if back else (delta.used_start, delta.used)
    far_start2, far2 = (delta.inner_start, delta.inner) if back else (delta.outer_start, delta.outer)
    dead2, ids2, times2, kinds2, first2 = delta.dead, delta.id, delta.time, delta.kind, delta.first
    key2, time2, by2, members = delta.taken_key, delta.taken_time, delta.taken_id, delta.members
    ends = np.empty(depth + 1, np.int32)
    head[END] = head[STACK] = 0
    for seed in seeds:
        if item_mark[seed] != mark:
            _put(seed, -1, 0, mark, item_mark, item_place, queue, via, kind, head)
    levels, start = 1, 0
    ends[0] = head[END]
    while start < head[END] and levels <= depth:
        stop = head[NEXT] = head[END]
        i = start
        while i < stop or head[STACK] > 0:
            if head[STACK] > 0:
                head[STACK] -= 1
                item = stack[head[STACK]]
            else:
                item = queue[i]
                i += 1
            if item < len(near_start) - 1:
                _open(
                    item, item, near_start, near, far_start, far, dead, ids, times, kinds, 0,
                    key1, time1, by1, key2, time2, by2, pseudo, back, at, mark,
                    item_mark, item_place, entry_mark, queue, via, kind, stack, head,
                )  # fmt: skip
            if len(members):
                row = np.searchsorted(members, item)
                if row < len(members) and members[row] == item:
                    _open(
                        item, row, near_start2, near2, far_start2, far2, dead2, ids2, times2, kinds2, first2,
                        key1, time1, by1, key2, time2, by2, pseudo, back, at, mark,
                        item_mark, item_place, entry_mark, queue, via, kind, stack, head,
                    )  # fmt: skip
        start = stop
        if head[END] > stop:
            ends[levels] = head[END]
            levels += 1
    return ends[:levels]


@njit(cache=True, nogil=True)
def _open(
    item: int, row: int, near_start: Ints, near: Ints, far_start: Ints, far: Ints, dead: Bytes, ids: Longs,
    times: Longs, kinds: Bytes, first: int, key1: Longs, time1: Longs, by1: Longs, key2: Longs, time2: Longs,
    by2: Longs, pseudo: Bytes, back: bool, at: int, mark: int, item_mark: Ints, item_place: Ints, entry_mark: Ints,
    queue: Ints, via: Longs, kind: Bytes, stack: Ints, head: Longs,
) -> None:  # fmt: skip
    """Go through the entries that lead on from a thing, and meet what they lead to."""
    for i in range(near_start[row], near_start[row + 1]):
        e = near[i]
        if dead[e] or times[e] > at or entry_mark[first + e] == mark:
            continue
        box = kinds[e] != TRANSFORMATION
        if box and not back and far_start[e] < far_start[e + 1]:
            parent = far[far_start[e]]  # the only one
            if (_any(parent, key1) or _any(parent, key2)) and _taken(
                parent, kinds[e], item, times[e], ids[e], at, key1, time1, by1, key2, time2, by2
            ):
                continue
        entry_mark[first + e] = mark
        look = box and back and (_any(item, key1) or _any(item, key2))
        for j in range(far_start[e], far_start[e + 1]):
            met = far[j]
            if look and _taken(item, kinds[e], met, times[e], ids[e], at, key1, time1, by1, key2, time2, by2):
                continue
            if pseudo[met]:
                if item_mark[met] != mark:
                    item_mark[met] = mark
                    stack[head[STACK]] = met
                    head[STACK] += 1
            elif item_mark[met] != mark:
                _put(met, ids[e], kinds[e], mark, item_mark, item_place, queue, via, kind, head)
            elif item_place[met] >= head[NEXT] and ids[e] < via[item_place[met]]:
                via[item_place[met]], kind[item_place[met]] = ids[e], kinds[e]


@njit(cache=True, nogil=True)
def _put(
    item: int, entry: int, by: int, mark: int, item_mark: Ints, item_place: Ints, queue: Ints, via: Longs, kind: Bytes,
    head: Longs,
) -> None:  # fmt: skip
    end = head[END]
    item_mark[item] = mark
    item_place[item] = end
    queue[end], via[end], kind[end] = item, entry, by
    head[END] = end + 1


@njit(cache=True, nogil=True)
def _any(parent: int, key: Longs) -> bool:
    """Whether anything was ever taken out of a parent."""
    if len(key) == 0:
        return False
    place = np.searchsorted(key, int(parent) << PARENT_SHIFT)
    return bool(place < len(key) and key[place] >> PARENT_SHIFT == parent)


@njit(cache=True, nogil=True)
def _taken(
    parent: int, kind: int, child: int, time: int, entry: int, at: int, key1: Longs, time1: Longs, by1: Longs,
    key2: Longs, time2: Longs, by2: Longs,
) -> bool:  # fmt: skip
    """Whether a later DELETE took the child out of the parent, by name or with all the rest."""
    common = (int(parent) << PARENT_SHIFT) | (int(kind) << KIND_SHIFT)
    named, all_out = common | (int(child) + 1), common | (NO_CHILD + 1)
    return (
        _later(named, time, entry, at, key1, time1, by1)
        or _later(all_out, time, entry, at, key1, time1, by1)
        or _later(named, time, entry, at, key2, time2, by2)
        or _later(all_out, time, entry, at, key2, time2, by2)
    )


@njit(cache=True, nogil=True)
def _later(wanted: int, time: int, entry: int, at: int, key: Longs, times: Longs, by: Longs) -> bool:
    low, high = 0, len(key)
    while low < high:
        middle = (low + high) // 2
        k, t = key[middle], times[middle]
        if k < wanted or (k == wanted and (t < time or (t == time and by[middle] <= entry))):
            low = middle + 1
        else:
            high = middle
    return bool(low < len(key) and key[low] == wanted and times[low] <= at)
