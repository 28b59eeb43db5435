"""What is kept of good solutions: the best one of all, and routes for recombination."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import entry, inner
from takeback.plan.collection.lns.arrays import (
    AFTER,
    BEST,
    BEST_END,
    BEST_LEFT,
    BEST_LIST,
    BEST_ROUTES,
    COST,
    COSTS,
    DRIVING,
    DRIVING_AT,
    DRIVING_LIST,
    KEY,
    KIND,
    LOST,
    MUST_LEFT,
    POOL_COST,
    POOL_KIND,
    POOL_NODES,
    POOL_STOPS,
    SALT,
    SITE,
    STOPS,
    VALUE,
    VISITS,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.labels import refresh
from takeback.plan.collection.lns.links import empty, put


@entry
def remember(p: Rules, s: State) -> None:
    """Make the present solution the best one."""
    at = 0
    for k in range(s.counts[DRIVING]):
        r = s.lists[DRIVING_LIST, k]
        s.lists[BEST_LIST, at] = -1 - r
        at += 1
        node, end = s.at[p.first_start + r, AFTER], p.first_start + p.r + r
        while node != end:
            s.lists[BEST_LIST, at] = node
            at += 1
            node = s.at[node, AFTER]
    s.counts[BEST_END], s.counts[BEST_LEFT], s.counts[BEST_ROUTES] = at, s.counts[MUST_LEFT], s.counts[DRIVING]
    s.floats[VALUE, BEST] = s.floats[VALUE, COSTS] + s.floats[VALUE, LOST]


@entry
def restore(p: Rules, s: State, w: Work) -> None:
    """Make the best solution the present one."""
    for r in range(p.r):
        if s.slots[r, DRIVING_AT] >= 0:
            empty(p, s, r)
    last = int(np.int64(-1))
    for i in range(s.counts[BEST_END]):
        if s.lists[BEST_LIST, i] < 0:
            last = p.first_start - 1 - s.lists[BEST_LIST, i]
        else:
            put(p, s, s.lists[BEST_LIST, i], last)
            last = s.lists[BEST_LIST, i]
    for r in range(p.r):
        if s.slots[r, DRIVING_AT] >= 0 or s.at[p.first_start + r, AFTER] != p.first_start + p.r + r:
            refresh(p, s, w, r)


@inner
def pool_route(p: Rules, s: State, r: int) -> None:
    """Keep a route for recombination, the cheapest order of each set of tasks."""
    kind, width = s.slots[r, KIND], s.pool.shape[1] - POOL_NODES
    total = s.slots[r, STOPS] + s.slots[r, VISITS]
    if s.slots[r, STOPS] == 0 or total > width:
        return
    key, node = kind * 7_919 + 1, s.at[p.first_start + r, AFTER]
    while node < p.first_start:
        key += p.node[node, SALT] if node < p.n else 0
        node = s.at[node, AFTER]
    row = (key ^ (key >> 17)) & (len(s.pool) - 1)
    if s.pool[row, KEY] == key and s.pool[row, POOL_COST] <= s.slots[r, COST]:
        return
    s.pool[row, KEY], s.pool[row, POOL_COST] = key, s.slots[r, COST]
    s.pool[row, POOL_KIND], s.pool[row, POOL_STOPS] = kind, total
    node, k = s.at[p.first_start + r, AFTER], POOL_NODES
    while node < p.first_start:
        s.pool[row, k] = node if node < p.n else -1 - p.node[node, SITE]
        k += 1
        node = s.at[node, AFTER]
