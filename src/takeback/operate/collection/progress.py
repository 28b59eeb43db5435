"""How a day goes: what was planned against what happened and what is to be expected, and which promises are late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback.operate import clock
from takeback.operate.collection.accepting import plan_to_drive
from takeback.operate.collection.confirmations import ConfirmedStop, confirmed_stops
from takeback.operate.collection.dispatching import DispatchedRoute, dispatched
from takeback.operate.collection.following import Expected, Followed, follow
from takeback.operate.identity.organisations import organisation
from takeback.plan.collection.parts import Location


class StopProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A stop as planned and as it is. `expected_*`: what happened where `outcome` is given, else what is foreseen.

    `late`: service begins after `promised_until`. Masses in grams.
    """

    task: str
    order: str
    name: str
    name_zh: str
    lat: float
    lon: float
    promised_from: datetime | None
    promised_until: datetime | None
    planned_arrival: datetime
    planned_departure: datetime
    expected_arrival: datetime
    expected_departure: datetime
    outcome: str | None
    reason: str | None
    declared_g: int
    weight_g: int | None
    fixed: bool
    late: bool


class RouteProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A route as planned and as it is; `delay_s`: by how much later it is back than planned (negative: earlier)."""

    vehicle: str
    number: int
    route_id: UUID | None
    driver: str | None
    plate: str | None
    broken_at: datetime | None
    planned_departure: datetime
    planned_return: datetime
    expected_return: datetime
    delay_s: int
    started: bool
    done: int
    failed: int
    open: int
    late: int
    stops: list[StopProgress]


class DayProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A day as it is at a moment; numbers of stops."""

    site_id: UUID
    day: date
    plan_id: UUID
    at: datetime
    done: int
    failed: int
    open: int
    late: int
    routes: list[RouteProgress]


def plan_progress(
    connection: sa.Connection, org: UUID, site: UUID, day: date, *, now: datetime | None = None, names: bool = False
) -> DayProgress:
    """Return how the accepted plan of a site's day goes; ``collection.none-accepted`` (409) when there is none.

    With `names` of drivers, for those who may see them.
    """
    now = now or clock.now(connection, org)
    plan = plan_to_drive(connection, site, day)
    midnight = datetime.combine(day, time(), ZoneInfo(organisation(connection, org).time_zone))
    lines = {(line.vehicle, line.number): line for line in dispatched(connection, site, day, names=names)}
    said = latest_of(confirmed_stops(connection, site, day))
    routes = []
    for followed in followed_routes(plan, lines, said, midnight, now):
        name = (followed.route["vehicle"], followed.route["number"])
        routes.append(_route(followed, lines.get(name), said, midnight))
    counts = {name: sum(getattr(route, name) for route in routes) for name in ("done", "failed", "open", "late")}
    return DayProgress(site_id=site, day=day, plan_id=plan["id"], at=now, routes=routes, **counts)


def latest_of(confirmations: Sequence[ConfirmedStop]) -> dict[str, ConfirmedStop]:
    """Return the last word on each stop."""
    return {one.task: one for one in confirmations}


def followed_routes(
    plan: Mapping[str, Any],
    lines: Mapping[tuple[str, int], DispatchedRoute],
    said: Mapping[str, ConfirmedStop],
    midnight: datetime,
    now: datetime,
    *,
    until: datetime | None = None,
) -> list[Followed]:
    """Return each route of a plan as it goes at a moment; see `following.follow`."""
    depot = Location(plan["code"], plan["lat"], plan["lon"])
    now_s, until_s = seconds(midnight, now), seconds(midnight, until or now)
    times = {task: seconds(midnight, one.at) for task, one in said.items()}
    return [
        follow(route, depot, times, now_s, under_way=(route["vehicle"], route["number"]) in lines, until_s=until_s)
        for route in plan["routes"]
    ]


def seconds(midnight: datetime, moment: datetime) -> int:
    """Return a moment as seconds since midnight, on the clock of the day's place."""
    return round((moment.astimezone(midnight.tzinfo) - midnight).total_seconds())


def _route(
    followed: Followed, line: DispatchedRoute | None, said: Mapping[str, ConfirmedStop], midnight: datetime
) -> RouteProgress:
    route = followed.route
    stops = [_stop(one, k < followed.fixed, said, midnight) for k, one in enumerate(followed.stops)]
    broken = line.broken_at if line else None
    return RouteProgress(
        vehicle=route["vehicle"],
        number=route["number"],
        route_id=line.id if line else None,
        driver=line.driver if line else None,
        plate=line.plate if line else None,
        broken_at=broken,
        planned_departure=midnight + timedelta(seconds=route["departure_s"]),
        planned_return=midnight + timedelta(seconds=route["return_s"]),
        expected_return=midnight + timedelta(seconds=followed.return_s),
        delay_s=followed.return_s - route["return_s"],
        started=followed.started,
        done=sum(one.outcome in {"done", "partly"} for one in stops),
        failed=sum(one.outcome == "failed" for one in stops),
        open=sum(one.outcome is None for one in stops),
        late=sum(one.late for one in stops),
        stops=stops,
    )


def _stop(one: Expected, fixed: bool, said: Mapping[str, ConfirmedStop], midnight: datetime) -> StopProgress:
    def at(moment_s: int) -> datetime:
        return midnight + timedelta(seconds=moment_s)

    stop, confirmed = one.stop, said.get(one.stop["task"]) if one.confirmed else None
    window = stop.get("window")
    return StopProgress(
        task=stop["task"],
        order=stop["order"],
        name=stop["name"],
        name_zh=stop["name_zh"],
        lat=stop["lat"],
        lon=stop["lon"],
        promised_from=at(window[0]) if window else None,
        promised_until=at(window[1]) if window else None,
        planned_arrival=at(stop["arrival_s"]),
        planned_departure=at(stop["departure_s"]),
        expected_arrival=at(one.arrival_s),
        expected_departure=at(one.departure_s),
        outcome=confirmed.outcome if confirmed else None,
        reason=confirmed.reason if confirmed else None,
        declared_g=confirmed.declared_g if confirmed else stop["pickup_kg"] * 1000,
        weight_g=confirmed.weight_g if confirmed else None,
        fixed=fixed,
        late=one.late,
    )
