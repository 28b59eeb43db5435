"""A day that cannot be served is explained before the search: which task, which limit, what would make it fit."""

from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import CollectionProblem, Location, Window, explain, solve
from takeback.plan.doors import Budget


def _first_task(problem, **changes):
    return replace(problem, tasks=(replace(problem.tasks[0], **changes), *problem.tasks[1:]))


def _all_vehicles(problem, **changes):
    return replace(problem, vehicle_types=tuple(replace(v, **changes) for v in problem.vehicle_types))


def test_a_day_that_can_be_served_has_nothing_to_explain(city):
    """Feasible days are not refused."""
    assert [explain(city(30, seed)) for seed in range(5)] == [[]] * 5


def test_a_task_above_every_vehicle_is_named_with_load_and_capacity(city):
    """A load no vehicle can carry is told with its amount, the fleet's capacities and a remedy."""
    (error,) = explain(_first_task(city(5, 0, windows=False), pickup=(9_000, 1)))
    assert error.kind == "collection.task-load"
    assert error.where == "tasks[0] (t1)"
    assert "9000 kg" in str(error.found)
    assert str(error.expected) == "capacity of truck: 4500 kg"
    assert str(error.remedy) == "To make it fit: capacity of truck: 9000 kg instead of 4500 kg."
    assert [(one.where, str(one.expected)) for one in error.errors] == [("van", "capacity of van: 1500 kg")]


def test_a_window_that_closes_before_anybody_can_come_is_named_with_the_earliest_arrival(city):
    """An unreachable window is told with the earliest possible arrival and the time asked for."""
    problem = city(5, 0, windows=False)
    (error,) = explain(_first_task(problem, windows=(Window(0, 7 * 3600),)))
    assert error.kind == "collection.task-window"
    assert str(error.found) > "07:00"
    assert "07:00" in str(error.expected)


@pytest.mark.parametrize(
    ("limit", "changes"),
    [
        ("shift", {"shift": Window(7 * 3600, 7 * 3600 + 60)}),
        ("duration", {"max_duration_s": 100}),
        ("distance", {"max_distance_m": 100}),
    ],
)
def test_the_limit_that_stops_every_vehicle_is_told(city, limit, changes):
    """Shift, duration and distance limits are told apart."""
    errors = explain(_all_vehicles(city(5, 0, windows=False), **changes))
    assert {error.kind for error in errors} == {f"collection.task-{limit}"}
    assert len(errors) == 5


def test_an_optional_task_is_never_a_reason_to_refuse(city):
    """What may be left does not make a day impossible."""
    assert explain(_first_task(city(5, 0), pickup=(9_000, 1), prize=100)) == []


@pytest.mark.parametrize("none", [(), "count"])
def test_a_day_without_vehicles_says_so(city, none):
    """No vehicle type, or none with a count, is one clear sentence."""
    problem = city(5, 0)
    empty = replace(problem, vehicle_types=()) if none == () else _all_vehicles(problem, count=0)
    assert [error.kind for error in explain(empty)] == ["collection.no-vehicle"]


def test_a_fleet_too_small_for_the_load_is_told_by_dimension(city):
    """Where all vehicles together cannot carry the tasks, dimension and amounts are told."""
    problem = _all_vehicles(city(30, 1, windows=False), count=1)
    kinds = {(error.kind, error.where) for error in explain(problem)}
    assert kinds == {("collection.fleet-too-small", "load dimension kg, pickup")}


def test_swapped_coordinates_in_range_are_recognised_by_their_region():
    """Near Munich both values are legal latitudes; the region tells."""
    places = [Location(f"p{k}", 48.1 + k / 50, 11.5) for k in range(4)] + [Location("odd", 11.6, 48.2)]
    problem = _bare(places)
    assert [error.where for error in explain(problem)] == ["locations[4] (odd)"]


def test_a_file_of_two_halves_in_different_order_names_a_half():
    """Where half are swapped no median helps; they are one region once a part of them is turned."""
    places = [Location(f"p{k}", 48.1 + k / 50, 11.5) for k in range(3)] + [
        Location(f"q{k}", 11.6, 48.2) for k in range(3)
    ]
    assert [error.where for error in explain(_bare(places))] == [f"locations[{k}] (q{k - 3})" for k in (3, 4, 5)]


def test_a_faraway_place_is_not_called_swapped():
    """Distance alone is no proof of a swap."""
    places = [Location(f"p{k}", 48.1 + k / 50, 11.5) for k in range(4)] + [Location("far", 20.0, -40.0)]
    assert explain(_bare(places)) == []


def test_a_place_reached_quicker_through_another_is_not_refused(city):
    """Matrices need not be metric: what a detour makes possible is left to the search."""
    problem = city(3, 0, windows=False)
    duration = np.full((4, 4), 600)
    np.fill_diagonal(duration, 0)
    duration[0, 1] = duration[1, 0] = 90_000
    tasks = tuple(replace(task, service_s=0) for task in problem.tasks)
    detour = replace(problem, duration_s=duration, tasks=tasks)
    assert explain(detour) == []
    solution = solve(detour, budget=Budget(iterations=50))
    assert not solution.plan.unserved


def test_solve_raises_all_reasons_at_once(city):
    """Two impossible tasks are two errors of one problem, before any search."""
    problem = city(5, 0, windows=False)
    tasks = [replace(task, pickup=(9_000, 1)) for task in problem.tasks[:2]]
    with pytest.raises(Problem) as caught:
        solve(replace(problem, tasks=(*tasks, *problem.tasks[2:])), budget=Budget(iterations=1))
    assert [error.where for error in caught.value.errors][:2] == ["tasks[0] (t1)", "tasks[1] (t2)"]


def _bare(places):
    n = len(places)
    zeros = np.zeros((n, n), dtype=np.int64)
    return CollectionProblem(tuple(places), zeros, zeros, (), (), ())
