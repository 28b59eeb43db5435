"""Routes as linked lists: nodes put on and taken off, with the lists of what is free; changes undone."""

from __future__ import annotations

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    AFTER,
    BEFORE,
    FREE_COUNT,
    FREE_FROM,
    FREE_LIST,
    GROUP,
    INDEX,
    KEPT,
    KEPT_END,
    KEPT_FROM,
    KEPT_LIST,
    KEPT_SLOT,
    LEFT,
    LEFT_LIST,
    LOSS,
    LOST,
    MUST,
    MUST_LEFT,
    SEEN,
    SERVED,
    SITE,
    SLOT,
    TICK,
    VALUE,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.labels import refresh


@inner
def put(p: Rules, s: State, node: int, a: int) -> None:
    """Put a task, or a free copy of a site, behind node `a` of a route."""
    b = s.at[a, AFTER]
    s.at[a, AFTER] = s.at[b, BEFORE] = node
    s.at[node, BEFORE], s.at[node, AFTER] = a, b
    s.at[node, SLOT] = s.at[a, SLOT]
    if node < p.n:
        _fetch(p, s, node)
    else:
        _take_copy(p, s, node)


@inner
def take_off(p: Rules, s: State, node: int) -> None:
    """Take a task, or a visit to a site, off its route."""
    a, b = s.at[node, BEFORE], s.at[node, AFTER]
    s.at[a, AFTER], s.at[b, BEFORE] = b, a
    if node < p.n:
        _leave(p, s, node)
        return
    site = p.node[node, SITE]
    at = s.tally[FREE_FROM, site] + s.tally[FREE_COUNT, site]
    s.lists[FREE_LIST, at] = node
    s.at[node, INDEX] = at
    s.tally[FREE_COUNT, site] += 1
    s.at[node, SLOT] = -1


@inner
def empty(p: Rules, s: State, r: int) -> None:
    """Take everything off a route."""
    start, end = p.first_start + r, p.first_start + p.r + r
    while s.at[start, AFTER] != end:
        take_off(p, s, s.at[start, AFTER])


@inner
def _leave(p: Rules, s: State, c: int) -> None:
    """Put a task on the list of those without a route."""
    s.at[c, INDEX] = s.counts[LEFT]
    s.lists[LEFT_LIST, s.counts[LEFT]] = c
    s.counts[LEFT] += 1
    s.at[c, SLOT] = -1
    g = p.node[c, GROUP]
    if g >= 0:
        s.tally[SERVED, g] -= 1
    if g < 0 or s.tally[SERVED, g] == 0:
        s.floats[VALUE, LOST] += p.node[c, LOSS]
        s.counts[MUST_LEFT] += p.node[c, MUST]


@inner
def _fetch(p: Rules, s: State, c: int) -> None:
    """Take a task off the list of those without a route."""
    s.counts[LEFT] -= 1
    moved, at = s.lists[LEFT_LIST, s.counts[LEFT]], s.at[c, INDEX]
    s.lists[LEFT_LIST, at] = moved
    s.at[moved, INDEX] = at
    s.at[c, INDEX] = -1
    g = p.node[c, GROUP]
    if g >= 0:
        s.tally[SERVED, g] += 1
    if g < 0 or s.tally[SERVED, g] == 1:
        s.floats[VALUE, LOST] -= p.node[c, LOSS]
        s.counts[MUST_LEFT] -= p.node[c, MUST]


@inner
def _take_copy(p: Rules, s: State, node: int) -> None:
    """Take a copy of a site into use."""
    site, at = p.node[node, SITE], s.at[node, INDEX]
    s.tally[FREE_COUNT, site] -= 1
    moved = s.lists[FREE_LIST, s.tally[FREE_FROM, site] + s.tally[FREE_COUNT, site]]
    s.lists[FREE_LIST, at] = moved
    s.at[moved, INDEX] = at


@inner
def touch(p: Rules, s: State, r: int) -> None:
    """Note what a route was before this iteration changes it."""
    if s.slots[r, SEEN] == s.counts[TICK]:
        return
    s.slots[r, SEEN] = s.counts[TICK]
    k, at = s.counts[KEPT], s.counts[KEPT_END]
    s.lists[KEPT_SLOT, k], s.lists[KEPT_FROM, k] = r, at
    node, end = s.at[p.first_start + r, AFTER], p.first_start + p.r + r
    while node != end:
        s.lists[KEPT_LIST, at] = node
        at += 1
        node = s.at[node, AFTER]
    s.counts[KEPT], s.counts[KEPT_END] = k + 1, at
    s.lists[KEPT_FROM, k + 1] = at


@inner
def undo(p: Rules, s: State, w: Work) -> None:
    """Make every route touched what it was."""
    for k in range(s.counts[KEPT]):
        empty(p, s, s.lists[KEPT_SLOT, k])
    for k in range(s.counts[KEPT]):
        last = p.first_start + s.lists[KEPT_SLOT, k]
        for i in range(s.lists[KEPT_FROM, k], s.lists[KEPT_FROM, k + 1]):
            put(p, s, s.lists[KEPT_LIST, i], last)
            last = s.lists[KEPT_LIST, i]
    for k in range(s.counts[KEPT]):
        refresh(p, s, w, s.lists[KEPT_SLOT, k])
