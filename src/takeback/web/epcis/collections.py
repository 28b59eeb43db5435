"""`/eventTypes`, `/epcs`, `/bizSteps`, `/bizLocations`, `/readPoints`, `/dispositions`: values and their events."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import unquote

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.epcis.page_tokens import require_unspent
from takeback.operate.identity import Actor
from takeback.prove.epcis.query import events_of, exists, members, parse
from takeback.prove.epcis.query.resources import Collection
from takeback.prove.epcis.writing import CONTEXT
from takeback.web.epcis.formats import JSON, accepted, form_of
from takeback.web.epcis.paging import next_page, pages_of, pairs_of
from takeback.web.epcis.results import answered
from takeback.web.epcis.versions import SPOKEN
from takeback.web.epcis.words import context_of
from takeback.web.preferences import AnyRequest

COLLECTIONS: tuple[Collection, ...] = get_args(Collection)


def collection(names: list[str]) -> dict[str, Any]:
    """Return the standard's Collection of some members."""
    return {"@context": [CONTEXT], "type": "Collection", "member": names}


def _handlers(name: Collection) -> list[HTTPRouteHandler]:
    """Return the three handlers of a collection."""

    @get(f"/{name}", sync_to_thread=True, include_in_schema=False, name=f"epcis-{name}")
    def read_all(request: AnyRequest, actor: Actor) -> Response[dict[str, Any]]:
        actor.require("epcis.read")
        accepted(request, JSON)
        asked = pages_of(request)
        with store.transaction(actor.org_id) as connection:
            require_unspent(connection, actor.org_id, asked.token)
            found = members(connection, actor.org_id, name, per_page=asked.per_page, token=asked.token)
        headers = next_page(request, found.next, found.expires) if found.next else {}
        return Response(collection(list(found.members)), headers={**SPOKEN, **headers})

    @get(f"/{name}/{{value:str}}", sync_to_thread=True, include_in_schema=False, name=f"epcis-{name}-one")
    def read_one(request: AnyRequest, actor: Actor, value: str) -> Response[dict[str, Any]]:
        actor.require("epcis.read")
        accepted(request, JSON)
        _require(actor, name, unquote(value))
        return Response(collection(["events"]), headers=dict(SPOKEN))

    @get(f"/{name}/{{value:str}}/events", sync_to_thread=True, include_in_schema=False, name=f"epcis-{name}-events")
    def read_events(request: AnyRequest, actor: Actor, value: str) -> Response[bytes]:
        actor.require("epcis.read")
        form, text = form_of(request), unquote(value)
        asked = parse(pairs_of(request), context=context_of(request))
        _require(actor, name, text)
        with store.transaction(actor.org_id) as connection:
            return answered(request, actor, connection, asked.also(events_of(name, text)), form)

    return [read_all, read_one, read_events]


def _require(actor: Actor, name: Collection, value: str) -> None:
    """Raise ``epcis.no-resource`` (404) where the organisation's events name no such value."""
    with store.transaction(actor.org_id) as connection:
        if exists(connection, actor.org_id, name, value):
            return
    raise Problem(
        "epcis.no-resource",
        msg("No event that you may see names this."),
        where=name,
        found=value,
        status=404,
    )


HANDLERS = [handler for name in COLLECTIONS for handler in _handlers(name)]
