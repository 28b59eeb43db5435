"""Ruin: strings of tasks leave the routes beside a random task (SISR: Christiaens, Vanden Berghe 2020)."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    AFTER,
    DRIVING,
    FIXED,
    LEFT,
    QUEUE,
    RUINED,
    SECOND_AT,
    SLOT,
    STOPS,
    TICK,
    Rules,
    State,
)
from takeback.plan.collection.lns.links import take_off, touch

REMOVED = 10.0  # tasks taken off in an iteration, on average (the paper's c, and so on)
LONGEST = 10  # tasks of a string
SPLIT = 0.5  # share of strings from whose middle some are kept
KEEP_MORE = 0.01


@inner
def remove(p: Rules, s: State) -> None:
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
            s.lists[QUEUE, count] = node
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
            _take_with_followers(p, s, s.lists[QUEUE, i])


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
