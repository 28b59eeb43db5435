"""Where the money of a plan goes, and the carbon."""

from __future__ import annotations

from takeback.plan.collection.problem import CollectionProblem, VehicleType
from takeback.plan.collection.solution import Plan, Route

Json = dict[str, object]
SCALE = 18_000  # the formula of a route's cost in `CollectionProblem`
PARTS = ("fixed", "distance", "time", "overtime")


def cost_split(problem: CollectionProblem, plan: Plan) -> Json:
    """Return the parts of the objective, whole minor units that sum up exactly.

    `currency`, `fixed`, `distance`, `time`, `overtime` (what overtime costs on top of `time`), `prizes_lost`, `total`,
    and `routes`: `route`, `vehicle` ("van 2"), the four parts, `cost`. A route's cost is rounded up as a whole; the
    units that rounding the parts down leaves go to the parts that lost most by it.
    """
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
    splits = [_split(vehicles[route.vehicle_type], route) for route in plan.routes]
    routes = [
        {"route": number, "vehicle": f"{route.vehicle_type} {route.vehicle}", **split, "cost": route.cost}
        for number, (route, split) in enumerate(zip(plan.routes, splits, strict=True), 1)
    ]
    return {
        "currency": problem.currency,
        **{part: sum(split[part] for split in splits) for part in PARTS},
        "prizes_lost": plan.objective - sum(route.cost for route in plan.routes),
        "total": plan.objective,
        "routes": routes,
    }


def emissions(problem: CollectionProblem, plan: Plan) -> Json:
    """Return the CO2 equivalents of the kilometres driven.

    `grams`, and `routes`: `route`, `vehicle`, `grams_per_km` (of its type), `grams`, rounded to whole grams, half up.
    """
    per_km = {vehicle.id: vehicle.co2_g_per_km for vehicle in problem.vehicle_types}
    grams = [(per_km[route.vehicle_type] * route.distance_m + 500) // 1_000 for route in plan.routes]
    return {
        "grams": sum(grams),
        "routes": [
            {
                "route": number,
                "vehicle": f"{route.vehicle_type} {route.vehicle}",
                "grams_per_km": per_km[route.vehicle_type],
                "grams": gram,
            }
            for number, (route, gram) in enumerate(zip(plan.routes, grams, strict=True), 1)
        ],
    }


def _split(vehicle: VehicleType, route: Route) -> dict[str, int]:
    over = 0 if vehicle.max_duration_s is None else max(0, route.duration_s - vehicle.max_duration_s)
    exact = (
        SCALE * vehicle.cost_fixed,
        18 * vehicle.cost_per_km * route.distance_m,
        5 * vehicle.cost_per_hour * route.duration_s,
        5 * vehicle.cost_per_overtime_hour * over,
    )
    parts = [amount // SCALE for amount in exact]
    left = route.cost - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda k: -(exact[k] % SCALE))
    for k in by_loss[: max(0, left)]:
        parts[k] += 1
    return dict(zip(PARTS, parts, strict=True))
