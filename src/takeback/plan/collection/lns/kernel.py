"""Slack induction by string removals (Christiaens, Vanden Berghe 2020), compiled.

Strings of neighbouring tasks are taken off neighbouring routes and put back greedily, a few places overlooked;
annealing decides what is kept. Fleets shrink as in the paper: a route is dropped, and what cannot be put back at
once is preferred for how seldom it was left.
"""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.lns.arrays import (
    ABSENCES,
    AFTER,
    BEST,
    BEST_LEFT,
    BEST_ROUTES,
    COST,
    COSTS,
    DRIVE,
    DRIVING,
    DRIVING_LIST,
    FIXED,
    FIXED_COST,
    GROUP,
    IDLE_COUNT,
    IDLE_FROM,
    IDLE_LIST,
    ITERATION,
    KEPT,
    KEPT_END,
    KEPT_SLOT,
    KEY,
    KIND,
    LEAVES,
    LEFT,
    LEFT_LIST,
    LOSS,
    LOST,
    MOST_ROUTES,
    MUST,
    MUST_LEFT,
    NEVER,
    NOW,
    ORDER,
    OUT,
    PENALTY,
    PINNED,
    POOL_COST,
    POOL_KIND,
    POOL_NODES,
    POOL_STOPS,
    ROUTE,
    RUINED,
    RUNNING,
    RUNNING_OUT,
    SALT,
    SECOND_AT,
    SERVED,
    SITE,
    SLOT,
    STARTED,
    STOPS,
    TICK,
    TODO,
    UNIT,
    VALUE,
    VISITS,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.compile import entry, inner
from takeback.plan.collection.lns.evaluate import EXACT, evaluate
from takeback.plan.collection.lns.insert import place, room
from takeback.plan.collection.lns.solution import empty, put, refresh, remember, restore, take_off, touch, undo

REMOVED = 10.0  # tasks taken off in an iteration, on average (the paper's c, and so on)
LONGEST = 10  # tasks of a string
SPLIT = 0.5  # share of strings from whose middle some are kept
KEEP_MORE = 0.01
MOST_OLD = 20  # tasks left earlier that are tried again in an iteration
POOLED = 1.02  # routes of solutions up to so much dearer than the best are kept for recombination
RANDOM_ORDERS = 4.0
ORDER_WEIGHTS = np.array([4.0, 2.0, 1.0, 2.0, 2.0, 2.0])


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
    _put_back(p, s, w, int(np.int64(0)), p.n)
    if p.rich:
        _put_back(p, s, w, int(np.int64(0)), p.n)
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
    _ruin(p, s)
    for k in range(s.counts[KEPT]):
        refresh(p, s, w, s.lists[KEPT_SLOT, k])
        if s.slots[s.lists[KEPT_SLOT, k], VISITS] > 0:
            _spare_sites(p, s, w, s.lists[KEPT_SLOT, k])
    _put_back(p, s, w, old, int(np.int64(MOST_OLD)))
    if p.kinds > 1 and np.random.random() < 0.2:
        _change_types(p, s, w)
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
        _pool(p, s, s.lists[KEPT_SLOT, k])
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


@inner
def _ruin(p: Rules, s: State) -> None:
    """Take strings off the routes beside a random task."""
    served = p.n - s.counts[LEFT]
    if served <= 0 or s.counts[DRIVING] == 0:
        return
    seed = np.random.randint(0, p.n)
    longest = min(float(LONGEST), max(1.0, served / s.counts[DRIVING]))
    strings = int(np.random.random() * (4.0 * REMOVED / (1.0 + longest) - 1.0) + 1.0)
    for k in range(-1, p.near.shape[1]):
        c = seed if k < 0 else p.near[seed, k]
        r = s.at[c, SLOT]
        if r < 0 or s.slots[r, RUINED] == s.counts[TICK] or p.node[c, FIXED]:
            continue
        s.slots[r, RUINED] = s.counts[TICK]
        touch(p, s, r)
        _take_string(p, s, c, r, min(longest, float(s.slots[r, STOPS])))
        strings -= 1
        if strings <= 0:
            return


@inner
def _take_string(p: Rules, s: State, c: int, r: int, longest: float) -> None:
    """Take a string with task `c` off its route, sometimes all but some in its middle."""
    length = int(np.random.random() * longest + 1.0)
    count, at, node = 0, 0, s.at[p.first_start + r, AFTER]
    while node < p.first_start:
        if node < p.n and not p.node[node, FIXED]:
            at = count if node == c else at
            s.lists[TODO, count] = node
            count += 1
        node = s.at[node, AFTER]
    length, kept = min(length, count), int(np.int64(0))
    if length > 1 and np.random.random() < SPLIT:
        kept = 1
        while length + kept < count and np.random.random() > KEEP_MORE:
            kept += 1
        kept = min(kept, count - length)
    first = max(0, at - length - kept + 1)
    first += np.random.randint(0, min(at, count - length - kept) - first + 1)
    hole = first + np.random.randint(1, length) if kept > 0 else first + length
    for i in range(first, first + length + kept):
        if not hole <= i < hole + kept:
            _take_with_followers(p, s, s.lists[TODO, i])


@inner
def _take_with_followers(p: Rules, s: State, c: int) -> None:
    """Take a task off its route, and those that may only come after it."""
    if s.at[c, SLOT] < 0:
        return
    take_off(p, s, c)
    if not p.related:
        return
    again = True
    while again:  # relations are few
        again = False
        for first in range(p.n):
            for k in range(p.node[first, SECOND_AT], p.node[first + 1, SECOND_AT]):
                second = p.more[k]
                if s.at[first, SLOT] < 0 and s.at[second, SLOT] >= 0 and not p.node[second, FIXED]:
                    take_off(p, s, second)
                    again = True


@inner
def _put_back(p: Rules, s: State, w: Work, old: int, most_old: int) -> None:
    """Try to place the tasks taken off, and some of the `old` first ones of the list that were left before."""
    count = 0
    if old <= most_old:
        for k in range(s.counts[LEFT]):
            s.lists[TODO, k] = s.lists[LEFT_LIST, k]
        count = s.counts[LEFT]
    else:
        for k in range(most_old):
            s.lists[TODO, k] = s.lists[LEFT_LIST, np.random.randint(0, old)]
        for k in range(old, s.counts[LEFT]):
            s.lists[TODO, most_old + k - old] = s.lists[LEFT_LIST, k]
        count = most_old + s.counts[LEFT] - old
    _sort(p, s, count)
    for k in range(count):
        c = s.lists[TODO, k]
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
        s.floats[ORDER, k] = np.random.random() if chosen < 0 else p.keys[chosen, s.lists[TODO, k]]
    gap = 1
    while gap < count // 9:
        gap = 3 * gap + 1
    while gap > 0:  # Shell's sort: short lists mostly, and no room asked for
        for k in range(gap, count):
            key, c, i = s.floats[ORDER, k], s.lists[TODO, k], k
            while i >= gap and s.floats[ORDER, i - gap] > key:
                s.floats[ORDER, i], s.lists[TODO, i] = s.floats[ORDER, i - gap], s.lists[TODO, i - gap]
                i -= gap
            s.floats[ORDER, i], s.lists[TODO, i] = key, c
        gap //= 3


@inner
def _spare_sites(p: Rules, s: State, w: Work, r: int) -> None:
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
def _change_types(p: Rules, s: State, w: Work) -> None:
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


@inner
def _pool(p: Rules, s: State, r: int) -> None:
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


@entry
def prepare(p: Rules, s: State, w: Work, slot: int, m: int) -> bool:
    """Give a slot the `m` nodes of `w.room[ROUTE]`, which are free, if that is a route; return whether it is."""
    w.room[DRIVE, EXACT] = 1
    if not (evaluate(p, s.slots[slot, KIND], s.slots[slot, LEAVES], m, w) and room(p, s, w, slot)):
        return False
    last = p.first_start + slot
    for i in range(m):
        node = w.room[ROUTE, i]
        if s.at[node, SLOT] < 0:
            put(p, s, node, last)
        last = node
    refresh(p, s, w, slot)
    return True


@entry
def force(p: Rules, s: State, w: Work, slot: int, m: int) -> None:
    """Give an empty slot the first `m` nodes of `w.room[ROUTE]`, whatever the rules say."""
    last = p.first_start + slot
    for i in range(m):
        put(p, s, w.room[ROUTE, i], last)
        last = w.room[ROUTE, i]
    refresh(p, s, w, slot)


@entry
def keep_best(p: Rules, s: State) -> None:
    """Make the present solution the best one."""
    remember(p, s)


@entry
def back_to_best(p: Rules, s: State, w: Work) -> None:
    """Make the best solution the present one."""
    restore(p, s, w)
