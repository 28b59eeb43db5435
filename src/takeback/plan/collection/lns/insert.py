"""Where a task fits best, compiled: in constant time under the simple rules, else by driving the route."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    AFTER,
    BEFORE,
    CAPACITY,
    CLOSES,
    DELIVERY,
    DRIVE,
    DRIVING,
    DRIVING_AT,
    DRIVING_LIST,
    FIRST_AT,
    FIXED,
    FIXED_COST,
    FOUND_AT,
    FOUND_SITE,
    FOUND_WAY,
    FREE_COUNT,
    FREE_FROM,
    FREE_LIST,
    GOODS,
    GROUP,
    IDLE_COUNT,
    IDLE_FROM,
    IDLE_LIST,
    KIND,
    LASTS,
    LEAVES,
    LOADS,
    MAX_DISTANCE,
    MAX_DURATION,
    MAX_OVERTIME,
    METRE,
    METRES,
    MOST_ROUTES,
    NEVER,
    ONWARD,
    OPENS,
    OUT,
    OVERSECOND,
    PINNED,
    PLACE,
    POSITION,
    PROFILE,
    RELOADS,
    ROUTE,
    RUNNING,
    RUNNING_OUT,
    SECOND,
    SECOND_AT,
    SERVED,
    SERVICE,
    SLOT,
    STOPS,
    SUMS,
    TAKES_LOAD,
    UNIT,
    UNTIL,
    VISITS,
    ZONE_CLASS,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.evaluate import EXACT, begins, evaluate, travel
from takeback.plan.collection.lns.labels import refresh
from takeback.plan.collection.lns.links import put, touch

BLINKS = 0.01  # this share of places is overlooked (Christiaens, Vanden Berghe 2020)
PLAIN, SITE_BEHIND, SITE_BEFORE = range(3)
SCAN_ALL = 100  # tasks up to which all places are looked at, and not only those beside near tasks


@inner
def place(p: Rules, s: State, w: Work, c: int, worth: int) -> bool:
    """Put a task where it costs least, and less than `worth` (1/18 000 minor units); return whether it was put."""
    if p.node[c, GROUP] >= 0 and s.tally[SERVED, p.node[c, GROUP]] > 0:
        return False
    a, gain = _best(p, s, w, c, worth)
    if a < 0 or gain >= worth:
        return False
    r = s.at[a, SLOT]
    touch(p, s, r)
    way, site = s.counts[FOUND_WAY], s.counts[FOUND_SITE]
    if way == SITE_BEFORE:
        put(p, s, site, a)
        a = site
    put(p, s, c, a)
    if way == SITE_BEHIND:
        put(p, s, site, c)
    refresh(p, s, w, r)
    return True


@inner
def _best(p: Rules, s: State, w: Work, c: int, worth: int) -> tuple[int, int]:
    """Return the node behind which the task costs least, -1 for none, and how much."""
    s.counts[FOUND_AT] = -1
    best, blink = worth, _next_blink()
    own = p.node[c, PINNED]
    if p.node[c, FIRST_AT] < p.node[c + 1, FIRST_AT]:
        own = s.at[p.more[p.node[c, FIRST_AT]], SLOT]
        if own < 0:
            return int(np.int64(-1)), best
    if own >= 0:
        best, blink = _scan(p, s, w, c, own, best, int(np.int64(1 << 40)))
        return s.counts[FOUND_AT], best
    if p.n > SCAN_ALL:
        for k in range(p.near.shape[1]):
            near = p.near[c, k]
            if s.at[near, SLOT] < 0:
                continue
            best, blink = _try(p, s, w, c, near, best, blink)
            best, blink = _try(p, s, w, c, s.at[near, BEFORE], best, blink)
    if s.counts[FOUND_AT] < 0:
        for k in range(s.counts[DRIVING]):
            best, blink = _scan(p, s, w, c, s.lists[DRIVING_LIST, k], best, blink)
    elif p.rich:
        for k in range(s.counts[DRIVING]):
            if s.slots[s.lists[DRIVING_LIST, k], STOPS] == 0:
                best, blink = _scan(p, s, w, c, s.lists[DRIVING_LIST, k], best, blink)
    if s.counts[DRIVING] < s.counts[MOST_ROUTES]:
        best = _open(p, s, w, c, best)
    return s.counts[FOUND_AT], best


@inner
def _next_blink() -> int:
    """Return after how many places the next one is overlooked."""
    return int(np.log(1.0 - np.random.random()) / np.log(1.0 - BLINKS))


@inner
def _scan(p: Rules, s: State, w: Work, c: int, r: int, best: int, blink: int) -> tuple[int, int]:
    if not _may_join(p, s, c, r):
        return best, blink
    a, end = p.first_start + r, p.first_start + p.r + r
    while a != end:
        best, blink = _try(p, s, w, c, a, best, blink)
        a = s.at[a, AFTER]
    return best, blink


@inner
def _open(p: Rules, s: State, w: Work, c: int, best: int) -> int:
    """Try a vehicle of each type that is at rest."""
    for kind in range(p.kinds):
        if s.tally[IDLE_COUNT, kind] > 0 and p.allowed[kind, c]:
            a = p.first_start + s.lists[IDLE_LIST, s.tally[IDLE_FROM, kind] + s.tally[IDLE_COUNT, kind] - 1]
            best, _ = _try(p, s, w, c, a, best, int(np.int64(1 << 40)))
    return best


@inner
def _may_join(p: Rules, s: State, c: int, r: int) -> bool:
    """Return whether a task may be on a route at all."""
    kind = s.slots[r, KIND]
    if not p.allowed[kind, c]:
        return False
    if p.kind[kind, RELOADS] > 0:
        return True
    for d in range(p.k):
        if s.slots[r, SUMS + d] + p.node[c, DELIVERY + d] > p.kind[kind, CAPACITY + d]:
            return False
        if s.slots[r, SUMS + p.k + d] + p.node[c, p.pickup + d] > p.kind[kind, CAPACITY + d]:
            return False
    if p.node[c, GOODS] >= 0 and p.more[p.foes_at + p.node[c, GOODS]] != 0:
        for g in range(p.classes):
            if s.slots[r, SUMS + 2 * p.k + g] > 0 and (p.more[p.foes_at + p.node[c, GOODS]] >> g) & 1:
                return False
    return True


@inner
def _try(p: Rules, s: State, w: Work, c: int, a: int, best: int, blink: int) -> tuple[int, int]:
    """Return the better of `best` and the cost of the task behind `a`, and how far the next blink is."""
    if blink <= 0:
        return best, _next_blink()
    r = s.at[a, SLOT]
    kind, b = s.slots[r, KIND], s.at[a, AFTER]
    profile = p.kind[kind, PROFILE]
    x, y, z = p.node[a, PLACE], p.node[c, PLACE], p.node[b, PLACE]
    metres = p.distance[profile, x, y] + p.distance[profile, y, z] - p.distance[profile, x, z]
    gain = metres * p.kind[kind, METRE]
    new = s.slots[r, DRIVING_AT] < 0
    if new:
        gain += s.slots[r, RUNNING] + p.kind[kind, FIXED_COST] * UNIT
    if gain >= best:
        return best, blink - 1
    if not p.rich:
        gain = _simple(p, s, c, a, b, r, kind, metres, gain)
        if gain < best:
            s.counts[FOUND_AT], s.counts[FOUND_WAY] = a, PLAIN
            best = gain
    elif _may_stand(p, s, c, b, r) and _may_join(p, s, c, r):
        best = _driven(p, s, w, c, a, r, kind, best, new)
    return best, blink - 1


@inner
def _simple(  # noqa: PLR0911 -- each rule says no for itself
    p: Rules, s: State, c: int, a: int, b: int, r: int, kind: int, metres: int, gain: int
) -> int:
    """Return the cost of the task between `a` and `b` from their labels; NEVER where it breaks a rule."""
    if not p.allowed[kind, c] or s.slots[r, METRES] + metres > p.kind[kind, MAX_DISTANCE]:
        return NEVER
    for d in range(p.k):
        if s.at[a, LOADS + d] + p.node[c, DELIVERY + d] > p.kind[kind, CAPACITY + d]:
            return NEVER
        if s.at[a, LOADS + p.k + d] + p.node[c, p.pickup + d] > p.kind[kind, CAPACITY + d]:
            return NEVER
    if p.node[c, GOODS] >= 0 and p.more[p.foes_at + p.node[c, GOODS]] != 0 and not _may_join(p, s, c, r):
        return NEVER
    if not p.timed:
        return gain
    profile = p.kind[kind, PROFILE]
    past = s.at[a, UNTIL] + p.duration[profile, p.node[a, PLACE], p.node[c, PLACE]]
    if s.at[a, UNTIL + 1] + past > p.node[c, CLOSES]:
        return NEVER
    wait = max(0, p.node[c, OPENS] - past - s.at[a, UNTIL + 2])
    lasts = past + p.node[c, SERVICE] + wait + p.duration[profile, p.node[c, PLACE], p.node[b, PLACE]]
    if max(p.node[c, OPENS] - past, s.at[a, UNTIL + 1]) - wait + lasts > s.at[b, ONWARD + 2]:
        return NEVER
    wait = max(0, s.at[b, ONWARD + 1] - lasts - min(p.node[c, CLOSES] - past, s.at[a, UNTIL + 2]))
    lasts += s.at[b, ONWARD] + wait
    over = lasts - p.kind[kind, MAX_DURATION]
    if over > p.kind[kind, MAX_OVERTIME]:
        return NEVER
    gain += (lasts - s.slots[r, LASTS]) * p.kind[kind, SECOND]
    if p.kind[kind, OVERSECOND] > 0:
        gain += (max(0, over) - max(0, s.slots[r, LASTS] - p.kind[kind, MAX_DURATION])) * p.kind[kind, OVERSECOND]
    return gain


@inner
def _may_stand(p: Rules, s: State, c: int, b: int, r: int) -> bool:
    """Return whether the place before `b` is behind what has begun, and keeps the order of tasks."""
    if p.node[b, FIXED] or (p.node[c, PINNED] >= 0 and p.node[c, PINNED] != r):
        return False
    for k in range(p.node[c, FIRST_AT], p.node[c + 1, FIRST_AT]):
        first = p.more[k]
        if s.at[first, SLOT] != r or s.at[first, POSITION] >= s.at[b, POSITION]:
            return False
    for k in range(p.node[c, SECOND_AT], p.node[c + 1, SECOND_AT]):
        second = p.more[k]
        if s.at[second, SLOT] >= 0 and (s.at[second, SLOT] != r or s.at[second, POSITION] < s.at[b, POSITION]):
            return False
    return True


@inner
def _driven(p: Rules, s: State, w: Work, c: int, a: int, r: int, kind: int, best: int, new: bool) -> int:
    """Return the better of `best` and the cost of the route with the task, if need be with a visit to a site."""
    base = -p.kind[kind, FIXED_COST] * UNIT if new else s.slots[r, RUNNING]
    if _too_late(p, s, c, a, kind):
        return best
    full = _too_full(p, s, c, a, kind)
    gain = NEVER
    if not full:
        gain = _with(p, s, w, c, int(np.int64(-1)), int(np.int64(PLAIN)), a, r, kind) - base
    if gain < best:
        s.counts[FOUND_AT], s.counts[FOUND_WAY] = a, PLAIN
        return int(gain)
    if gain < NEVER // 2 or s.slots[r, VISITS] >= p.kind[kind, RELOADS] or not (full or _may_help(p, s, c, r, kind)):
        return best
    for site in range(p.sites):
        if not p.kind[kind, CAPACITY + p.k + site] or s.tally[FREE_COUNT, site] == 0:
            continue
        node = s.lists[FREE_LIST, s.tally[FREE_FROM, site] + s.tally[FREE_COUNT, site] - 1]
        for way in range(SITE_BEHIND, SITE_BEFORE + 1):
            least = _site_detour(p, s, c, node, way, a, kind) + (p.kind[kind, FIXED_COST] * UNIT if new else 0)
            if least >= best:
                continue
            gain = _with(p, s, w, c, node, way, a, r, kind) - base
            if gain < best:
                best = gain
                s.counts[FOUND_AT], s.counts[FOUND_WAY], s.counts[FOUND_SITE] = a, way, node
    return best


@inner
def _too_late(p: Rules, s: State, c: int, a: int, kind: int) -> bool:
    """Return whether the task cannot be reached behind `a`, or what follows cannot then, even without breaks."""
    ready, b, profile = s.at[a, UNTIL], s.at[a, AFTER], p.kind[kind, PROFILE]
    if ready >= NEVER:
        return True
    arrival = travel(p, profile, p.node[a, PLACE], p.node[c, PLACE], ready)
    start = begins(p, p.hours_at + p.kind[kind, ZONE_CLASS] * p.first_start + c, arrival)
    if start >= NEVER:
        return True
    onward = travel(p, profile, p.node[c, PLACE], p.node[b, PLACE], start + p.node[c, SERVICE])
    return bool(onward > s.at[b, ONWARD])


@inner
def _too_full(p: Rules, s: State, c: int, a: int, kind: int) -> bool:
    """Return whether the task's load is too much for the trip that `a` is on."""
    for d in range(p.k):
        if s.at[a, LOADS + d] + p.node[c, DELIVERY + d] > p.kind[kind, CAPACITY + d]:
            return True
        if s.at[a, LOADS + p.k + d] + p.node[c, p.pickup + d] > p.kind[kind, CAPACITY + d]:
            return True
    return False


