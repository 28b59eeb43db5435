"""A running plan with its rest changed, as the ledger keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from takeback.operate.collection.day_problem import PLACES
from takeback.operate.collection.following import Expected, place_of
from takeback.operate.collection.plan_facts import stop_facts, sums_of
from takeback.operate.collection.running import Name, Rest, Rig, fetched_kg
from takeback.operate.collection.ways import ways
from takeback.plan.collection.parts import Location
from takeback.plan.collection.solution import Route

Facts = dict[str, Any]


def revised_facts(
    rest: Rest,
    plan_id: UUID,
    routes: Mapping[Name, Route | None],
    unserved: Sequence[Facts],
    *,
    cause: Facts,
    proof: Facts | None = None,
    made_by: str,
    note: str = "",
) -> Facts:
    """Return the plan that continues the running one.

    `routes`: what vehicles drive from now on, None for nothing; one that is not named goes on as it did.
    """
    old = rest.plan
    made = [_rig_route(rest, rig, routes) for rig in rest.rigs]
    of_plan = {rig.name for rig in rest.rigs}
    made += [_spare_route(rest, name, route) for name, route in routes.items() if route and name not in of_plan]
    kept = [route for route in made if route is not None]
    distance = sum(route["distance_m"] for route in kept)
    stops = sum(len(route["stops"]) for route in kept)
    sums = sums_of(kept)
    return {
        "id": str(plan_id),
        "kind": "collection",
        "day": str(old["day"]),
        "site_id": str(old["site_id"]),
        "distance_m": distance,
        "tasks": stops + len(unserved),
        **sums,
        "routes": kept,
        "unserved": list(unserved),
        "proof": proof or _no_proof(old["proof"], sums["cost_minor"]),
        "provenance": rest.provenance,
        "baseline_m": old["baseline_m"],
        "same_stops_m": old["same_stops_m"],
        "made_by": made_by,
        "note": note or old.get("note") or "",
        "revises": str(old["id"]),
        "cause": cause,
    }


def _no_proof(old: Facts, cost: int) -> Facts:
    """Return what is known of a plan that nobody searched for: nothing costs less than nothing."""
    return {**old, "objective": cost, "bound": 0, "gap": 1.0 if cost else 0.0, "iterations": 0}


def _rig_route(rest: Rest, rig: Rig, routes: Mapping[Name, Route | None]) -> Facts | None:
    """Return the day of a vehicle of the plan, None when it stays at home now."""
    followed = rig.followed
    if rig.broken:
        return _facts(rest, rig, [_as_happened(one) for one in rig.fixed], rig.free_s, home=False)
    if rig.name not in routes:
        return _facts(rest, rig, [_as_happened(one) for one in followed.stops], followed.return_s)
    route = routes[rig.name]
    stops = [_as_happened(one) for one in rig.fixed]
    if route is None:
        return _facts(rest, rig, stops, _home_s(rest, rig)) if rig.started else None
    departure = followed.departure_s if rig.started else route.departure_s
    return _facts(rest, rig, [*stops, *_stops(rest, route)], route.return_s, departure_s=departure, route=route)


def _spare_route(rest: Rest, name: Name, route: Route) -> Facts:
    row = next(row for row in rest.fleet if row.code == name[0])
    return _whole(rest, row, name, _stops(rest, route), route.departure_s, route.return_s, _breaks(route, 0))


def _facts(
    rest: Rest,
    rig: Rig,
    stops: list[Facts],
    return_s: int,
    *,
    departure_s: int | None = None,
    route: Route | None = None,
    home: bool = True,
) -> Facts:
    departure = rig.followed.departure_s if departure_s is None else departure_s
    old = [one for one in rig.followed.route.get("breaks", ()) if route is None or one[1] < rig.free_s]
    breaks = [*old, *(_breaks(route, len(rig.fixed)) if route else ())]
    return _whole(rest, rig.row, rig.name, stops, departure, return_s, breaks, home=home)


def _whole(
    rest: Rest,
    row: Any,
    name: Name,
    stops: list[Facts],
    departure_s: int,
    return_s: int,
    breaks: list[list[int]],
    *,
    home: bool = True,
) -> Facts:
    metres = _metres(rest, stops, home=home)
    over = max(0, return_s - departure_s - row.max_duration_s) if row.max_duration_s is not None else 0
    split = {
        "fixed": row.cost_fixed,
        "distance": round(row.cost_per_km * metres / 1000),
        "time": round(row.cost_per_hour * (return_s - departure_s) / 3600),
        "overtime": round(row.cost_per_overtime_hour * over / 3600),
    }
    return {
        "vehicle": name[0],
        "number": name[1],
        "capacity_kg": row.capacity_kg,
        **({"capacity_places": row.pallet_places} if _places(rest) else {}),
        "departure_s": departure_s,
        "return_s": return_s,
        "distance_m": metres,
        "cost_minor": sum(split.values()),
        "cost_split": split,
        "co2_g": round(row.co2_g_per_km * metres / 1000),
        "breaks": breaks,
        "stops": _loaded(rest, stops),
        **({} if home else {"broken": True}),
    }


def _as_happened(one: Expected) -> Facts:
    """Return a stop with the times that it had, or is expected to have."""
    return {**one.stop, "arrival_s": one.arrival_s, "start_s": one.start_s, "departure_s": one.departure_s}


def _stops(rest: Rest, route: Route) -> list[Facts]:
    calls = {call.task: call for call in rest.calls}
    promised = {one.stop["task"]: one.stop.get("window") for rig in rest.rigs for one in rig.ahead}
    windows = {task.id: list(task.windows[0]) for task in rest.problem.tasks if task.windows}
    hours = windows | {task: window for task, window in promised.items() if task in calls}
    return [stop_facts(stop, calls[stop.task], hours.get(stop.task)) for stop in route.stops if stop.task in calls]


def _loaded(rest: Rest, stops: list[Facts]) -> list[Facts]:
    """Return the stops with what is aboard on leaving each."""
    aboard, places, made = 0, 0, []
    for stop in stops:
        kg = fetched_kg(stop, rest.said)
        aboard, places = aboard + kg, places + (stop.get("places", 0) if kg else 0)
        made.append({**stop, "load_kg": aboard, **({"load_places": places} if _places(rest) else {})})
    return made


def _places(rest: Rest) -> bool:
    """Tell whether pallet places are counted that day."""
    return PLACES in rest.problem.load_dimensions


def _metres(rest: Rest, stops: Sequence[Facts], *, home: bool) -> int:
    depot = _depot(rest)
    way = [depot, *map(place_of, stops), *([depot] if home else [])]
    legs = ways(way).distance_m
    return int(sum(legs[k, k + 1] for k in range(len(way) - 1)))


def _home_s(rest: Rest, rig: Rig) -> int:
    last = rig.fixed[-1].stop if rig.fixed else None
    if last is None:
        return rig.free_s
    return rig.free_s + int(ways([place_of(last), _depot(rest)]).duration_s[0, 1])


def _depot(rest: Rest) -> Location:
    return Location(rest.depot.code, rest.depot.lat, rest.depot.lon)


def _breaks(route: Route, before: int) -> list[list[int]]:
    return [[one.after + before, one.start_s, one.end_s] for one in route.breaks]
