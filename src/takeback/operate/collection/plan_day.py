"""The plan of a day: which vehicle fetches which collection orders, when, with what aboard."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.core.ids import uuid7
from takeback.operate.collection.calls import Call, calls_of
from takeback.operate.collection.day_problem import MUST, day_problem, depot_of
from takeback.operate.collection.moments import midnight_of
from takeback.operate.collection.options import AS_IT_IS, PlanningOptions
from takeback.operate.collection.plan_facts import plan_facts
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.plan.collection.baseline import nearest_neighbour
from takeback.plan.collection.check import check
from takeback.plan.collection.found import Routes
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import CollectionSolution
from takeback.plan.collection.solve import solve
from takeback.plan.doors import Budget, OnProgress
from takeback.store import bulk

_BEFORE = sa.text("select max(day) from plan where site_id = :site and kind = 'collection' and day < :day")


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


@dataclass(frozen=True, slots=True)
class DayToPlan:
    """All that a search needs of a day, read from the live orders; `provenance`: where the distances come from."""

    depot: sa.Row[Any]
    calls: list[Call]
    problem: CollectionProblem
    provenance: str
    midnight: datetime

    @property
    def day(self) -> date:
        """The day as people call it."""
        return self.midnight.date()


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
    work = day_to_plan(connection, site, day, zone)
    if work is None:
        return None
    solution = solved(work.problem, budget=budget, seed=seed, on_progress=on_progress)
    return store_plan(connection, author, work, solution, plan_id=uuid7(), now=now)


def day_to_plan(
    connection: sa.Connection, site: UUID, day: date, zone: str, options: PlanningOptions = AS_IT_IS
) -> DayToPlan | None:
    """Read what is to be planned for a day, None without orders."""
    midnight = midnight_of(day, zone)
    calls = calls_of(connection, site, midnight + timedelta(days=1))
    calls = [call for call in calls if call.number not in set(options.leave_out)]
    if not calls:
        return None
    depot = depot_of(connection, site)
    problem, provenance = day_problem(connection, depot, calls, midnight, options)
    return DayToPlan(depot, calls, problem, provenance, midnight)


def solved(
    problem: CollectionProblem,
    *,
    budget: Budget,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
    start: Routes = (),
) -> CollectionSolution:
    """Return the engine's answer, which the independent check has passed."""
    solution = solve(problem, budget=budget, seed=seed, executor=executor, on_progress=on_progress, start=start)
    if wrong := check(problem, solution):
        raise RuntimeError(f"the engine's answer fails its check: {wrong[0]}")
    return solution


def store_plan(
    connection: sa.Connection,
    author: Author,
    work: DayToPlan,
    solution: CollectionSolution,
    *,
    plan_id: UUID,
    now: datetime,
    note: str = "",
) -> PlannedDay:
    """Record the plan that a search found."""
    facts = plan_facts(plan_id, work.depot, work.calls, work.problem, solution, work.day) | {
        "provenance": work.provenance,
        "baseline_m": _habit(connection, work),
        "same_stops_m": _same_stops(work.problem, solution),
        "made_by": author.label,
        "note": note,
    }
    return record_plan(connection, author, facts, now)


def record_plan(connection: sa.Connection, author: Author, facts: dict[str, Any], now: datetime) -> PlannedDay:
    """Append a plan to the ledger."""
    body = {"type": "takeback:Planned", "takeback:step": "planned", "takeback:facts": facts}
    record(connection, author, [prove.Entry("takeback:Planned", body, now)])
    return PlannedDay(
        id=UUID(facts["id"]),
        day=date.fromisoformat(facts["day"]),
        distance_m=facts["distance_m"],
        baseline_m=facts["baseline_m"],
        tasks=facts["tasks"],
        unserved=len(facts["unserved"]),
        routes=facts["routes"],
    )


def _habit(connection: sa.Connection, work: DayToPlan) -> int:
    """Return the metres of the usual habit: fetch each order on the first day that its window is open, nearest first.

    Over a season the habit serves the same orders as the plans, each of them once.
    """
    planned_before = connection.scalar(_BEFORE, {"site": work.depot.id, "day": work.day})
    since = (
        datetime.combine(planned_before, time(), work.midnight.tzinfo) + timedelta(days=1) if planned_before else None
    )
    new = [o for o in work.calls if since is None or o.window_begin is None or o.window_begin >= since]
    if not new:
        return 0
    problem, _ = day_problem(connection, work.depot, new, work.midnight)
    return nearest_neighbour(_all_today(problem)).distance_m


def _same_stops(problem: CollectionProblem, solution: CollectionSolution) -> int:
    """Return the metres of nearest-neighbour routes over the stops of the plan, 0 if they do not reach all."""
    served = {stop.task for route in solution.plan.routes for stop in route.stops}
    today = replace(problem, tasks=tuple(task for task in problem.tasks if task.id in served))
    habit = nearest_neighbour(_all_today(today))
    return 0 if habit.unserved else habit.distance_m


def _all_today(problem: CollectionProblem) -> CollectionProblem:
    return replace(problem, tasks=tuple(replace(task, prize=MUST) for task in problem.tasks))


_SAME_NAME = ("id", "kind", "day", "site_id", "distance_m", "baseline_m", "same_stops_m", "tasks", "provenance")
_IN_SOLUTION = ("routes", "unserved", "proof", "cost_minor")
_LATER = ("cost_split", "co2_g", "made_by", "note", "revises", "cause")  # what plans of earlier releases do not say
_PLAN = ("org_id", "made_at", *_SAME_NAME, "unserved", "routes", "mass_kg", "solution")


@projects("planned")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    bulk.insert(connection, "plan", _PLAN, [(org, *_row(fact)) for fact in facts])


def _row(fact: Fact) -> tuple[object, ...]:
    plan = fact.body["takeback:facts"]
    stops = [stop for route in plan["routes"] for stop in route["stops"]]
    counts = (len(plan["unserved"]), len(plan["routes"]), sum(stop["pickup_kg"] for stop in stops))
    kept = {name: plan[name] for name in _IN_SOLUTION} | {name: plan[name] for name in _LATER if name in plan}
    return (fact.event_time, *(plan[name] for name in _SAME_NAME), *counts, canonical_json(kept).decode())
