"""How full and how busy the vehicles of a plan are."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from takeback.plan.collection.check_parts import Parts
from takeback.plan.collection.figures.loads import metres
from takeback.plan.collection.figures.rows import gantt
from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.solution import Plan, Route

Json = dict[str, object]
KINDS = ("drive", "wait", "serve", "unload", "break")


def utilisation(problem: CollectionProblem, plan: Plan) -> Json:
    """Return what share of the fleet is used. Shares are from 0 to 1; None where nothing limits.

    `vehicles`: `vehicle_type`, `available`, `used`. `routes`: `route`, `vehicle` ("van 2"), `seconds` by kind (drive,
    wait, serve, unload, break), `time_share` (duration over the longest allowed without overtime, else over the
    shift), `overtime_s`, `peak_share` and `mean_share` by dimension (most aboard, and mean over the metres driven,
    each over the capacity).
    """
    used = Counter(route.vehicle_type for route in plan.routes)
    parts = Parts(problem)
    return {
        "vehicles": [{"vehicle_type": v.id, "available": v.count, "used": used[v.id]} for v in problem.vehicle_types],
        "routes": [
            {
                "route": row["route"],
                "vehicle": row["vehicle"],
                "seconds": _seconds(row),
                **_busy(parts.vehicles[route.vehicle_type], route),
                **_full(parts, route),
            }
            for row, route in zip(gantt(problem, plan), plan.routes, strict=True)
        ],
    }


def _seconds(row: Json) -> dict[str, int]:
    seconds = dict.fromkeys(KINDS, 0)
    for bar in row["bars"]:  # type: ignore[attr-defined]
        seconds[bar["kind"]] += bar["end_s"] - bar["start_s"]
    return seconds


def _busy(vehicle: VehicleType, route: Route) -> Json:
    limit = vehicle.max_duration_s
    most = vehicle.shift.end_s - vehicle.shift.start_s if limit is None else limit
    over = 0 if limit is None else max(0, route.duration_s - limit)
    return {"time_share": (route.duration_s - over) / most if most else None, "overtime_s": over}


def _full(parts: Parts, route: Route) -> Json:
    names, capacities = parts.problem.load_dimensions, parts.vehicles[route.vehicle_type].capacity
    loads = [route.load, *(stop.load for stop in route.stops)]
    legs = [b - a for a, b in pairwise([0, *metres(parts, route)])]
    peak, mean = {}, {}
    for dim, (name, capacity) in enumerate(zip(names, capacities, strict=True)):
        carried = sum(load[dim] * leg for load, leg in zip(loads, legs, strict=True))
        peak[name] = max(load[dim] for load in loads) / capacity if capacity else None
        mean[name] = carried / (capacity * sum(legs)) if capacity and sum(legs) else None
    return {"peak_share": peak, "mean_share": mean}
