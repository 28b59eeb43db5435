"""Whatever any engine answers for small rich days passes the check, and what is explained as impossible is."""

from __future__ import annotations

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import check, explain, nearest_neighbour, solve
from takeback.plan.collection.check import check_plan
from takeback.plan.collection.lns import search
from takeback.plan.collection.schedule import Limit, Scheduler, numbered
from takeback.plan.collection.solution import Plan
from takeback.plan.doors import Budget
from tests.plan.collection.strategies import FEATURES, rich_problem

PLAN_RULES = {"sum.objective", "task.once"}  # what is left and lost is told by the engine's caller


@pytest.mark.parametrize("seed", range(40))
def test_the_baseline_passes(seed):
    """The nearest-neighbour plan keeps every rule; only what must be served may be left."""
    problem = rich_problem(seed)
    assert check_plan(problem, nearest_neighbour(problem), "baseline", every_task=False) == []


@pytest.mark.parametrize("seed", range(100, 112))
def test_an_answer_passes_and_what_is_explained_has_none(seed):
    """Either the whole answer is valid, or the problem says why there is none."""
    problem = rich_problem(seed)
    errors = explain(problem)
    try:
        solution = solve(problem, budget=Budget(iterations=40), seed=seed)
    except Problem as told:
        assert errors or told.kind == "collection.no-plan"
        return
    assert not errors
    assert check(problem, solution) == []


@pytest.mark.parametrize("seed", range(200, 230))
def test_routes_of_the_large_neighbourhood_engine_pass(seed):
    """What the compiled engine calls feasible is so by the check; a day explained as impossible never is."""
    problem = rich_problem(seed)
    found = search(problem, Budget(iterations=100), seed)
    if not found.feasible:
        return
    assert explain(problem) == []
    assert _broken(problem, found.routes) <= PLAN_RULES


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_alone_is_solved(feature):
    """A day with just one feature has a valid answer, or none for a reason."""
    problem = rich_problem(7, {feature}, most_tasks=5)
    if not explain(problem):
        assert check(problem, solve(problem, budget=Budget(iterations=30))) == []


def _broken(problem, sequences):
    scheduler = Scheduler(problem)
    routes = [scheduler.route(*one) for one in numbered(problem, sequences)]
    assert not any(isinstance(route, Limit) for route in routes)
    told = check_plan(problem, Plan.of(routes, (), 0))
    return {violation.rule for violation in told}
