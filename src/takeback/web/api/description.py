"""The OpenAPI document: what the framework cannot know of it is added here."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from takeback.web import epcis
from takeback.web.api.centre_kinds import with_kinds

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457), where, what was found and expected, and what to do.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "where": {"type": "string"},
        "found": {},
        "expected": {"type": "string"},
        "remedy": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
    },
}
_ANSWER: dict[str, Any] = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Description(JsonRenderPlugin):
    """Hands out the document as JSON."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the document with our problems, and without credentials where none is asked for."""
        return super().render(request, described(request.app, openapi_schema))


def described(app: Litestar, document: dict[str, Any]) -> dict[str, Any]:
    """Return the framework's document, completed."""
    document = deepcopy(document)
    document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for item in document["paths"].values():
        for operation in item.values():
            operation["responses"].pop("400", None)  # the framework's own form of an error, which nobody gets
            operation["responses"]["default"] = _ANSWER
    document = with_kinds(document)
    document["components"]["schemas"] |= epcis.schemas()
    document["paths"] |= _identified(epcis.described())
    for path, method in _open_routes(app):
        if operation := document["paths"].get(path, {}).get(method):
            operation["security"] = []
    return document


def _identified(paths: dict[str, Any]) -> dict[str, Any]:
    """Give each operation an id of its own."""
    for path, operations in paths.items():
        for method, operation in operations.items():
            words = "".join(part.strip("{}").title().replace("_", "") for part in path.split("/"))
            operation["operationId"] = f"{method}{words}"
    return paths


def _open_routes(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.opt.get("access") in {"public", "static"}:
                    yield from ((route.path_format, method.lower()) for method in handler.http_methods)
