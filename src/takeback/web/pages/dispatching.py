"""POST /plans/{id}/accept, /dispatch, /links, /repaired; GET drivers, sheets, files: a plan becomes a day's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import plans
from takeback.operate.collection.accepting import accept, accepted_plan, lock_day
from takeback.operate.collection.dispatching import (
    Assignment,
    DispatchedRoute,
    Phone,
    dispatch,
    dispatched,
    renew_phone,
)
from takeback.operate.identity import Actor
from takeback.operate.plan_files import FILES, plan_file
from takeback.web.console import translations
from takeback.web.console.views import DriversPage, Link, SheetsPage
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.plan_states import plan_states
from takeback.web.pages.stored_plan import routes_of, vehicle_name
from takeback.web.preferences import AnyRequest

Plan = dict[str, Any]


@post("/plans/{plan_id:uuid}/accept", sync_to_thread=True, include_in_schema=False)
def accept_plan(actor: Actor, plan_id: UUID, instead_of: UUID | None = None) -> Redirect:
    """Accept a plan; `instead_of` names the accepted one that the page showed."""
    actor.require("plan.dispatch")
    with store.transaction(actor.org_id) as connection:
        accept(connection, actor, plan_id, instead_of=instead_of)
    return see_other(f"/plans/{plan_id}")


@get("/plans/{plan_id:uuid}/drivers", sync_to_thread=True, include_in_schema=False)
def drivers(request: AnyRequest, actor: Actor, plan_id: UUID) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        view = _drivers(connection, around, actor, plans.plan(connection, plan_id))
    return page(view, around.shell)


@post("/plans/{plan_id:uuid}/dispatch", sync_to_thread=True, include_in_schema=False)
def send(request: AnyRequest, actor: Actor, plan_id: UUID, data: Form) -> Response[Any]:
    """Dispatch all routes of the accepted plan; the links are in this answer alone."""
    actor.require("plan.dispatch")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        lock_day(connection, actor.org_id, plan["site_id"], plan["day"])  # what is accepted now is what is sent
        _must_be_accepted(connection, plan)
        try:
            with connection.begin_nested():
                phones = dispatch(connection, actor, plan["site_id"], plan["day"], _assignments(plan, data))
        except Problem as problem:
            title = problem.errors[0].title if problem.errors else problem.title
            refused = replace(_drivers(connection, around, actor, plan), problem=title, remedy=problem.remedy or "")
            return page(refused, around.shell, status=problem.status)
        view = _fresh(connection, request, around, actor, plan, phones)
    return page(view, around.shell)


@post("/plans/{plan_id:uuid}/links", sync_to_thread=True, include_in_schema=False)
def renew(request: AnyRequest, actor: Actor, plan_id: UUID, data: Form) -> Response[Any]:
    """Give one route, or all, new links; the old ones end."""
    actor.require("plan.dispatch")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        lines = _named(dispatched(connection, plan["site_id"], plan["day"]), one(data, "route"), every=True)
        phones = [renew_phone(connection, actor, line.id) for line in lines]
        view = _fresh(connection, request, around, actor, plan, phones)
    return page(view, around.shell)


@post("/plans/{plan_id:uuid}/repaired", sync_to_thread=True, include_in_schema=False)
def repair(request: AnyRequest, actor: Actor, plan_id: UUID, data: Form) -> Response[Any]:
    """Send a vehicle that broke down on its way again, with what is left of its route."""
    actor.require("plan.dispatch")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        lines = dispatched(connection, plan["site_id"], plan["day"], names=True)
        again = [
            Assignment(vehicle=line.vehicle, number=line.number, driver=line.driver, plate=line.plate)
            for line in _named(lines, one(data, "route"))
        ]
        phones = dispatch(connection, actor, plan["site_id"], plan["day"], again)
        view = _fresh(connection, request, around, actor, plan, phones)
    return page(view, around.shell)


@get("/plans/{plan_id:uuid}/sheets", sync_to_thread=True, include_in_schema=False)
def sheets(request: AnyRequest, actor: Actor, plan_id: UUID) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
    site = around.name(plan["site"], plan["site_zh"])
    view = SheetsPage(id=str(plan_id), day=plan["day"], site=site, routes=routes_of(around, plan))
    return page(view, around.shell)


@get("/plans/{plan_id:uuid}/export/{ending:str}", sync_to_thread=True, include_in_schema=False)
def export(request: AnyRequest, actor: Actor, plan_id: UUID, ending: str) -> Response[bytes]:
    """Hand out a plan as a file."""
    actor.require("plan.read")
    if ending not in FILES:
        raise Problem("request.not-found", msg("There is nothing at this address."), found=ending, status=404)
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
    locale = around.shell.locale
    chinese, gettext = locale == "zh_Hans", translations(locale).gettext
    content = plan_file(plan, ending, currency=around.currency, chinese=chinese, gettext=gettext)
    name = f"{plan['site']} {plan['day']}.{ending}"
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=FILES[ending][1], headers={"content-disposition": disposition})


def _named(lines: Sequence[DispatchedRoute], route: str, *, every: bool = False) -> Sequence[DispatchedRoute]:
    """Return the route of an id, or `every` one where none is named; ``collection.no-route`` (404) when it is none."""
    if every and not route:
        return lines
    found = [line for line in lines if str(line.id) == route]
    if not found:
        raise Problem("collection.no-route", msg("There is no such route."), where="route", found=route, status=404)
    return found


def _must_be_accepted(connection: sa.Connection, plan: Plan) -> None:
    accepted = accepted_plan(connection, plan["site_id"], plan["day"])
    if accepted is None or accepted.plan_id != plan["id"]:
        raise Problem(
            "collection.none-accepted",
            msg("This plan is not the accepted one of its day."),
            remedy=msg("Accept it first."),
            status=409,
        )


def _assignments(plan: Plan, data: Mapping[str, Any]) -> list[Assignment]:
    def said(name: str, number: int) -> str | None:
        return one(dict(data), f"{name}-{number}").strip() or None

    some = one(dict(data), "which") == "unsent"  # the others keep their drivers and their links
    return [
        Assignment(vehicle=route["vehicle"], number=route["number"], driver=said("driver", k), plate=said("plate", k))
        for k, route in enumerate(plan["routes"], 1)
        if not some or f"driver-{k}" in data
    ]


def _drivers(connection: sa.Connection, around: Frame, actor: Actor, plan: Plan) -> DriversPage:
    lines = dispatched(connection, plan["site_id"], plan["day"], names=actor.may("plan.dispatch"))
    links = [_link(plan, Phone(route=line, token=""), "") for line in lines]
    return DriversPage(
        id=str(plan["id"]),
        day=plan["day"],
        site=around.name(plan["site"], plan["site_zh"]),
        routes=routes_of(around, plan),
        links=tuple(links),
        may_dispatch=actor.may("plan.dispatch"),
        accepted=_state(connection, around, plan) in {"accepted", "dispatched", "driving"},
    )


def _state(connection: sa.Connection, around: Frame, plan: Plan) -> str:
    today: date = around.now.astimezone(ZoneInfo(around.shell.timezone)).date()
    return plan_states(connection, today, plan["day"]).of(plan["id"], plan["site_id"], plan["day"])


def _fresh(
    connection: sa.Connection,
    request: AnyRequest,
    around: Frame,
    actor: Actor,
    plan: Plan,
    phones: Sequence[Phone],
) -> DriversPage:
    base = str(request.base_url).rstrip("/")
    links = tuple(_link(plan, phone, f"{base}/drive/{phone.token}") for phone in phones)
    return replace(_drivers(connection, around, actor, plan), links=links, fresh=bool(links))


def _link(plan: Plan, phone: Phone, href: str) -> Link:
    line = phone.route
    named = {"vehicle": line.vehicle, "number": line.number}
    numbers = {(route["vehicle"], route["number"]): k for k, route in enumerate(plan["routes"], 1)}
    return Link(
        route=numbers.get((line.vehicle, line.number), len(numbers) + 1),
        vehicle=vehicle_name(named),
        key=str(line.id),
        href=href,
        driver=line.driver or "",
        plate=line.plate or "",
        until=line.expires_at,
    )


HANDLERS = [accept_plan, drivers, send, renew, repair, sheets, export]
