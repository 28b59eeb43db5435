"""The plan of a day: which vehicle fetches which collection orders, when, with what aboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.operate.collection.day_problem import MUST, day_problem
from takeback.operate.collection.plan_facts import plan_facts
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.plan.collection.baseline import nearest_neighbour
from takeback.plan.collection.check import check
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import CollectionSolution
from takeback.plan.collection.solve import solve
from takeback.plan.doors import Budget, OnProgress
from takeback.store import bulk

_SITE = sa.text("select id, code, name, lat, lon from site where id = :site")
_BEFORE = sa.text("select max(day) from plan where site_id = :site and kind = 'collection' and day < :day")
_ORDERS = sa.text(
    """
    select o.id, o.number, o.window_begin, o.window_end, p.id as partner_id, p.name, p.name_zh, p.lat, p.lon,
           count(*) as items, sum(i.mass_g) as mass_g, array_agg(i.epc order by i.key) as epcs
    from takeback_order o join partner p on p.id = o.partner_id join item i on i.order_number = o.number
    where o.site_id = :site and o.kind = 'collection' and i.stage = 'ordered' and o.ordered_at < :end
      and (o.window_begin is null or o.window_begin < :end) and p.lat is not null
    group by o.org_id, o.id, p.org_id, p.id order by o.window_end nulls last, o.number
    """
)


class PlannedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A stored plan: its id and its figures. Metres; ``baseline_m``: the habit of fetching each order on its first
    day, nearest first, this day's share of it."""

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
    problem, provenance = day_problem(connection, depot, orders, midnight)
    solution = solve(problem, budget=budget, seed=seed, on_progress=on_progress)
    if wrong := check(problem, solution):
        raise RuntimeError(f"the engine's answer fails its check: {wrong[0]}")
    facts = plan_facts(depot, orders, problem, solution, day) | {
        "provenance": provenance,
        "baseline_m": _habit(connection, depot, orders, midnight),
        "same_stops_m": _same_stops(problem, solution),
    }
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


def _habit(connection: sa.Connection, depot: sa.Row[Any], orders: Sequence[sa.Row[Any]], midnight: datetime) -> int:
    """Return the metres of the usual habit: fetch each order on the first day that its window is open, nearest first.

    Over a season the habit serves the same orders as the plans, each of them once.
    """
    planned_before = connection.scalar(_BEFORE, {"site": depot.id, "day": midnight.date()})
    since = datetime.combine(planned_before, time(), midnight.tzinfo) + timedelta(days=1) if planned_before else None
    new = [o for o in orders if since is None or o.window_begin is None or o.window_begin >= since]
    if not new:
        return 0
    problem, _ = day_problem(connection, depot, new, midnight)
    return nearest_neighbour(_all_today(problem)).distance_m


def _same_stops(problem: CollectionProblem, solution: CollectionSolution) -> int:
    """Return the metres of nearest-neighbour routes over the stops that the plan makes today."""
    served = {stop.task for route in solution.plan.routes for stop in route.stops}
    today = replace(problem, tasks=tuple(task for task in problem.tasks if task.id in served))
    return nearest_neighbour(_all_today(today)).distance_m if served else 0


def _all_today(problem: CollectionProblem) -> CollectionProblem:
    return replace(problem, tasks=tuple(replace(task, prize=MUST) for task in problem.tasks))


_SAME_NAME = ("id", "kind", "day", "site_id", "distance_m", "baseline_m", "same_stops_m", "tasks", "provenance")
_IN_SOLUTION = ("routes", "unserved", "proof", "cost_minor")
_PLAN = ("org_id", "made_at", *_SAME_NAME, "unserved", "routes", "mass_kg", "solution")


@projects("planned")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    bulk.insert(connection, "plan", _PLAN, [(org, *_row(fact)) for fact in facts])


def _row(fact: Fact) -> tuple[object, ...]:
    plan = fact.body["takeback:facts"]
    stops = [stop for route in plan["routes"] for stop in route["stops"]]
    counts = (len(plan["unserved"]), len(plan["routes"]), sum(stop["pickup_kg"] for stop in stops))
    solution = canonical_json({name: plan[name] for name in _IN_SOLUTION}).decode()
    return (fact.event_time, *(plan[name] for name in _SAME_NAME), *counts, solution)
