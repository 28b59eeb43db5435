"""Simulated annealing over ruin and recreate; compiled."""

from __future__ import annotations

import math

import numpy as np

from takeback.plan.collection.compiled import entry, inlined
from takeback.plan.collection.ruin.arrays import (
    ABSENT,
    BEST,
    CLOCK,
    COST,
    FILL,
    KEPT,
    LEFT,
    SAVED,
    TOUCHED,
    USED,
    Asked,
    Plan,
)
from takeback.plan.collection.ruin.insert import insert
from takeback.plan.collection.ruin.links import chance, undo
from takeback.plan.collection.ruin.polish import polish
from takeback.plan.collection.ruin.remove import remove


@entry
def anneal(asked: Asked, plan: Plan, steps: int, hot: float, cold: float, mean: float, margin: float) -> None:
    """Do `steps` steps while the temperature falls from `hot` to `cold` (units of cost).

    A step takes about `mean` tasks out and brings them back; a dearer plan is kept with the chance that annealing
    gives it. Routes of plans at most `margin` (a share) above the best go into the pool.
    """
    number, heat = plan.number, hot
    fall = (cold / hot) ** (1.0 / max(1, steps))
    for _ in range(steps):
        number[CLOCK] += 1
        heat *= fall
        cost, absent, used = number[COST], number[ABSENT], number[USED]
        for k in range(absent):
            plan.old_absent[k] = plan.absent[k]
        number[TOUCHED] = number[SAVED] = 0
        remove(asked, plan, number[CLOCK], mean)
        insert(asked, plan, number[CLOCK])
        if not asked.timed:
            polish(asked, plan, number[CLOCK])
        if number[COST] - cost >= -heat * math.log(1.0 - chance(plan.random) + 1e-300):
            undo(asked, plan, cost, absent, used)
            continue
        if number[COST] <= number[BEST] * (1 + margin):
            remember(asked, plan)
        if number[COST] < number[BEST]:
            number[BEST], number[LEFT] = number[COST], number[ABSENT]
            for k in range(len(plan.after)):
                plan.best_after[k] = plan.after[k]


@inlined
def remember(asked: Asked, plan: Plan) -> None:
    """Put the routes that this step made into the pool."""
    for k in range(plan.number[TOUCHED]):
        r = plan.touched[k]
        if plan.length[r]:
            _remember(asked, plan, r)


@entry
def _remember(asked: Asked, plan: Plan, r: int) -> None:
    kind, tasks = 0, len(asked.lose)
    while asked.first[kind + 1] <= r:
        kind += 1
    name, total, at = np.uint64(kind), asked.fixed[r] + plan.leg[tasks + 2 * r], plan.after[tasks + 2 * r]
    while at < tasks:
        name += asked.keys[at]
        total += plan.leg[at]
        at = plan.after[at]
    if plan.number[KEPT] + 1 >= len(plan.pool_cost) or plan.number[FILL] + plan.length[r] >= len(plan.pool_tasks):
        plan.number[KEPT] = plan.number[FILL] = 0  # full: what is met from now on is better
        for slot in range(len(plan.pool_table)):
            plan.pool_table[slot] = 0
    slot = int(np.int64(name % np.uint64(len(plan.pool_table))))
    while plan.pool_table[slot]:
        known = plan.pool_table[slot] - 1
        if plan.pool_name[known] == name:
            if total < plan.pool_cost[known]:
                plan.pool_cost[known] = total
                _write(asked, plan, r, plan.pool_start[known])
            return
        slot = (slot + 1) % len(plan.pool_table)
    new = plan.number[KEPT]
    plan.pool_table[slot] = new + 1
    plan.pool_name[new], plan.pool_cost[new], plan.pool_kind[new] = name, total, kind
    plan.pool_start[new] = plan.number[FILL]
    plan.number[FILL] = _write(asked, plan, r, plan.pool_start[new])
    plan.number[KEPT] = new + 1
    plan.pool_start[new + 1] = plan.number[FILL]


@inlined
def _write(asked: Asked, plan: Plan, r: int, fill: int) -> int:
    tasks = len(asked.lose)
    at = plan.after[tasks + 2 * r]
    while at < tasks:
        plan.pool_tasks[fill] = at
        fill += 1
        at = plan.after[at]
    return fill
