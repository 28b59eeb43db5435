"""A plan on the map."""

from __future__ import annotations

from collections.abc import Iterator

from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.figures.loads import places
from takeback.plan.collection.problem import CollectionProblem, Location
from takeback.plan.collection.solution import Plan, Route

Json = dict[str, object]


def route_map(problem: CollectionProblem, plan: Plan) -> Json:
    """Return a GeoJSON FeatureCollection (RFC 7946, WGS84) of depots, sites, routes, stops and tasks left.

    Each feature's `kind` is depot, site, route, stop or unserved; `route` counts from 1. A stop has `task` or `site`,
    the other is None. Routes are drawn straight from stop to stop. Locations without coordinates are left out.
    """
    features = [*_places(problem), *_unserved(problem, plan)]
    parts = Parts(problem)
    for number, route in enumerate(plan.routes, 1):
        features += _route(parts, number, route)
    return {"type": "FeatureCollection", "features": features}


def _route(parts: Parts, number: int, route: Route) -> Iterator[Json]:
    problem = parts.problem
    first, last = (problem.locations[one.location] for one in parts.depots(parts.vehicles[route.vehicle_type]))
    stops = [problem.locations[k] for k in places(parts, route.stops)]
    line = [point for place in (first, *stops, last) if (point := _point(place)) is not None]
    properties: Json = {
        "kind": "route",
        "route": number,
        "vehicle_type": route.vehicle_type,
        "vehicle": route.vehicle,
        "stops": len(route.stops),
        "distance_m": route.distance_m,
        "duration_s": route.duration_s,
        "cost": route.cost,
        "departure_s": route.departure_s,
        "return_s": route.return_s,
    }
    if len(line) > 1:
        yield _feature({"type": "LineString", "coordinates": line}, properties)
    for order, (stop, place) in enumerate(zip(route.stops, stops, strict=True), 1):
        point = _point(place)
        if point is not None:
            yield _feature(
                {"type": "Point", "coordinates": point},
                {
                    "kind": "stop",
                    "route": number,
                    "order": order,
                    "task": stop.task or None,
                    "site": stop.site or None,
                    "location": place.id,
                    "arrival_s": stop.arrival_s,
                    "departure_s": stop.departure_s,
                },
            )


def _places(problem: CollectionProblem) -> Iterator[Json]:
    """Yield where vehicles start and end, and where they may unload on their way."""
    fixed = [("depot", one.id, one.location) for one in problem.depots]
    fixed += [("site", one.id, one.location) for one in problem.sites]
    for kind, name, location in fixed:
        point = _point(problem.locations[location])
        if point is not None:
            yield _feature({"type": "Point", "coordinates": point}, {"kind": kind, kind: name})


def _unserved(problem: CollectionProblem, plan: Plan) -> Iterator[Json]:
    located = {task.id: problem.locations[task.location] for task in problem.tasks}
    for one in plan.unserved:
        point = _point(located[one.task])
        if point is not None:
            yield _feature(
                {"type": "Point", "coordinates": point},
                {"kind": "unserved", "task": one.task, "why": one.kind, "reason": str(one.reason)},
            )


def _point(place: Location) -> list[float] | None:
    return None if place.lat is None or place.lon is None else [place.lon, place.lat]


def _feature(geometry: Json, properties: Json) -> Json:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
