"""Works out what a route costs, and writes on its nodes what an insertion anywhere must know."""

from __future__ import annotations

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    AFTER,
    BACK_TO,
    BEFORE,
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
    GOODS,
    IDLE_COUNT,
    IDLE_FROM,
    IDLE_LIST,
    KIND,
    LASTS,
    LASTS_OUT,
    LEAVE_FROM,
    LEAVES,
    LOADS,
    MAX_DURATION,
    METRE,
    METRES,
    METRES_OUT,
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
    SERVICE,
    SLOT,
    STARTED,
    STOPS,
    SUMS,
    UNIT,
    UNTIL,
    VALUE,
    VISITS,
    ZONE_CLASS,
    Rules,
    State,
    Work,
)
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
        _label_loads(p, s, d, start, end, s.slots[r, SUMS + d])
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
            _label_loads(p, s, d, head, tail, aboard)
            head = tail


@inner
def _label_loads(p: Rules, s: State, d: int, head: int, tail: int, aboard: int) -> None:
    """Write the most that is aboard until and from each node of a trip that leaves `head` with so much aboard."""
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
