"""Routes worked out the plain way: every departure of a grid, every place of a break. For comparing with engines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from takeback.plan.collection.check import check_plan
from takeback.plan.collection.check_loads import _aboard, _trips
from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.check_times import _Call, _first_moment, stretched_s
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.solution import BreakTaken, Plan, Route, Stop

ROUTE_RULES = ("time.", "zone.", "break.", "distance.", "duration.", "cost.", "load.", "trip.", "depot.",
               "compartment.", "site.", "task.only", "task.never", "vehicle.carries", "route.")  # fmt: skip


def naive_routes(
    problem: CollectionProblem, vehicle: VehicleType, number: int, names: Sequence[str], departures: Sequence[int]
) -> Iterator[Route]:
    """Yield the routes through `names` (tasks and sites) that keep all rules of a route."""
    for departure in departures:
        for places in product(range(len(names) + 1), repeat=len(vehicle.breaks)):
            for dropped in range(len(vehicle.breaks) + 1):
                order = sorted(zip(places, vehicle.breaks, strict=True))[: len(vehicle.breaks) - dropped]
                route = _drive(problem, vehicle, number, names, departure, order)
                if route is not None and not broken(problem, route):
                    yield route


def broken(problem: CollectionProblem, route: Route) -> set[str]:
    """Return the rules of a single route that it breaks."""
    told = check_plan(problem, Plan.of((route,), (), 0), every_task=False)
    return {violation.rule for violation in told if violation.rule.startswith(ROUTE_RULES)}


def _drive(problem, vehicle, number, names, departure, order):
    parts = Parts(problem)
    profile, (first, last) = parts.profile(vehicle), parts.depots(vehicle)
    clock, here, metres, stops, breaks = departure, first.location, 0, [], []
    for k, name in enumerate([*names, None]):
        for place, pause in order:
            if place == k:
                start = max(clock, pause.start_s)
                breaks.append(BreakTaken(k, start, start + pause.duration_s))
                clock = start + pause.duration_s
        part = last if name is None else parts.tasks.get(name) or parts.sites[name]
        clock += stretched_s(int(profile.duration_s[here, part.location]), clock, profile.slices)
        metres += int(profile.distance_m[here, part.location])
        here = part.location
        if name is None:
            break
        windows = part.windows if name in parts.tasks else ((part.window,) if part.window else ())
        start = _first_moment(_Call(here, windows, part.service_s, parts.closed(here, vehicle)), clock)
        if start is None:
            return None
        task, site = (name, "") if name in parts.tasks else ("", name)
        stops.append(Stop(task, clock, start, start + part.service_s, (), site))
        clock = start + part.service_s
    back = max(clock, vehicle.shift.start_s, last.window.start_s if last.window else 0)
    return _priced(parts, vehicle, Route(vehicle.id, number, departure, back, (), tuple(stops), metres,
                                         back - departure, 0, tuple(breaks)))  # fmt: skip


def _priced(parts, vehicle, route):
    """Return the route with loads and cost."""
    loads = [tuple(load) for trip in _trips(parts, route, "") for load in _aboard(parts, trip.tasks)]
    over = 0 if vehicle.max_duration_s is None else max(0, route.duration_s - vehicle.max_duration_s)
    units = 18 * vehicle.cost_per_km * route.distance_m
    units += 5 * (vehicle.cost_per_hour * route.duration_s + vehicle.cost_per_overtime_hour * over)
    stops = (
        Stop(s.task, s.arrival_s, s.start_s, s.departure_s, load, s.site)
        for s, load in zip(route.stops, loads[1:], strict=True)
    )
    return Route(route.vehicle_type, route.vehicle, route.departure_s, route.return_s, loads[0], tuple(stops),
                 route.distance_m, route.duration_s, vehicle.cost_fixed - (-units // 18_000), route.breaks)  # fmt: skip
