"""Properties of collection plans."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import Task, VehicleType, Window, check, nearest_neighbour, solve
from takeback.plan.doors import Budget
from tests.plan.collection.small import B, small

SHORT = Budget(iterations=60)


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_keeps_every_rule_and_costs_no_more_than_its_baseline(city, seed):
    """Loads, windows, shifts and figures hold up to the independent check; the bound is below, the baseline above."""
    solution = solve(city(18, seed, prize=30_000 if seed % 2 else None), budget=SHORT, seed=seed)
    assert check(city(18, seed, prize=30_000 if seed % 2 else None), solution) == []
    assert 0 < solution.bound <= solution.objective <= solution.baseline.objective
    assert 0 <= solution.gap < 1


@pytest.mark.parametrize("seed", range(5))
def test_city_days_are_ten_per_cent_shorter_than_nearest_neighbour(city, seed):
    """On pickup days of a city, with everything served, the plan saves at least a tenth of the kilometres."""
    solution = solve(city(40, seed, windows=seed % 2 == 0, vans=12), budget=Budget(iterations=200))
    assert solution.distance_saved is not None
    assert solution.distance_saved >= 0.10
    assert solution.beats_baseline


def test_same_problem_seed_and_iterations_same_answer(city):
    """An iteration budget makes the answer a function of problem and seed; only the seconds differ."""
    problem = city(25, 3)
    first = solve(problem, budget=SHORT, seed=5)
    assert solve(problem, budget=SHORT, seed=5) == first
    assert first.iterations == 60


def test_side_by_side_or_one_after_the_other_is_the_same_answer(city):
    """An executor changes the time a long search takes, not what it finds."""
    problem, long = city(8, 1), Budget(iterations=1_100)
    with ThreadPoolExecutor(2) as executor:
        assert solve(problem, budget=long, executor=executor) == solve(problem, budget=long)


def test_a_longer_search_from_the_same_seed_is_no_dearer(city):
    """More iterations of the same single search never lose what was found."""
    problem = city(25, 4)
    costs = [solve(problem, budget=Budget(iterations=n)).objective for n in (0, 30, 120)]
    assert costs == sorted(costs, reverse=True)


def test_the_order_of_tasks_does_not_change_what_is_valid(city):
    """A plan names tasks, not positions: it stays valid, with the same figures, when the problem is reordered."""
    problem = city(15, 2)
    solution = solve(problem, budget=SHORT)
    reordered = replace(problem, tasks=problem.tasks[::-1], vehicle_types=problem.vehicle_types[::-1])
    assert check(reordered, solution) == []


def test_relabelled_locations_give_the_same_optimum(city):
    """A small day's optimum does not depend on the numbering of its locations."""
    problem = city(7, 5)
    order = np.random.default_rng(0).permutation(8)
    where = {int(old): new for new, old in enumerate(order)}
    relabelled = replace(
        problem,
        locations=tuple(problem.locations[k] for k in order),
        distance_m=problem.distance_m[np.ix_(order, order)],
        duration_s=problem.duration_s[np.ix_(order, order)],
        tasks=tuple(replace(task, location=where[task.location]) for task in problem.tasks),
        depots=tuple(replace(depot, location=where[depot.location]) for depot in problem.depots),
    )
    budget = Budget(iterations=200)
    assert solve(relabelled, budget=budget).objective == solve(problem, budget=budget).objective


@pytest.mark.parametrize("factor", [7, 1_000, 1_000_000])
def test_the_unit_of_the_load_does_not_change_the_plan(city, factor):
    """Kilograms, grams or milligrams: the same routes, because loads are scaled for the search."""
    problem = city(12, 6)

    def scaled(vector):
        return tuple(value * factor for value in vector)

    finer = replace(
        problem,
        tasks=tuple(replace(t, delivery=scaled(t.delivery), pickup=scaled(t.pickup)) for t in problem.tasks),
        vehicle_types=tuple(replace(v, capacity=scaled(v.capacity)) for v in problem.vehicle_types),
    )
    budget = Budget(iterations=150)
    assert solve(finer, budget=budget).objective == solve(problem, budget=budget).objective


