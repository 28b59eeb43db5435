"""Plans as they were stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem


class PlanLine(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in a list. Metres.

    - ``same_stops_m`` ("same stops, nearest first"): this plan's own stops, by nearest-neighbour routes.
    - ``baseline_m`` ("habit: each order on its first day"): what the habit would have driven this day, nearest first.
      It serves the same orders over the season, but not the same ones on each day: compare its sums only.
    """

    id: UUID
    kind: str
    day: date
    site_id: UUID
    site: str
    site_zh: str
    made_at: datetime
    distance_m: int
    baseline_m: int
    same_stops_m: int
    tasks: int
    routes: int
    mass_kg: int
    unserved: int


_LIST = sa.text(
    """
    select p.id, p.kind, p.day, p.site_id, s.name as site, s.name_zh as site_zh, p.made_at, p.distance_m,
           p.baseline_m, p.same_stops_m, p.tasks, p.routes, p.unserved, p.mass_kg
    from plan p join site s on s.id = p.site_id where cast(:day as date) is null or p.day = :day
    order by p.day desc, p.made_at desc limit :limit
    """
)
_ONE = sa.text(
    """
    select p.*, s.name as site, s.name_zh as site_zh, s.code, s.lat, s.lon
    from plan p join site s on s.id = p.site_id where p.id = :id
    """
)


def plans(connection: sa.Connection, *, day: date | None = None, limit: int = 120) -> list[PlanLine]:
    """Return the tenant's plans (of one day), newest day first."""
    rows = connection.execute(_LIST, {"day": day, "limit": limit})
    return [PlanLine(**dict(row._mapping)) for row in rows]


def plan(connection: sa.Connection, plan_id: UUID) -> dict[str, Any]:
    """Return a plan whole: its figures, routes with stops, what was left and the proof; ``plans.unknown`` else.

    What plans of earlier releases do not say is there as None, or follows from what they say.
    """
    row = connection.execute(_ONE, {"id": plan_id}).one_or_none()
    if row is None:
        raise Problem("plans.unknown", msg("There is no such plan."), found=plan_id, status=404)
    values = {**row._mapping}
    solution = values.pop("solution")
    del values["org_id"]
    for route in solution["routes"]:
        route["stops"] = [_stop(stop) for stop in route["stops"]]
    return {**values, **_LATER, **solution}


_LATER: dict[str, Any] = dict.fromkeys(("cost_split", "co2_g", "made_by", "revises", "cause")) | {"note": ""}


def _stop(stop: dict[str, Any]) -> dict[str, Any]:
    opens = stop["window"][0] if stop.get("window") else 0
    return {"task": stop["order"], "start_s": max(stop["arrival_s"], opens), "goods": "", "places": 0, **stop}
