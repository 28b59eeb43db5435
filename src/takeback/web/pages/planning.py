"""GET and POST /plans/day, GET /plans/jobs/{id}, POST /plans/jobs/{id}/cancel: a day is planned, and watched."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import jobs
from takeback.operate.collection.calls import calls_of
from takeback.operate.collection.comparing import PlanChoice, plans_of
from takeback.operate.collection.moments import is_day
from takeback.operate.collection.options import PlanningOptions
from takeback.operate.collection.planning import (
    Planning as Search,
)
from takeback.operate.collection.planning import (
    cancel_planning,
    planning,
    plannings,
    start_planning,
)
from takeback.operate.identity import Actor
from takeback.web.console.phrases import phrase
from takeback.web.console.views import CostPoint, DayPlan, Fleet, PlanDayPage, Planning, PlanningPart, Waiting
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.plan_states import States, plan_states
from takeback.web.pages.progress import progress_of
from takeback.web.preferences import AnyRequest

_SITE = sa.text("select id, code, name, name_zh from site where id = :site")
_VEHICLES = sa.text(
    "select code, count, capacity_kg, shift_begin_s, shift_end_s from vehicle where site_id = :site order by code"
)
_PLACELESS = sa.text(
    """
    select count(distinct o.id) from takeback_order o join partner p on p.id = o.partner_id
    join item i on i.order_number = o.number
    where o.site_id = :site and o.kind = 'collection' and i.stage = 'ordered' and o.ordered_at < :end
      and (o.window_begin is null or o.window_begin < :end) and p.lat is null
    """
)
_ALIVE = {"queued", "running"}


@get("/plans/day", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, site: str = "", day: str = "") -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        view = _view(connection, around, actor, _site(connection, site), _day(around, day))
    return page(view, around.shell)


@post("/plans/day", sync_to_thread=True, include_in_schema=False)
def start(request: AnyRequest, actor: Actor, data: Form) -> Response[Any] | Redirect:
    actor.require("plan.make")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        site, day = _site(connection, one(data, "site")), _day(around, one(data, "day"))
        try:
            with connection.begin_nested():
                options, seconds = _options(data), _number(one(data, "seconds"), "seconds")
                start_planning(connection, actor, site.id, day, seconds=seconds, options=options)
        except Problem as problem:
            refused = _view(connection, around, actor, site, day)
            view = replace(refused, problem=problem.title, remedy=problem.remedy or "")
            return page(view, around.shell, status=problem.status)
    return see_other(_address(site.id, day))


@get("/plans/jobs/{planning_id:uuid}", sync_to_thread=True, include_in_schema=False)
def watch(request: AnyRequest, actor: Actor, planning_id: UUID) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        search = planning(connection, planning_id)
        view = PlanningPart(planning=_shown(connection, around, actor, search))
    answer = page(view, around.shell)
    if search.plan_id is not None:
        follows = "/running" if search.revises is not None else ""
        answer.headers["HX-Redirect"] = f"/plans/{search.plan_id}{follows}"
    elif search.state not in _ALIVE:
        answer.headers["HX-Redirect"] = _address(search.site_id, search.day)
    return answer


@post("/plans/jobs/{planning_id:uuid}/cancel", sync_to_thread=True, include_in_schema=False)
def cancel(actor: Actor, planning_id: UUID) -> Redirect:
    actor.require("plan.make")
    with store.transaction(actor.org_id) as connection:
        search = cancel_planning(connection, actor, planning_id)
    return see_other(_address(search.site_id, search.day))


def _site(connection: sa.Connection, asked: str) -> sa.Row[Any]:
    """Return the site that is asked for; `collection.no-site` (404) when there is none."""
    try:
        row = connection.execute(_SITE, {"site": UUID(asked)}).one_or_none()
    except ValueError:
        row = None
    if row is None:
        raise Problem("collection.no-site", msg("There is no such site."), found=asked, status=404)
    return row


def _day(around: Frame, asked: str) -> date:
    """Return the day that is asked for; tomorrow where that is none."""
    try:
        said = date.fromisoformat(asked)
    except ValueError:
        said = None
    if said is None or not is_day(said):
        return around.now.astimezone(ZoneInfo(around.shell.timezone)).date() + timedelta(days=1)
    return said


def _address(site: UUID, day: date) -> str:
    return f"/plans/day?{urlencode({'site': str(site), 'day': day.isoformat()})}"


def _options(data: dict[str, Any]) -> PlanningOptions:
    vehicles = {
        name.removeprefix("vehicle:"): int(_number(one(data, name), name))
        for name in data
        if name.startswith("vehicle:")
    }
    return PlanningOptions(note=one(data, "note").strip()[:120], vehicles=vehicles)


def _number(text: str, field: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 10_000:
        expected = msg("a number from 0 on")
        raise Problem("request.bad-value", msg("This is not a number."), where=field, found=text, expected=expected)
    return value


def _view(connection: sa.Connection, around: Frame, actor: Actor, site: sa.Row[Any], day: date) -> PlanDayPage:
    today = around.now.astimezone(ZoneInfo(around.shell.timezone)).date()
    states = plan_states(connection, today, day)
    searches = plannings(connection, site.id, day)
    running = next((search for search in searches if search.state in _ALIVE), None)
    last = running or next(iter(searches), None)
    failed = last if last is not None and last.state == "failed" else None
    return PlanDayPage(
        site_id=str(site.id),
        site=around.name(site.name, site.name_zh),
        day=day,
        waiting=_waiting(connection, around, site.id, day),
        fleet=tuple(_fleet(row) for row in connection.execute(_VEHICLES, {"site": site.id})),
        planning=_shown(connection, around, actor, running) if running else None,
        plans=tuple(_plan(around, choice, states, site.id, day) for choice in plans_of(connection, site.id, day)),
        may_plan=actor.may("plan.make"),
        problem=_told(failed, "title") if failed else "",
        remedy=_told(failed, "remedy") if failed else "",
    )


def _told(search: Search, name: str) -> str:
    return str((search.problem or {}).get(name) or "")


def _waiting(connection: sa.Connection, around: Frame, site: UUID, day: date) -> Waiting:
    midnight = datetime.combine(day, time(), ZoneInfo(around.shell.timezone))
    end = midnight + timedelta(days=1)
    calls = calls_of(connection, site, end)
    return Waiting(
        orders=len({call.number for call in calls}),
        items=sum(call.items for call in calls),
        mass_kg=sum(call.mass_g for call in calls) / 1000,
        last_day=len({call.number for call in calls if call.window_end is not None and call.window_end < end}),
        placeless=int(connection.scalar(_PLACELESS, {"site": site, "end": end}) or 0),
    )


def _fleet(row: sa.Row[Any]) -> Fleet:
    first, last = (f"{s // 3600:02d}:{s % 3600 // 60:02d}" for s in (row.shift_begin_s, row.shift_end_s))
    count = row._mapping["count"]
    name: Message | str = phrase(row.code)
    return Fleet(code=row.code, name=name, count=count, capacity_kg=row.capacity_kg, shift=(first, last))


def _plan(around: Frame, choice: PlanChoice, states: States, site: UUID, day: date) -> DayPlan:
    return DayPlan(
        id=str(choice.id),
        made=choice.made_at,
        cost=around.money(choice.cost_minor),
        km=choice.distance_m / 1000,
        routes=choice.routes,
        stops=choice.stops,
        unserved=choice.unserved,
        gap=choice.gap,
        state=states.of(choice.id, site, day),
        note=choice.note,
    )


def _shown(connection: sa.Connection, around: Frame, actor: Actor, search: Search) -> Planning:
    falling: list[CostPoint] = []
    for point in search.curve:
        if point.cost is not None and (not falling or point.cost < falling[-1].cost.minor):
            falling.append(CostPoint(seconds=point.seconds, cost=around.money(point.cost)))
    job = progress_of(jobs.one(connection, search.job_id), actor)
    return Planning(
        job=replace(job, cancellable=job.cancellable and actor.may("plan.make") and not search.cancel_requested),
        falling=tuple(falling),
        seconds=search.curve[-1].seconds if search.curve else 0.0,
        baseline=around.money(search.baseline_cost) if search.baseline_cost is not None else None,
    )


HANDLERS = [show, start, watch, cancel]
