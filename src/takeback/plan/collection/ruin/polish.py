"""Local search around what a step has changed, for problems without clocks.

Tasks whose neighbours have changed are awake. For each of them and its nearest tasks, what would make the two
neighbours is looked at: a task goes beside the other or changes places, two routes exchange their tails, and within
a route a segment moves or turns round. The best of these is done, until nobody is awake (selective vertex caching:
Accorsi, Vigo 2021).
"""

from __future__ import annotations

from takeback.plan.collection.compiled import entry, inlined, inner
from takeback.plan.collection.ruin.arrays import AWAKE, COST, USED, Asked, Plan
from takeback.plan.collection.ruin.insert import fits
from takeback.plan.collection.ruin.links import measure, touch, wake

NEIGHBOURS = 8  # nearest tasks that are looked at
SEGMENT = 3  # longest segment that moves within a route
KIND, DELTA, FIRST, SECOND, MANY = range(5)  # places in `Plan.move`
NONE, RELOCATE, SWAP, TAILS, MOVE, TURN = range(6)


@entry
def polish(asked: Asked, plan: Plan, step: int) -> None:
    """Improve the plan until no task that is awake has a move that saves something."""
    number, move = plan.number, plan.move
    while number[AWAKE] > 0:
        number[AWAKE] -= 1
        u = plan.awake[number[AWAKE]]
        plan.waking[u] = False
        if plan.route[u] < 0:
            continue
        move[KIND] = move[DELTA] = 0
        for k in range(min(NEIGHBOURS, asked.near.shape[1])):
            v = asked.near[u, k]
            if plan.route[v] < 0:
                continue
            cost = asked.cost[asked.klass[plan.route[u]]]
            if cost[asked.place[u], asked.place[v]] < plan.leg[u]:
                _join(asked, plan, u, v)
            if cost[asked.place[v], asked.place[u]] < plan.leg[plan.before[u]]:
                _join(asked, plan, v, u)
        if move[KIND] != NONE:
            _do(asked, plan, step)


@inlined
def _join(asked: Asked, plan: Plan, u: int, v: int) -> None:
    """Look at the moves that let `v` follow on `u`."""
    if plan.after[u] == v:
        return
    if plan.route[u] == plan.route[v]:
        _within(asked, plan, u, v)
        return
    before, after, tasks = plan.before[v], plan.after[u], len(asked.lose)
    _relocate(asked, plan, v, u, after)
    _relocate(asked, plan, u, before, v)
    if after < tasks:
        _swap(asked, plan, after, v)
    if before < tasks:
        _swap(asked, plan, u, before)
    _tails(asked, plan, u, v)


@inlined
def _note(plan: Plan, kind: int, delta: int, first: int, second: int, many: int) -> None:
    plan.move[KIND], plan.move[DELTA] = kind, delta
    plan.move[FIRST], plan.move[SECOND], plan.move[MANY] = first, second, many


@inlined
def _relocate(asked: Asked, plan: Plan, task: int, u: int, w: int) -> None:
    """Look at a task of another route between `u` and `w`."""
    r, s, place = plan.route[task], plan.route[u], asked.place
    delta = _detour(asked, plan, task, u, w, s) - plan.leg[u] - plan.leg[task] - plan.leg[plan.before[task]]
    if plan.length[r] == 1:
        delta -= asked.fixed[r]
    else:
        delta += asked.cost[asked.klass[r], place[plan.before[task]], place[plan.after[task]]]
    if delta < plan.move[DELTA] and fits(asked, plan, task, u, w, s):
        _note(plan, RELOCATE, delta, task, u, 0)


@inlined
def _detour(asked: Asked, plan: Plan, task: int, u: int, w: int, r: int) -> int:
    """Return what it costs route `r` to go from `u` to `w` by way of a task."""
    cost, place = asked.cost[asked.klass[r]], asked.place
    return int(cost[place[u], place[task]] + cost[place[task], place[w]])


