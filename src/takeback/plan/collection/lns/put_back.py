"""Recreate: tasks without a route return, in one of several orders drawn at random."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    LEFT,
    LEFT_LIST,
    LOSS,
    MUST,
    NEVER,
    ORDER,
    QUEUE,
    SLOT,
    UNIT,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.insert import place

RANDOM_ORDERS = 4.0
ORDER_WEIGHTS = np.array([4.0, 2.0, 1.0, 2.0, 2.0, 2.0])


@inner
def put_back(p: Rules, s: State, w: Work, old: int, most_old: int) -> None:
    """Try to place the tasks taken off, and some of the `old` first ones of the list that were left before."""
    count = 0
    if old <= most_old:
        for k in range(s.counts[LEFT]):
            s.lists[QUEUE, k] = s.lists[LEFT_LIST, k]
        count = s.counts[LEFT]
    else:
        for k in range(most_old):
            s.lists[QUEUE, k] = s.lists[LEFT_LIST, np.random.randint(0, old)]
        for k in range(old, s.counts[LEFT]):
            s.lists[QUEUE, most_old + k - old] = s.lists[LEFT_LIST, k]
        count = most_old + s.counts[LEFT] - old
    _sort(p, s, count)
    for k in range(count):
        c = s.lists[QUEUE, k]
        if s.at[c, SLOT] < 0:
            place(p, s, w, c, NEVER // 2 if p.node[c, MUST] else p.node[c, LOSS] * UNIT)


@inner
def _sort(p: Rules, s: State, count: int) -> None:
    """Order what is to be placed: at random, or by one of the keys."""
    total = RANDOM_ORDERS
    for k in range(len(p.keys)):
        total += ORDER_WEIGHTS[k]
    draw = np.random.random() * total - RANDOM_ORDERS
    chosen = -1
    while draw >= 0.0 and chosen < len(p.keys) - 1:
        chosen += 1
        draw -= ORDER_WEIGHTS[chosen]
    for k in range(count):
        s.floats[ORDER, k] = np.random.random() if chosen < 0 else p.keys[chosen, s.lists[QUEUE, k]]
    gap = 1
    while gap < count // 9:
        gap = 3 * gap + 1
    while gap > 0:  # Shell's sort: short lists mostly, and no room asked for
        for k in range(gap, count):
            key, c, i = s.floats[ORDER, k], s.lists[QUEUE, k], k
            while i >= gap and s.floats[ORDER, i - gap] > key:
                s.floats[ORDER, i], s.lists[QUEUE, i] = s.floats[ORDER, i - gap], s.lists[QUEUE, i - gap]
                i -= gap
            s.floats[ORDER, i], s.lists[QUEUE, i] = key, c
        gap //= 3
