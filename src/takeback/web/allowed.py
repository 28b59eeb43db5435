"""Which methods an address knows: what an answer with 405 has to say (RFC 9110, 15.5.6)."""

from __future__ import annotations

import re
from functools import lru_cache

from litestar import Litestar
from litestar.routes import HTTPRoute

from takeback.web.preferences import AnyRequest

_PLACE = re.compile(r"\\\{[^}]*\\\}")


def allowed(request: AnyRequest) -> str:
    """Return the methods of the request's address, as the header Allow has them."""
    path = request.scope["path"]
    for pattern, methods in _patterns(request.app):
        if pattern.fullmatch(path):
            return methods
    return ""


@lru_cache(maxsize=8)
def _patterns(app: Litestar) -> list[tuple[re.Pattern[str], str]]:
    """Return a pattern for each route, those with fewer places first: they win when several fit."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    routes.sort(key=lambda route: route.path_format.count("{"))
    return [(_pattern(route.path_format), _said(set(route.methods))) for route in routes]


def _said(methods: set[str]) -> str:
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))  # HEAD goes where GET does


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub("[^/]+", re.escape(path)) + "/?")