@inlined
def _swap(asked: Asked, plan: Plan, one: int, two: int) -> None:
    """Look at two tasks of different routes in each other's place."""
    r, s, before, after = plan.route[one], plan.route[two], plan.before, plan.after
    delta = _detour(asked, plan, two, before[one], after[one], r) - plan.leg[before[one]] - plan.leg[one]
    delta += _detour(asked, plan, one, before[two], after[two], s) - plan.leg[before[two]] - plan.leg[two]
    if delta >= plan.move[DELTA]:
        return
    if _replaces(asked, plan, one, two, r) and _replaces(asked, plan, two, one, s):
        _note(plan, SWAP, delta, one, two, 0)


@inlined
def _replaces(asked: Asked, plan: Plan, one: int, two: int, r: int) -> bool:
    """Return whether route `r` can carry `two` instead of `one`."""
    for k in range(asked.delivery.shape[1]):
        limit, delivery, pickup = asked.capacity[r, k], asked.delivery, asked.pickup
        if plan.highest_to[plan.before[one], k] + delivery[two, k] - delivery[one, k] > limit:
            return False
        if plan.highest_from[one, k] + pickup[two, k] - pickup[one, k] > limit:
            return False
    return True


@inlined
def _tails(asked: Asked, plan: Plan, u: int, v: int) -> None:
    """Look at going on behind `u` with `v` and what follows on it, and the other way round."""
    r, s, b, after = plan.route[u], plan.route[v], plan.before[v], plan.after[u]
    if asked.kind[r] != asked.kind[s]:
        return
    place, cost, tasks = asked.place, asked.cost[asked.klass[r]], len(asked.lose)
    delta = int(cost[place[u], place[v]]) - plan.leg[u] - plan.leg[b]
    if b >= tasks and after >= tasks:
        delta -= asked.fixed[s]
    else:
        delta += cost[place[b], place[after]]
    if delta >= plan.move[DELTA]:
        return
    for k in range(asked.delivery.shape[1]):
        limit, more, other = (
            asked.capacity[r, k],
            plan.due[b, k] - plan.due[u, k],
            plan.picked[u, k] - plan.picked[b, k],
        )
        if plan.highest_to[u, k] + more > limit or plan.highest_from[b, k] + other > limit:
            return
        if plan.highest_to[b, k] - more > limit or plan.highest_from[u, k] - other > limit:
            return
    _note(plan, TAILS, delta, u, v, 0)


@inlined
def _within(asked: Asked, plan: Plan, u: int, v: int) -> None:
    """Look at moves within a route: a segment that begins with `v` or ends with `u`, or what lies between turned."""
    place, leg, tasks = asked.place, plan.leg, len(asked.lose)
    cost = asked.cost[asked.klass[plan.route[u]]]
    new, after, before = cost[place[u], place[v]], plan.after[u], plan.before[v]
    end = before
    for many in range(1, SEGMENT + 1):
        end = plan.after[end]
        if end >= tasks or end == u:
            break
        delta = new + cost[place[before], place[plan.after[end]]] + cost[place[end], place[after]]
        _try(asked, plan, MOVE, delta - leg[before] - leg[end] - leg[u], before, u, many)
    first = u
    for many in range(1, SEGMENT + 1):
        if first >= tasks or first == v:
            break
        begin, first = first, plan.before[first]
        delta = new + cost[place[first], place[after]] + cost[place[before], place[begin]]
        _try(asked, plan, MOVE, delta - leg[first] - leg[u] - leg[before], first, before, many)
    if plan.position[u] < plan.position[v]:
        delta, at = new + cost[place[after], place[plan.after[v]]] - leg[u] - leg[v], after
        while at != v:
            there = plan.after[at]
            delta += cost[place[there], place[at]] - leg[at]
            at = there
        _try(asked, plan, TURN, delta, u, v, 0)


@inner
def _try(asked: Asked, plan: Plan, kind: int, delta: int, first: int, second: int, many: int) -> None:
    """Note a move within a route that saves most so far, if the route can carry its tasks in that order."""
    if delta >= plan.move[DELTA]:
        return
    if kind == MOVE:
        _shift(plan, first, second, many)
        possible = _carried(asked, plan, plan.route[first])
        _shift(plan, second, first, many)
    else:
        end = plan.after[second]
        _turn(plan, first, end)
        possible = _carried(asked, plan, plan.route[first])
        _turn(plan, first, end)
    if possible:
        _note(plan, kind, delta, first, second, many)


