"""Simulated annealing over ruin and recreate: SISR (Christiaens, Vanden Berghe 2020), compiled.

Strings of neighbouring tasks are taken off neighbouring routes and put back greedily, a few places overlooked;
annealing decides what is kept. Fleets shrink as in the paper: a route is dropped, and what cannot be put back at
once is preferred for how seldom it was left.
"""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import entry, inner
from takeback.plan.collection.lns.arrays import (
    ABSENCES,
    AFTER,
    BEST,
    BEST_LEFT,
    BEST_ROUTES,
    COSTS,
    DRIVING,
    DRIVING_LIST,
    GROUP,
    ITERATION,
    KEPT,
    KEPT_END,
    KEPT_SLOT,
    LEFT,
    LEFT_LIST,
    LOST,
    MOST_ROUTES,
    MUST,
    MUST_LEFT,
    NOW,
    PENALTY,
    SERVED,
    STARTED,
    STOPS,
    TICK,
    VALUE,
    VISITS,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.best import pool_route, remember
from takeback.plan.collection.lns.improve import change_types, spare_sites
from takeback.plan.collection.lns.labels import refresh
from takeback.plan.collection.lns.links import empty, undo
from takeback.plan.collection.lns.put_back import put_back
from takeback.plan.collection.lns.remove import remove

MOST_OLD = 20  # tasks left earlier that are tried again in an iteration
POOLED = 1.02  # routes of solutions up to so much dearer than the best are kept for recombination


@entry
def run(p: Rules, s: State, w: Work, seed: int, steps: int, hot: float, cool: float, shrink: bool, fewest: int) -> int:
    """Do up to `steps` iterations, from temperature `hot` to `cool` (minor units); return how many were done.

    With `shrink` a route is dropped whenever all tasks are served, down to `fewest` routes.
    """
    np.random.seed(seed)
    for step in range(steps):
        if shrink and s.counts[MUST_LEFT] == 0:
            if s.counts[DRIVING] <= fewest:
                return step
            _drop_route(p, s, w)
        _iterate(p, s, w, hot * (cool / hot) ** (step / steps), shrink)
        s.counts[ITERATION] += 1
    return steps


@entry
def construct(p: Rules, s: State, w: Work, seed: int) -> None:
    """Put every task that has no route where it fits best."""
    np.random.seed(seed)
    _begin(s)
    put_back(p, s, w, int(np.int64(0)), p.n)
    if p.rich:
        put_back(p, s, w, int(np.int64(0)), p.n)
    s.floats[VALUE, NOW] = s.floats[VALUE, COSTS] + s.floats[VALUE, LOST]
    s.floats[VALUE, PENALTY] = _penalty(p, s)


@inner
def _begin(s: State) -> None:
    s.counts[TICK] += 1
    s.counts[KEPT] = s.counts[KEPT_END] = 0


@inner
def _iterate(p: Rules, s: State, w: Work, heat: float, shrink: bool) -> None:
    _begin(s)
    old = s.counts[LEFT]
    remove(p, s)
    for k in range(s.counts[KEPT]):
        refresh(p, s, w, s.lists[KEPT_SLOT, k])
        if s.slots[s.lists[KEPT_SLOT, k], VISITS] > 0:
            spare_sites(p, s, w, s.lists[KEPT_SLOT, k])
    put_back(p, s, w, old, int(np.int64(MOST_OLD)))
    if p.kinds > 1 and np.random.random() < 0.2:
        change_types(p, s, w)
    now, penalty = s.floats[VALUE, COSTS] + s.floats[VALUE, LOST], _penalty(p, s)
    limit = s.floats[VALUE, NOW] - heat * np.log(1.0 - np.random.random())
    if penalty < s.floats[VALUE, PENALTY] or (penalty <= s.floats[VALUE, PENALTY] and now < limit):
        _accept(p, s, now, penalty, shrink)
    else:
        undo(p, s, w)


@inner
def _accept(p: Rules, s: State, now: float, penalty: float, shrink: bool) -> None:
    s.floats[VALUE, NOW], s.floats[VALUE, PENALTY] = now, penalty
    if penalty > 0:
        for k in range(s.counts[LEFT]):
            if p.node[s.lists[LEFT_LIST, k], MUST]:
                s.floats[ABSENCES, s.lists[LEFT_LIST, k]] += 1.0
        s.floats[VALUE, PENALTY] = _penalty(p, s)
    fewer = s.counts[MUST_LEFT] < s.counts[BEST_LEFT]
    same = s.counts[MUST_LEFT] == s.counts[BEST_LEFT]
    if shrink and same and s.counts[DRIVING] != s.counts[BEST_ROUTES]:
        fewer, same = s.counts[DRIVING] < s.counts[BEST_ROUTES], False
    if same and now > s.floats[VALUE, BEST] * POOLED:
        return
    for k in range(s.counts[KEPT]):
        pool_route(p, s, s.lists[KEPT_SLOT, k])
    if fewer or (same and now < s.floats[VALUE, BEST]):
        remember(p, s)


@inner
def _penalty(p: Rules, s: State) -> float:
    """Return how hard the tasks that must be served and are not have been to place so far."""
    total = 0.0
    if s.counts[MUST_LEFT] > 0:
        for k in range(s.counts[LEFT]):
            c = s.lists[LEFT_LIST, k]
            if p.node[c, MUST] and (p.node[c, GROUP] < 0 or s.tally[SERVED, p.node[c, GROUP]] == 0):
                total += 1.0 + s.floats[ABSENCES, c]
    return total


@inner
def _drop_route(p: Rules, s: State, w: Work) -> None:
    """Drop the route whose tasks were left least often, and allow no more routes than remain."""
    chosen, least = int(np.int64(-1)), np.inf
    for k in range(s.counts[DRIVING]):
        r = s.lists[DRIVING_LIST, k]
        if s.slots[r, STARTED]:
            continue
        total, node = 0.0, s.at[p.first_start + r, AFTER]
        while node < p.first_start:
            total += s.floats[ABSENCES, node] if node < p.n else 0.0
            node = s.at[node, AFTER]
        total += 0.001 * s.slots[r, STOPS] + 1e-6 * np.random.random()
        if total < least:
            chosen, least = r, total
    if chosen >= 0:
        empty(p, s, chosen)
        refresh(p, s, w, chosen)
    s.counts[MOST_ROUTES] = s.counts[DRIVING]
    s.floats[VALUE, NOW], s.floats[VALUE, PENALTY] = s.floats[VALUE, COSTS] + s.floats[VALUE, LOST], _penalty(p, s)
