"""The plan of a day: which vehicle fetches which collection orders, when, with what aboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.places import Place
from takeback.core.problem import Problem
from takeback.operate.distances import travel
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.plan.collection.check import check
from takeback.plan.collection.problem import CollectionProblem, Depot, Location, Task, VehicleType, Window
from takeback.plan.collection.solution import CollectionSolution, Route
from takeback.plan.collection.solve import solve
from takeback.plan.doors import Budget, OnProgress
from takeback.store import bulk

SERVICE_S = 15 * 60  # a stop: papers, strapping, loading (assumption)
SERVICE_PER_ITEM_S = 4 * 60
_SITE = sa.text("select id, code, name, lat, lon from site where id = :site")
_VEHICLES = sa.text("select * from vehicle where site_id = :site order by code")
_ORDERS = sa.text(
    """
    select o.id, o.number, o.window_begin, o.window_end, p.id as partner_id, p.name, p.name_zh, p.lat, p.lon,
           count(*) as items, sum(i.mass_g) as mass_g, array_agg(i.epc order by i.key) as epcs
    from takeback_order o join partner p on p.id = o.partner_id join item i on i.order_id = o.id
    where o.site_id = :site and o.kind = 'collection' and i.stage = 'ordered' and o.ordered_at < :end
      and (o.window_begin is null or o.window_begin < :end) and p.lat is not null
    group by o.id, p.id order by o.window_end nulls last, o.number
    """
)


class PlannedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A stored plan: its id and its figures. Metres; ``baseline_m`` are nearest-neighbour routes for the same
    orders."""

    id: UUID
    day: date
    distance_m: int
    baseline_m: int
    tasks: int
    unserved: int
    routes: list[dict[str, Any]]