@inner
def _carried(asked: Asked, plan: Plan, r: int) -> bool:
    """Return whether route `r` can carry its tasks as they are linked now."""
    start = len(asked.lose) + 2 * r
    for k in range(asked.delivery.shape[1]):
        aboard, at = plan.due[start, k], plan.after[start]
        while at != start + 1:
            aboard += asked.pickup[at, k] - asked.delivery[at, k]
            if aboard > asked.capacity[r, k]:
                return False
            at = plan.after[at]
    return True


@inlined
def _tie(plan: Plan, u: int, w: int) -> None:
    """Let `w` follow on `u`."""
    plan.after[u], plan.before[w] = w, u


@inlined
def _shift(plan: Plan, a: int, u: int, many: int) -> None:
    """Link the `many` tasks behind `a` behind `u` instead."""
    first, last = plan.after[a], a
    for _ in range(many):
        last = plan.after[last]
    _tie(plan, a, plan.after[last])
    _tie(plan, last, plan.after[u])
    _tie(plan, u, first)
    for _ in range(many):
        plan.route[first] = plan.route[u]
        first = plan.after[first]


@inlined
def _turn(plan: Plan, u: int, end: int) -> None:
    """Link what lies between `u` and `end` the other way round."""
    at, follows = plan.after[u], end
    while at != end:
        there = plan.after[at]
        _tie(plan, at, follows)
        follows, at = at, there
    _tie(plan, u, follows)


@inlined
def _cross(asked: Asked, plan: Plan, u: int, v: int) -> None:
    """Link the tails behind `u` and from `v` on to each other's heads."""
    tasks, after, b = len(asked.lose), plan.after[u], plan.before[v]
    r, s = plan.route[u], plan.route[v]
    end, other = tasks + 2 * r + 1, tasks + 2 * s + 1
    last, final = plan.before[other], plan.before[end]
    _tie(plan, u, v)
    _tie(plan, last, end)
    if after == end:
        _tie(plan, b, other)
    else:
        _tie(plan, b, after)
        _tie(plan, final, other)
    while v != end:
        plan.route[v] = r
        v = plan.after[v]
    v = plan.after[b]
    while v != other:
        plan.route[v] = s
        v = plan.after[v]


@inner
def _do(asked: Asked, plan: Plan, step: int) -> None:
    """Do the move that was noted, measure its routes, wake the tasks whose neighbours it changes."""
    kind, first, second = plan.move[KIND], plan.move[FIRST], plan.move[SECOND]
    r, s = plan.route[first], plan.route[second]
    touch(asked, plan, r, step)
    touch(asked, plan, s, step)
    _wake_around(asked, plan, first)
    _wake_around(asked, plan, second)
    if kind == RELOCATE:
        _shift(plan, plan.before[first], second, 1)
    elif kind == SWAP:
        a, b = plan.before[first], plan.before[second]
        _shift(plan, a, b, 1)
        _shift(plan, first, a, 1)
    elif kind == TAILS:
        _cross(asked, plan, first, second)
    elif kind == MOVE:
        _shift(plan, first, second, plan.move[MANY])
    else:
        _turn(plan, first, plan.after[second])
    _wake_around(asked, plan, first)
    _wake_around(asked, plan, second)
    measure(asked, plan, r)
    if r != s:
        measure(asked, plan, s)
        plan.number[USED] -= (plan.length[r] == 0) + (plan.length[s] == 0)
    plan.number[COST] += plan.move[DELTA]


@inlined
def _wake_around(asked: Asked, plan: Plan, node: int) -> None:
    """Wake a node and its neighbours."""
    wake(asked, plan, node)
    wake(asked, plan, plan.after[node])
    if node < len(asked.lose):  # nothing is before where a route begins
        wake(asked, plan, plan.before[node])
