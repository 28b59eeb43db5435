"""A plan as the ledger keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message
from takeback.operate.collection.calls import Call
from takeback.plan.collection.figures import cost_split
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import CollectionSolution, Route, Stop, Unserved

COSTS = ("fixed", "distance", "time", "overtime")
"""What the cost of a route is made up of."""


def plan_facts(
    plan_id: UUID,
    depot: sa.Row[Any],
    calls: Sequence[Call],
    problem: CollectionProblem,
    solution: CollectionSolution,
    day: date,
) -> dict[str, Any]:
    """Return what the ledger keeps of a plan: figures, routes with stops, what was left and why, the proof."""
    by_task = {call.task: call for call in calls}
    splits: Any = cost_split(problem, solution.plan)["routes"]
    routes = [
        route_facts(route, by_task, problem, {kind: split[kind] for kind in COSTS})
        for route, split in zip(solution.plan.routes, splits, strict=True)
    ]
    return {
        "id": str(plan_id),
        "kind": "collection",
        "day": day.isoformat(),
        "site_id": str(depot.id),
        "distance_m": solution.plan.distance_m,
        "tasks": len(calls),
        **sums_of(routes),
        "routes": routes,
        "unserved": unserved_facts(solution.plan.unserved, by_task),
        "proof": proof_facts(solution),
    }


def sums_of(routes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the cost of all routes, how it is made up (minor units), and the grams of CO2 equivalent."""
    return {
        "cost_minor": sum(route["cost_minor"] for route in routes),
        "cost_split": {kind: sum(route["cost_split"][kind] for route in routes) for kind in COSTS},
        "co2_g": sum(route["co2_g"] for route in routes),
    }


def unserved_facts(unserved: Sequence[Unserved], calls: dict[str, Call]) -> list[dict[str, Any]]:
    """Return what is left, and why."""
    return [
        {
            "order": calls[one.task].number,
            "name": calls[one.task].name,
            "name_zh": calls[one.task].name_zh,
            "task": one.task,
            "kind": one.kind,
            "msgid": one.reason.msgid,
            "params": stored(one.reason),
        }
        for one in unserved
    ]


def stored(message: Message) -> dict[str, Any]:
    """Return what stands in a message's places, messages within it by their own sentence and places."""
    return {
        name: {"msgid": value.msgid, "params": stored(value)} if isinstance(value, Message) else value
        for name, value in message.params.items()
    }


def proof_facts(solution: CollectionSolution) -> dict[str, Any]:
    """Return what shows how good a plan is: objective, bound, gap, and what it took."""
    return {
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "iterations": solution.iterations,
        "seed": solution.seed,
        "version": solution.version,
    }


def route_facts(
    route: Route, calls: dict[str, Call], problem: CollectionProblem, split: dict[str, int]
) -> dict[str, Any]:
    """Return one vehicle's day: times in seconds since midnight, loads in kilograms and, if counted, pallet places."""
    vehicle = next(kind for kind in problem.vehicle_types if kind.id == route.vehicle_type)
    windows = {task.id: list(task.windows[0]) for task in problem.tasks if task.windows}
    return {
        "vehicle": route.vehicle_type,
        "number": route.vehicle,
        "capacity_kg": vehicle.capacity[0],
        **({"capacity_places": vehicle.capacity[1]} if len(vehicle.capacity) > 1 else {}),
        "departure_s": route.departure_s,
        "return_s": route.return_s,
        "distance_m": route.distance_m,
        "cost_minor": route.cost,
        "cost_split": split,
        "co2_g": round(vehicle.co2_g_per_km * route.distance_m / 1000),
        "breaks": [[one.after, one.start_s, one.end_s] for one in route.breaks],
        "stops": [stop_facts(stop, calls[stop.task], windows.get(stop.task)) for stop in route.stops],
    }


def stop_facts(stop: Stop, call: Call, window: list[int] | None) -> dict[str, Any]:
    """Return one stop with what is fetched there; `load_kg`, `load_places` are aboard on leaving."""
    return {
        "order": call.number,
        "task": call.task,
        "order_id": str(call.id),
        "partner_id": str(call.partner_id),
        "partner": call.partner,
        "name": call.name,
        "name_zh": call.name_zh,
        "lat": call.lat,
        "lon": call.lon,
        "arrival_s": stop.arrival_s,
        "start_s": stop.start_s,
        "departure_s": stop.departure_s,
        "load_kg": stop.load[0],
        **({"load_places": stop.load[1]} if len(stop.load) > 1 else {}),
        "window": window,
        "goods": call.goods,
        "pickup_kg": -(-call.mass_g // 1000),
        "places": call.places,
        "items": list(call.epcs),
    }
