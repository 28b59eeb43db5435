"""What the engines answer passes the check, and nothing that the check allows escapes the engines' own rules."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback.plan.collection.schedule import Limit, Scheduler, Visit
from tests.plan.collection.naive import broken, naive_routes
from tests.plan.collection.strategies import rich_problem, rich_problems

_SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OF_ALL_ROUTES = {Limit.ALTERNATIVES, Limit.RELATION}  # the plan's rules, which no single route is judged by


@_SLOW
@given(rich_problems(), st.randoms(use_true_random=False))
def test_a_route_of_the_scheduler_passes_the_check(problem, rng):
    """Whatever sequence the scheduler accepts keeps every rule of a route, with every figure right."""
    scheduler = Scheduler(problem)
    for vehicle in problem.vehicle_types:
        for number in range(1, vehicle.count + 1):
            names = _names(problem, rng)
            route = scheduler.route(vehicle, number, _visits(problem, names))
            assert isinstance(route, Limit) or not broken(problem, route)


@pytest.mark.parametrize("seed", range(10))
def test_the_scheduler_finds_the_cheapest_of_all_departures(seed):
    """No departure of a grid, and no other place of a break, makes possible or cheaper what it refuses or prices."""
    rng = random.Random(seed)
    problem = replace(rich_problem(seed, most_tasks=4), started=())
    scheduler = Scheduler(problem)
    for vehicle in problem.vehicle_types:
        names = _names(problem, rng)[:2]
        route = scheduler.route(vehicle, 1, _visits(problem, names))
        costs = [one.cost for one in naive_routes(problem, vehicle, 1, names, range(18_000, 68_400, 900))]
        if isinstance(route, Limit):
            assert not costs or route in OF_ALL_ROUTES
        else:
            assert all(route.cost <= cost for cost in costs)


@pytest.mark.parametrize("seed", range(12))
def test_no_figure_of_an_engine_s_route_can_be_changed_unseen(seed):
    """Every number of a route, its stops and its breaks is recomputed: one more or one less is told."""
    rng = random.Random(seed)
    problem = replace(rich_problem(seed), started=())
    scheduler = Scheduler(problem)
    for vehicle in problem.vehicle_types:
        route = scheduler.route(vehicle, 1, _visits(problem, _names(problem, rng)))
        for changed in [] if isinstance(route, Limit) else _all_changes(route):
            assert broken(problem, changed), changed


def _all_changes(route):
    """Yield the route with each of its numbers changed by one, up and down, and without its stops and breaks."""
    for step in (1, -1):
        for field in ("departure_s", "return_s", "distance_m", "duration_s", "cost"):
            yield replace(route, **{field: getattr(route, field) + step})
        for dim in range(len(route.load)):
            yield replace(route, load=_stepped(route.load, dim, step))
        for k, stop in enumerate(route.stops):
            for field in ("arrival_s", "start_s", "departure_s"):
                yield _with(route, "stops", k, replace(stop, **{field: getattr(stop, field) + step}))
            for dim in range(len(stop.load)):
                yield _with(route, "stops", k, replace(stop, load=_stepped(stop.load, dim, step)))
        for k, taken in enumerate(route.breaks):
            for field in ("after", "start_s", "end_s"):
                yield _with(route, "breaks", k, replace(taken, **{field: getattr(taken, field) + step}))
    for name in ("stops", "breaks"):
        parts = getattr(route, name)
        for k in range(len(parts)):
            yield replace(route, **{name: (*parts[:k], *parts[k + 1 :])})


def _with(route, name, k, part):
    parts = getattr(route, name)
    return replace(route, **{name: (*parts[:k], part, *parts[k + 1 :])})


def _stepped(load, dim, step):
    return (*load[:dim], load[dim] + step, *load[dim + 1 :])


def _names(problem, rng):
    """Return some tasks in any order, now and then with a visit to a site among them."""
    names = [task.id for task in rng.sample(problem.tasks, rng.randint(1, min(3, len(problem.tasks))))]
    if problem.sites and rng.random() < 0.5:
        names.insert(rng.randint(1, len(names)), rng.choice(problem.sites).id)
    return names


def _visits(problem, names):
    numbers = {task.id: k for k, task in enumerate(problem.tasks)}
    numbers |= {site.id: -1 - k for k, site in enumerate(problem.sites)}
    return [Visit(numbers[name]) for name in names]
