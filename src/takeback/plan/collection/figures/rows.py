"""The rows of a Gantt chart: what each vehicle does from leaving to return."""

from __future__ import annotations

from collections.abc import Iterator

from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.check_times import stretched_s
from takeback.plan.collection.figures.loads import places
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import Plan, Route

Json = dict[str, object]


def gantt(problem: CollectionProblem, plan: Plan) -> list[Json]:
    """Return a row for each route: its bars follow each other without gaps from departure to return.

    A row: `route`, `vehicle` ("van 2"), `vehicle_type`, `number`, `bars`. A bar: `kind` (drive, wait, serve, unload,
    break), `start_s`, `end_s`, `stop` (number of the stop that it leads to or happens at, from 1; 0 = a depot), `task`
    and `site` (ids; None where there is none). Bars of no length are left out. A break is at the stop before it.
    """
    parts = Parts(problem)
    return [
        {
            "route": number,
            "vehicle": f"{route.vehicle_type} {route.vehicle}",
            "vehicle_type": route.vehicle_type,
            "number": route.vehicle,
            "bars": [bar for bar in _bars(parts, route) if bar["start_s"] != bar["end_s"]],
        }
        for number, route in enumerate(plan.routes, 1)
    ]


def _bars(parts: Parts, route: Route) -> Iterator[Json]:
    clock = route.departure_s
    for k, stop in enumerate(route.stops):
        yield from _breaks(route, k, clock)
        clock = _rested(route, k, clock)
        named = {"stop": k + 1, "task": stop.task or None, "site": stop.site or None}
        yield {"kind": "drive", "start_s": clock, "end_s": stop.arrival_s, **named}
        yield {"kind": "wait", "start_s": stop.arrival_s, "end_s": stop.start_s, **named}
        kind = "unload" if stop.site else "serve"
        yield {"kind": kind, "start_s": stop.start_s, "end_s": stop.departure_s, **named}
        clock = stop.departure_s
    yield from _breaks(route, len(route.stops), clock)
    clock = _rested(route, len(route.stops), clock)
    back = min(route.return_s, clock + _last_drive_s(parts, route, clock))
    home: Json = {"stop": 0, "task": None, "site": None}
    yield {"kind": "drive", "start_s": clock, "end_s": back, **home}
    yield {"kind": "wait", "start_s": back, "end_s": route.return_s, **home}


def _breaks(route: Route, after: int, clock: int) -> Iterator[Json]:
    """Yield the breaks taken after so many stops, and the waiting for their windows to begin."""
    stop = route.stops[after - 1] if after else None
    named = {"stop": after, "task": (stop and stop.task) or None, "site": (stop and stop.site) or None}
    for taken in (one for one in route.breaks if one.after == after):
        yield {"kind": "wait", "start_s": clock, "end_s": taken.start_s, **named}
        yield {"kind": "break", "start_s": taken.start_s, "end_s": taken.end_s, **named}
        clock = taken.end_s


def _rested(route: Route, after: int, clock: int) -> int:
    return max([clock, *(taken.end_s for taken in route.breaks if taken.after == after)])


def _last_drive_s(parts: Parts, route: Route, leaves_s: int) -> int:
    """Return the seconds of the way home; a vehicle may then wait for its depot to open."""
    vehicle = parts.vehicles[route.vehicle_type]
    profile, (first, last) = parts.profile(vehicle), parts.depots(vehicle)
    here = [first.location, *places(parts, route.stops[-1:])][-1]
    return stretched_s(int(profile.duration_s[here, last.location]), leaves_s, profile.slices)
