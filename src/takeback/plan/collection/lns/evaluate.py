"""Drives one route under every rule of the model, compiled: the same figures as `Scheduler.route`, to the unit."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import inner
from takeback.plan.collection.lns.arrays import (
    ABOARD,
    BACK_FROM,
    BACK_TO,
    CAPACITY,
    COMPARTMENT_UNIT,
    COMPARTMENTS,
    DELIVERY,
    DRIVE,
    END_AT,
    END_PLACE,
    GOODS,
    LASTS_OUT,
    LEAVE_FROM,
    LEAVE_TO,
    LEAVES_OUT,
    MAX_DISTANCE,
    MAX_DURATION,
    MAX_OVERTIME,
    METRE,
    METRES_OUT,
    MOST,
    NEVER,
    NOW_AT,
    OUT,
    OVERSECOND,
    PAUSE_AT,
    PLACE,
    PROFILE,
    RELOADS,
    ROUTE,
    RUNNING_OUT,
    SECOND,
    SERVICE,
    SITE,
    SLACK,
    START_AT,
    TAKES_LOAD,
    WAITED,
    ZONE_CLASS,
    Rules,
    Work,
)

MOST_DEPARTURES = 6  # as in `times.py`
BACK, SPARE, IDLE, EXACT = range(4)  # in DRIVE: the return, how much later it might leave, seconds waited


@inner
def evaluate(p: Rules, kind: int, leaves: int, m: int, w: Work) -> bool:
    """Return whether the `m` nodes of `w.route` are a route of vehicle type `kind`; figures go into `w.out`.

    `leaves`: when it left, -1 = at any time. Not asked here: who may serve what, relations, limits over all routes.
    With 0 in EXACT of `w` the duration under hour slices is that of the shift without driving it again.
    """
    if not _carries(p, kind, m, w):
        return False
    metres = _metres(p, kind, m, w)
    if metres > p.kind[kind, MAX_DISTANCE] or not _times(p, kind, leaves, m, w):
        return False
    lasts = w.room[OUT, LASTS_OUT]
    over = lasts - p.kind[kind, MAX_DURATION]
    if over > p.kind[kind, MAX_OVERTIME]:
        return False
    w.room[OUT, RUNNING_OUT] = metres * p.kind[kind, METRE] + lasts * p.kind[kind, SECOND]
    if over > 0:
        w.room[OUT, RUNNING_OUT] += over * p.kind[kind, OVERSECOND]
    w.room[OUT, METRES_OUT] = metres
    return True


@inner
def _metres(p: Rules, kind: int, m: int, w: Work) -> int:
    profile, here, total = p.kind[kind, PROFILE], p.kind[kind, START_AT], 0
    for i in range(m):
        there = p.node[w.room[ROUTE, i], PLACE]
        total += p.distance[profile, here, there]
        here = there
    return int(total + p.distance[profile, here, p.kind[kind, END_AT]])


@inner
def _carries(p: Rules, kind: int, m: int, w: Work) -> bool:
    """Return whether every trip keeps the load rules; what is unloaded where goes into `w.unloaded`."""
    if p.has_intake:
        for place in range(p.places):
            for d in range(p.k):
                w.unloaded[place, d] = 0
    start, visits, supplied = int(np.int64(0)), 0, int(np.int64(1))
    for i in range(m + 1):
        if i < m and p.node[w.room[ROUTE, i], SITE] < 0:
            continue
        place = p.kind[kind, END_PLACE] if i == m else p.node[w.room[ROUTE, i], SITE]
        if i < m:
            visits += 1
            if visits > p.kind[kind, RELOADS] or not p.kind[kind, CAPACITY + p.k + place]:
                return False
        takes = int(np.int64(1)) if i < m else p.kind[kind, TAKES_LOAD]
        if not _trip(p, kind, start, i, supplied, takes, place, w):
            return False
        start = int(np.int64(i + 1))
        if i < m:
            supplied = p.more[p.supplies_at + place]
    return True


@inner
def _trip(p: Rules, kind: int, start: int, end: int, supplied: int, takes: int, place: int, w: Work) -> bool:
    """Return whether the tasks between two places of unloading may be one trip."""
    for d in range(p.k):
        aboard, brought = 0, 0
        for i in range(start, end):
            aboard += p.node[w.room[ROUTE, i], DELIVERY + d]
        if aboard > p.kind[kind, CAPACITY + d] or (aboard > 0 and supplied == 0):
            return False
        for i in range(start, end):
            node = w.room[ROUTE, i]
            aboard += p.node[node, p.pickup + d] - p.node[node, DELIVERY + d]
            brought += p.node[node, p.pickup + d]
            if aboard > p.kind[kind, CAPACITY + d]:
                return False
        if brought > 0 and takes == 0:
            return False
        if p.has_intake:
            w.unloaded[place, d] += brought
            if w.unloaded[place, d] > p.more[p.intake_at + place * p.k + d]:
                return False
    return p.classes == 0 or _together(p, kind, start, end, w)


@inner
def _together(p: Rules, kind: int, start: int, end: int, w: Work) -> bool:
    """Return whether the classes of goods of a trip may be together, and have compartments enough."""
    aboard = 0
    for i in range(start, end):
        goods = p.node[w.room[ROUTE, i], GOODS]
        if goods >= 0:
            if aboard & p.more[p.foes_at + goods]:
                return False
            aboard |= 1 << goods
    if p.kind[kind, COMPARTMENTS] == 0 or p.k == 0:
        return True
    for goods in range(p.classes):
        w.room[ABOARD, goods] = 0
    for i in range(start, end):
        w.room[ABOARD, p.node[w.room[ROUTE, i], GOODS]] += p.node[w.room[ROUTE, i], DELIVERY + 0]
    for goods in range(p.classes):
        w.room[MOST, goods] = w.room[ABOARD, goods]
    for i in range(start, end):
        goods = p.node[w.room[ROUTE, i], GOODS]
        w.room[ABOARD, goods] += p.node[w.room[ROUTE, i], p.pickup + 0] - p.node[w.room[ROUTE, i], DELIVERY + 0]
        w.room[MOST, goods] = max(w.room[ABOARD, goods], w.room[MOST, goods])
    return _compartments(p, kind, w)


@inner
def _compartments(p: Rules, kind: int, w: Work) -> bool:
    unit, used, number = p.kind[kind, COMPARTMENT_UNIT], 0, 0
    for goods in range(p.classes):
        if w.room[MOST, goods] > 0:
            used += (w.room[MOST, goods] + unit - 1) // unit * unit
            number += 1
    return bool(number <= p.kind[kind, COMPARTMENTS] and used <= p.kind[kind, CAPACITY + 0])


@inner
def _times(p: Rules, kind: int, leaves: int, m: int, w: Work) -> bool:
    """Find the departure with the shortest duration, as `times.Clock.cheapest` does."""
    first, last = p.kind[kind, LEAVE_FROM], p.kind[kind, LEAVE_TO]
    w.room[OUT, LASTS_OUT] = NEVER
    if first > last:
        return False
    if leaves >= 0:
        if leaves < first or leaves > last or not _drive(p, kind, leaves, m, w):
            return False
        w.room[OUT, LASTS_OUT], w.room[OUT, LEAVES_OUT] = w.room[DRIVE, BACK] - leaves, leaves
        return True
    done = _from(p, kind, first, m, _several(p, kind, m, w), w)
    if done:
        return True
    for i in range(p.kind[kind, PAUSE_AT], p.kind[kind + 1, PAUSE_AT], 3):
        if first < p.more[i + 1] + 1 <= last:
            _from(p, kind, p.more[i + 1] + 1, m, int(np.int64(1)), w)
    profile = p.kind[kind, PROFILE]
    for i in range(p.more[p.slices_at + profile], p.more[p.slices_at + profile + 1], 2):
        if first < p.more[i] <= last:
            _from(p, kind, p.more[i], m, int(np.int64(1)), w)
    return bool(w.room[OUT, LASTS_OUT] < NEVER)


@inner
def _several(p: Rules, kind: int, m: int, w: Work) -> int:
    """Return how many departures are worth a try: several where some node has several times of beginning."""
    base = p.hours_at + p.kind[kind, ZONE_CLASS] * p.first_start
    for i in range(m):
        at = base + w.room[ROUTE, i]
        if p.more[at + 1] - p.more[at] > 2:
            return MOST_DEPARTURES
    return 1


@inner
def _from(p: Rules, kind: int, start: int, m: int, tries: int, w: Work) -> bool:
    """Drive from `start` on, and as much later as misses its windows; return whether nothing can be shorter."""
    last, profile = p.kind[kind, LEAVE_TO], p.kind[kind, PROFILE]
    sliced = p.more[p.slices_at + profile + 1] > p.more[p.slices_at + profile]
    for _ in range(tries):
        if not _drive(p, kind, start, m, w):
            return False
        back, slack, waited = w.room[DRIVE, BACK], w.room[DRIVE, SPARE], w.room[DRIVE, IDLE]
        later = max(0, min(slack, waited, last - start))
        if sliced and w.room[DRIVE, EXACT] != 0:
            later = _latest(p, kind, start, m, last - start if waited > 0 else 0, back, w)
        if back - start - later < w.room[OUT, LASTS_OUT]:
            w.room[OUT, LASTS_OUT], w.room[OUT, LEAVES_OUT] = back - start - later, start + later
        if not sliced and later == waited and p.kind[kind, PAUSE_AT] == p.kind[kind + 1, PAUSE_AT]:
            return True
        start += max(0, slack) + 1
        if start > last or slack >= NEVER // 2:
            return False
    return False


@inner
def _latest(p: Rules, kind: int, start: int, m: int, most: int, back: int, w: Work) -> int:
    """Return how much later the vehicle may leave and still be back at the same moment."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if _drive(p, kind, start + middle, m, w) and w.room[DRIVE, BACK] <= back:
            low = middle
        else:
            high = middle - 1
    return low


