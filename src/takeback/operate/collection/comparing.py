"""The plans of one day, side by side."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa


class CostSplit(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan's cost is made up of, in minor units: vehicles used, kilometres, hours, overtime."""

    fixed: int
    distance: int
    time: int
    overtime: int


class PlanChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A plan beside the others of its site and day. Metres, minor units, grams of CO2 equivalent, kilograms.

    - ``objective``: cost and what the orders left would have been worth; ``bound``: no plan has a smaller one; ``gap``:
      no plan is better by a larger share. They hold for the orders that were known when it was made.
    - ``revises``: the plan that it continues while the day runs; ``cause``: why (``kind``: insert, breakdown, replan).
    - ``cost_split``, ``co2_g``, ``objective``, ``made_by``: None where the plan does not say (earlier releases).
    """

    id: UUID
    made_at: datetime
    made_by: str | None
    note: str
    accepted: bool
    revises: UUID | None
    cause: dict[str, Any] | None
    distance_m: int
    baseline_m: int
    same_stops_m: int
    cost_minor: int
    cost_split: CostSplit | None
    co2_g: int | None
    routes: int
    stops: int
    tasks: int
    unserved: int
    mass_kg: int
    provenance: str
    objective: int | None
    bound: int
    gap: float
    iterations: int
    seed: int
    version: str


_PLANS = sa.text(
    """
    select p.id, p.made_at, p.distance_m, p.baseline_m, p.same_stops_m, p.routes, p.tasks, p.unserved, p.mass_kg,
           p.provenance, p.solution, a.plan_id is not null as accepted
    from plan p left join accepted_plan a on a.site_id = p.site_id and a.day = p.day and a.plan_id = p.id
    where p.site_id = :site and p.day = :day and p.kind = 'collection' order by p.made_at desc, p.id desc
    """
)


def plans_of(connection: sa.Connection, site: UUID, day: date) -> list[PlanChoice]:
    """Return all plans of a site's day, newest first: those to choose from, and what became of the accepted one."""
    return [_choice(row) for row in connection.execute(_PLANS, {"site": site, "day": day})]


def _choice(row: sa.Row[Any]) -> PlanChoice:
    said, proof = row.solution, row.solution["proof"]
    split = said.get("cost_split")
    return PlanChoice(
        id=row.id,
        made_at=row.made_at,
        made_by=said.get("made_by"),
        note=said.get("note", ""),
        accepted=row.accepted,
        revises=UUID(said["revises"]) if said.get("revises") else None,
        cause=said.get("cause"),
        distance_m=row.distance_m,
        baseline_m=row.baseline_m,
        same_stops_m=row.same_stops_m,
        cost_minor=said["cost_minor"],
        cost_split=CostSplit(**split) if split else None,
        co2_g=said.get("co2_g"),
        routes=row.routes,
        stops=sum(len(route["stops"]) for route in said["routes"]),
        tasks=row.tasks,
        unserved=row.unserved,
        mass_kg=row.mass_kg,
        provenance=row.provenance,
        objective=proof.get("objective"),
        bound=proof["bound"],
        gap=proof["gap"],
        iterations=proof["iterations"],
        seed=proof["seed"],
        version=proof["version"],
    )
