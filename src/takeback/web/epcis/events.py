"""`/events`: events asked for by any parameter of the query language, one event by its ID, one event captured."""

from __future__ import annotations

from urllib.parse import quote, unquote

import msgspec
from litestar import Response, get, post

from takeback import store
from takeback.operate.epcis.capturing_one import capture_event
from takeback.operate.epcis.one_event import events_named
from takeback.operate.identity import Actor
from takeback.prove.epcis.query import parse
from takeback.prove.epcis.writing import json_event
from takeback.web.epcis.formats import form_of
from takeback.web.epcis.links import absolute
from takeback.web.epcis.paging import pairs_of
from takeback.web.epcis.results import answered, document
from takeback.web.epcis.versions import SPOKEN
from takeback.web.epcis.words import context_of
from takeback.web.preferences import AnyRequest

LARGEST_EVENT = 10_000_000  # bytes
_HASH = "ni:///sha-256;"
_VERSION = "ver=CBV2.0"


@get("/events", sync_to_thread=True, include_in_schema=False)
def read_events(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("epcis.read")
    form, query = form_of(request), parse(pairs_of(request), context=context_of(request))
    with store.transaction(actor.org_id) as connection:
        return answered(request, actor, connection, query, form)


@get("/events/{event_id:str}", sync_to_thread=True, include_in_schema=False)
def read_event(request: AnyRequest, actor: Actor, event_id: str) -> Response[bytes]:
    actor.require("epcis.read")
    form, wanted = form_of(request), named(event_id, request)
    with store.transaction(actor.org_id) as connection:
        found = events_named(connection, actor.org_id, wanted)
        return document(actor, connection, found, form, headers={})


@post("/events", status_code=201, sync_to_thread=True, include_in_schema=False, request_max_body_size=LARGEST_EVENT)
def create_event(request: AnyRequest, actor: Actor, body: bytes) -> Response[bytes]:
    made = capture_event(actor, body, request.headers.get("content-type", ""))
    location = absolute(request, f"/epcis/events/{quote(made.event_id, safe='')}")
    content = msgspec.json.encode(json_event(made.event))
    return Response(content, status_code=201, media_type="application/json", headers={**SPOKEN, "Location": location})


def named(segment: str, request: AnyRequest) -> str:
    """Return the eventID of an address; the `?` of an event hash that was not encoded begins the parameters."""
    text = unquote(segment)
    if text.startswith(_HASH) and "?" not in text and request.scope["query_string"].startswith(_VERSION.encode()):
        return f"{text}?{_VERSION}"
    return text


HANDLERS = [read_events, read_event, create_event]
