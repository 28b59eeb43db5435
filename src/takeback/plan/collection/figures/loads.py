"""What is aboard along each route, trip by trip and dimension by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from takeback.plan.collection.check_parts import Parts
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
    parts = Parts(problem)
    return [_profile(parts, number, route) for number, route in enumerate(plan.routes, 1)]


def metres(parts: Parts, route: Route) -> list[int]:
    """Return the metres from the start to each stop and to the end depot."""
    vehicle = parts.vehicles[route.vehicle_type]
    legs, (first, last) = parts.profile(vehicle).distance_m, parts.depots(vehicle)
    way = [first.location, *places(parts, route.stops), last.location]
    return list(accumulate(int(legs[leg]) for leg in pairwise(way)))


def places(parts: Parts, stops: Sequence[Stop]) -> list[int]:
    """Return the location of each stop."""
    return [(parts.sites[stop.site] if stop.site else parts.tasks[stop.task]).location for stop in stops]


def _profile(parts: Parts, number: int, route: Route) -> Json:
    names, vehicle = parts.problem.load_dimensions, parts.vehicles[route.vehicle_type]
    start = {"stop": 0, "task": None, "site": None, "leaves_s": route.departure_s, "distance_m": 0}
    stops: list[Json] = [{**start, "load": dict(zip(names, route.load, strict=True))}]
    for k, (stop, metre) in enumerate(zip(route.stops, metres(parts, route)[:-1], strict=True), 1):
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
        "trips": _trips(parts.problem, route),
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
