"""Changes of a solution, compiled: taking tasks off routes and putting them on, undoing, remembering the best."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.lns.arrays import (
    AFTER,
    BACK_TO,
    BEFORE,
    BEST,
    BEST_END,
    BEST_LEFT,
    BEST_LIST,
    BEST_ROUTES,
    BROKEN,
    CLOSES,
    COST,
    COSTS,
    DELIVERY,
    DRIVE,
    DRIVING,
    DRIVING_AT,
    DRIVING_LIST,
    FIXED_COST,
    FREE_COUNT,
    FREE_FROM,
    FREE_LIST,
    GOODS,
    GROUP,
    IDLE_COUNT,
    IDLE_FROM,
    IDLE_LIST,
    INDEX,
    KEPT,
    KEPT_END,
    KEPT_FROM,
    KEPT_LIST,
    KEPT_SLOT,
    KIND,
    LASTS,
    LASTS_OUT,
    LEAVE_FROM,
    LEAVES,
    LEFT,
    LEFT_LIST,
    LOADS,
    LOSS,
    LOST,
    MAX_DURATION,
    METRE,
    METRES,
    METRES_OUT,
    MUST,
    MUST_LEFT,
    NEVER,
    ONWARD,
    OPENS,
    OUT,
    OVERSECOND,
    PLACE,
    POSITION,
    PROFILE,
    ROUTE,
    RUNNING,
    RUNNING_OUT,
    SECOND,
    SEEN,
    SERVED,
    SERVICE,
    SITE,
    SLOT,
    STARTED,
    STOPS,
    SUMS,
    TICK,
    UNIT,
    UNTIL,
    VALUE,
    VISITS,
    ZONE_CLASS,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.compile import inner
from takeback.plan.collection.lns.evaluate import EXACT, begins, begins_by, evaluate, travel


@inner
def refresh(p: Rules, s: State, w: Work, r: int) -> None:
    """Work out the figures and labels of a slot's route anew."""
    kind, end = s.slots[r, KIND], p.first_start + p.r + r
    m, node = 0, s.at[p.first_start + r, AFTER]
    s.slots[r, STOPS] = s.slots[r, VISITS] = 0
    for column in range(SUMS, s.slots.shape[1]):
        s.slots[r, column] = 0
    while node != end:
        w.room[ROUTE, m] = node
        m += 1
        s.at[node, POSITION], s.at[node, SLOT] = m, r
        if node < p.n:
            _count(p, s, r, node)
        else:
            s.slots[r, VISITS] += 1
        node = s.at[node, AFTER]
    s.at[end, POSITION] = m + 1
    old = s.slots[r, COST]
    w.room[DRIVE, EXACT] = 1
    if not p.rich:
        _label(p, s, r, kind)
    elif not evaluate(p, kind, s.slots[r, LEAVES], m, w):
        s.slots[r, RUNNING] = s.slots[r, METRES] = s.slots[r, LASTS] = 0
        s.counts[BROKEN] += 1 if m or s.slots[r, STARTED] else 0
    else:
        s.slots[r, RUNNING], s.slots[r, METRES], s.slots[r, LASTS] = (
            w.room[OUT, RUNNING_OUT],
            w.room[OUT, METRES_OUT],
            w.room[OUT, LASTS_OUT],
        )
    if p.rich:
        _label_trips(p, s, r)
        _label_bounds(p, s, r, kind)
    if p.has_intake:
        for place in range(p.places):
            for d in range(p.k):
                s.unloads[p.r, place, d] += w.unloaded[place, d] - s.unloads[r, place, d]
                s.unloads[r, place, d] = w.unloaded[place, d]
    busy = m > 0 or s.slots[r, STARTED]
    s.slots[r, COST] = p.kind[kind, FIXED_COST] + (s.slots[r, RUNNING] + UNIT - 1) // UNIT if busy else 0
    s.floats[VALUE, COSTS] += s.slots[r, COST] - old
    if busy != (s.slots[r, DRIVING_AT] >= 0):
        _switch(s, r, kind, busy)


@inner
def _count(p: Rules, s: State, r: int, node: int) -> None:
    s.slots[r, STOPS] += 1
    for d in range(p.k):
        s.slots[r, SUMS + d] += p.node[node, DELIVERY + d]
        s.slots[r, SUMS + p.k + d] += p.node[node, p.pickup + d]
    if p.node[node, GOODS] >= 0:
        s.slots[r, SUMS + 2 * p.k + p.node[node, GOODS]] += 1


