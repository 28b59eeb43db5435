"""A day of a selection as a collection problem."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import Site
from takeback.plan.collection import solve as route
from takeback.plan.collection.selection import check, solve, to_collection
from takeback.plan.doors import Budget
from tests.plan.collection.selection.bins import make_bins


def test_tasks_are_optional_and_worth_what_waiting_would_cost() -> None:
    """Every point that is worth a visit is a task with that prize; what is chosen is worth more than what is not."""
    problem = make_bins(30, seed=1)
    solution = solve(problem, budget=Budget(iterations=10_000))
    day = to_collection(problem, 0, solution)
    prizes = {task.id: task.prize or 0 for task in day.tasks}
    assert prizes == {
        point.id: worth[0] for point, worth in zip(problem.points, solution.worth, strict=True) if worth[0]
    }
    assert set(solution.on(0)) <= set(prizes)
    chosen = [prizes[name] for name in solution.on(0)]
    others = [prize for name, prize in prizes.items() if name not in solution.on(0)]
    assert sum(chosen) / len(chosen) > sum(others) / max(1, len(others))


def test_loads_are_what_is_expected_to_be_in_the_bins() -> None:
    """On a later day a bin holds what flowed in since it was emptied; never more than a full one, rounded up."""
    problem = make_bins(10, seed=2)
    solution = solve(problem, budget=Budget(iterations=10_000))
    for day in range(problem.days):
        fills = {one.point: one.fill for one in solution.chosen if one.day == day}
        for task in to_collection(problem, day, solution).tasks:
            assert 0 <= task.pickup[0] <= 100
            if task.id in fills:
                assert task.pickup[0] - 1 < 100 * min(1, fills[task.id]) <= task.pickup[0] + 1e-6


def test_the_routing_engine_decides_by_the_prizes() -> None:
    """The day is routed: what it serves is worth the routes' cost, and most of what was chosen is among it."""
    problem = make_bins(25, seed=3)
    solution = solve(problem, budget=Budget(iterations=20_000))
    day = next(day for day in range(problem.days) if len(solution.on(day)) >= 5)
    asked = to_collection(problem, day, solution)
    plan = route(asked, budget=Budget(iterations=300)).plan
    served = {stop.task for one in plan.routes for stop in one.stops}
    prizes = {task.id: task.prize or 0 for task in asked.tasks}
    assert sum(one.cost for one in plan.routes) <= sum(prizes[name] for name in served)
    assert len(served & set(solution.on(day))) >= 0.7 * len(solution.on(day))


def test_a_closed_day_has_no_tasks() -> None:
    """Nobody drives, so nothing is asked."""
    problem = make_bins(10, seed=4, closed=(0,))
    assert to_collection(problem, 0, solve(problem, budget=Budget(iterations=1_000))).tasks == ()


def test_a_day_beyond_the_horizon_is_refused() -> None:
    """The problem names the days there are."""
    problem = make_bins(3, seed=0)
    solution = solve(problem, budget=Budget(iterations=10))
    with pytest.raises(Problem, match="no such day"):
        to_collection(problem, 5, solution)
    assert check(problem, solution) == []


def test_what_the_collection_knows_reaches_the_day() -> None:
    """Disposal sites, goods and vehicles that may not come are handed on to the routing engine."""
    problem = make_bins(6, seed=1)
    points = tuple(replace(point, goods="organic", never=("van",)) for point in problem.points)
    van = replace(problem.vehicle_types[0], id="van", most_reloads=1)
    dump = Site("dump", 3)
    problem = replace(problem, points=points, sites=(dump,), vehicle_types=(*problem.vehicle_types, van))
    day = to_collection(problem, 0, solve(problem, budget=Budget(iterations=500)))
    assert day.sites == (dump,)
    assert day.tasks and all(task.goods == "organic" and task.never == ("van",) for task in day.tasks)
