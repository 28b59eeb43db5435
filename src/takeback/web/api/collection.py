"""Collection days: plans made as jobs, compared, accepted, dispatched; stops confirmed; days changed as they run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter
from msgspec import Meta

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import collection
from takeback.operate.collection.evidence import Kind
from takeback.operate.collection.options import AS_IT_IS, PlanningOptions
from takeback.operate.collection.planning import USUAL
from takeback.operate.identity import Actor
from takeback.operate.words import Moment
from takeback.web.api.idempotency import Once
from takeback.web.api.invitations import count_token
from takeback.web.security import PUBLIC, Caller

TAGS = ["Collection days"]
PHONE = ["Driver's phone"]
T = TypeVar("T")
Text = Annotated[str, Meta(min_length=1, max_length=400)]
RouteToken = Annotated[
    str, HeaderParameter(name="Route-Token", description="The token of the route, from its dispatch.", required=True)
]


class DayToPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What to plan: the open orders of a site's day, or the rest of it; how long to search (seconds), and how."""

    site_id: UUID
    day: date
    seconds: float = USUAL
    options: PlanningOptions | None = None


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """Which plan shall be driven, and which accepted one it replaces."""

    plan_id: UUID
    instead_of: UUID | None = None


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """Which routes of the accepted plan leave, with which drivers and vehicles."""

    site_id: UUID
    day: date
    routes: list[collection.Assignment]


class Insertion(msgspec.Struct, frozen=True, kw_only=True):
    """Which order shall be fetched today after all."""

    site_id: UUID
    day: date
    order: Text


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """When a vehicle broke down (now, if nothing is said), and what is known of it."""

    at: Moment | None = None
    note: Annotated[str, Meta(max_length=4000)] = ""


@post("/collection/plannings", sync_to_thread=True, tags=TAGS, summary="Plan a day from its open orders, as a job")
def start_planning(actor: Actor, once: Once, data: DayToPlan) -> Response[collection.Planning]:
    def effect(connection: sa.Connection) -> collection.Planning:
        where = (connection, actor, data.site_id, data.day)
        job = collection.start_planning(*where, seconds=data.seconds, options=data.options or AS_IT_IS)
        return collection.planning(connection, job)

    return _once(actor, once, effect)


@get("/collection/plannings", sync_to_thread=True, tags=TAGS, summary="Plans that were asked for of a site's day")
def read_plannings(actor: Actor, site: UUID, day: date) -> list[collection.Planning]:
    return _read(actor, lambda connection: collection.plannings(connection, site, day))


@get("/collection/plannings/{planning_id:uuid}", sync_to_thread=True, tags=TAGS, summary="How far a plan is")
def read_planning(actor: Actor, planning_id: UUID) -> collection.Planning:
    return _read(actor, lambda connection: collection.planning(connection, planning_id))


@post(
    "/collection/plannings/{planning_id:uuid}/cancel",
    sync_to_thread=True,
    status_code=200,
    tags=TAGS,
    summary="Stop a search; no plan comes of it",
)
def cancel_planning(actor: Actor, planning_id: UUID) -> collection.Planning:
    with store.transaction(actor.org_id) as connection:
        return collection.cancel_planning(connection, actor, planning_id)


@get("/collection/plans", sync_to_thread=True, tags=TAGS, summary="All plans of a site's day, side by side")
def read_choices(actor: Actor, site: UUID, day: date) -> list[collection.PlanChoice]:
    return _read(actor, lambda connection: collection.plans_of(connection, site, day))


@post("/collection/acceptances", sync_to_thread=True, tags=TAGS, summary="Accept a plan: it is the one to be driven")
def accept(actor: Actor, once: Once, data: Acceptance) -> Response[collection.Accepted]:
    def effect(connection: sa.Connection) -> collection.Accepted:
        return collection.accept(connection, actor, data.plan_id, instead_of=data.instead_of)

    return _once(actor, once, effect)


@post(
    "/collection/dispatches",
    sync_to_thread=True,
    tags=TAGS,
    summary="Send routes on their way; the tokens in the answer are shown now and never again",
)
def dispatch(actor: Actor, once: Once, data: Dispatch) -> Response[list[collection.Phone]]:
    def effect(connection: sa.Connection) -> list[collection.Phone]:
        return collection.dispatch(connection, actor, data.site_id, data.day, data.routes)

    return _once(actor, once, effect, secret=True)


@get("/collection/routes", sync_to_thread=True, tags=TAGS, summary="The dispatched routes of a site's day")
def read_routes(actor: Actor, site: UUID, day: date) -> list[collection.DispatchedRoute]:
    names = actor.may("plan.dispatch")
    return _read(actor, lambda connection: collection.dispatched(connection, site, day, names=names))


@post(
    "/collection/routes/{route_id:uuid}/phone",
    sync_to_thread=True,
    tags=TAGS,
    summary="A new token for a route's phone; the former one is worth nothing now",
)
def renew_phone(actor: Actor, once: Once, route_id: UUID) -> Response[collection.Phone]:
    return _once(actor, once, lambda connection: collection.renew_phone(connection, actor, route_id), secret=True)