@inner
def _label(p: Rules, s: State, r: int, kind: int) -> None:
    """Write what an insertion anywhere must know of the route before and behind, so that it needs no drive."""
    start, end = p.first_start + r, p.first_start + p.r + r
    profile = p.kind[kind, PROFILE]
    for d in range(p.k):
        aboard = s.slots[r, SUMS + d]
        s.at[start, LOADS + d] = aboard
        node = s.at[start, AFTER]
        while node != end:
            aboard += p.node[node, p.pickup + d] - p.node[node, DELIVERY + d]
            s.at[node, LOADS + d] = max(s.at[s.at[node, BEFORE], LOADS + d], aboard)
            node = s.at[node, AFTER]
        most = 0
        node = s.at[end, BEFORE]
        while node != start:
            most = max(most, aboard)
            s.at[node, LOADS + p.k + d] = most
            aboard -= p.node[node, p.pickup + d] - p.node[node, DELIVERY + d]
            node = s.at[node, BEFORE]
        s.at[start, LOADS + p.k + d] = max(most, aboard)
    metres, node = 0, start
    while node != end:
        metres += p.distance[profile, p.node[node, PLACE], p.node[s.at[node, AFTER], PLACE]]
        node = s.at[node, AFTER]
    s.slots[r, METRES], s.slots[r, LASTS] = metres, 0
    s.slots[r, RUNNING] = metres * p.kind[kind, METRE]
    if p.timed:
        _label_times(p, s, start, end, profile)
        s.slots[r, LASTS] = s.at[end, UNTIL]
        over = max(0, s.slots[r, LASTS] - p.kind[kind, MAX_DURATION])
        s.slots[r, RUNNING] += s.slots[r, LASTS] * p.kind[kind, SECOND] + over * p.kind[kind, OVERSECOND]


@inner
def _label_times(p: Rules, s: State, start: int, end: int, profile: int) -> None:
    """Join drives from the start on and from the end back (Vidal et al. 2013): seconds, earliest, latest leaving."""
    s.at[start, UNTIL], s.at[start, UNTIL + 1], s.at[start, UNTIL + 2] = 0, p.node[start, OPENS], p.node[start, CLOSES]
    node = start
    while node != end:
        there = s.at[node, AFTER]
        past = s.at[node, UNTIL] + p.duration[profile, p.node[node, PLACE], p.node[there, PLACE]]
        wait = max(0, p.node[there, OPENS] - past - s.at[node, UNTIL + 2])
        s.at[there, UNTIL] = past + p.node[there, SERVICE] + wait
        s.at[there, UNTIL + 1] = max(p.node[there, OPENS] - past, s.at[node, UNTIL + 1]) - wait
        s.at[there, UNTIL + 2] = min(p.node[there, CLOSES] - past, s.at[node, UNTIL + 2])
        node = there
    s.at[end, ONWARD], s.at[end, ONWARD + 1], s.at[end, ONWARD + 2] = 0, p.node[end, OPENS], p.node[end, CLOSES]
    while node != start:
        there, node = node, s.at[node, BEFORE]
        past = p.node[node, SERVICE] + p.duration[profile, p.node[node, PLACE], p.node[there, PLACE]]
        wait = max(0, s.at[there, ONWARD + 1] - past - p.node[node, CLOSES])
        s.at[node, ONWARD] = past + s.at[there, ONWARD] + wait
        s.at[node, ONWARD + 1] = max(s.at[there, ONWARD + 1] - past, p.node[node, OPENS]) - wait
        s.at[node, ONWARD + 2] = min(s.at[there, ONWARD + 2] - past, p.node[node, CLOSES])


@inner
def _label_trips(p: Rules, s: State, r: int) -> None:
    """Write the most that is aboard before and behind each node of its trip."""
    end = p.first_start + p.r + r
    for d in range(p.k):
        head = p.first_start + r
        while head != end:
            aboard, tail = 0, s.at[head, AFTER]
            while tail < p.n:
                aboard += p.node[tail, DELIVERY + d]
                tail = s.at[tail, AFTER]
            s.at[head, LOADS + d] = aboard
            node = s.at[head, AFTER]
            while node != tail:
                aboard += p.node[node, p.pickup + d] - p.node[node, DELIVERY + d]
                s.at[node, LOADS + d] = max(s.at[s.at[node, BEFORE], LOADS + d], aboard)
                node = s.at[node, AFTER]
            most, node = 0, s.at[tail, BEFORE]
            while node != head:
                most = max(most, aboard)
                s.at[node, LOADS + p.k + d] = most
                aboard -= p.node[node, p.pickup + d] - p.node[node, DELIVERY + d]
                node = s.at[node, BEFORE]
            s.at[head, LOADS + p.k + d] = max(most, aboard)
            head = tail