@inner
def _drive(p: Rules, kind: int, leaves: int, m: int, w: Work) -> bool:
    """Drive with no, one, two... breaks taken so far side by side; return, slack, waiting go into `w.drive`."""
    lowest, highest = p.kind[kind, PAUSE_AT], p.kind[kind + 1, PAUSE_AT]
    while lowest < highest and p.more[lowest + 1] < leaves:
        lowest += 3
    states = (highest - lowest) // 3 + 1
    for b in range(1, states):
        w.room[NOW_AT, b] = NEVER
    w.room[NOW_AT, 0], w.room[SLACK, 0], w.room[WAITED, 0] = leaves, NEVER, 0
    _rest(p, lowest, states, w)
    here, base = p.kind[kind, START_AT], p.hours_at + p.kind[kind, ZONE_CLASS] * p.first_start
    profile = p.kind[kind, PROFILE]
    for i in range(m):
        node = w.room[ROUTE, i]
        there, alive = p.node[node, PLACE], False
        for b in range(states):
            if w.room[NOW_AT, b] < NEVER:
                arrival = travel(p, profile, here, there, w.room[NOW_AT, b])
                alive = _serve(p, base + node, arrival, p.node[node, SERVICE], b, w) or alive
        if not alive:
            return False
        _rest(p, lowest, states, w)
        here = there
    return _return(p, kind, here, lowest, states, w)


