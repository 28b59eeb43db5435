"""Pictures of a plan hold what the plan says."""

from dataclasses import replace
from itertools import pairwise

import pytest

from takeback.plan.collection import Location, solve
from takeback.plan.collection.figures import load_profile, route_map, timetable
from takeback.plan.doors import Budget


@pytest.fixture
def case(city):
    problem = city(12, 1, prize=9_000)
    return problem, solve(problem, budget=Budget(iterations=40)).plan


def test_the_map_holds_every_route_stop_and_task_left(case):
    """GeoJSON with longitude first: a line for each route, a point for each stop, depot and task left."""
    problem, plan = case
    features = route_map(problem, plan)["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert kinds.count("route") == len(plan.routes) > 0
    assert kinds.count("stop") == sum(len(route.stops) for route in plan.routes)
    assert kinds.count("unserved") == len(plan.unserved) > 0
    assert kinds.count("depot") == 1
    line = next(f for f in features if f["properties"]["kind"] == "route")
    assert len(line["geometry"]["coordinates"]) == len(plan.routes[0].stops) + 2
    assert all(120 < lon < 123 and 30 < lat < 32 for lon, lat in line["geometry"]["coordinates"])


def test_places_without_coordinates_are_left_out_of_the_map(case):
    """A map of unknown places is empty rather than wrong."""
    problem, plan = case
    blank = replace(problem, locations=tuple(Location(place.id) for place in problem.locations))
    assert route_map(blank, plan)["features"] == []


def test_the_timetable_covers_each_route_without_gaps(case):
    """Bars of a route follow each other from departure to return; service bars last as long as the tasks say."""
    problem, plan = case
    bars = timetable(problem, plan)
    for number, route in enumerate(plan.routes, 1):
        mine = [bar for bar in bars if bar["route"] == number]
        edges = [(bar["start_s"], bar["end_s"]) for bar in mine]
        assert edges[0][0] == route.departure_s
        assert edges[-1][1] == route.return_s
        assert all(a[1] == b[0] for a, b in pairwise(edges))
        assert sum(bar["kind"] == "service" for bar in mine) == len(route.stops)


def test_the_load_profile_starts_with_the_deliveries_and_ends_with_the_pickups(case):
    """Along each route the load goes from all deliveries to all pickups, within capacity."""
    problem, plan = case
    tasks = {task.id: task for task in problem.tasks}
    for profile, route in zip(load_profile(problem, plan), plan.routes, strict=True):
        on_route = [tasks[stop.task] for stop in route.stops]
        loads = [stop["load"]["kg"] for stop in profile["stops"]]
        assert loads[0] == sum(problem.task_load(task)[0][0] for task in on_route)
        assert loads[-1] == sum(problem.task_load(task)[1][0] for task in on_route)
        assert max(loads) <= profile["capacity"]["kg"]
