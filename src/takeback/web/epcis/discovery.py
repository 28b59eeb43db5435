"""The root, OPTIONS on every address, and tokens that may be given back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from litestar import HttpMethod, Response, delete, get, route
from litestar.handlers import HTTPRouteHandler

from takeback import store
from takeback.operate.epcis.page_tokens import spend
from takeback.operate.identity import Actor
from takeback.store.settings import Settings
from takeback.web.epcis.collections import collection
from takeback.web.epcis.formats import JSON, accepted
from takeback.web.epcis.versions import DISCOVERED, SPOKEN
from takeback.web.preferences import AnyRequest

Further = Callable[[AnyRequest, Actor], dict[str, str]]
TOP = [
    "events", "eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "capture", "queries",
]  # fmt: skip


@get("/", sync_to_thread=False, include_in_schema=False)
def read_root(request: AnyRequest, actor: Actor) -> Response[dict[str, Any]]:
    actor.require("epcis.read")
    accepted(request, JSON)
    return Response(collection(TOP), headers=dict(SPOKEN))


@delete("/nextPageToken/{token:str}", status_code=204, sync_to_thread=True, include_in_schema=False)
def forget_token(actor: Actor, token: str) -> None:
    actor.require("epcis.read")
    with store.transaction(actor.org_id) as connection:
        spend(connection, actor.org_id, unquote(token))


def limits() -> dict[str, str]:
    """Return the headers that announce how much a capture may bring."""
    settings = Settings.from_environment()
    return {
        "GS1-EPCIS-Capture-Limit": str(settings.capture_events),
        "GS1-EPCIS-Capture-File-Size-Limit": str(settings.capture_limit),
        "GS1-Capture-Error-Behaviour": "all",
    }


_allowed: dict[str, list[str]] = {}


def discovered() -> dict[str, str]:
    """Return the paths below the root with what each allows."""
    return {re.sub(r":\w+}", "}", path): _allow(methods) for path, methods in _allowed.items()}


def options(handlers: Iterable[HTTPRouteHandler], further: Mapping[str, Further]) -> list[HTTPRouteHandler]:
    """Return a handler of OPTIONS for each path of the given handlers; ``further`` gives more headers, by path."""
    for handler in handlers:
        for path in handler.paths:
            _allowed.setdefault(path, []).extend(sorted(handler.http_methods))
    further = {"/capture": lambda request, actor: limits(), **further}
    return [_options(path, methods, further.get(path)) for path, methods in _allowed.items()]


def _allow(methods: list[str]) -> str:
    return ", ".join(dict.fromkeys([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]))


def _options(path: str, methods: list[str], further: Further | None) -> HTTPRouteHandler:
    allow = {"Allow": _allow(methods)}

    @route(path, http_method=HttpMethod.OPTIONS, status_code=204, sync_to_thread=True, include_in_schema=False)
    def discover(request: AnyRequest, actor: Actor) -> Response[None]:
        actor.require("epcis.read")
        more = further(request, actor) if further else {}
        return Response(None, status_code=204, headers={**DISCOVERED, **more, **allow})

    return discover
