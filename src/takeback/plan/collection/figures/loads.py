"""What is aboard along each route, trip by trip and dimension by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import Plan, Route, Stop

Json = dict[str, object]


def load_profile(problem: CollectionProblem, plan: Plan) -> list[Json]:
    """Return for each route the load aboard on leaving the depot and each stop.

    A profile: `route`, `vehicle` ("van 2"), `capacity` (by dimension), `stops`, `trips`. A stop: `stop` (from 1; 0 is
    the start depot), `task`, `site` (None where there is none), `leaves_s` (end of service), `distance_m` from the
    start, `load` (by dimension) on leaving; at a site what came in is the load of the stop before. A trip: `first`,
    `last` (numbers of its stops), `peak` (by dimension).
    """
    return [_profile(problem, number, route) for number, route in enumerate(plan.routes, 1)]


def metres(problem: CollectionProblem, route: Route) -> list[int]:
    """Return the metres from the start to each stop and to the end depot."""
    vehicle = next(one for one in problem.vehicle_types if one.id == route.vehicle_type)
    legs = problem.profile(vehicle).distance_m
    first, last = (problem.depots[k].location for k in (vehicle.start_depot, vehicle.last_depot))
    return list(accumulate(int(legs[leg]) for leg in pairwise([first, *places(problem, route.stops), last])))


def places(problem: CollectionProblem, stops: Sequence[Stop]) -> list[int]:
    """Return the location of each stop."""
    tasks = {task.id: task.location for task in problem.tasks}
    sites = {site.id: site.location for site in problem.sites}
    return [sites[stop.site] if stop.site else tasks[stop.task] for stop in stops]


def _profile(problem: CollectionProblem, number: int, route: Route) -> Json:
    names = problem.load_dimensions
    vehicle = next(one for one in problem.vehicle_types if one.id == route.vehicle_type)
    start = {"stop": 0, "task": None, "site": None, "leaves_s": route.departure_s, "distance_m": 0}
    stops: list[Json] = [{**start, "load": dict(zip(names, route.load, strict=True))}]
    for k, (stop, metre) in enumerate(zip(route.stops, metres(problem, route)[:-1], strict=True), 1):
        stops.append(
            {
                "stop": k,
                "task": stop.task or None,
                "site": stop.site or None,
                "leaves_s": stop.departure_s,
                "distance_m": metre,
                "load": dict(zip(names, stop.load, strict=True)),
            }
        )
    return {
        "route": number,
        "vehicle": f"{route.vehicle_type} {route.vehicle}",
        "capacity": dict(zip(names, vehicle.capacity, strict=True)),
        "stops": stops,
        "trips": _trips(problem, route),
    }


def _trips(problem: CollectionProblem, route: Route) -> list[Json]:
    """Return the trips of a route: each begins at the depot or a site."""
    loads = [route.load, *(stop.load for stop in route.stops)]
    begins = [0, *(k for k, stop in enumerate(route.stops, 1) if stop.site), len(loads)]
    return [
        {
            "first": first,
            "last": following - 1,
            "peak": dict(
                zip(problem.load_dimensions, map(max, zip(*loads[first:following], strict=True)), strict=True)
            ),
        }
        for first, following in pairwise(begins)
    ]
