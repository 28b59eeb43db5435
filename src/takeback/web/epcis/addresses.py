"""Identifiers in addresses: URIs with slashes of their own become one segment each, encoded or not.

`/epcis/epcs/https://id.gs1.org/01/…/21/7/events` and the same with `%2F` are one resource. Servers hand applications
the decoded path, in which both look alike, so it is made anew from the path as it came.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

ROOT = "/epcis"
_WITH_EVENTS = frozenset({"eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions"})


class Addresses:
    """Gives the application paths in which each identifier is one segment, in percent-encoding."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"].startswith(f"{ROOT}/"):
            raw = scope.get("raw_path") or quote(scope["path"]).encode()
            scope["path"] = one_segment_each(raw.partition(b"?")[0].decode("latin-1"))
        await self._app(scope, receive, send)


def one_segment_each(path: str) -> str:
    """Return a path below `/epcis` in which an identifier, whatever stands in it, is one segment."""
    collection, *rest = path.removeprefix(f"{ROOT}/").split("/")
    if collection in _WITH_EVENTS and len(rest) > 2 and rest[-1] == "events":
        rest = ["/".join(rest[:-1]), "events"]
    elif (collection in _WITH_EVENTS and rest[1:] != ["events"]) or collection == "events":
        rest = ["/".join(rest)] if rest else []
    return "/".join([ROOT, collection, *(quote(unquote(segment), safe="") for segment in rest)])
