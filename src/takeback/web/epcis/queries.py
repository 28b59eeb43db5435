"""`/queries`: named queries, and the events that answer them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from litestar import Response, delete, get, post

from takeback import store
from takeback.core.message import msg
from takeback.operate.epcis.named_queries import NamedQuery, define, forget, named_queries, named_query
from takeback.operate.epcis.schedule import FIELDS, controls
from takeback.operate.identity import Actor
from takeback.web.epcis.bodies import LARGEST, json_of
from takeback.web.epcis.formats import JSON, accepted, form_of
from takeback.web.epcis.links import absolute
from takeback.web.epcis.paging import pages_of, paging_of, pairs_of
from takeback.web.epcis.results import answered
from takeback.web.epcis.versions import SPOKEN
from takeback.web.preferences import AnyRequest

_CONTROLS = frozenset({*FIELDS, "stream", "reportIfEmpty", "initialRecordTime"})


@get("/queries", sync_to_thread=True, include_in_schema=False)
def read_queries(request: AnyRequest, actor: Actor) -> Response[list[dict[str, Any]]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    paging = paging_of(request, "queries", str(actor.org_id))
    with store.transaction(actor.org_id) as connection:
        paging.check(connection, actor.org_id)
        found = named_queries(connection, actor, after=paging.after or "", count=paging.size + 1)
    last = found[paging.size - 1].name if len(found) > paging.size else None
    return paging.answer([_shown(query) for query in found[: paging.size]], last)


@post("/queries", status_code=201, sync_to_thread=True, include_in_schema=False, request_max_body_size=LARGEST)
def create_query(request: AnyRequest, actor: Actor, body: bytes) -> Response[dict[str, Any]]:
    actor.require("epcis.subscribe")
    given = json_of(request, body)
    with store.transaction(actor.org_id) as connection:
        made = define(connection, actor, given)
    location = absolute(request, f"/epcis/queries/{quote(made.name, safe='')}")
    return Response(_shown(made), status_code=201, headers={**SPOKEN, "Location": location})


@get("/queries/{query_name:str}", sync_to_thread=True, include_in_schema=False)
def read_query(request: AnyRequest, actor: Actor, query_name: str) -> Response[dict[str, Any]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    with store.transaction(actor.org_id) as connection:
        found = named_query(connection, actor, unquote(query_name))
    return Response(_shown(found), headers=dict(SPOKEN))


@delete("/queries/{query_name:str}", status_code=204, sync_to_thread=True, include_in_schema=False)
def delete_query(actor: Actor, query_name: str) -> None:
    with store.transaction(actor.org_id) as connection:
        forget(connection, actor, unquote(query_name))


@get("/queries/{query_name:str}/events", sync_to_thread=True, include_in_schema=False)
def read_events(request: AnyRequest, actor: Actor, query_name: str) -> Response[bytes]:
    actor.require("epcis.read")
    _refuse_sockets(request)
    form, asked = form_of(request), pages_of(request)
    with store.transaction(actor.org_id) as connection:
        named = named_query(connection, actor, unquote(query_name))
        query = replace(named.parsed(), per_page=asked.per_page, token=asked.token)
        return answered(request, actor, connection, query, form, name=named.name)


def _refuse_sockets(request: AnyRequest) -> None:
    """Refuse a subscription by websocket, which the standard leaves open. Raises ``epcis.subscription-controls``."""
    wanted = sorted({name for name, _ in pairs_of(request)} & _CONTROLS)
    if request.headers.get("upgrade", "").lower() != "websocket" and not wanted:
        return
    problem = controls(wanted[0] if wanted else "Upgrade", request.headers.get("upgrade"), msg("a webhook"))
    problem.remedy = msg("Events are not sent over websockets here: post to the query's subscriptions.")
    raise problem


def _shown(query: NamedQuery) -> dict[str, Any]:
    return {"name": query.name, "query": query.query}


HANDLERS = [read_queries, create_query, read_query, delete_query, read_events]
