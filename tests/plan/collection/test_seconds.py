"""What keeps an answer within its seconds, told without a clock: whatever is cut short still keeps every rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from takeback.plan.collection import Started, check, nearest_neighbour, solve
from takeback.plan.collection.baseline import begun
from takeback.plan.collection.check import check_plan
from takeback.plan.collection.found import Visit
from takeback.plan.collection.pool import Pool
from takeback.plan.collection.portfolio import Portfolio
from takeback.plan.collection.reasons import why_unserved
from takeback.plan.collection.schedule import Scheduler
from takeback.plan.doors import Budget, Stopwatch
from tests.plan.collection.strategies import rich_problem


def after(calls):
    """Return a clock by which it is late from so many questions on."""
    asked = count()
    return lambda: next(asked) >= calls


@pytest.mark.parametrize("calls", [0, 3, 7, 30])
@pytest.mark.parametrize("seed", range(6))
def test_a_baseline_cut_short_keeps_the_rules(seed, calls):
    """Tasks that it came too late for are left, with a reason."""
    problem = rich_problem(seed)
    plan = nearest_neighbour(problem, after(calls))
    assert check_plan(problem, plan, "baseline", every_task=False) == []


def test_a_baseline_that_is_late_leaves_tasks(city):
    """Each step asks the time: three tasks at most in three steps."""
    plan = nearest_neighbour(city(12, 0), after(6))
    assert 0 < sum(len(route.stops) for route in plan.routes) < 6
    assert {one.kind for one in plan.unserved} == {"not-found"}


def test_reasons_that_there_is_no_time_for_are_not_worked_out(city):
    """Who is left is told all the same."""
    problem = city(8, 0, prize=5)
    assert {one.kind for one in why_unserved(Scheduler(problem), (), lambda: True)} == {"not-found"}
    assert "not-found" not in {one.kind for one in why_unserved(Scheduler(problem), ())}


def test_costs_that_there_is_no_time_for_are_not_worked_out(city):
    """A pool that is late takes the newest routes in first and leaves the others."""
    problem = city(8, 0)
    pool = Pool(problem, Scheduler(problem))
    pool.add([(0, (Visit(k),)) for k in range(8)], after(3))
    assert {visits[0].task for _, (_, visits) in pool.routes.values()} == {5, 6, 7}


def test_a_drive_is_worked_out_once(city, monkeypatch):
    """The same route asked for again, as another vehicle's too, needs no clock."""
    problem = city(8, 0)
    scheduler = Scheduler(problem)
    first = scheduler.route(problem.vehicle_types[0], 1, [Visit(0), Visit(1)])
    monkeypatch.setattr(scheduler.clock, "cheapest", None)
    assert scheduler.route(problem.vehicle_types[0], 2, [Visit(0), Visit(1)]) == replace(first, vehicle=2)


def test_a_search_without_a_plan_goes_on_from_what_it_has(city):
    """Routes that leave a task are where the next search begins; fewer than before are not."""
    problem = city(6, 0)
    portfolio = Portfolio(problem, Scheduler(problem), lambda _: None, Budget(iterations=1), 0, None, None, Stopwatch())
    three, two = ((0, (Visit(0), Visit(1), Visit(2))),), ((0, (Visit(3), Visit(4))),)
    portfolio._go_on(three)
    portfolio._go_on(two)
    assert portfolio.given == three


def test_a_search_begins_with_what_started_vehicles_keep(city):
    """A kept task is on its vehicle before anything else takes the room; then the first answer is a plan."""
    problem = city(30, 1, vans=12)
    started = (Started("van", 2, (problem.tasks[4].id,), None, (problem.tasks[9].id,)),)
    problem = replace(problem, started=started, tasks=tuple(replace(t, windows=()) for t in problem.tasks))
    assert [(kind, {visit.task for visit in visits}) for kind, visits in begun(problem)] == [(0, {4, 9})]
    assert check(problem, solve(problem, budget=Budget(iterations=20))) == []
