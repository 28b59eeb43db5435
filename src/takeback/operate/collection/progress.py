"""How a day goes: what was planned against what happened and what is to be expected, and which promises are late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.collection.accepting import plan_to_drive
from takeback.operate.collection.confirmations import ConfirmedStop, confirmed_stops
from takeback.operate.collection.dispatching import DispatchedRoute, dispatched
from takeback.operate.collection.following import Expected, Followed, follow
from takeback.operate.collection.moments import is_day
from takeback.operate.identity.organisations import organisation
from takeback.plan.collection.parts import Location

Name = tuple[str, int]
"""A vehicle: the code of its type, and its number among them."""


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

    With `names` of drivers, for those who may see them. ``collection.bad-moment`` for a moment without its offset from
    UTC, or that nobody can mean.
    """
    if now is not None and (now.tzinfo is None or not is_day(now.date())):
        expected = msg("a time with its offset from UTC, as {example}", example="2026-11-20T09:30:00+08:00")
        title = msg("Nobody can tell how a day goes then.")
        raise Problem("collection.bad-moment", title, where="at", found=now.isoformat(), expected=expected)
    now = now or clock.now(connection, org)
    plan = plan_to_drive(connection, site, day)
    midnight = datetime.combine(day, time(), ZoneInfo(organisation(connection, org).time_zone))
    lines = {(line.vehicle, line.number): line for line in dispatched(connection, site, day, names=names)}
    said = standing(plan, lines, confirmed_stops(connection, site, day))
    routes = []
    for followed in followed_routes(plan, lines, said, midnight, now):
        name = (followed.route["vehicle"], followed.route["number"])
        routes.append(_route(followed, lines.get(name), said, midnight))
    counts = {name: sum(getattr(route, name) for route in routes) for name in ("done", "failed", "open", "late")}
    return DayProgress(site_id=site, day=day, plan_id=plan["id"], at=now, routes=routes, **counts)


def latest_of(confirmations: Sequence[ConfirmedStop]) -> dict[str, ConfirmedStop]:
    """Return the last word on each stop, with what was fetched there in all.

    Done is done: phones that were offline tell late, and out of turn, that a stop had failed before.
    """
    found: dict[str, ConfirmedStop] = {}
    for one in confirmations:
        found[one.task] = _together(found[one.task], one) if one.task in found else one
    return found


def standing(
    plan: Mapping[str, Any], lines: Mapping[Name, DispatchedRoute], confirmations: Sequence[ConfirmedStop]
) -> dict[str, ConfirmedStop]:
    """Return the last word on each stop as far as it counts for a plan: that a vehicle could not fetch something says
    nothing once another is sent for it."""
    has = {stop["task"]: _name(route) for route in plan["routes"] for stop in route["stops"]}
    names = {line.id: name for name, line in lines.items()}
    return latest_of(
        [
            one
            for one in confirmations
            if one.outcome != "failed" or has.get(one.task) in {None, names.get(one.route_id)}
        ]
    )


def _together(before: ConfirmedStop, one: ConfirmedStop) -> ConfirmedStop:
    weighed = [part.weight_g for part in (before, one) if part.weight_g is not None]
    weight = sum(part.fetched_g if part.weight_g is None else part.weight_g for part in (before, one))
    return msgspec.structs.replace(
        before if before.outcome == "done" else one,
        weight_g=weight if weighed else None,
        declared_g=max(before.declared_g, one.declared_g),
        fetched_g=before.fetched_g + one.fetched_g,
        collected=before.collected + one.collected,
        remaining=min(before.remaining, one.remaining),
    )


def followed_routes(
    plan: Mapping[str, Any],
    lines: Mapping[Name, DispatchedRoute],
    said: Mapping[str, ConfirmedStop],
    midnight: datetime,
    now: datetime,
    *,
    until: datetime | None = None,
) -> list[Followed]:
    """Return each route of a plan as it goes at a moment; see `following.follow`.

    What a driver confirmed of a stop that the plan has given to another since, he has aboard: it is of his route.
    """
    depot = Location(plan["code"], plan["lat"], plan["lon"])
    now_s, until_s = seconds(midnight, now), seconds(midnight, until or now)
    times = {task: seconds(midnight, one.at) for task, one in said.items()}
    made: dict[Name, list[Mapping[str, Any]]] = {_name(route): [] for route in plan["routes"]}
    gone: set[str] = set()
    names = {line.id: name for name, line in lines.items() if name in made}
    for route in plan["routes"]:
        for stop in route["stops"]:
            by = names.get(said[stop["task"]].route_id) if stop["task"] in said else None
            if by is not None and by != _name(route):
                made[by].append(stop)
                gone.add(stop["task"])
    return [
        follow(
            route,
            depot,
            times,
            now_s,
            under_way=_name(route) in lines,
            until_s=until_s,
            besides=made[_name(route)],
            gone=gone,
        )
        for route in plan["routes"]
    ]


def _name(route: Mapping[str, Any]) -> Name:
    return route["vehicle"], route["number"]


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
