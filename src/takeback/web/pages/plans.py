"""GET /plans, GET /plans/{id}: collection days with routes, loads and times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get
from msgspec import structs

from takeback import store
from takeback.core.message import Message, msg
from takeback.operate import plans
from takeback.operate.identity import Actor
from takeback.web.console.formats import money_of
from takeback.web.console.phrases import phrase
from takeback.web.console.views import Landmark, PlanPage, PlanRow, PlansPage, Route, Stop, Unserved
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import page
from takeback.web.preferences import AnyRequest

KG_CO2_PER_KM = 0.62  # rigid lorry of 7.5 to 12 t, average load (assumption near DEFRA 2024)

_LANDMARKS = sa.text(
    """
    select name, name_zh, lat, lon from site where id <> :site and lat is not null
    union
    select name, name_zh, lat, lon from partner where lat is not null and kind in ('second_life_maker', 'recycler')
    """
)


@get("/plans", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        rows = tuple(
            PlanRow(
                id=str(p.id),
                day=p.day,
                site=around.name(p.site, p.site_zh),
                routes=p.routes,
                stops=p.tasks - p.unserved,
                km=p.distance_m / 1000,
                mass_kg=p.mass_kg,
                km_same_stops=p.same_stops_m / 1000,
                km_habit=p.baseline_m / 1000,
            )
            for p in plans.plans(connection)
        )
    return page(PlansPage(rows=rows), around.shell)


@get("/plans/{plan_id:uuid}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, plan_id: UUID) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        marks = connection.execute(_LANDMARKS, {"site": plan["site_id"]}).all()
    landmarks = tuple(Landmark(name=around.name(m.name, m.name_zh), lat=m.lat, lon=m.lon) for m in marks)
    return page(_view(around, plan, landmarks), around.shell)


def _view(around: Frame, plan: dict[str, Any], landmarks: tuple[Landmark, ...]) -> PlanPage:
    midnight = datetime.combine(plan["day"], time(), ZoneInfo(around.shell.timezone))
    proof = plan["proof"]
    return PlanPage(
        id=str(plan["id"]),
        day=plan["day"],
        site=around.name(plan["site"], plan["site_zh"]),
        routes=tuple(_route(around, plan, route, number, midnight) for number, route in enumerate(plan["routes"], 1)),
        km=plan["distance_m"] / 1000,
        km_same_stops=plan["same_stops_m"] / 1000 or None,
        km_habit=plan["baseline_m"] / 1000,
        cost=around.money(plan["cost_minor"]),
        co2_kg=plan["distance_m"] / 1000 * KG_CO2_PER_KM,
        checked=True,
        landmarks=landmarks,
        bound=around.money(proof["bound"]),
        gap=proof["gap"],
        solver=msg("{version}, {iterations} iterations", version=proof["version"], iterations=proof["iterations"]),
        unserved=tuple(
            Unserved(name=left["order"], reason=Message(left["msgid"], _amounts(around, left["params"])))
            for left in plan["unserved"]
        ),
    )


def _amounts(around: Frame, params: dict[str, Any]) -> dict[str, Any]:
    """Return what a reason says with its amounts as money: the planner writes them as numbers of yuan, euros, …"""
    amounts = {"extra", "prize"} & params.keys()
    return params | {name: money_of(float(str(params[name]).split()[0]), around.currency) for name in amounts}


def _route(around: Frame, plan: dict[str, Any], route: dict[str, Any], number: int, midnight: datetime) -> Route:
    def at(seconds: int) -> datetime:
        return midnight + timedelta(seconds=seconds)

    depot = {
        "name": around.name(plan["site"], plan["site_zh"]),
        "lat": plan["lat"],
        "lon": plan["lon"],
        "kind": "depot",
    }
    calls = [
        Stop(
            name=around.name(stop["name"], stop["name_zh"]),
            lat=stop["lat"],
            lon=stop["lon"],
            kind="pickup",
            arrive=at(stop["arrival_s"]),
            leave=at(stop["departure_s"]),
            mass_kg=stop["pickup_kg"],
            load_kg=stop["load_kg"],
            items=len(stop["items"]),
            opens=at(stop["window"][0]) if stop.get("window") else None,
            closes=at(stop["window"][1]) if stop.get("window") else None,
        )
        for stop in route["stops"]
    ]
    begin = Stop(**depot, arrive=at(route["departure_s"]), leave=at(route["departure_s"]))
    load = calls[-1].load_kg if calls else 0.0
    end = Stop(**depot, arrive=at(route["return_s"]), leave=at(route["return_s"]), mass_kg=-load)
    return Route(
        number=number,
        vehicle=phrase(f"{route['vehicle']} {route['number']}"),
        capacity_kg=route["capacity_kg"],
        km=route["distance_m"] / 1000,
        stops=(begin, *_joined(calls), end),
    )


def _joined(calls: Sequence[Stop]) -> Iterator[Stop]:
    """Yield the stops of a route, what is fetched at one place in one visit as one of them."""
    for _, visit in groupby(calls, key=lambda stop: (stop.name, stop.lat, stop.lon)):
        parts = list(visit)
        yield structs.replace(
            parts[-1],
            arrive=parts[0].arrive,
            mass_kg=sum(part.mass_kg for part in parts),
            items=sum(part.items for part in parts),
            opens=max((part.opens for part in parts if part.opens), default=None),
            closes=min((part.closes for part in parts if part.closes), default=None),
        )


HANDLERS = [index, show]
