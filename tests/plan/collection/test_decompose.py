"""Large problems are cut into parts that hold everything once, and plans of parts are plans of the whole."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.spd import generated
from takeback.plan.collection import check, solve
from takeback.plan.collection.decompose import LARGEST_WHOLE, PART, route_cuts, task_parts
from takeback.plan.collection.jobs import Job, work
from takeback.plan.doors import Budget


@pytest.mark.parametrize("seed", range(3))
def test_each_task_is_in_one_part(seed):
    """Every task is in exactly one part; the parts are of one size, and none of two processes waits."""
    problem = generated(1_500, seed)
    parts = task_parts(problem, 2, seed)
    assert sorted(k for part in parts for k in part.tasks.tolist()) == list(range(1_500))
    assert max(len(part.tasks) for part in parts) <= 1.5 * PART
    assert len(parts) % 2 == 0


@pytest.mark.parametrize("sectors", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_routes_stay_whole_and_come_back_the_same(seed, sectors):
    """A plan cut into parts and put together again is the same plan; tasks left and vehicles are shared out once."""
    problem = generated(200, seed)
    routes = work(Job("ruin", problem, Budget(iterations=1), seed)).routes[1:]
    parts = [cut.part(problem) for cut in route_cuts(problem, routes, 3, seed, sectors=sectors)]
    assert len(parts) == 3
    together = [route for part in parts for route in part.whole(part.start)]
    assert Counter(together) == Counter(routes)
    assert sorted(k for part in parts for k in part.tasks.tolist()) == list(range(200))
    assert sum(part.problem.vehicle_types[0].count for part in parts) <= 200


def test_a_part_has_the_distances_of_the_whole():
    """Its matrix holds its own places only, as they are in the whole."""
    problem = generated(60, 0)
    for part in task_parts(problem, 2, 0):
        assert len(part.problem.locations) == len(part.tasks) + 1
        for k, task in enumerate(part.tasks.tolist()):
            own, whole = part.problem.tasks[k], problem.tasks[task]
            assert (
                part.problem.distance_m[part.problem.depots[0].location, own.location]
                == (problem.distance_m[problem.depots[0].location, whole.location])
            )


def test_a_large_problem_is_solved_in_parts():
    """Above the limit the plan still passes the check, and the same seed gives the same plan."""
    problem = generated(LARGEST_WHOLE + 20, 1)
    first, second = (solve(problem, budget=Budget(iterations=40), seed=3) for _ in range(2))
    assert check(problem, first) == []
    assert first == second
    assert first.beats_baseline
