"""A plan as the ledger keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import CollectionSolution, Route


def plan_facts(
    depot: sa.Row[Any],
    orders: Sequence[sa.Row[Any]],
    problem: CollectionProblem,
    solution: CollectionSolution,
    day: date,
) -> dict[str, Any]:
    """Return what the ledger keeps of a plan: figures, routes with stops, what was left and why, the proof."""
    by_number = {order.number: order for order in orders}
    return {
        "id": str(uuid7()),
        "kind": "collection",
        "day": day.isoformat(),
        "site_id": str(depot.id),
        "distance_m": solution.plan.distance_m,
        "tasks": len(orders),
        "cost_minor": sum(route.cost for route in solution.plan.routes),
        "routes": [_route(route, by_number, problem) for route in solution.plan.routes],
        "unserved": [
            {"order": u.task, "kind": u.kind, "msgid": u.reason.msgid, "params": dict(u.reason.params)}
            for u in solution.plan.unserved
        ],
        "proof": {
            "bound": solution.bound,
            "gap": solution.gap,
            "iterations": solution.iterations,
            "seed": solution.seed,
            "version": solution.version,
        },
    }


def _route(route: Route, orders: dict[str, Any], problem: CollectionProblem) -> dict[str, Any]:
    capacity = {kind.id: kind.capacity[0] for kind in problem.vehicle_types}
    windows = {task.id: list(task.windows[0]) for task in problem.tasks if task.windows}
    return {
        "vehicle": route.vehicle_type,
        "number": route.vehicle,
        "capacity_kg": capacity[route.vehicle_type],
        "departure_s": route.departure_s,
        "return_s": route.return_s,
        "distance_m": route.distance_m,
        "cost_minor": route.cost,
        "stops": [
            {
                "order": stop.task,
                "order_id": str(orders[stop.task].id),
                "partner_id": str(orders[stop.task].partner_id),
                "name": orders[stop.task].name,
                "name_zh": orders[stop.task].name_zh,
                "lat": orders[stop.task].lat,
                "lon": orders[stop.task].lon,
                "arrival_s": stop.arrival_s,
                "departure_s": stop.departure_s,
                "load_kg": stop.load[0],
                "window": windows.get(stop.task),
                "pickup_kg": -(-int(orders[stop.task].mass_g) // 1000),
                "items": list(orders[stop.task].epcs),
            }
            for stop in route.stops
        ],
    }
