"""The annealed search: strings of stops leave and return, millions of times (SISR)."""

from __future__ import annotations

import numpy as np

from takeback.plan.collection.found import Found, Sequence, Visit
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.ruin.anneal import anneal
from takeback.plan.collection.ruin.arrays import ABSENT, BEST, COST, KEPT, LEFT, USED, Array, Asked, Plan, empty_plan
from takeback.plan.collection.ruin.insert import insert
from takeback.plan.collection.ruin.links import relink
from takeback.plan.collection.ruin.model import asked_of
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

HOT, COLD = 3.0, 0.01  # temperatures at the beginning and the end, in mean legs of the first plan
MEAN = 10.0  # tasks taken out in a step
MARGIN, NO_POOL = 0.002, -1.0  # share above the best cost up to which routes are remembered
SLICE_S = 0.05  # seconds between two looks at the clock
FIRST_STEPS = 500
MORE = 2**61  # than any plan costs
STEPS_PER_ITERATION = 20


def search(
    problem: CollectionProblem,
    budget: Budget,
    seed: int,
    on_progress: OnProgress | None = None,
    start: tuple[Sequence, ...] | None = None,
    *,
    hot: float = HOT,
    cold: float = COLD,
    onward: bool = False,
    pooled: bool = True,
) -> Found:
    """Return the best routes found; an iteration is twenty steps of ruin and recreate.

    Temperatures are given in mean legs of the first plan. `start`: routes to set out from; with `onward` they do not
    count as found, so that a walk cut into pieces goes on from where it has come to. `pooled`: routes of good plans are
    told. With an iteration budget the result depends on the arguments only.
    """
    watch = Stopwatch()
    asked, per_unit = asked_of(problem, seed)
    plan = empty_plan(asked, seed)
    if start:
        _load(asked, plan, start)
    insert(asked, plan, 0)
    _first_best(plan)
    if onward and not plan.number[LEFT]:
        plan.number[BEST] = MORE
    leg = plan.number[COST] / (len(problem.tasks) + int(plan.number[USED]))
    margin = MARGIN if pooled else NO_POOL
    steps, done, began = FIRST_STEPS, 0, watch.seconds
    while (spent := watch.spent(budget, done // STEPS_PER_ITERATION)) < 1:
        steps = _steps(budget, watch.seconds - began, done)
        heat = _heat(hot, cold, spent)
        soon = watch.spent(budget, (done + steps) // STEPS_PER_ITERATION)
        anneal(asked, plan, steps, leg * heat, leg * _heat(hot, cold, min(1, soon)), MEAN, margin)
        done += steps
        _tell(on_progress, watch, budget, done, plan.number[BEST] / per_unit if not plan.number[LEFT] else None)
    routes = _best(asked, plan)
    left = set(range(len(problem.tasks))) - {visit.task for _, visits in routes for visit in visits}
    feasible = all(problem.tasks[k].prize is not None for k in left)
    return Found(routes, feasible, done // STEPS_PER_ITERATION, _pool(plan))


def _heat(hot: float, cold: float, spent: float) -> float:
    return float(hot * (cold / hot) ** spent)


def _steps(budget: Budget, seconds: float, done: int) -> int:
    """Return how many steps fit between two looks at the clock; so many were done in so many seconds."""
    if budget.iterations is not None:
        left = STEPS_PER_ITERATION * budget.iterations - done
        return min(STEPS_PER_ITERATION * max(1, budget.iterations // 50), left)
    return max(FIRST_STEPS, int(done / max(seconds, 1e-3) * SLICE_S))


def _load(asked: Asked, plan: Plan, start: tuple[Sequence, ...]) -> None:
    """Put the routes of `start` into the empty plan."""
    used = [int(first) for first in asked.first[:-1]]
    for kind, visits in start:
        members = np.array([visit.task for visit in visits], dtype=np.int32)
        relink(asked, plan, used[kind], members)
        used[kind] += 1
    _recount(asked, plan)


def _recount(asked: Asked, plan: Plan) -> None:
    """Count cost, routes and absent tasks anew."""
    tasks = len(asked.lose)
    left = np.flatnonzero(plan.route[:tasks] < 0)
    plan.absent[: len(left)] = left
    total = int(asked.lose[left].sum())
    for r in np.flatnonzero(plan.length).tolist():
        nodes = [tasks + 2 * r, *_members(plan.after, tasks, r), tasks + 2 * r + 1]
        places = asked.place[np.array(nodes)]
        total += int(asked.fixed[r]) + int(asked.cost[asked.klass[r], places[:-1], places[1:]].sum())
    plan.number[COST], plan.number[ABSENT] = total, len(left)
    plan.number[USED] = int((plan.length > 0).sum())


def _members(after: Array, tasks: int, r: int) -> list[int]:
    members, at = [], int(after[tasks + 2 * r])
    while at < tasks:
        members.append(at)
        at = int(after[at])
    return members


def _first_best(plan: Plan) -> None:
    plan.best_after[:] = plan.after
    plan.number[BEST], plan.number[LEFT] = plan.number[COST], plan.number[ABSENT]


def _best(asked: Asked, plan: Plan) -> tuple[Sequence, ...]:
    tasks = len(asked.lose)
    routes = []
    for kind in range(len(asked.first) - 1):
        for r in range(asked.first[kind], asked.first[kind + 1]):
            members = _members(plan.best_after, tasks, r)
            if members:
                routes.append((kind, tuple(Visit(task) for task in members)))
    return tuple(routes)


def _pool(plan: Plan) -> tuple[Sequence, ...]:
    kept = int(plan.number[KEPT])
    bounds = plan.pool_start[: kept + 1].tolist()
    tasks = plan.pool_tasks.tolist()
    kinds = plan.pool_kind[:kept].tolist()
    return tuple((kinds[k], tuple(Visit(task) for task in tasks[bounds[k] : bounds[k + 1]])) for k in range(kept))


def _tell(on_progress: OnProgress | None, watch: Stopwatch, budget: Budget, done: int, objective: float | None) -> None:
    if on_progress is None:
        return
    fraction = min(1.0, watch.spent(budget, done // STEPS_PER_ITERATION))
    on_progress(Progress(fraction, done // STEPS_PER_ITERATION, watch.seconds, objective))
