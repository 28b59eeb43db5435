"""The lower bound is never above the best plan there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, permutations, product

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import CollectionProblem, Depot, Location, Slice, Task, VehicleType, check, solve
from takeback.plan.collection.bound import lower_bound
from takeback.plan.doors import Budget
from tests.plan.collection.strategies import rich_problem


@pytest.mark.parametrize("seed", range(25))
def test_the_bound_is_below_the_optimum_and_the_search_reaches_it(seed):
    """On days small enough to try every plan: bound <= optimum, and the search finds the optimum."""
    problem = _small_day(seed)
    optimum = _best_of_all(problem)
    assert lower_bound(problem, optimum) <= optimum
    assert lower_bound(problem, 2 * optimum + 1) <= optimum
    solution = solve(problem, budget=Budget(iterations=150), seed=seed)
    assert check(problem, solution) == []
    assert solution.objective == optimum


def test_the_bound_is_tight_where_the_plan_is_forced(city):
    """One task, one vehicle: the bound is the cost."""
    problem = city(1, 0, windows=False)
    van = replace(problem.vehicle_types[0], count=1)
    solution = solve(replace(problem, vehicle_types=(van,)), budget=Budget(iterations=5))
    assert solution.gap < 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_says_something_about_a_city(city, seed):
    """On a city's day the proven gap stays below one half."""
    assert solve(city(30, seed), budget=Budget(iterations=100)).gap < 0.5


def _small_day(seed: int) -> CollectionProblem:
    """Return five tasks, some optional, asymmetric and not metric matrices, two vehicle types, one or two depots."""
    rng = np.random.default_rng(seed)
    n = 7
    metres = rng.integers(500, 9_000, (n, n))
    np.fill_diagonal(metres, 0)
    optional = rng.random(5) < (0.0 if seed % 3 == 0 else 0.5)
    tasks = tuple(
        Task(
            id=f"t{k}",
            location=2 + k,
            delivery=(int(rng.integers(0, 40)),),
            pickup=(int(rng.integers(0, 60)),),
            service_s=int(rng.integers(0, 900)),
            prize=int(rng.integers(100, 4_000)) if optional[k] else None,
        )
        for k in range(5)
    )
    return CollectionProblem(
        locations=tuple(Location(f"l{k}") for k in range(n)),
        distance_m=metres,
        duration_s=metres // 10,
        tasks=tasks,
        depots=(Depot("a", 0), Depot("b", 1)),
        vehicle_types=(
            VehicleType("small", 2, (90,), cost_fixed=int(rng.integers(0, 900)), cost_per_km=100),
            VehicleType("large", 1, (200,), 0, seed % 2, cost_fixed=700, cost_per_km=160, cost_per_hour=90),
        ),
        load_dimensions=("kg",),
    )


def _best_of_all(problem: CollectionProblem) -> int:
    """Return the optimum by trying every assignment of tasks to vehicles (or to none) in every order."""
    vehicles = [v for v in problem.vehicle_types for _ in range(v.count)]
    costs: dict[tuple[str, frozenset[int]], int | None] = {}
    best = None
    for choice in product(range(-1, len(vehicles)), repeat=len(problem.tasks)):
        left = [t for t, c in zip(problem.tasks, choice, strict=True) if c == -1]
        if any(task.prize is None for task in left):
            continue
        total: int | None = sum(task.prize or 0 for task in left)
        for k, vehicle in enumerate(vehicles):
            load = frozenset(i for i, c in enumerate(choice) if c == k)
            key = (vehicle.id, load)
            if key not in costs:
                costs[key] = min(_costs(problem, vehicle, load), default=None)
            cost = costs[key]
            total = None if total is None or cost is None else total + cost
        if total is not None and (best is None or total < best):
            best = total
    assert best is not None
    return best


def _costs(problem: CollectionProblem, vehicle: VehicleType, load: frozenset[int]) -> Iterator[int]:
    """Yield the cost of each order in which the vehicle can serve these tasks; 0 for none."""
    if not load:
        yield 0
        return
    for order in permutations(sorted(load)):
        tasks = [problem.tasks[k] for k in order]
        aboard = sum(task.delivery[0] for task in tasks)
        fits = aboard <= vehicle.capacity[0]
        for task in tasks:
            aboard += task.pickup[0] - task.delivery[0]
            fits &= aboard <= vehicle.capacity[0]
        if not fits:
            continue
        first, last = (problem.depots[d].location for d in (vehicle.start_depot, vehicle.last_depot))
        stops = [first, *(task.location for task in tasks), last]
        metres = sum(int(problem.distance_m[a, b]) for a, b in pairwise(stops))
        seconds = sum(int(problem.duration_s[a, b]) for a, b in pairwise(stops))
        seconds += sum(task.service_s for task in tasks)
        running = metres * vehicle.cost_per_km / 1_000 + seconds * vehicle.cost_per_hour / 3_600
        yield vehicle.cost_fixed + int(np.ceil(round(running, 6)))


@pytest.mark.parametrize("seed", range(300, 340))
def test_the_bound_holds_for_days_with_every_rule(seed):
    """Whatever a day asks for (groups, sites, hours, profiles, overtime, ...), no plan found is below the bound."""
    problem = rich_problem(seed)
    try:
        plan = solve(problem, budget=Budget(iterations=40), seed=seed).plan
    except Problem:
        return
    assert lower_bound(problem, plan.objective) <= plan.objective
    assert lower_bound(problem, 2 * plan.objective + 1) <= plan.objective


def test_quick_hours_lower_the_bound(city):
    """Where travel takes half of its time at night, the bound counts all hours as quick."""
    problem = replace(city(1, 0, windows=False), slices=(Slice(0, 50), Slice(1, 100)))
    van = replace(problem.vehicle_types[0], count=1, cost_per_km=0)
    day = replace(problem, vehicle_types=(van,))
    assert lower_bound(day, 10**7) < lower_bound(replace(day, slices=()), 10**7)


@pytest.mark.parametrize("seed", range(3))
def test_half_of_the_legs_is_below_the_tree(city, seed, monkeypatch):
    """The bound of very large days is valid, so it is never above a plan, and says something."""
    problem = city(30, seed, windows=False)
    plan = solve(problem, budget=Budget(iterations=60)).plan
    monkeypatch.setattr("takeback.plan.collection.bound.LARGEST_TREE", 10)
    assert 0 < lower_bound(problem, plan.objective) <= plan.objective
