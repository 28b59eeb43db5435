"""The portfolio: engines that can say the problem, the same answer with and without processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bench.spd import generated
from takeback.plan.collection import Window, check, portfolio, solve
from takeback.plan.collection.features import Feature, features
from takeback.plan.collection.jobs import ENGINES, Job, can, work
from takeback.plan.collection.schedule import Limit, Scheduler, numbered
from takeback.plan.doors import Budget
from tests.plan.collection.strategies import rich_problem


@pytest.mark.parametrize(
    ("engine", "seed"), [(e, seed) for e in ENGINES for seed in range(8) if can(e, rich_problem(seed))]
)
def test_an_engine_that_can_say_a_problem_keeps_its_rules(engine, seed):
    """Whatever an engine is said to know, its routes are possible by the rules of a route."""
    problem = rich_problem(seed)
    found = work(Job(engine, problem, Budget(iterations=60), seed))
    scheduler = Scheduler(problem)
    if found.feasible:
        for vehicle, number, visits in numbered(problem, found.routes):
            assert not isinstance(scheduler.route(vehicle, number, visits), Limit)


def test_features_are_told_from_the_problem(city):
    """A plain city asks for several windows and for waiting that costs; a wide one for neither."""
    plain = city(12, 0)
    assert {Feature.CHOICE, Feature.WAITING, Feature.DISTANCE} <= features(plain) | {Feature.CHOICE}
    wide = replace(city(12, 0, windows=False), vehicle_types=(replace(plain.vehicle_types[0]),))
    assert features(wide) == frozenset()


def test_rounds_give_the_same_answer_with_an_executor(city):
    """With enough iterations for several rounds, two threads and none find the same plan."""
    problem = city(20, 2, windows=False)
    budget = Budget(iterations=4_400)
    alone = solve(problem, budget=budget, seed=1)
    with ThreadPoolExecutor(2) as executor:
        beside = solve(problem, budget=budget, seed=1, executor=executor)
    assert alone == beside
    assert check(problem, alone) == []


def test_a_walk_and_ruin_and_recreate_search_a_middling_problem_side_by_side(monkeypatch):
    """Above 150 tasks and without clocks each has its place in every round, and the answer needs no processes."""
    problem, asked = generated(160, 1), []
    monkeypatch.setattr(portfolio, "work", lambda job, listener=None: (asked.append(job), work(job, listener))[1])
    budget = Budget(iterations=4_800)
    alone = solve(problem, budget=budget, seed=1)
    assert [job.engine for job in asked] == 3 * ["walk", "ruin"]
    hot = [job.hot for job in asked]
    assert hot[:2] > hot[2:4] == hot[4:]  # it goes on from a good plan
    with ThreadPoolExecutor(2) as executor:
        beside = solve(problem, budget=budget, seed=1, executor=executor)
    assert alone == beside
    assert check(problem, alone) == []


def test_annealing_keeps_windows_and_loads(city):
    """Routes of the annealed search keep every rule of days with one window a task and no hour to pay."""
    problem = city(40, 5, windows=False)
    vehicles = tuple(
        replace(v, cost_per_hour=0, max_duration_s=None, max_distance_m=None) for v in problem.vehicle_types
    )
    tasks = tuple(
        replace(t, windows=(Window(28_800 + 600 * (k % 20), 43_200 + 600 * (k % 20)),))
        for k, t in enumerate(problem.tasks)
    )
    timed = replace(problem, tasks=tasks, vehicle_types=vehicles)
    found = work(Job("ruin", timed, Budget(iterations=20), 3))
    scheduler = Scheduler(timed)
    assert found.feasible
    assert sorted(v.task for _, visits in found.routes for v in visits) == list(range(40))
    for vehicle, number, visits in numbered(timed, found.routes):
        assert not isinstance(scheduler.route(vehicle, number, visits), Limit)


def test_a_walk_goes_on_from_a_plan(city):
    """A search that starts from a plan ends with one that is not dearer."""
    problem = city(30, 4, windows=False)
    vehicles = tuple(
        replace(v, cost_per_hour=0, max_duration_s=None, max_distance_m=None) for v in problem.vehicle_types
    )
    plain = replace(problem, vehicle_types=vehicles)
    first = work(Job("ruin", plain, Budget(iterations=1), 1))
    second = work(Job("ruin", plain, Budget(iterations=5), 2, (first.routes,), hot=0.01))
    assert _cost(plain, second.routes) <= _cost(plain, first.routes)


def _cost(problem, routes):
    scheduler = Scheduler(problem)
    return sum(scheduler.route(v, number, visits).cost for v, number, visits in numbered(problem, routes))
