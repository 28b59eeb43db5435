"""Pictures of a plan hold what the plan says."""

from dataclasses import replace
from itertools import pairwise

import pytest

from takeback.plan.collection import Location, Window, solve
from takeback.plan.collection.figures import cost_split, emissions, gantt, load_profile, route_map, utilisation
from takeback.plan.collection.solution import Plan
from takeback.plan.doors import Budget
from tests.plan.collection.rich import rich_day, rich_plan


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


def test_the_rows_cover_each_route_without_gaps(case):
    """Bars of a route follow each other from departure to return; there is a bar of service for each stop."""
    problem, plan = case
    for row, route in zip(gantt(problem, plan), plan.routes, strict=True):
        edges = [(bar["start_s"], bar["end_s"]) for bar in row["bars"]]
        assert edges[0][0] == route.departure_s
        assert edges[-1][1] == route.return_s
        assert all(a[1] == b[0] for a, b in pairwise(edges))
        assert sum(bar["kind"] == "serve" for bar in row["bars"]) == len(route.stops)


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


def test_the_rows_tell_waits_breaks_and_unloading():
    """The hand-made day: each bar is where it must be, in seconds since midnight."""
    van, truck = gantt(rich_day(), rich_plan())
    assert (van["vehicle"], truck["vehicle"]) == ("van 1", "truck 1")
    assert [(bar["kind"], bar["start_s"], bar["stop"]) for bar in van["bars"]] == [
        ("drive", 27_000, 1),
        ("wait", 27_600, 1),
        ("serve", 28_800, 1),
        ("drive", 29_400, 2),
        ("wait", 30_750, 2),
        ("unload", 31_200, 2),
        ("break", 31_800, 2),
        ("drive", 32_100, 3),
        ("wait", 33_000, 3),
        ("serve", 36_000, 3),
        ("drive", 37_200, 4),
        ("serve", 37_800, 4),
        ("wait", 38_400, 4),
        ("break", 38_500, 4),
        ("drive", 39_400, 0),
    ]
    assert [bar["kind"] for bar in truck["bars"]] == ["drive", "serve", "drive"]


def test_a_vehicle_that_is_back_too_early_waits_for_its_depot():
    """Where the depot opens later than the vehicle is back, the drive ends and waiting begins at the gate."""
    problem, plan = rich_day(), rich_plan()
    depots = (replace(problem.depots[0], window=Window(41_000, 79_200)), *problem.depots[1:])
    route = replace(plan.routes[0], return_s=41_000)
    bars = gantt(replace(problem, depots=depots), replace(plan, routes=(route,)))[0]["bars"]
    assert [(bar["kind"], bar["start_s"]) for bar in bars[-2:]] == [("drive", 39_400), ("wait", 40_000)]


def test_the_load_profile_tells_trips_and_metres():
    """At the tip the pickups leave and the next deliveries come aboard; metres count from the yard."""
    van, _ = load_profile(rich_day(), rich_plan())
    assert [stop["load"]["kg"] for stop in van["stops"]] == [100, 300, 50, 450, 600]
    assert [stop["distance_m"] for stop in van["stops"]] == [0, 4_999, 12_999, 17_999, 22_999]
    assert [stop["site"] for stop in van["stops"]] == [None, None, "tip", None, None]
    assert van["trips"] == [
        {"first": 0, "last": 1, "peak": {"kg": 300, "pallet places": 2}},
        {"first": 2, "last": 4, "peak": {"kg": 600, "pallet places": 4}},
    ]


def test_the_cost_splits_without_a_rest():
    """27 999 m x 1.00, 13 000 s x 36.00 an hour, 1 000 s of overtime x 18.00 an hour, in minor units."""
    split = cost_split(rich_day(), rich_plan())
    assert split["routes"][0] == {
        "route": 1, "vehicle": "van 1", "fixed": 10_000, "distance": 2_800, "time": 13_000, "overtime": 500,
        "cost": 26_300,
    }  # fmt: skip
    assert split["prizes_lost"] == 700
    assert sum(split[part] for part in ("fixed", "distance", "time", "overtime", "prizes_lost")) == split["total"]


def test_the_parts_of_each_cost_sum_up(case):
    """However a route's cost is rounded, its parts sum up to it."""
    problem, plan = case
    for route in cost_split(problem, plan)["routes"]:
        assert route["fixed"] + route["distance"] + route["time"] + route["overtime"] == route["cost"]


def test_carbon_is_counted_by_the_kilometre():
    """27.999 km x 200 g and 12 km x 700 g."""
    told = emissions(rich_day(), rich_plan())
    assert [route["grams"] for route in told["routes"]] == [5_600, 8_400]
    assert told["grams"] == 14_000


def test_utilisation_counts_seconds_and_shares():
    """How the van spends its 13 000 s, how full it is at most, and on the mean of its metres."""
    told = utilisation(rich_day(), rich_plan())
    van = told["routes"][0]
    assert told["vehicles"][0] == {"vehicle_type": "van", "available": 2, "used": 1}
    assert van["seconds"] == {"drive": 4_050, "wait": 4_750, "serve": 2_400, "unload": 600, "break": 1_200}
    assert (van["time_share"], van["overtime_s"]) == (1.0, 1_000)
    assert van["peak_share"] == {"kg": 0.6, "pallet places": 0.4}
    carried = 100 * 4_999 + 300 * 8_000 + 50 * 5_000 + 450 * 5_000 + 600 * 5_000
    assert van["mean_share"]["kg"] == pytest.approx(carried / (1_000 * 27_999))


def test_the_map_shows_sites_and_visits_to_them():
    """A visit to a site is a stop without a task."""
    features = route_map(rich_day(), rich_plan())["features"]
    assert [f["properties"]["site"] for f in features if f["properties"]["kind"] == "site"] == ["tip", "hub"]
    visits = [f["properties"] for f in features if f["properties"]["kind"] == "stop" and f["properties"]["site"]]
    assert [(visit["site"], visit["task"], visit["order"]) for visit in visits] == [("tip", None, 2)]


def test_an_empty_plan_has_empty_figures():
    """Nothing driven, nothing drawn; no share is divided by zero."""
    problem, plan = rich_day(), Plan((), (), 0, 0, 0)
    assert gantt(problem, plan) == load_profile(problem, plan) == utilisation(problem, plan)["routes"] == []
    assert cost_split(problem, plan)["total"] == emissions(problem, plan)["grams"] == 0
