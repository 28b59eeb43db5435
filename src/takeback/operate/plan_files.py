"""A stored plan as a file to take away: Excel, CSV, GeoJSON, GPX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from takeback.core.message import Message, Translate
from takeback.plan.collection.exports import to_csv, to_geojson, to_gpx, to_xlsx
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window
from takeback.plan.collection.solution import BreakTaken, Plan, Route, Stop, Unserved

FILES: dict[str, tuple[Callable[..., bytes], str]] = {
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (to_csv, "text/csv"),
    "geojson": (to_geojson, "application/geo+json"),
    "gpx": (to_gpx, "application/gpx+xml"),
}
"""Ending -> how the file is written, and its media type."""

Facts = Mapping[str, Any]


def plan_file(plan: Facts, ending: str, *, currency: str, chinese: bool, gettext: Translate) -> bytes:
    """Return a stored plan as a file of this ending, its words in a language."""
    write, _ = FILES[ending]
    return write(
        problem_of(plan, currency=currency, chinese=chinese), answer_of(plan), day=plan["day"], gettext=gettext
    )


def problem_of(plan: Facts, *, currency: str, chinese: bool) -> CollectionProblem:
    """Return as much of a plan's problem as files tell of: places, tasks, vehicles. Distances are not kept."""
    stops = [stop for route in plan["routes"] for stop in route["stops"]]
    left = [one.get("task", one["order"]) for one in plan["unserved"]]
    places = [Location(plan["site"], plan["lat"], plan["lon"]), *(_place(stop, chinese) for stop in stops)]
    places += [Location(f"? {task}") for task in left]
    nowhere = np.zeros((len(places), len(places)), dtype=np.int64)
    tasks = [_task(stop, k) for k, stop in enumerate(stops, 1)]
    tasks += [Task(task, len(stops) + k) for k, task in enumerate(left, 1)]
    return CollectionProblem(
        locations=tuple(places),
        distance_m=nowhere,
        duration_s=nowhere,
        tasks=tuple(tasks),
        depots=(Depot(plan["site"], 0),),
        vehicle_types=tuple(_vehicles(plan["routes"])),
        load_dimensions=("kg",),
        currency=currency,
        name=f"{plan['site']} {plan['day']}",
    )


def answer_of(plan: Facts) -> Plan:
    """Return a stored plan as the engine's."""
    routes = [_route(route) for route in plan["routes"]]
    left = [Unserved(one.get("task", one["order"]), one["kind"], told(one)) for one in plan["unserved"]]
    return Plan.of(routes, left, 0)


def told(said: Facts) -> Message:
    """Return a message that is stored as `msgid` and `params`, those within it, too."""
    params = {
        name: told(value) if isinstance(value, dict) and value.keys() == {"msgid", "params"} else value
        for name, value in said["params"].items()
    }
    return Message(said["msgid"], params)


def _named(stop: Facts) -> str:
    return str(stop.get("task", stop["order"]))


def _place(stop: Facts, chinese: bool) -> Location:
    """Return a stop's place; the task behind its name keeps two of one name apart."""
    name = stop["name_zh"] if chinese else stop["name"]
    return Location(f"{name} ({_named(stop)})", stop["lat"], stop["lon"])


def _task(stop: Facts, place: int) -> Task:
    windows = (Window(*stop["window"]),) if stop.get("window") else ()
    return Task(_named(stop), place, pickup=(stop["pickup_kg"],), windows=windows)


def _vehicles(routes: Sequence[Facts]) -> list[VehicleType]:
    """Return the vehicle types of the routes; their rates follow from what the routes' costs are made of."""
    types: dict[str, VehicleType] = {}
    for route in routes:
        split = route.get("cost_split") or {}
        hours = (route["return_s"] - route["departure_s"]) / 3600
        km = route["distance_m"] / 1000
        number = max(route["number"], types[route["vehicle"]].count if route["vehicle"] in types else 0)
        types[route["vehicle"]] = VehicleType(
            route["vehicle"],
            count=number,
            capacity=(route["capacity_kg"],),
            cost_fixed=split.get("fixed", 0),
            cost_per_km=round(split.get("distance", 0) / km) if km else 0,
            cost_per_hour=round(split.get("time", 0) / hours) if hours else 0,
            co2_g_per_km=round(route.get("co2_g", 0) / km) if km else 0,
        )
    return list(types.values())


def _route(route: Facts) -> Route:
    return Route(
        vehicle_type=route["vehicle"],
        vehicle=route["number"],
        departure_s=route["departure_s"],
        return_s=route["return_s"],
        load=(0,),
        stops=tuple(_stop(stop) for stop in route["stops"]),
        distance_m=route["distance_m"],
        duration_s=route["return_s"] - route["departure_s"],
        cost=route["cost_minor"],
        breaks=tuple(BreakTaken(*one) for one in route.get("breaks", ())),
    )


def _stop(stop: Facts) -> Stop:
    start = stop.get("start_s", stop["arrival_s"])
    return Stop(_named(stop), stop["arrival_s"], start, stop["departure_s"], (stop["load_kg"],))