@delete("/collection/routes/{route_id:uuid}/phone", sync_to_thread=True, tags=TAGS, summary="Revoke a route's token")
def revoke_phone(actor: Actor, route_id: UUID) -> None:
    with store.transaction(actor.org_id) as connection:
        collection.revoke_phone(connection, actor, route_id)


@post(
    "/collection/routes/{route_id:uuid}/stops",
    sync_to_thread=True,
    tags=TAGS,
    summary="Confirm a stop for a driver, who told it by other means",
)
def confirm_for_driver(actor: Actor, route_id: UUID, data: collection.Confirmation) -> collection.ConfirmedStop:
    with store.transaction(actor.org_id) as connection:
        return collection.confirm(connection, actor, route_id, data)


@post(
    "/collection/routes/{route_id:uuid}/breakdown",
    sync_to_thread=True,
    tags=TAGS,
    summary="A vehicle broke down: what it had ahead goes to others",
)
def break_down(actor: Actor, once: Once, route_id: UUID, data: Breakdown) -> Response[collection.Revised]:
    def effect(connection: sa.Connection) -> collection.Revised:
        return collection.breakdown(connection, actor, route_id, at=data.at, note=data.note)

    return _once(actor, once, effect)


@post("/collection/insertions", sync_to_thread=True, tags=TAGS, summary="Put one more pickup into the running plan")
def insert_pickup(actor: Actor, once: Once, data: Insertion) -> Response[collection.Revised]:
    def effect(connection: sa.Connection) -> collection.Revised:
        return collection.insert_pickup(connection, actor, data.site_id, data.day, data.order)

    return _once(actor, once, effect)


@post(
    "/collection/replans",
    sync_to_thread=True,
    tags=TAGS,
    summary="Plan the rest of a running day anew, as a job; what is done or under way stays",
)
def replan(actor: Actor, once: Once, data: DayToPlan) -> Response[collection.Planning]:
    def effect(connection: sa.Connection) -> collection.Planning:
        where = (connection, actor, data.site_id, data.day)
        return collection.planning(
            connection, collection.replan(*where, seconds=data.seconds, options=data.options or AS_IT_IS)
        )

    return _once(actor, once, effect)


@get("/collection/progress", sync_to_thread=True, tags=TAGS, summary="Planned against actual times, late promises")
def read_progress(actor: Actor, site: UUID, day: date, at: datetime | None = None) -> collection.DayProgress:
    names = actor.may("plan.dispatch")

    def progress(connection: sa.Connection) -> collection.DayProgress:
        return collection.plan_progress(connection, actor.org_id, site, day, now=at, names=names)

    return _read(actor, progress)


@get("/collection/confirmations", sync_to_thread=True, tags=TAGS, summary="What drivers confirmed on a site's day")
def read_confirmations(actor: Actor, site: UUID, day: date) -> list[collection.ConfirmedStop]:
    return _read(actor, lambda connection: collection.confirmed_stops(connection, site, day))


@get(
    "/collection/confirmations/{confirmation_id:uuid}/{kind:str}",
    sync_to_thread=True,
    tags=TAGS,
    summary="The signature or the photo of a confirmation, for those who may see personal data",
    responses={200: ResponseSpec(bytes, media_type="image/*", description="The image", generate_examples=False)},
)
def read_evidence(actor: Actor, confirmation_id: UUID, kind: Kind) -> Response[bytes]:
    with store.transaction(actor.org_id) as connection:
        media_type, image = collection.read_evidence(connection, actor, confirmation_id, kind)
    return Response(
        image, media_type=media_type, headers={"content-disposition": "inline", "cache-control": "no-store"}
    )


@get("/phone/route", opt=PUBLIC, sync_to_thread=True, tags=PHONE, summary="The route of a token, as it goes now")
def read_phone(caller: Caller, route_token: RouteToken) -> collection.PhoneRoute:
    return presented(caller, lambda: collection.route_for(route_token))


@post("/phone/stops", opt=PUBLIC, sync_to_thread=True, tags=PHONE, summary="Confirm a stop; sent twice, it counts once")
def confirm_stop(caller: Caller, route_token: RouteToken, data: collection.Confirmation) -> collection.ConfirmedStop:
    return presented(caller, lambda: collection.confirm_stop(route_token, data))


def _read(actor: Actor, query: Callable[[sa.Connection], T]) -> T:
    actor.require("plan.read")
    with store.transaction(actor.org_id) as connection:
        return query(connection)


def _once(actor: Actor, once: Once, effect: Callable[[sa.Connection], T], *, secret: bool = False) -> Response[T]:
    with store.transaction(actor.org_id) as connection:
        return once.run(connection, actor, lambda: effect(connection), secret=secret)


def presented(caller: Caller, effect: Callable[[], T]) -> T:
    """Return what a token allows; whoever tries tokens is slowed down, a phone that sends a day's stops is not."""
    try:
        return effect()
    except Problem as problem:
        if problem.kind == "collection.bad-route-token":
            count_token(caller.address)
        raise


HANDLERS: list[Any] = [
    start_planning,
    read_plannings,
    read_planning,
    cancel_planning,
    read_choices,
    accept,
    dispatch,
    read_routes,
    renew_phone,
    revoke_phone,
    confirm_for_driver,
    break_down,
    insert_pickup,
    replan,
    read_progress,
    read_confirmations,
    read_evidence,
    read_phone,
    confirm_stop,
]