@inner
def _label_bounds(p: Rules, s: State, r: int, kind: int) -> None:
    """Write when each node is left at the earliest, and reached at the latest, if no breaks were taken."""
    node, end = p.first_start + r, p.first_start + p.r + r
    profile, base = p.kind[kind, PROFILE], p.hours_at + p.kind[kind, ZONE_CLASS] * p.first_start
    leaves = s.slots[r, LEAVES]
    s.at[node, UNTIL] = leaves if leaves >= 0 else p.kind[kind, LEAVE_FROM]
    there = s.at[node, AFTER]
    while there != end:
        now = s.at[node, UNTIL]
        if now < NEVER:
            arrival = travel(p, profile, p.node[node, PLACE], p.node[there, PLACE], now)
            now = begins(p, base + there, arrival) + p.node[there, SERVICE]
        s.at[there, UNTIL] = min(now, NEVER)
        node, there = there, s.at[there, AFTER]
    s.at[end, ONWARD] = p.kind[kind, BACK_TO]
    sliced = p.more[p.slices_at + profile + 1] > p.more[p.slices_at + profile]
    while node != p.first_start + r:
        s.at[node, ONWARD] = NEVER
        if not sliced:
            leaving = s.at[there, ONWARD] - p.duration[profile, p.node[node, PLACE], p.node[there, PLACE]]
            s.at[node, ONWARD] = begins_by(p, base + node, leaving - p.node[node, SERVICE])
        node, there = s.at[node, BEFORE], node


@inner
def _switch(s: State, r: int, kind: int, busy: bool) -> None:
    """Move a slot from those at rest to those in use, or back."""
    if busy:
        at, top = -1 - s.slots[r, DRIVING_AT], s.tally[IDLE_FROM, kind] + s.tally[IDLE_COUNT, kind] - 1
        moved = s.lists[IDLE_LIST, top]
        s.lists[IDLE_LIST, at] = moved
        s.slots[moved, DRIVING_AT] = -1 - at
        s.tally[IDLE_COUNT, kind] -= 1
        s.slots[r, DRIVING_AT] = s.counts[DRIVING]
        s.lists[DRIVING_LIST, s.counts[DRIVING]] = r
        s.counts[DRIVING] += 1
        return
    s.counts[DRIVING] -= 1
    moved = s.lists[DRIVING_LIST, s.counts[DRIVING]]
    s.lists[DRIVING_LIST, s.slots[r, DRIVING_AT]] = moved
    s.slots[moved, DRIVING_AT] = s.slots[r, DRIVING_AT]
    at = s.tally[IDLE_FROM, kind] + s.tally[IDLE_COUNT, kind]
    s.lists[IDLE_LIST, at] = r
    s.slots[r, DRIVING_AT] = -1 - at
    s.tally[IDLE_COUNT, kind] += 1


@inner
def leave(p: Rules, s: State, c: int) -> None:
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
def take_copy(p: Rules, s: State, node: int) -> None:
    """Take a copy of a site into use."""
    site, at = p.node[node, SITE], s.at[node, INDEX]
    s.tally[FREE_COUNT, site] -= 1
    moved = s.lists[FREE_LIST, s.tally[FREE_FROM, site] + s.tally[FREE_COUNT, site]]
    s.lists[FREE_LIST, at] = moved
    s.at[moved, INDEX] = at


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
        take_copy(p, s, node)


@inner
def take_off(p: Rules, s: State, node: int) -> None:
    """Take a task, or a visit to a site, off its route."""
    a, b = s.at[node, BEFORE], s.at[node, AFTER]
    s.at[a, AFTER], s.at[b, BEFORE] = b, a
    if node < p.n:
        leave(p, s, node)
        return
    site = p.node[node, SITE]
    at = s.tally[FREE_FROM, site] + s.tally[FREE_COUNT, site]
    s.lists[FREE_LIST, at] = node
    s.at[node, INDEX] = at
    s.tally[FREE_COUNT, site] += 1
    s.at[node, SLOT] = -1


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
def empty(p: Rules, s: State, r: int) -> None:
    """Take everything off a route."""
    start, end = p.first_start + r, p.first_start + p.r + r
    while s.at[start, AFTER] != end:
        take_off(p, s, s.at[start, AFTER])


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


@inner
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


@inner
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