def plan_day(
    connection: sa.Connection,
    author: Author,
    site: UUID,
    day: date,
    *,
    zone: str,
    now: datetime,
    budget: Budget,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> PlannedDay | None:
    """Plan the collection of all orders whose window has begun by ``day``; store the plan and return it, None
    without orders.

    Raises
    ------
    Problem
        ``collection.no-vehicles``, ``collection.no-place``, and the engine's explanations of what cannot be planned.
    """
    author.require("plan.make")
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    orders = connection.execute(_ORDERS, {"site": site, "end": midnight + timedelta(days=1)}).all()
    if not orders:
        return None
    depot = connection.execute(_SITE, {"site": site}).one()
    problem, provenance = _problem(connection, depot, orders, midnight)
    solution = solve(problem, budget=budget, seed=seed, on_progress=on_progress)
    if wrong := check(problem, solution):
        raise RuntimeError(f"the engine's answer fails its check: {wrong[0]}")
    facts = _facts(depot, orders, solution, day, provenance)
    body = {"type": "takeback:Planned", "takeback:step": "planned", "takeback:facts": facts}
    record(connection, author, [prove.Entry("takeback:Planned", body, now)])
    return PlannedDay(
        id=UUID(facts["id"]),
        day=day,
        distance_m=facts["distance_m"],
        baseline_m=facts["baseline_m"],
        tasks=len(orders),
        unserved=len(facts["unserved"]),
        routes=facts["routes"],
    )


def _problem(
    connection: sa.Connection, depot: sa.Row[Any], orders: Sequence[sa.Row[Any]], midnight: datetime
) -> tuple[CollectionProblem, str]:
    vehicles = connection.execute(_VEHICLES, {"site": depot.id}).all()
    if not vehicles:
        raise Problem(
            "collection.no-vehicles",
            msg("The site has no vehicles."),
            where=depot.code,
            remedy=msg("Enter its vehicles first."),
        )
    if depot.lat is None:
        raise Problem(
            "collection.no-place",
            msg("The site has no coordinates."),
            where=depot.code,
            remedy=msg("Enter where it is."),
        )
    places = [Place(depot.lat, depot.lon), *(Place(o.lat, o.lon) for o in orders)]
    way = travel(places)
    locations = [
        Location(depot.code, depot.lat, depot.lon),
        *(Location(o.number, o.lat, o.lon) for o in orders),
    ]
    problem = CollectionProblem(
        locations=tuple(locations),
        distance_m=way.distance_m,
        duration_s=way.duration_s,
        tasks=tuple(_task(order, place, midnight) for place, order in enumerate(orders, start=1)),
        depots=(Depot(depot.code, 0),),
        vehicle_types=tuple(_vehicle(row) for row in vehicles),
        load_dimensions=("kg",),
    )
    return problem, way.provenance


def _task(order: sa.Row[Any], place: int, midnight: datetime) -> Task:
    """Return an order as a task; it is optional, and dearer to leave the nearer the end of its window is."""
    left = (order.window_end - midnight).days if order.window_end else 7
    return Task(
        id=order.number,
        location=place,
        pickup=(-(-int(order.mass_g) // 1000),),
        windows=_windows(order, midnight),
        service_s=SERVICE_S + SERVICE_PER_ITEM_S * order.items,
        prize=10_000_000 // max(1, left + 1),
    )


def _windows(order: sa.Row[Any], midnight: datetime) -> tuple[Window, ...]:
    """Return the hours of the day promised; an order late already may be fetched at any hour."""
    if order.window_begin is None or order.window_end is None:
        return ()
    begin, end = (
        order.window_begin.astimezone(midnight.tzinfo),
        order.window_end.astimezone(midnight.tzinfo),
    )
    first, last = (moment.hour * 3600 + moment.minute * 60 for moment in (begin, end))
    return (Window(first, last),) if first < last else ()


def _vehicle(row: sa.Row[Any]) -> VehicleType:
    return VehicleType(
        id=row.code,
        count=row._mapping["count"],
        capacity=(row.capacity_kg,),
        shift=Window(row.shift_begin_s, row.shift_end_s),
        cost_fixed=row.cost_fixed,
        cost_per_km=row.cost_per_km,
        cost_per_hour=row.cost_per_hour,
    )


def _facts(
    depot: sa.Row[Any],
    orders: Sequence[sa.Row[Any]],
    solution: CollectionSolution,
    day: date,
    provenance: str,
) -> dict[str, Any]:
    by_number = {order.number: order for order in orders}
    return {
        "id": str(uuid7()),
        "kind": "collection",
        "day": day.isoformat(),
        "site_id": str(depot.id),
        "distance_m": solution.plan.distance_m,
        "baseline_m": solution.baseline.distance_m,
        "tasks": len(orders),
        "cost_minor": sum(route.cost for route in solution.plan.routes),
        "provenance": provenance,
        "routes": [_route(route, by_number) for route in solution.plan.routes],
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


def _route(route: Route, orders: dict[str, Any]) -> dict[str, Any]:
    return {
        "vehicle": route.vehicle_type,
        "number": route.vehicle,
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
                "pickup_kg": -(-int(orders[stop.task].mass_g) // 1000),
                "items": list(orders[stop.task].epcs),
            }
            for stop in route.stops
        ],
    }


_PLAN = (
    "org_id",
    "id",
    "kind",
    "day",
    "site_id",
    "made_at",
    "distance_m",
    "baseline_m",
    "tasks",
    "provenance",
    "solution",
)


@projects("planned")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows = []
    for fact in facts:
        plan = fact.body["takeback:facts"]
        solution = canonical_json({name: plan[name] for name in ("routes", "unserved", "proof", "cost_minor")}).decode()
        head = (
            plan["id"],
            plan["kind"],
            plan["day"],
            plan["site_id"],
            fact.event_time,
            plan["distance_m"],
            plan["baseline_m"],
        )
        rows.append((org, *head, plan["tasks"], plan["provenance"], solution))
    bulk.insert(connection, "plan", _PLAN, rows)
