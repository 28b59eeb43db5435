"""GET /plans/compare?plan=…&plan=…: two or three plans of one day side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get
from msgspec.structs import replace

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import plans
from takeback.operate.identity import Actor
from takeback.web.console.views import Compared, ComparePage, Elsewhere, Measure, Route, Text
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import page
from takeback.web.pages.plan_states import States, plan_states
from takeback.web.pages.plans import day_href, plan_actions
from takeback.web.pages.stored_plan import midnight_of, routes_of, vehicle_name
from takeback.web.preferences import AnyRequest

FEWEST, MOST = 2, 3
MEANT = 0.5  # of orders left on their last day no gap above this says anything: what they weigh is no cost
MEASURES = (
    Measure(name="cost", label=msg("Cost"), unit="money"),
    Measure(name="per_stop", label=msg("Cost a stop"), unit="money"),
    Measure(name="km", label=msg("Kilometres"), unit="km"),
    Measure(name="hours", label=msg("Hours"), unit="h"),
    Measure(name="routes", label=msg("Routes"), unit=""),
    Measure(name="stops", label=msg("Stops"), unit="", less=False),
    Measure(name="unserved", label=msg("Left"), unit=""),
    Measure(name="late", label=msg("Late"), unit=""),
    Measure(name="co2_kg", label=msg("Carbon"), unit="kg"),
    Measure(name="used", label=msg("Fullest moment"), unit="%", less=None),
    Measure(name="gap", label=msg("Could still be saved, at most"), unit="%", less=None),
)
Where = tuple[Text, datetime | None]


@get("/plans/compare", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("plan.read")
    asked = list(dict.fromkeys(request.query_params.getall("plan", [])))
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        chosen = [plans.plan(connection, _id(text)) for text in asked[:MOST]]
        _check(asked, chosen)
        today = around.now.astimezone(ZoneInfo(around.shell.timezone)).date()
        states = plan_states(connection, today, chosen[0]["day"])
    compared = tuple(_compared(around, actor, plan, states) for plan in chosen)
    elsewhere, alike = _differences(around, chosen)
    first = chosen[0]
    view = ComparePage(
        day=first["day"],
        site=around.name(first["site"], first["site_zh"]),
        plans=compared,
        measures=MEASURES,
        elsewhere=elsewhere,
        alike=alike,
        day_href=day_href(first),
    )
    return page(view, around.shell)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem("plans.unknown", msg("There is no such plan."), found=text, status=404) from None


def _check(asked: Sequence[str], chosen: Sequence[Mapping[str, Any]]) -> None:
    days = {(plan["site_id"], plan["day"]) for plan in chosen}
    if not FEWEST <= len(asked) <= MOST or len(days) != 1:
        raise Problem(
            "plans.not-comparable",
            msg("These plans cannot be laid side by side."),
            where="plan",
            found=len(asked),
            expected=msg("two or three plans of one site and day"),
            remedy=msg("Mark two or three plans on the page of their day."),
            status=400,
        )


def _compared(around: Frame, actor: Actor, plan: dict[str, Any], states: States) -> Compared:
    routes = routes_of(around, plan)
    note = plan.get("note") or ""
    label = note or msg("Plan of {time}", time=_clock(around, plan["made_at"]))
    return Compared(
        id=str(plan["id"]),
        label=label,
        made=plan["made_at"],
        state=states.of(plan["id"], plan["site_id"], plan["day"]),
        cost=around.money(plan["cost_minor"]),
        km=plan["distance_m"] / 1000,
        hours=sum(route.hours for route in routes),
        routes=len(routes),
        stops=sum(len(route["stops"]) for route in plan["routes"]),
        unserved=len(plan["unserved"]),
        late=sum(route.late_calls for route in routes),
        co2_kg=sum(route.co2_kg or 0.0 for route in routes),
        used=_used(routes),
        gap=None if plan["unserved"] and plan["proof"]["gap"] > MEANT else plan["proof"]["gap"],
        actions=tuple(replace(action, key=None) for action in plan_actions(actor, plan, states)),  # one key, many plans
    )


def _clock(around: Frame, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(around.shell.timezone)):%H:%M}"


def _used(routes: Sequence[Route]) -> float | None:
    return max((route.used for route in routes if route.used is not None), default=None)


def _differences(around: Frame, chosen: Sequence[dict[str, Any]]) -> tuple[tuple[Elsewhere, ...], int]:
    """Return the orders that the plans give to different vehicles or leave, and how many they treat alike."""
    served = [_served(around, plan) for plan in chosen]
    names = {
        stop["order"]: around.name(stop["name"], stop["name_zh"])
        for plan in chosen
        for route in plan["routes"]
        for stop in route["stops"]
    }
    found, alike = [], 0
    for order in sorted(set().union(*served)):
        cells: tuple[Where, ...] = tuple(one.get(order, (msg("left"), None)) for one in served)
        if len({_plain(said) for said, _ in cells}) > 1:
            found.append(Elsewhere(order=order, place=names.get(order, ""), cells=cells))
        else:
            alike += 1
    return tuple(found), alike


def _plain(said: Text) -> str:
    return f"{said.msgid} {dict(said.params)}" if isinstance(said, Message) else said


def _served(around: Frame, plan: dict[str, Any]) -> dict[str, Where]:
    midnight = midnight_of(plan, around.shell.timezone)
    return {
        stop["order"]: (vehicle_name(route), midnight + timedelta(seconds=stop["arrival_s"]))
        for route in plan["routes"]
        for stop in route["stops"]
    }


HANDLERS = [show]
