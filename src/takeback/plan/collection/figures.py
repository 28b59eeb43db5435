"""What a person wants to see of a plan, as plain data: a map, a timetable, the loads along the way."""

from __future__ import annotations

from collections.abc import Iterator

from takeback.plan.collection.problem import CollectionProblem, Location
from takeback.plan.collection.solution import Plan, Route

Json = dict[str, object]


def route_map(problem: CollectionProblem, plan: Plan) -> Json:
    """Return a GeoJSON FeatureCollection (RFC 7946, WGS84) of depots, routes, stops and tasks left.

    Each feature's `kind` is depot, route, stop or unserved; `route` counts from 1. Routes are drawn straight from
    stop to stop. Locations without coordinates are left out.
    """
    features = [*_depots(problem), *_unserved(problem, plan)]
    for number, route in enumerate(plan.routes, 1):
        features += _route(problem, number, route)
    return {"type": "FeatureCollection", "features": features}


def timetable(problem: CollectionProblem, plan: Plan) -> list[Json]:
    """Return the bars of a Gantt chart: `route`, `vehicle`, `kind` (drive, wait, service), `task`, start and end.

    Times are seconds since the day's origin; the last drive of a route has no task.
    """
    return [bar for number, route in enumerate(plan.routes, 1) for bar in _bars(problem, number, route)]


def load_profile(problem: CollectionProblem, plan: Plan) -> list[Json]:
    """Return for each route the load aboard on leaving the depot and each stop, by dimension, and its capacity."""
    capacity = {vehicle.id: vehicle.capacity for vehicle in problem.vehicle_types}
    names = problem.load_dimensions
    return [
        {
            "route": number,
            "vehicle": f"{route.vehicle_type} {route.vehicle}",
            "capacity": dict(zip(names, capacity[route.vehicle_type], strict=True)),
            "stops": [
                {"task": None, "leaves_s": route.departure_s, "load": dict(zip(names, route.load, strict=True))},
                *(
                    {"task": s.task, "leaves_s": s.departure_s, "load": dict(zip(names, s.load, strict=True))}
                    for s in route.stops
                ),
            ],
        }
        for number, route in enumerate(plan.routes, 1)
    ]


def _bars(problem: CollectionProblem, number: int, route: Route) -> Iterator[Json]:
    common = {"route": number, "vehicle": f"{route.vehicle_type} {route.vehicle}"}
    clock = route.departure_s
    for stop in route.stops:
        for kind, end in (("drive", stop.arrival_s), ("wait", stop.start_s), ("service", stop.departure_s)):
            if end > clock:
                yield {**common, "kind": kind, "task": stop.task, "start_s": clock, "end_s": end}
            clock = end
    last = problem.depots[_ends(problem, route)[1]].location
    places = {task.id: task.location for task in problem.tasks}
    back = clock + int(problem.duration_s[places[route.stops[-1].task], last])
    for kind, end in (("drive", back), ("wait", route.return_s)):
        if end > clock:
            yield {**common, "kind": kind, "task": None, "start_s": clock, "end_s": end}
        clock = end


def _route(problem: CollectionProblem, number: int, route: Route) -> Iterator[Json]:
    tasks = {task.id: task for task in problem.tasks}
    first, last = (problem.locations[problem.depots[depot].location] for depot in _ends(problem, route))
    stops = [problem.locations[tasks[stop.task].location] for stop in route.stops]
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
                    "task": stop.task,
                    "location": place.id,
                    "arrival_s": stop.arrival_s,
                    "departure_s": stop.departure_s,
                },
            )


def _depots(problem: CollectionProblem) -> Iterator[Json]:
    for depot in problem.depots:
        point = _point(problem.locations[depot.location])
        if point is not None:
            yield _feature({"type": "Point", "coordinates": point}, {"kind": "depot", "depot": depot.id})


def _unserved(problem: CollectionProblem, plan: Plan) -> Iterator[Json]:
    places = {task.id: problem.locations[task.location] for task in problem.tasks}
    for one in plan.unserved:
        point = _point(places[one.task])
        if point is not None:
            yield _feature(
                {"type": "Point", "coordinates": point},
                {"kind": "unserved", "task": one.task, "why": one.kind, "reason": str(one.reason)},
            )


def _ends(problem: CollectionProblem, route: Route) -> tuple[int, int]:
    vehicle = next(v for v in problem.vehicle_types if v.id == route.vehicle_type)
    return vehicle.start_depot, vehicle.last_depot


def _point(place: Location) -> list[float] | None:
    return None if place.lat is None or place.lon is None else [place.lon, place.lat]


def _feature(geometry: Json, properties: Json) -> Json:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
