"""Plans a day of collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from takeback import __version__
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.baseline import nearest_neighbour
from takeback.plan.collection.bound import lower_bound
from takeback.plan.collection.explain import explain
from takeback.plan.collection.problem import CollectionProblem, ill_formed
from takeback.plan.collection.reasons import why_unserved
from takeback.plan.collection.schedule import Limit, Scheduler
from takeback.plan.collection.solution import CollectionSolution, Plan, Unserved
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

if TYPE_CHECKING:
    from takeback.plan.collection.search import Found, Sequences

MOST_STARTS = 4  # restarts cure what one long search gets stuck in (Dethloff's SCA3-0)
SHORTEST_START, START_PER_TASK = 500, 10  # iterations: a start needs more of them for more tasks
TOLD_TASKS = 20


def solve(
    problem: CollectionProblem,
    *,
    budget: Budget,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> CollectionSolution:
    """Return the best plan found for `problem`, never dearer than its nearest-neighbour plan.

    An iteration is one local search after a perturbation. Long searches are cut into up to four independent
    starts, which `executor` may run side by side; with an iteration budget the answer is the same without it.
    Raises `Problem` where the day cannot be served: which tasks, which limits, what would make them fit.
    """
    watch = Stopwatch()
    errors = explain(problem)
    if errors:
        raise ill_formed(errors)
    scheduler = Scheduler(problem)
    baseline = nearest_neighbour(problem)
    found = _search(problem, budget, seed, executor, on_progress)
    plans = [plan for one in found if (plan := _plan(scheduler, one.routes)) and _complete(problem, plan)]
    if _complete(problem, baseline):
        plans.append(replace(baseline, unserved=why_unserved(scheduler, baseline.routes)))
    if not plans:
        plans.append(_rescue(scheduler, budget, seed))
    best = min(plans, key=lambda plan: plan.objective)
    return CollectionSolution(
        plan=best,
        baseline=baseline,
        bound=min(best.objective, lower_bound(problem, best.objective)),
        iterations=sum(one.iterations for one in found),
        seed=seed,
        version=f"takeback {__version__}, pyvrp {version('pyvrp')}",
        seconds=watch.seconds,
    )


def _search(
    problem: CollectionProblem,
    budget: Budget,
    seed: int,
    executor: Executor | None,
    on_progress: OnProgress | None,
) -> list[Found]:
    """Return what each start found."""
    if not problem.tasks or not any(vehicle.count for vehicle in problem.vehicle_types):
        return []
    from takeback.plan.collection.search import search  # noqa: PLC0415 -- PyVRP takes 0.4 s to import

    shares = _shares(budget, len(problem.tasks), side_by_side=executor is not None)
    seeds = [int(state) for state in np.random.SeedSequence(seed).generate_state(len(shares))]
    if executor is None or len(shares) == 1:
        return [
            search(problem, share, start, _scaled(on_progress, k, len(shares)))
            for k, (share, start) in enumerate(zip(shares, seeds, strict=True))
        ]
    futures = [executor.submit(search, problem, share, start) for share, start in zip(shares, seeds, strict=True)]
    return [future.result() for future in futures]


def _shares(budget: Budget, tasks: int, *, side_by_side: bool) -> list[Budget]:
    """Return the budget of each start: iterations are divided, seconds only where starts follow each other."""
    if budget.iterations is None:
        starts = 2 if side_by_side else 1
    else:
        enough = max(SHORTEST_START, START_PER_TASK * tasks)
        starts = min(MOST_STARTS, max(1, budget.iterations // enough))
    seconds = budget.seconds if budget.seconds is None or side_by_side else budget.seconds / starts
    if budget.iterations is None:
        return [Budget(seconds=seconds)] * starts
    each, rest = divmod(budget.iterations, starts)
    return [Budget(seconds=seconds, iterations=each + (k < rest)) for k in range(starts)]


def _scaled(on_progress: OnProgress | None, start: int, starts: int) -> OnProgress | None:
    """Return a listener that tells the progress of one start as its share of all."""
    if on_progress is None:
        return None

    def tell(progress: Progress) -> None:
        on_progress(replace(progress, fraction=(start + progress.fraction) / starts))

    return tell


def _plan(scheduler: Scheduler, sequences: Sequences) -> Plan | None:
    """Return the plan of these sequences, None where one of them breaks a rule."""
    numbers: Counter[int] = Counter()
    routes = []
    for kind, visits in sequences:
        numbers[kind] += 1
        route = scheduler.route(scheduler.problem.vehicle_types[kind], numbers[kind], visits)
        if isinstance(route, Limit):
            return None
        routes.append(route)
    unserved = why_unserved(scheduler, routes)
    return Plan.of(routes, unserved, _prizes(scheduler.problem, unserved))


def _prizes(problem: CollectionProblem, unserved: Sequence[Unserved]) -> int:
    left = {one.task for one in unserved}
    return sum(task.prize or 0 for task in problem.tasks if task.id in left)


def _complete(problem: CollectionProblem, plan: Plan) -> bool:
    """Return whether every task that must be served is."""
    required = {task.id for task in problem.tasks if task.prize is None}
    return not any(one.task in required for one in plan.unserved)


def _rescue(scheduler: Scheduler, budget: Budget, seed: int) -> Plan:
    """Return a plan from a search in which leaving a task is allowed but very dear.

    Raises `Problem` with the tasks it still had to leave.
    """
    problem = scheduler.problem
    dear = _dearest_plan(problem)
    tasks = tuple(task if task.prize is not None else replace(task, prize=dear) for task in problem.tasks)
    relaxed = replace(problem, tasks=tasks)
    plans = [_plan(scheduler, one.routes) for one in _search(relaxed, budget, seed, None, None)]
    plan = next((plan for plan in plans if plan is not None), None)
    if plan is None or not _complete(problem, plan):
        raise _no_plan(problem, plan)
    return plan


def _dearest_plan(problem: CollectionProblem) -> int:
    """Return more than any plan costs, minor units."""
    km = max(v.cost_per_km for v in problem.vehicle_types)
    hour = max(v.cost_per_hour for v in problem.vehicle_types)
    legs = 2 * len(problem.tasks)
    travel = legs * (km * int(problem.distance_m.max()) // 1_000 + hour * int(problem.duration_s.max()) // 3_600)
    fixed = sum(v.cost_fixed * v.count for v in problem.vehicle_types)
    return 1 + travel + fixed + sum(task.prize or 0 for task in problem.tasks)


def _no_plan(problem: CollectionProblem, plan: Plan | None) -> Problem:
    """Return the explanation: which tasks found no place, and what would make them fit."""
    required = {task.id for task in problem.tasks if task.prize is None}
    left = [one for one in plan.unserved if one.task in required] if plan else []
    return Problem(
        "collection.no-plan",
        msg("No plan was found that serves every task that must be served"),
        where=", ".join(one.task for one in left[:TOLD_TASKS]) or None,
        found=len(left) or len(required),
        expected=msg("0 tasks without a place"),
        remedy=msg("Add a vehicle or lengthen a shift, give tasks a prize so that they may wait, or search longer."),
        errors=[
            Problem("collection.task-left", one.reason, where=one.task, remedy=_REMEDY) for one in left[:TOLD_TASKS]
        ],
    )


_REMEDY = msg("It fits on a vehicle of its own: one more vehicle, or one longer shift, would take it.")
