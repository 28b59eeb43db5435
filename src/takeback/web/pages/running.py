"""GET /plans/{id}/running, POST /plans/{id}/insert, /breakdown, /replan: the day as it runs, and what changes it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock, plans
from takeback.operate.collection.accepting import accepted_plan
from takeback.operate.collection.calls import calls_of
from takeback.operate.collection.progress import DayProgress, RouteProgress, StopProgress, plan_progress
from takeback.operate.collection.revising import Placed, Placing, breakdown, insert_pickup, replan
from takeback.operate.collection.running import rest_of
from takeback.operate.identity import Actor
from takeback.web.console.views import Candidate, Insertion, Route, RunningPage, Stop
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.plans import day_href, landmarks
from takeback.web.pages.stored_plan import depot_of, vehicle_name
from takeback.web.preferences import AnyRequest

REPLAN_S = 20.0
Plan = dict[str, Any]


@get("/plans/{plan_id:uuid}/running", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, plan_id: UUID, insert: str = "") -> Response[Any] | Redirect:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        accepted = accepted_plan(connection, plan["site_id"], plan["day"])
        if accepted is not None and accepted.plan_id != plan_id:
            return see_other(f"/plans/{accepted.plan_id}/running")
        view = _view(connection, around, actor, plan)
        if insert:
            view = _asked(connection, around, actor, plan, view, insert)
    return page(view, around.shell)


@post("/plans/{plan_id:uuid}/insert", sync_to_thread=True, include_in_schema=False)
def insert_order(request: AnyRequest, actor: Actor, plan_id: UUID, data: Form) -> Response[Any] | Redirect:
    actor.require("plan.make")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        try:
            with connection.begin_nested():
                revised = insert_pickup(connection, actor, plan["site_id"], plan["day"], one(data, "order"))
        except Problem as problem:
            return _refused(connection, around, actor, plan, problem)
    return see_other(f"/plans/{revised.plan_id}/running")


@post("/plans/{plan_id:uuid}/breakdown", sync_to_thread=True, include_in_schema=False)
def break_down(request: AnyRequest, actor: Actor, plan_id: UUID, data: Form) -> Response[Any] | Redirect:
    actor.require("plan.dispatch")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        try:
            with connection.begin_nested():
                revised = breakdown(connection, actor, _id(one(data, "route")), note=one(data, "reason")[:400])
        except Problem as problem:
            return _refused(connection, around, actor, plan, problem)
    return see_other(f"/plans/{revised.plan_id}/running")


@post("/plans/{plan_id:uuid}/replan", sync_to_thread=True, include_in_schema=False)
def plan_rest(actor: Actor, plan_id: UUID) -> Redirect:
    actor.require("plan.make")
    with store.transaction(actor.org_id) as connection:
        plan = plans.plan(connection, plan_id)
        replan(connection, actor, plan["site_id"], plan["day"], seconds=REPLAN_S)
    return see_other(day_href(plan))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem("collection.no-route", msg("There is no such route."), found=text, status=404) from None


def _refused(connection: sa.Connection, around: Frame, actor: Actor, plan: Plan, problem: Problem) -> Response[Any]:
    """Show the day with what stood in the way; where there is no such day, the problem alone."""
    if problem.status == 404:
        raise problem
    view = replace(_view(connection, around, actor, plan), problem=problem.title, remedy=problem.remedy or "")
    return page(view, around.shell, status=problem.status)


def _view(connection: sa.Connection, around: Frame, actor: Actor, plan: Plan) -> RunningPage:
    names = actor.may("plan.dispatch")
    goes = plan_progress(connection, actor.org_id, plan["site_id"], plan["day"], names=names)
    planned = {(route["vehicle"], route["number"]): route for route in plan["routes"]}
    return RunningPage(
        id=str(plan["id"]),
        day=plan["day"],
        site=around.name(plan["site"], plan["site_zh"]),
        routes=tuple(
            _route(around, plan, planned.get((route.vehicle, route.number), {}), route, number)
            for number, route in enumerate(goes.routes, 1)
        ),
        now=goes.at,
        landmarks=landmarks(connection, around, plan["site_id"]),
        candidates=_candidates(connection, around, plan, goes),
        may_change=actor.may("plan.dispatch") and actor.may("plan.make"),
    )


def _route(around: Frame, plan: Plan, planned: Plan, route: RouteProgress, number: int) -> Route:
    depot = depot_of(around, plan)
    stops, load = [], 0.0
    for one_stop in route.stops:
        load += 0.0 if one_stop.outcome == "failed" else _kg(one_stop)
        stops.append(_stop(around, one_stop, load))
    begin = Stop(**depot, arrive=route.planned_departure, leave=route.planned_departure)
    end = Stop(**depot, arrive=route.expected_return, leave=route.expected_return, mass_kg=-load)
    return Route(
        number=number,
        vehicle=vehicle_name({"vehicle": route.vehicle, "number": route.number}),
        capacity_kg=planned.get("capacity_kg", 0),
        km=planned.get("distance_m", 0) / 1000,
        stops=(begin, *stops, end),
        key=str(route.route_id or ""),
        broken=route.broken_at is not None,
    )


def _kg(stop: StopProgress) -> float:
    return (stop.weight_g if stop.weight_g is not None else stop.declared_g) / 1000


def _stop(around: Frame, stop: StopProgress, load: float) -> Stop:
    opens = stop.promised_from
    return Stop(
        name=around.name(stop.name, stop.name_zh),
        lat=stop.lat,
        lon=stop.lon,
        kind="pickup",
        arrive=stop.expected_arrival,
        begin=max(stop.expected_arrival, opens) if opens and stop.outcome is None else stop.expected_arrival,
        leave=stop.expected_departure,
        mass_kg=_kg(stop),
        load_kg=load,
        opens=opens,
        closes=stop.promised_until,
        orders=(stop.order,),
        done=stop.expected_departure if stop.outcome in {"done", "partly"} else None,
        failed=stop.outcome == "failed",
    )


def _candidates(connection: sa.Connection, around: Frame, plan: Plan, goes: DayProgress) -> tuple[Candidate, ...]:
    """Return the orders that may be fetched this day and are in no route."""
    midnight = datetime.combine(plan["day"], time(), ZoneInfo(around.shell.timezone))
    taken = {stop.order for route in goes.routes for stop in route.stops}
    found: dict[str, Candidate] = {}
    for call in calls_of(connection, plan["site_id"], midnight + timedelta(days=1)):
        if call.number in taken:
            continue
        before = found.get(call.number)
        found[call.number] = Candidate(
            order=call.number,
            name=around.name(call.name, call.name_zh),
            mass_kg=call.mass_g / 1000 + (before.mass_kg if before else 0.0),
            items=call.items + (before.items if before else 0),
            closes=call.window_end,
        )
    return tuple(found.values())


def _asked(
    connection: sa.Connection, around: Frame, actor: Actor, plan: Plan, view: RunningPage, order: str
) -> RunningPage:
    """Return the page with the cheapest place of an order; nothing is changed yet."""
    candidate = next((one_of for one_of in view.candidates if one_of.order == order), None)
    if candidate is None or not view.may_change:
        return view
    now = clock.now(connection, actor.org_id)
    rest = rest_of(connection, actor.org_id, plan["site_id"], plan["day"], now=now, numbers=[order])
    placing = Placing(rest)
    placed = [placing.place(call.task) for call in rest.calls if call.number == order]
    if not placed or None in placed:
        return replace(
            view, problem=msg("{order} fits on no vehicle any more today: room, hours or what is aboard.", order=order)
        )
    return replace(view, insertion=_insertion(around, view, candidate, [one_of for one_of in placed if one_of]))


def _insertion(around: Frame, view: RunningPage, candidate: Candidate, placed: list[Placed]) -> Insertion:
    first = placed[0]
    name = vehicle_name({"vehicle": first.vehicle, "number": first.number})
    route = next((route for route in view.routes if route.vehicle == name), None)
    before = route.calls[first.place - 2].name if route and 2 <= first.place <= len(route.calls) + 1 else view.site
    return Insertion(
        order=candidate.order,
        name=candidate.name,
        vehicle=name,
        behind=before,
        arrive=first.expected,
        extra_km=sum(one_of.extra_m for one_of in placed) / 1000,
        extra_cost=around.money(sum(one_of.extra_cost_minor for one_of in placed)),
    )


HANDLERS = [show, insert_order, break_down, plan_rest]
