"""PyVRP's local search, annealed: a piece of a longer search of a large problem, that goes on from where it starts.

Late acceptance, PyVRP's own, hardly leaves the plan that it is given within a second; a temperature that falls over
all pieces together does (simulated annealing around a local search: Accorsi, Vigo 2021).
"""

from __future__ import annotations

import math

import pyvrp

from takeback.plan.collection.found import Found, Sequence
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.pyvrp.search import local_search
from takeback.plan.collection.pyvrp.translate import Translation
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

NEIGHBOURS = 16  # a fifth to a third more is gained than with 20 in the same time
LOOK_EVERY = 100  # iterations between two reports
LEARN_EVERY, NEAR_BEST = 20, 1.01  # iterations between two plans whose routes are told, if they are so good
POOL = 20_000  # routes told at most: the last ones
LEAST = 2.0**-32  # of what is drawn between 0 and 1, both ends included: zero has no logarithm


def walk(
    problem: CollectionProblem,
    budget: Budget,
    seed: int,
    on_progress: OnProgress | None,
    start: tuple[Sequence, ...],
    *,
    hot: float,
    cold: float,
    onward: bool = False,
    pooled: bool = False,
) -> Found:
    """Return the best plan found, or with `onward` where the walk has come to; an iteration is one local search.

    `hot`, `cold`: the first and the last temperature, in mean legs of `start`; `pooled`: routes of good plans are told
    as well. With an iteration budget the result depends on the arguments only.
    """
    watch, iterations = Stopwatch(), 0
    model, rng = Translation(problem), pyvrp.RandomNumberGenerator(seed=seed)
    penalties = model.scale.manager(len(model.fences))
    local, evaluator = local_search(model.data, rng, NEIGHBOURS), penalties.cost_evaluator()
    here = kept = best = local(model.solution(start), evaluator, exhaustive=True)
    leg = evaluator.penalised_cost(here) / (len(problem.tasks) + here.num_routes())
    pool: dict[Sequence, None] = {}
    while (spent := watch.spent(budget, iterations)) < 1:
        iterations += 1
        evaluator = penalties.cost_evaluator()
        there = local(here, evaluator, exhaustive=False)
        penalties.register(there)
        if evaluator.cost(there) < evaluator.cost(best):
            there = local(there, evaluator, exhaustive=True)
            best = there if there.is_feasible() else best
        slack = -math.log(max(rng.rand(), LEAST)) * leg * hot * (cold / hot) ** spent
        if evaluator.penalised_cost(there) < evaluator.penalised_cost(here) + slack:
            here = there
            kept = here if here.is_feasible() else kept
        if pooled and iterations % LEARN_EVERY == 0 and _is_near(kept, best, evaluator):
            pool.update(dict.fromkeys(model.sequences(kept)))
        if on_progress is not None and iterations % LOOK_EVERY == 0:
            cost = model.objective(evaluator.cost(best)) if best.is_feasible() else None
            on_progress(Progress(min(1.0, spent), iterations, watch.seconds, cost))
    end = next((plan for plan in ((kept, best) if onward else (best, kept)) if plan.is_feasible()), here)
    return Found(model.sequences(end), end.is_feasible(), iterations, tuple(pool)[-POOL:])


def _is_near(plan: pyvrp.Solution, best: pyvrp.Solution, evaluator: pyvrp.CostEvaluator) -> bool:
    """Return whether a plan keeps the rules and costs hardly more than the best."""
    return plan.is_feasible() and evaluator.cost(plan) < NEAR_BEST * evaluator.cost(best)