@inner
def _may_help(p: Rules, s: State, c: int, r: int, kind: int) -> bool:
    """Return whether a visit to a site may help a task that is not too much for its trip."""
    if p.classes > 0 or p.has_intake or s.slots[r, STOPS] == 0 or not p.kind[kind, TAKES_LOAD]:
        return True
    brings = 0
    for d in range(p.k):
        brings += p.node[c, DELIVERY + d]
    return bool(brings > 0)


@inner
def _site_detour(p: Rules, s: State, c: int, site: int, way: int, a: int, kind: int) -> int:
    """Return the cost of the metres for task and site behind `a`."""
    profile, x, z = p.kind[kind, PROFILE], p.node[a, PLACE], p.node[s.at[a, AFTER], PLACE]
    first, second = p.node[c, PLACE], p.node[site, PLACE]
    if way == SITE_BEFORE:
        first, second = second, first
    metres = p.distance[profile, x, first] + p.distance[profile, first, second] + p.distance[profile, second, z]
    return int((metres - p.distance[profile, x, z]) * p.kind[kind, METRE])


@inner
def _with(p: Rules, s: State, w: Work, c: int, site: int, way: int, a: int, r: int, kind: int) -> int:
    """Return the running cost of the route with the task behind `a`; NEVER where it breaks a rule."""
    node, end, m = p.first_start + r, p.first_start + p.r + r, 0
    while node != end:
        if node < p.first_start:
            w.room[ROUTE, m] = node
            m += 1
        if node == a:
            if way == SITE_BEFORE:
                w.room[ROUTE, m] = site
                m += 1
            w.room[ROUTE, m] = c
            m += 1
            if way == SITE_BEHIND:
                w.room[ROUTE, m] = site
                m += 1
        node = s.at[node, AFTER]
    w.room[DRIVE, EXACT] = 0
    if evaluate(p, kind, s.slots[r, LEAVES], m, w) and room(p, s, w, r):
        return int(w.room[OUT, RUNNING_OUT])
    return NEVER


@inner
def room(p: Rules, s: State, w: Work, r: int) -> bool:
    """Return whether sites and depots take what the route just driven brings, beside all other routes."""
    if p.has_intake:
        for i in range(p.places):
            for d in range(p.k):
                if s.unloads[p.r, i, d] - s.unloads[r, i, d] + w.unloaded[i, d] > p.more[p.intake_at + i * p.k + d]:
                    return False
    return True
