"""GET /plans, GET /plans/{id}: collection days with routes, loads and times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get

from takeback import store
from takeback.core.message import msg
from takeback.operate import plans
from takeback.operate.identity import Actor
from takeback.web.console.views import Action, Landmark, PlanPage, PlanRow, PlansPage, PlanState, SiteChoice
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import page
from takeback.web.pages.plan_states import States, plan_states
from takeback.web.pages.stored_plan import KG_CO2_PER_KM, provenance_of, routes_of, unserved_of
from takeback.web.preferences import AnyRequest

_LANDMARKS = sa.text(
    """
    select name, name_zh, lat, lon from site where id <> :site and lat is not null
    union
    select name, name_zh, lat, lon from partner where lat is not null and kind in ('second_life_maker', 'recycler')
    """
)
_BASES = sa.text(
    """
    select id, name, name_zh from site where lat is not null and exists (
        select 1 from vehicle where vehicle.site_id = site.id) order by code
    """
)
_SIBLINGS = sa.text(
    "select id from plan where site_id = :site and day = :day and kind = 'collection' and id <> :id "
    "order by made_at desc limit 2"
)


@get("/plans", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        today = around.now.astimezone(ZoneInfo(around.shell.timezone)).date()
        states = plan_states(connection, today)
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
                state=states.of(p.id, p.site_id, p.day),
            )
            for p in plans.plans(connection)
        )
        bases = connection.execute(_BASES).all() if actor.may("plan.make") else []
    sites = tuple(SiteChoice(value=str(base.id), label=around.name(base.name, base.name_zh)) for base in bases)
    return page(PlansPage(rows=rows, sites=sites, next_day=today + timedelta(days=1)), around.shell)


@get("/plans/{plan_id:uuid}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, plan_id: UUID) -> Response[Any]:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        plan = plans.plan(connection, plan_id)
        today = around.now.astimezone(ZoneInfo(around.shell.timezone)).date()
        states = plan_states(connection, today, plan["day"])
        state = states.of(plan_id, plan["site_id"], plan["day"])
        named = {"site": plan["site_id"], "day": plan["day"], "id": plan_id}
        siblings = tuple(str(sibling) for sibling in connection.scalars(_SIBLINGS, named))
        marks = landmarks(connection, around, plan["site_id"])
    actions = plan_actions(actor, plan, states)
    return page(_view(around, plan, marks, state, siblings, actions), around.shell)


def landmarks(connection: sa.Connection, around: Frame, site: UUID) -> tuple[Landmark, ...]:
    """Return the names that a map of a site's routes bears."""
    rows = connection.execute(_LANDMARKS, {"site": site})
    return tuple(Landmark(name=around.name(m.name, m.name_zh), lat=m.lat, lon=m.lon) for m in rows)


def plan_actions(actor: Actor, plan: dict[str, Any], states: States) -> tuple[Action, ...]:
    """Return what may be done next with a plan; old ones are only looked at."""
    address, state = f"/plans/{plan['id']}", states.of(plan["id"], plan["site_id"], plan["day"])
    if state in {"dispatched", "driving"}:
        return (Action(label=msg("On the road"), href=f"{address}/running", primary=True, key="R", method="get"),)
    if not actor.may("plan.dispatch"):
        return ()
    if state == "accepted":
        label = msg("Send to the drivers")
        return (Action(label=label, href=f"{address}/drivers", primary=True, key="S", method="get"),)
    if state not in {"proposed", "replaced"} or not plan["routes"]:
        return ()
    return (_accepting(address, plan, states.accepted_of(plan["site_id"], plan["day"])),)


def _accepting(address: str, plan: dict[str, Any], before: UUID | None) -> Action:
    counts = {"routes": len(plan["routes"]), "stops": sum(len(route["stops"]) for route in plan["routes"])}
    says = msg(
        "Accept this plan? Its {routes} routes and {stops} stops become the plan of the day. Other plans stay to look "
        "at; nothing is sent to drivers yet.",
        **counts,
    )
    if before is not None:
        says = msg(
            "Accept this plan instead of the one that was accepted? Its {routes} routes and {stops} stops become the "
            "plan of the day; the other stays to look at. Nothing is sent to drivers yet.",
            **counts,
        )
    href = f"{address}/accept" + (f"?instead_of={before}" if before is not None else "")
    return Action(label=msg("Accept"), href=href, primary=True, key="A", confirm=says)


def day_href(plan: dict[str, Any]) -> str:
    """Return the address of the page on which the day of a plan is planned."""
    return f"/plans/day?{urlencode({'site': str(plan['site_id']), 'day': plan['day'].isoformat()})}"


def _view(
    around: Frame,
    plan: dict[str, Any],
    marks: tuple[Landmark, ...],
    state: PlanState,
    siblings: tuple[str, ...],
    actions: tuple[Action, ...],
) -> PlanPage:
    proof = plan["proof"]
    routes = routes_of(around, plan)
    return PlanPage(
        id=str(plan["id"]),
        day=plan["day"],
        site=around.name(plan["site"], plan["site_zh"]),
        routes=routes,
        km=plan["distance_m"] / 1000,
        km_same_stops=plan["same_stops_m"] / 1000 or None,
        km_habit=plan["baseline_m"] / 1000 or None,
        cost=around.money(plan["cost_minor"]),
        co2_kg=plan["co2_g"] / 1000 if plan.get("co2_g") else plan["distance_m"] / 1000 * KG_CO2_PER_KM,
        checked=True,
        landmarks=marks,
        bound=around.money(proof["bound"]),
        gap=proof["gap"],
        solver=msg("{version}, {iterations} iterations", version=proof["version"], iterations=proof["iterations"]),
        unserved=unserved_of(around, plan),
        actions=actions,
        state=state,
        provenance=provenance_of(plan),
        siblings=siblings,
        day_href=day_href(plan),
        exports=True,
    )


HANDLERS = [index, show]