@inner
def _serve(p: Rules, hours: int, arrival: int, service: int, b: int, w: Work) -> bool:
    for h in range(p.more[hours], p.more[hours + 1], 2):
        if arrival <= p.more[h + 1]:
            start = max(arrival, p.more[h])
            w.room[WAITED, b] += start - arrival
            w.room[SLACK, b] = min(w.room[SLACK, b], w.room[WAITED, b] + p.more[h + 1] - start)
            w.room[NOW_AT, b] = start + service
            return True
    w.room[NOW_AT, b] = NEVER
    return False


@inner
def _rest(p: Rules, lowest: int, states: int, w: Work) -> None:
    for b in range(states - 1):
        if w.room[NOW_AT, b] >= NEVER:
            continue
        i = lowest + 3 * b
        start = max(w.room[NOW_AT, b], p.more[i])
        end = start + p.more[i + 2]
        if start <= p.more[i + 1] and end < w.room[NOW_AT, b + 1]:
            w.room[WAITED, b + 1] = w.room[WAITED, b] + start - w.room[NOW_AT, b]
            w.room[SLACK, b + 1] = min(w.room[SLACK, b], w.room[WAITED, b + 1] + p.more[i + 1] - start)
            w.room[NOW_AT, b + 1] = end


@inner
def _return(p: Rules, kind: int, here: int, lowest: int, states: int, w: Work) -> bool:
    for b in range(states):
        if w.room[NOW_AT, b] >= NEVER:
            continue
        arrival = travel(p, p.kind[kind, PROFILE], here, p.kind[kind, END_AT], w.room[NOW_AT, b])
        back = max(arrival, p.kind[kind, BACK_FROM])
        if back > p.kind[kind, BACK_TO] or (b < states - 1 and p.more[lowest + 3 * b + 1] <= back):
            continue
        waited = w.room[WAITED, b] + back - arrival
        w.room[DRIVE, BACK], w.room[DRIVE, IDLE] = back, waited
        w.room[DRIVE, SPARE] = min(w.room[SLACK, b], waited + p.kind[kind, BACK_TO] - back)
        return True
    return False


@inner
def begins(p: Rules, hours: int, arrival: int) -> int:
    """Return when service begins at the earliest, NEVER if not at all; `hours`: where the node's hours are."""
    for h in range(p.more[hours], p.more[hours + 1], 2):
        if arrival <= p.more[h + 1]:
            return int(max(arrival, p.more[h]))
    return NEVER


@inner
def begins_by(p: Rules, hours: int, latest: int) -> int:
    """Return the last moment up to `latest` at which service may begin, -1 for none."""
    found = -1
    for h in range(p.more[hours], p.more[hours + 1], 2):
        if p.more[h] <= latest:
            found = min(latest, p.more[h + 1])
    return int(found)


@inner
def travel(p: Rules, profile: int, here: int, there: int, moment: int) -> int:
    """Return the arrival of a leg that begins at `moment`, stretched by the hour."""
    rest = p.duration[profile, here, there]
    first, last = p.more[p.slices_at + profile], p.more[p.slices_at + profile + 1]
    if first == last:
        return int(moment + rest)
    k = first - 2
    while k + 2 < last and p.more[k + 2] <= moment:
        k += 2
    while True:
        percent = p.more[k + 1] if k >= first else 100
        if k + 2 < last:
            covered = 100 * (p.more[k + 2] - moment) // percent
            if covered < rest:
                rest -= covered
                k += 2
                moment = p.more[k]
                continue
        return int(moment + (rest * percent + 99) // 100)
