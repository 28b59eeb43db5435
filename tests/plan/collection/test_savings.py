"""Routes by savings serve each task once, keep every load and cost less than a route for each task."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from bench.spd import generated
from takeback.plan.collection.savings import by_savings


def _two_loads(problem, seed):
    """Return a problem whose tasks have a second load, now of what is brought, now of what is taken."""
    rng = random.Random(seed)
    tasks = [
        replace(task, delivery=(*task.delivery, rng.randrange(5)), pickup=(*task.pickup, rng.randrange(5)))
        for task in problem.tasks
    ]
    vehicle = replace(problem.vehicle_types[0], capacity=(*problem.vehicle_types[0].capacity, 12))
    return replace(problem, tasks=tuple(tasks), vehicle_types=(vehicle,), load_dimensions=("units", "places"))


def _metres(problem, route):
    places = [0, *(problem.tasks[visit.task].location for visit in route), 0]
    return sum(int(problem.distance_m[one, two]) for one, two in pairwise(places))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("stops", [1, 2, 90, 400])
def test_each_task_is_served_once_and_no_load_is_too_high(stops, seed):
    """Walked stop by stop, with one load and with two."""
    for problem in (generated(stops, seed), _two_loads(generated(stops, seed), seed)):
        routes = by_savings(problem)
        assert sorted(visit.task for _, route in routes for visit in route) == list(range(stops))
        for kind, route in routes:
            served = [problem.tasks[visit.task] for visit in route]
            for place, room in enumerate(problem.vehicle_types[kind].capacity):
                aboard = sum(task.delivery[place] for task in served)
                assert aboard <= room
                for task in served:
                    aboard += task.pickup[place] - task.delivery[place]
                    assert aboard <= room


@pytest.mark.parametrize("seed", range(3))
def test_it_is_far_cheaper_than_a_route_for_each(seed):
    """On 400 stops, about twenty to a route, less than a fifth of it."""
    problem = generated(400, seed)
    alone = sum(2 * int(problem.distance_m[0, task.location]) for task in problem.tasks)
    assert 5 * sum(_metres(problem, route) for _, route in by_savings(problem)) < alone
