"""Routes as linked lists: taken apart, put together, measured, saved and brought back."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.compiled import entry, inlined
from takeback.plan.collection.ruin.arrays import ABSENT, AWAKE, COST, SAVED, TOUCHED, USED, Array, Asked, Plan

_A, _B, _C = np.uint64(12), np.uint64(25), np.uint64(27)
_MULTIPLIER, _HALF = np.uint64(2685821657736338717), np.uint64(11)


@inlined
def chance(random: Array) -> float:
    """Return a random number from 0 to below 1 (xorshift64*, Vigna 2016)."""
    x = random[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    random[0] = x
    return float(np.float64((x * _MULTIPLIER) >> _HALF) * (1.0 / 9007199254740992.0))


@inlined
def below(random: Array, limit: int) -> int:
    """Return a random whole number from 0 to below `limit`."""
    return int(chance(random) * limit)


@inlined
def measure(asked: Asked, plan: Plan, r: int) -> None:
    """Work out positions, legs, loads and clocks along route `r`."""
    tasks = len(asked.lose)
    after, place, position, leg, cost = plan.after, asked.place, plan.position, plan.leg, asked.cost
    start, end, klass = tasks + 2 * r, tasks + 2 * r + 1, asked.klass[r]
    at, count = start, -1
    while at != end:
        there = after[at]
        position[at] = count
        leg[at] = cost[klass, place[at], place[there]]
        at = there
        count += 1
    plan.length[r] = count
    for k in range(asked.delivery.shape[1]):
        _measure_load(asked, plan, start, end, k)
    if asked.timed:
        _measure_times(asked, plan, start, end)


@inlined
def _measure_load(asked: Asked, plan: Plan, start: int, end: int, k: int) -> None:
    """Work out load `k`: backward what leaves (pickups are behind it), forward what is highest so far."""
    after, before, delivery, pickup = plan.after, plan.before, asked.delivery, asked.pickup
    highest_to, highest_from, due, picked = plan.highest_to, plan.highest_from, plan.due, plan.picked
    left, taken, at = 0, 0, after[start]
    while at != end:
        left += delivery[at, k]
        at = after[at]
    highest, at = left, start
    while at != end:
        if at != start:
            left -= delivery[at, k]
            taken += pickup[at, k]
        due[at, k], picked[at, k] = left, taken
        highest = max(highest, left + taken)
        highest_to[at, k] = highest
        at = after[at]
    highest = 0
    while at != start:
        at = before[at]
        highest = max(highest, due[at, k] + picked[at, k])
        highest_from[at, k] = highest


@inlined
def _measure_times(asked: Asked, plan: Plan, start: int, end: int) -> None:
    after, before, earliest, latest, place = plan.after, plan.before, plan.earliest, plan.latest, asked.place
    service, time, opens, closes = asked.service, asked.time, asked.opens, asked.closes
    at = start
    while at != end:
        there = after[at]
        earliest[there] = max(earliest[at] + service[at] + time[place[at], place[there]], opens[there])
        at = there
    while at != start:
        there = before[at]
        latest[there] = min(latest[at] - time[place[there], place[at]] - service[there], closes[there])
        at = there


@inlined
def wake(asked: Asked, plan: Plan, node: int) -> None:
    """Note that the neighbours of a task have changed."""
    if node < len(asked.lose) and not plan.waking[node]:
        plan.waking[node] = True
        plan.awake[plan.number[AWAKE]] = node
        plan.number[AWAKE] += 1


@inlined
def touch(asked: Asked, plan: Plan, r: int, step: int) -> None:
    """Save route `r` as it was before this step, once."""
    if plan.mark[r] == step:
        return
    plan.mark[r] = step
    tasks = len(asked.lose)
    count, fill = plan.number[TOUCHED], plan.number[SAVED]
    plan.touched[count] = r
    at = plan.after[tasks + 2 * r]
    while at < tasks:
        plan.old[fill] = at
        fill += 1
        at = plan.after[at]
    plan.old_start[count + 1] = fill
    plan.number[TOUCHED], plan.number[SAVED] = count + 1, fill


@inlined
def unlink(asked: Asked, plan: Plan, task: int) -> None:
    """Take a task out of its route; the route is not measured anew, but for its length and the leg that closes it."""
    number, leg, place = plan.number, plan.leg, asked.place
    r, u, w = plan.route[task], plan.before[task], plan.after[task]
    plan.after[u], plan.before[w] = w, u
    plan.route[task] = -1
    plan.length[r] -= 1
    saved = leg[u] + leg[task]
    leg[u] = asked.cost[asked.klass[r], place[u], place[w]]
    if plan.length[r] == 0:
        number[USED] -= 1
        saved += asked.fixed[r]
    else:
        saved -= leg[u]
    plan.absent[number[ABSENT]] = task
    number[ABSENT] += 1
    number[COST] += asked.lose[task] - saved
    if not asked.timed:
        wake(asked, plan, u)
        wake(asked, plan, w)


@inlined
def link(asked: Asked, plan: Plan, task: int, u: int, delta: int) -> None:
    """Put a task behind node `u`, which costs `delta`, and measure the route."""
    r = plan.route[u]
    w = plan.after[u]
    plan.after[u], plan.before[w] = task, task
    plan.after[task], plan.before[task] = w, u
    plan.route[task] = r
    if plan.length[r] == 0:
        plan.number[USED] += 1
    plan.number[COST] += delta - asked.lose[task]
    measure(asked, plan, r)
    if not asked.timed:
        wake(asked, plan, u)
        wake(asked, plan, task)
        wake(asked, plan, w)


@inlined
def relink(asked: Asked, plan: Plan, r: int, members: Array) -> None:
    """Make route `r` of these tasks in this order, and measure it; costs are not counted."""
    tasks = len(asked.lose)
    last = tasks + 2 * r
    for task in members:
        plan.after[last], plan.before[task] = task, last
        plan.route[task] = r
        last = task
    plan.after[last], plan.before[tasks + 2 * r + 1] = tasks + 2 * r + 1, last
    measure(asked, plan, r)


@entry
def undo(asked: Asked, plan: Plan, cost: int, absent: int, used: int) -> None:
    """Bring back the plan as it was before this step."""
    for k in range(absent):
        plan.absent[k] = plan.old_absent[k]
        plan.route[plan.absent[k]] = -1
    for k in range(plan.number[TOUCHED]):
        relink(asked, plan, plan.touched[k], plan.old[plan.old_start[k] : plan.old_start[k + 1]])
    plan.number[COST], plan.number[ABSENT], plan.number[USED] = cost, absent, used
