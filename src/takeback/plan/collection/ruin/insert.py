"""Recreate: absent tasks return, each to its cheapest place beside a near one, now and then overlooking a place."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import entry, inlined
from takeback.plan.collection.ruin.arrays import ABSENT, Array, Asked, Plan
from takeback.plan.collection.ruin.links import below, chance, link, touch

BLINK = 0.01  # chance that a place is overlooked
NOWHERE = 2**62


@entry
def insert(asked: Asked, plan: Plan, step: int) -> None:
    """Bring absent tasks back where that costs less than leaving them."""
    _sort(asked, plan)
    absent, left = plan.number[ABSENT], 0
    for k in range(absent):
        task = plan.absent[k]
        delta, u = cheapest(asked, plan, task)
        if delta < asked.lose[task]:
            touch(asked, plan, plan.route[u], step)
            link(asked, plan, task, u, delta)
        else:
            plan.absent[left] = task
            left += 1
    plan.number[ABSENT] = left


@inlined
def cheapest(asked: Asked, plan: Plan, task: int) -> tuple[int, int]:
    """Return the cost of the cheapest place seen and the node it lies behind; `NOWHERE` where there is none."""
    best, behind = NOWHERE, -1
    place, here, cost, back = asked.place, asked.place[task], asked.cost, asked.back
    for k in range(asked.near.shape[1]):
        v = asked.near[task, k]
        r = plan.route[v]
        if r < 0:
            continue
        klass = asked.klass[r]
        u, w, there = plan.before[v], plan.after[v], place[v]
        delta = np.int64(back[klass, here, there]) + cost[klass, here, place[w]] - plan.leg[v]
        if delta < best and fits(asked, plan, task, v, w, r) and chance(plan.random) >= BLINK:
            best, behind = delta, v
        delta = np.int64(back[klass, here, place[u]]) + cost[klass, here, there] - plan.leg[u]
        if delta < best and fits(asked, plan, task, u, v, r) and chance(plan.random) >= BLINK:
            best, behind = delta, u
    if best == NOWHERE:
        best, behind = _anywhere(asked, plan, task)
    new, start = _empty(asked, plan, task)
    return (new, start) if new < best else (best, behind)


@inlined
def fits(asked: Asked, plan: Plan, task: int, u: int, w: int, r: int) -> bool:
    """Return whether a task may stand between neighbours `u` and `w` of route `r`, by load and clock."""
    for k in range(asked.delivery.shape[1]):
        limit = asked.capacity[r, k]
        if plan.highest_to[u, k] + asked.delivery[task, k] > limit:
            return False
        if plan.highest_from[u, k] + asked.pickup[task, k] > limit:
            return False
    if not asked.timed:
        return True
    place = asked.place
    ready = plan.earliest[u] + asked.service[u] + asked.time[place[u], place[task]]
    start = max(ready, asked.opens[task])
    if start > asked.closes[task]:
        return False
    return bool(start + asked.service[task] + asked.time[place[task], place[w]] <= plan.latest[w])


@inlined
def _empty(asked: Asked, plan: Plan, task: int) -> tuple[int, int]:
    """Return the cheapest empty route for a task: its cost, and where it begins."""
    best, behind, tasks = NOWHERE, -1, len(asked.lose)
    for kind in range(len(asked.first) - 1):
        for r in range(asked.first[kind], asked.first[kind + 1]):
            if plan.length[r]:
                continue
            u, w, cost = tasks + 2 * r, tasks + 2 * r + 1, asked.cost[asked.klass[r]]
            here = asked.place[task]
            delta = asked.fixed[r] + cost[asked.place[u], here] + np.int64(cost[here, asked.place[w]])
            if delta < best and fits(asked, plan, task, u, w, r):
                best, behind = delta, u
            break
    return best, behind


@entry
def _anywhere(asked: Asked, plan: Plan, task: int) -> tuple[int, int]:
    """Return the cheapest place of all, also beside tasks that are far away."""
    best, behind, tasks = NOWHERE, -1, len(asked.lose)
    place, here = asked.place, asked.place[task]
    for r in range(len(plan.length)):
        if plan.length[r] == 0:
            continue
        cost, u = asked.cost[asked.klass[r]], tasks + 2 * r
        while u != tasks + 2 * r + 1:
            w = plan.after[u]
            delta = cost[place[u], here] + np.int64(cost[here, place[w]]) - plan.leg[u]
            if delta < best and fits(asked, plan, task, u, w, r):
                best, behind = delta, u
            u = w
    return best, behind


@inlined
def _sort(asked: Asked, plan: Plan) -> None:
    """Bring the absent tasks into one of several orders, drawn at random."""
    absent, keys = plan.absent, plan.order
    draw = below(plan.random, 17 if asked.timed else 11)
    for k in range(plan.number[ABSENT]):
        task, key, at = absent[k], _key(asked, absent[k], draw, plan.random), k
        while at > 0 and keys[at - 1] > key:
            keys[at], absent[at] = keys[at - 1], absent[at - 1]
            at -= 1
        keys[at], absent[at] = key, task


@inlined
def _key(asked: Asked, task: int, draw: int, random: Array) -> float:
    """Return the sort key: by chance (4), load (4), far first (2), near first (1), by length, begin, end of window."""
    if draw < 4:
        return chance(random)
    if draw < 8:
        return float(-asked.size[task])
    depot = asked.place[len(asked.lose)]
    away = asked.cost[0, depot, asked.place[task]]
    if draw < 10:
        return float(-away)
    if draw < 11:
        return float(away)
    if draw < 13:
        return float(asked.closes[task] - asked.opens[task])
    return float(asked.opens[task]) if draw < 15 else float(-asked.closes[task])