def test_the_unit_of_money_scales_the_objective(city):
    """A currency of a thousand times smaller units costs a thousand times more, for the same routes."""
    problem = city(10, 6)
    dear = replace(
        problem,
        vehicle_types=tuple(
            replace(
                v,
                cost_fixed=v.cost_fixed * 1_000,
                cost_per_km=v.cost_per_km * 1_000,
                cost_per_hour=v.cost_per_hour * 1_000,
            )
            for v in problem.vehicle_types
        ),
    )
    budget = Budget(iterations=150)
    plain, thousandfold = solve(problem, budget=budget), solve(dear, budget=budget)
    assert thousandfold.plan.distance_m == plain.plan.distance_m
    assert thousandfold.objective == pytest.approx(plain.objective * 1_000, rel=1e-4)


def test_a_task_with_two_windows_is_served_in_one_of_them(city):
    """Alternative windows are alternatives: one visit, within either."""
    problem = city(10, 0, windows=False)
    both = (Window(8 * 3600, 8 * 3600 + 900), Window(16 * 3600, 16 * 3600 + 900))
    tight = replace(problem, tasks=tuple(replace(task, windows=both) for task in problem.tasks))
    solution = solve(tight, budget=SHORT)
    assert check(tight, solution) == []
    begins = [stop.start_s for route in solution.plan.routes for stop in route.stops]
    assert len(begins) == 10
    assert {begin // 3600 for begin in begins} <= {8, 16}


def test_a_vehicle_leaves_as_late_as_costs_nothing(city):
    """Hours are paid from departure: with one task at noon the van does not wait there since morning."""
    problem = city(1, 0, windows=False)
    noon = replace(problem.tasks[0], windows=(Window(12 * 3600, 13 * 3600),))
    (route,) = solve(replace(problem, tasks=(noon,)), budget=SHORT).plan.routes
    assert route.stops[0].arrival_s == route.stops[0].start_s == 12 * 3600


def test_a_load_is_kept_off_vehicles_that_may_not_carry_it(city):
    """Capacity 0 in a dimension is a prohibition: damaged packs ride with the certified truck only."""
    problem = city(12, 1, windows=False)
    tasks = tuple(
        replace(t, pickup=(*t.pickup, int(k % 3 == 0)), delivery=(*t.delivery, 0) if t.delivery else ())
        for k, t in enumerate(problem.tasks)
    )
    van, truck = problem.vehicle_types
    marked = replace(
        problem,
        tasks=tasks,
        vehicle_types=(
            replace(van, capacity=(*van.capacity, 0)),
            replace(truck, capacity=(*truck.capacity, 9)),
        ),
        load_dimensions=(*problem.load_dimensions, "damaged packs"),
    )
    solution = solve(marked, budget=SHORT)
    assert check(marked, solution) == []
    damaged = {task.id for task in tasks if task.pickup[2]}
    riders = {r.vehicle_type for r in solution.plan.routes if damaged & {s.task for s in r.stops}}
    assert riders == {"truck"}


def test_tasks_not_worth_their_way_are_left_with_the_figures(city):
    """An optional task is left where serving it costs more than its prize, and the reason says so."""
    solution = solve(city(6, 0, prize=1), budget=SHORT)
    assert solution.plan.routes == ()
    assert solution.objective == 6
    assert {one.kind for one in solution.plan.unserved} == {"not-worth"}
    assert "is worth 0.01 CNY" in str(solution.plan.unserved[0].reason)


def test_optional_tasks_without_room_are_left_with_that_reason(city):
    """A fleet too small serves what it can; the rest is listed, each with the reason."""
    problem = city(30, 1, windows=False, prize=10**7)
    small = replace(problem, vehicle_types=(replace(problem.vehicle_types[0], count=2),))
    solution = solve(small, budget=SHORT)
    assert check(small, solution) == []
    assert {one.kind for one in solution.plan.unserved} == {"no-room"}


def test_an_optional_task_nobody_can_carry_is_called_impossible(city):
    """What could not be served even alone is told apart from what found no room."""
    problem = city(5, 1, prize=10**6)
    heavy = replace(problem, tasks=(replace(problem.tasks[0], pickup=(9_000, 1)), *problem.tasks[1:]))
    solution = solve(heavy, budget=SHORT)
    assert [(one.task, one.kind) for one in solution.plan.unserved] == [("t1", "impossible")]
    assert solution.bound >= 10**6


def test_a_day_too_full_for_the_fleet_names_the_tasks_left(city):
    """Where no plan serves all, the problem names the tasks without a place and what would help."""
    problem = city(5, 1, windows=False)  # 15 hours of service for two vans of 9 hours, but only two tasks fit in each
    busy = replace(
        problem,
        tasks=tuple(replace(task, service_s=3 * 3600, pickup=(1, 1)) for task in problem.tasks),
        vehicle_types=(replace(problem.vehicle_types[0], count=2),),
    )
    with pytest.raises(Problem) as caught:
        solve(busy, budget=SHORT)
    assert caught.value.kind == "collection.no-plan"
    assert caught.value.errors
    assert all(error.where in caught.value.where for error in caught.value.errors)
    assert "Add a vehicle" in str(caught.value.remedy)


def test_no_tasks_is_no_routes(city):
    """An empty day costs nothing and is proven optimal."""
    problem = city(3, 0)
    solution = solve(replace(problem, tasks=()), budget=SHORT)
    assert (solution.plan.routes, solution.objective, solution.bound, solution.gap) == ((), 0, 0, 0.0)


def test_no_vehicles_leaves_optional_tasks(city):
    """Without vehicles optional tasks stay, and their prizes are the cost."""
    problem = replace(city(3, 0, prize=500), vehicle_types=())
    solution = solve(problem, budget=SHORT)
    assert check(problem, solution) == []
    assert (solution.objective, solution.bound) == (1_500, 1_500)


def test_a_group_named_as_a_task_is_another_thing():
    """A task is left and pays its prize though a group of the same name is served."""
    alternatives = tuple(Task(name, 2, pickup=(100, 2), prize=300_000, group="a") for name in ("x", "y"))
    problem = small({"pickup": (2_000, 2), "prize": 700}, {"cost_per_km": 100})
    problem = replace(problem, tasks=(*problem.tasks, *alternatives, replace(B, location=3, prize=90_000)))
    solution = solve(problem, budget=SHORT)
    assert {one.task: one.kind for one in solution.plan.unserved}["a"] == "impossible"
    assert solution.objective == 700 + sum(route.cost for route in solution.plan.routes)
    assert check(problem, solution) == []


def test_several_depots_and_one_way_routes(city):
    """Vehicles may start at one depot and end at another."""
    problem = city(10, 2, windows=False)
    depots = (problem.depots[0], replace(problem.depots[0], id="plant", location=4))
    oneway = tuple(replace(v, end_depot=1) for v in problem.vehicle_types)
    moved = replace(problem, depots=depots, vehicle_types=oneway)
    assert check(moved, solve(moved, budget=SHORT)) == []


def test_progress_is_told_in_order_and_an_error_in_it_cancels(city):
    """Fractions rise to at most 1, the plan to beat is told; what the listener raises ends the search."""
    heard = []
    solution = solve(city(10, 0), budget=Budget(iterations=80), on_progress=heard.append)
    fractions = [progress.fraction for progress in heard]
    assert fractions == sorted(fractions)
    assert 0 < fractions[-1] <= 1
    assert heard[-1].objective is not None
    assert heard[-1].baseline == solution.baseline.objective

    def cancel(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(city(10, 0), budget=Budget(iterations=80), on_progress=cancel)


def test_nearest_neighbour_goes_to_the_nearest(city):
    """With one large vehicle and no windows the baseline is the textbook's nearest-neighbour tour."""
    problem = city(9, 7, windows=False)
    truck = VehicleType("truck", 1, (10**6, 10**6), cost_per_km=100)
    plan = nearest_neighbour(replace(problem, vehicle_types=(truck,)))
    here, left, tour = 0, set(range(1, 10)), []
    while left:
        here = min(left, key=lambda k: problem.distance_m[here, k])
        left.remove(here)
        tour.append(f"t{here}")
    assert [stop.task for stop in plan.routes[0].stops] == tour


def test_importing_the_engine_does_not_import_pyvrp():
    """The command line stays quick: PyVRP is loaded by the first search, not by an import."""
    code = "import sys, takeback.plan.collection; sys.exit('pyvrp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
