"""The local search of the annealed search: what it makes of a plan, and that its books stay right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from takeback.plan.collection.found import Visit
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType
from takeback.plan.collection.ruin.anneal import anneal
from takeback.plan.collection.ruin.arrays import ABSENT, AWAKE, COST, USED, empty_plan
from takeback.plan.collection.ruin.links import relink
from takeback.plan.collection.ruin.model import asked_of, clocked
from takeback.plan.collection.ruin.polish import polish
from takeback.plan.collection.ruin.search import _load, _members, _recount
from takeback.plan.collection.schedule import Limit, Scheduler, numbered


def around(places, loads, vehicles):
    """Return a problem of places (metres) around a depot at 0, 0, without clocks."""
    points = np.array([(0, 0), *places])
    metres = np.rint(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))).astype(np.int64)
    return CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(len(points))),
        distance_m=metres,
        duration_s=metres // 10,
        tasks=tuple(Task(str(k + 1), k + 1, *load) for k, load in enumerate(loads)),
        depots=(Depot("depot", 0),),
        vehicle_types=tuple(replace(v, shift=v.shift._replace(end_s=2**40)) for v in vehicles),
        load_dimensions=tuple(f"load {k}" for k in range(len(vehicles[0].capacity))),
    )


def mixed(seed):
    """Return a problem with two loads, two kinds of vehicle, dearer in one direction, and tasks that may be left."""
    rng = np.random.default_rng(seed)
    loads = [(tuple(rng.integers(0, 9, 2).tolist()), tuple(rng.integers(0, 9, 2).tolist())) for _ in range(30)]
    vans = [
        VehicleType("van", 8, (30, 40), cost_fixed=3_000, cost_per_km=1_000),
        VehicleType("lorry", 3, (70, 60), cost_fixed=9_000, cost_per_km=1_400),
    ]
    problem = around(rng.integers(-9_000, 9_000, (30, 2)).tolist(), loads, vans)
    tasks = tuple(replace(t, prize=8_000) if k % 5 == 0 else t for k, t in enumerate(problem.tasks))
    uphill = problem.distance_m + rng.integers(0, 900, problem.distance_m.shape) * (problem.distance_m > 0)
    return replace(problem, tasks=tasks, distance_m=uphill, duration_s=uphill)


def routes_of(asked, plan):
    """Return the members of the routes in use, with the type of vehicle."""
    tasks = len(asked.lose)
    used = np.flatnonzero(plan.length).tolist()
    return [(int(asked.kind[r]), tuple(Visit(task) for task in _members(plan.after, tasks, r))) for r in used]


@pytest.mark.parametrize("seed", range(12))
def test_annealing_with_a_local_search_keeps_its_books(seed):
    """Costs, routes in use and tasks left are what a count from nothing says; every route keeps the rules."""
    problem = mixed(seed)
    assert not clocked(problem)
    asked, _ = asked_of(problem, seed)
    plan = empty_plan(asked, seed)
    for heat in (20_000.0, 2_000.0, 1.0):
        anneal(asked, plan, 400, heat, heat / 2, 6.0, -1.0)
        kept = plan.number[[COST, ABSENT, USED]].tolist()
        _recount(asked, plan)
        assert plan.number[[COST, ABSENT, USED]].tolist() == kept
        assert plan.number[AWAKE] == 0
        for vehicle, number, visits in numbered(problem, routes_of(asked, plan)):
            assert not isinstance(Scheduler(problem).route(vehicle, number, visits), Limit)


LINE = [(1_000 * k, 0) for k in range(1, 5)]
ONE = ((0,), (1,))


@pytest.mark.parametrize(
    ("name", "places", "room", "awake", "before", "after"),
    [
        ("move within a route", [*LINE, (2_500, 10)], 9, 4, [[4, 0, 1, 2, 3]], [[0, 1, 4, 2, 3]]),
        ("turn", [(1_000, 900), (2_000, 900), (2_000, -900), (1_000, -900)], 9, 0, [[0, 2, 1, 3]], [[0, 1, 2, 3]]),
        ("relocate", [*LINE, (-1_000, 0)], 9, 2, [[0, 1, 3], [2, 4]], [[0, 1, 2, 3], [4]]),
        ("swap", [(1_000, 0), (1_100, 0), (-1_000, 0), (-1_100, 0)], 2, 2, [[0, 2], [3, 1]], [[0, 1], [2, 3]]),
        (
            "tails",
            [(1_000, 500), (2_000, 500), (3_000, 500), (1_000, -500), (2_000, -500), (3_000, -500)],
            3,
            0,
            [[0, 4, 5], [3, 1, 2]],
            [[0, 1, 2], [3, 4, 5]],
        ),
    ],
)
def test_a_plan_with_one_thing_amiss_is_put_right(name, places, room, awake, before, after):
    """A crossed, misplaced or reversed piece is found once one of its tasks is awake; costs are counted with it."""
    problem = around(places, [ONE] * len(places), [VehicleType("van", 3, (room,), cost_per_km=1_000)])
    asked, _ = asked_of(problem, 0)
    plan = empty_plan(asked, 0)
    _load(asked, plan, tuple((0, tuple(Visit(task) for task in route)) for route in before))
    cost = int(plan.number[COST])
    plan.awake[0], plan.waking[awake], plan.number[AWAKE] = awake, True, 1
    polish(asked, plan, 1)
    found = sorted(min(r, r[::-1]) for r in ([v.task for v in visits] for _, visits in routes_of(asked, plan)))
    assert found == sorted(min(r, r[::-1]) for r in after), name
    assert plan.number[COST] < cost
    kept = int(plan.number[COST])
    _recount(asked, plan)
    assert plan.number[COST] == kept


def test_no_move_overloads_a_vehicle_on_its_way():
    """Two stops that are cheaper the other way round stay as they are where the pickup needs room first."""
    problem = around(
        [(1_000, 0), (2_000, 0), (1_100, 10)], [((5,), (0,)), ((5,), (0,)), ((0,), (10,))],
        [VehicleType("van", 1, (10,), cost_per_km=1_000)],
    )  # fmt: skip
    asked, _ = asked_of(problem, 0)
    plan = empty_plan(asked, 0)
    relink(asked, plan, 0, np.array([0, 1, 2], dtype=np.int32))
    _recount(asked, plan)
    plan.awake[:3], plan.waking[:], plan.number[AWAKE] = [0, 1, 2], True, 3
    polish(asked, plan, 1)
    assert [v.task for v in routes_of(asked, plan)[0][1]][-1] == 2
