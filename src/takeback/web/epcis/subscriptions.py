"""`/queries/{name}/subscriptions`: subscriptions by webhook, and what was delivered to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from litestar import Response, delete, get, post

from takeback import store
from takeback.core.problem import Problem
from takeback.core.times import moment_text
from takeback.operate.epcis import deliveries as sent
from takeback.operate.epcis import subscriptions as held
from takeback.operate.epcis.deliveries import Delivery
from takeback.operate.epcis.subscriptions import Subscription
from takeback.operate.identity import Actor
from takeback.store.settings import Settings
from takeback.web.epcis.bodies import LARGEST, json_of
from takeback.web.epcis.formats import JSON, accepted, epc_format
from takeback.web.epcis.links import absolute
from takeback.web.epcis.paging import paging_of
from takeback.web.epcis.versions import SPOKEN
from takeback.web.preferences import AnyRequest

_ALL = "/queries/{query_name:str}/subscriptions"
_ONE = f"{_ALL}/{{subscription_id:str}}"


@get(_ALL, sync_to_thread=True, include_in_schema=False)
def read_subscriptions(request: AnyRequest, actor: Actor, query_name: str) -> Response[list[dict[str, Any]]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    paging = paging_of(request, "subscriptions", query_name, str(actor.org_id))
    after = UUID(paging.after) if paging.after else None
    with store.transaction(actor.org_id) as connection:
        paging.check(connection, actor.org_id)
        found = held.subscriptions(connection, actor, unquote(query_name), after=after, count=paging.size + 1)
    last = str(found[paging.size - 1].id) if len(found) > paging.size else None
    return paging.answer([_shown(one) for one in found[: paging.size]], last)


@post(_ALL, status_code=201, sync_to_thread=True, include_in_schema=False, request_max_body_size=LARGEST)
def subscribe(request: AnyRequest, actor: Actor, query_name: str, body: bytes) -> Response[dict[str, Any]]:
    actor.require("epcis.subscribe")
    given, hosts = json_of(request, body), Settings.from_environment().webhook_hosts
    with store.transaction(actor.org_id) as connection:
        form = epc_format(request)
        made = held.subscribe(connection, actor, unquote(query_name), given, hosts=hosts, epc_format=form)
    path = f"/epcis/queries/{quote(made.query_name, safe='')}/subscriptions/{made.id}"
    headers = {**SPOKEN, "Location": absolute(request, path)}
    return Response(_shown(made), status_code=201, headers=headers)


@get(_ONE, sync_to_thread=True, include_in_schema=False)
def read_subscription(
    request: AnyRequest, actor: Actor, query_name: str, subscription_id: str
) -> Response[dict[str, Any]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    with store.transaction(actor.org_id) as connection:
        found = held.subscription(connection, actor, unquote(query_name), _id(subscription_id))
    return Response(_shown(found), headers=dict(SPOKEN))


@delete(_ONE, status_code=204, sync_to_thread=True, include_in_schema=False)
def unsubscribe(actor: Actor, query_name: str, subscription_id: str) -> None:
    actor.require("epcis.subscribe")
    with store.transaction(actor.org_id) as connection:
        held.unsubscribe(connection, actor, unquote(query_name), _id(subscription_id))


@get(f"{_ONE}/deliveries", sync_to_thread=True, include_in_schema=False)
def read_deliveries(
    request: AnyRequest, actor: Actor, query_name: str, subscription_id: str
) -> Response[list[dict[str, Any]]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    paging = paging_of(request, "deliveries", subscription_id, str(actor.org_id))
    before, identifier = (UUID(paging.after) if paging.after else None), _id(subscription_id)
    with store.transaction(actor.org_id) as connection:
        paging.check(connection, actor.org_id)
        found = sent.deliveries(
            connection, actor, unquote(query_name), identifier, before=before, count=paging.size + 1
        )
    last = str(found[paging.size - 1].id) if len(found) > paging.size else None
    return paging.answer([_told(one) for one in found[: paging.size]], last)


@post(
    f"{_ONE}/deliveries/{{delivery_id:str}}/replay",
    status_code=202,
    sync_to_thread=True,
    include_in_schema=False,
)
def replay(actor: Actor, query_name: str, subscription_id: str, delivery_id: str) -> Response[dict[str, Any]]:
    actor.require("epcis.subscribe")
    with store.transaction(actor.org_id) as connection:
        found = sent.replay(connection, actor, unquote(query_name), _id(subscription_id), _id(delivery_id))
    return Response(_told(found), status_code=202, headers=dict(SPOKEN))


def min_record_time(request: AnyRequest, actor: Actor) -> dict[str, str]:
    """Return the header by which OPTIONS tells how far a subscription has come; of one that is not there, nothing."""
    name, identifier = (unquote(str(request.path_params[key])) for key in ("query_name", "subscription_id"))
    try:
        with store.transaction(actor.org_id) as connection:
            found = held.subscription(connection, actor, name, _id(identifier))
    except Problem:
        return {}
    return {"GS1-Query-Min-Record-Time": moment_text(found.min_record_time)}


def _id(text: str) -> UUID:
    try:
        return UUID(unquote(text))
    except ValueError:
        raise held.unknown(text) from None


def _shown(one: Subscription) -> dict[str, Any]:
    """Return a subscription as the standard has it; the token is never shown. `rests` says why it is not served."""
    shown = {
        "subscriptionID": str(one.id),
        "queryName": one.query_name,
        "dest": one.dest,
        "createdAt": moment_text(one.created_at),
        "schedule": one.schedule,
        "stream": None if one.schedule else True,
        "reportIfEmpty": one.report_if_empty if one.schedule else None,
        "initialRecordTime": moment_text(one.initial_record_time) if one.initial_record_time else None,
        "minRecordTime": moment_text(one.min_record_time),
        "epcFormat": one.epc_format,
        "lastNotifiedAt": moment_text(one.last_notified_at) if one.last_notified_at else None,
        "nextRunAt": moment_text(one.next_run) if one.next_run else None,
        "rests": one.rests,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _told(one: Delivery) -> dict[str, Any]:
    told = {
        "deliveryID": str(one.id),
        "events": one.events,
        "createdAt": moment_text(one.created_at),
        "state": one.state,
        "attempts": one.attempts,
        "nextTryAt": moment_text(one.next_try_at) if one.state == "waiting" else None,
        "deliveredAt": moment_text(one.delivered_at) if one.delivered_at else None,
        "status": one.status,
        "reason": one.reason,
    }
    return {name: value for name, value in told.items() if value is not None}


FURTHER = {_ONE: min_record_time}
"""What OPTIONS tells at a path besides what it tells everywhere."""

HANDLERS = [read_subscriptions, subscribe, read_subscription, unsubscribe, read_deliveries, replay]
