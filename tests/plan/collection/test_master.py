"""The master problem picks the best plan out of the routes that searches met."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from takeback.plan.collection import Depot, Task
from takeback.plan.collection.found import Visit
from takeback.plan.collection.master import recombine
from takeback.plan.collection.pool import Pool
from takeback.plan.collection.schedule import Scheduler


def _route(*tasks, kind=0):
    return kind, tuple(Visit(task) for task in tasks)


@pytest.fixture
def pool(city):
    """Return a pool, empty, for six pickups without windows."""
    problem = city(6, 3, windows=False)
    vehicles = tuple(replace(v, cost_per_hour=0, count=6) for v in problem.vehicle_types)
    problem = replace(problem, vehicle_types=vehicles)
    return Pool(problem, Scheduler(problem))


def _objective(pool, routes):
    costs = {visits: cost for cost, visits in pool.routes.values()}
    pool.add(routes)
    return sum(costs.get(route) or Pool(pool.problem, pool.scheduler)._driven(route) for route in routes)


def test_the_best_of_all_pairs_is_found(pool):
    """With every route of one and two tasks in the pool, the answer is the best pairing there is."""
    singles = [_route(k) for k in range(6)]
    pool.add(singles)
    pool.add([_route(*pair) for pair in combinations(range(6), 2)])
    start = _objective(pool, singles)
    better = recombine(pool, singles, seconds=None, objective=start)
    assert better is not None
    assert sorted(v.task for _, visits in better for v in visits) == list(range(6))
    cost = {frozenset(v.task for v in visits): c for c, (_, visits) in pool.routes.values()}
    assert _objective(pool, better) == min(_pairings(frozenset(range(6)), cost))


def _pairings(left, cost):
    if not left:
        yield 0
        return
    first = min(left)
    for other in left:
        part = frozenset({first, other})
        for rest in _pairings(left - part, cost):
            yield cost[part] + rest


def test_nothing_better_is_nothing(pool):
    """Where the plan known is the best of the pool, there is no answer."""
    singles = [_route(k) for k in range(6)]
    assert recombine(pool, singles, seconds=None, objective=_objective(pool, singles)) is None


def test_a_task_covered_twice_leaves_one_route(pool):
    """Covering may serve a task twice; the answer serves it once."""
    pool.add([_route(0, 1, 2), _route(2, 3, 4, 5)])
    singles = [_route(k) for k in range(6)]
    better = recombine(pool, singles, seconds=None, objective=_objective(pool, singles))
    assert better is not None
    assert sorted(v.task for _, visits in better for v in visits) == list(range(6))


def test_the_fleet_is_shared(pool):
    """No more routes of a type are taken than there are vehicles."""
    van, truck = pool.problem.vehicle_types
    problem = replace(pool.problem, vehicle_types=(replace(van, count=2), replace(truck, count=1)))
    small = Pool(problem, Scheduler(problem))
    small.add([_route(*pair) for pair in combinations(range(6), 2)])
    start = [_route(0, 1, 2, 3, kind=1), _route(4), _route(5)]
    better = recombine(small, start, seconds=None, objective=_objective(small, start))
    routes = start if better is None else better
    assert sum(kind == 0 for kind, _ in routes) <= 2


def test_one_of_a_group_is_enough(pool):
    """Of alternative tasks one is covered, not all, and not two."""
    tasks = tuple(replace(t, group="either" if k < 2 else "") for k, t in enumerate(pool.problem.tasks))
    problem = replace(pool.problem, tasks=tasks)
    grouped = Pool(problem, Scheduler(problem))
    start = [_route(k) for k in (0, 2, 3, 4, 5)]
    grouped.add([_route(1, 2), _route(0, 3), _route(1, 4), _route(5, 3)])
    better = recombine(grouped, start, seconds=None, objective=_objective(grouped, start))
    served = [v.task for _, visits in better or start for v in visits]
    assert sorted(t for t in served if t > 1) == [2, 3, 4, 5]
    assert sum(t < 2 for t in served) == 1


def test_a_depot_takes_no_more_than_its_intake(pool):
    """Routes that together bring a depot more than it takes are not chosen together."""
    near, far = pool.problem.depots[0], Depot("far", 3)
    tasks = tuple(Task(f"t{k}", k + 1, pickup=(100, 1)) for k in range(4))
    van = replace(pool.problem.vehicle_types[0], count=4)
    problem = replace(
        pool.problem,
        tasks=tasks,
        depots=(replace(near, intake=(200, 9)), far),
        vehicle_types=(van, replace(van, id="other", end_depot=1)),
    )
    limited = Pool(problem, Scheduler(problem))
    limited.add([_route(k, kind=kind) for k in range(4) for kind in (0, 1)])
    limited.add([_route(*pair, kind=kind) for pair in combinations(range(4), 2) for kind in (0, 1)])
    start = [_route(0), _route(1), _route(2, kind=1), _route(3, kind=1)]
    better = recombine(limited, start, seconds=None, objective=_objective(limited, start)) or start
    assert sum(len(visits) for kind, visits in better if kind == 0) <= 2
