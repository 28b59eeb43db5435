"""What makes a changed route cheaper without moving a task: fewer visits to sites, another vehicle type."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    AFTER,
    COST,
    DRIVE,
    FIXED,
    FIXED_COST,
    IDLE_COUNT,
    IDLE_FROM,
    IDLE_LIST,
    KEPT,
    KEPT_SLOT,
    KIND,
    LEAVES,
    OUT,
    PINNED,
    ROUTE,
    RUNNING,
    RUNNING_OUT,
    STARTED,
    STOPS,
    UNIT,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.evaluate import EXACT, evaluate
from takeback.plan.collection.lns.insert import room
from takeback.plan.collection.lns.labels import refresh
from takeback.plan.collection.lns.links import empty, put, take_off, touch


@inner
def spare_sites(p: Rules, s: State, w: Work, r: int) -> None:
    """Leave out the visits to sites that a route needs no more."""
    again = True
    while again:
        again = False
        node = s.at[p.first_start + r, AFTER]
        while node < p.first_start and not again:
            if node >= p.n and not p.node[node, FIXED] and (s.slots[r, STOPS] == 0 or _spared(p, s, w, r, node)):
                take_off(p, s, node)
                refresh(p, s, w, r)
                again = True
            else:
                node = s.at[node, AFTER]


@inner
def _spared(p: Rules, s: State, w: Work, r: int, spare: int) -> bool:
    m, node = 0, s.at[p.first_start + r, AFTER]
    while node < p.first_start:
        if node != spare:
            w.room[ROUTE, m] = node
            m += 1
        node = s.at[node, AFTER]
    w.room[DRIVE, EXACT] = 1
    fits = evaluate(p, s.slots[r, KIND], s.slots[r, LEAVES], m, w) and room(p, s, w, r)
    return fits and w.room[OUT, RUNNING_OUT] <= s.slots[r, RUNNING]


@inner
def change_types(p: Rules, s: State, w: Work) -> None:
    """Give the routes touched to vehicles at rest that do them for less."""
    for k in range(s.counts[KEPT]):
        r = s.lists[KEPT_SLOT, k]
        if s.slots[r, STOPS] == 0 or s.slots[r, STARTED]:
            continue
        w.room[DRIVE, EXACT] = 1
        m, node = 0, s.at[p.first_start + r, AFTER]
        while node < p.first_start:
            w.room[ROUTE, m] = node
            m += 1
            node = s.at[node, AFTER]
        chosen, least = int(np.int64(-1)), s.slots[r, COST]
        for kind in range(p.kinds):
            if s.tally[IDLE_COUNT, kind] == 0 or not _all_allowed(p, w, kind, m):
                continue
            if evaluate(p, kind, s.slots[r, LEAVES], m, w) and room(p, s, w, r):
                cost = p.kind[kind, FIXED_COST] + (w.room[OUT, RUNNING_OUT] + UNIT - 1) // UNIT
                if cost < least:
                    chosen, least = kind, cost
        if chosen >= 0:
            _move(p, s, w, r, s.lists[IDLE_LIST, s.tally[IDLE_FROM, chosen] + s.tally[IDLE_COUNT, chosen] - 1], m)


@inner
def _all_allowed(p: Rules, w: Work, kind: int, m: int) -> bool:
    for i in range(m):
        if w.room[ROUTE, i] < p.n and (not p.allowed[kind, w.room[ROUTE, i]] or p.node[w.room[ROUTE, i], PINNED] >= 0):
            return False
    return True


@inner
def _move(p: Rules, s: State, w: Work, r: int, to: int, m: int) -> None:
    """Move the `m` nodes of `w.route` from slot `r` to slot `to`."""
    touch(p, s, to)
    empty(p, s, r)
    last = p.first_start + to
    for i in range(m):
        put(p, s, w.room[ROUTE, i], last)
        last = w.room[ROUTE, i]
    refresh(p, s, w, r)
    refresh(p, s, w, to)
