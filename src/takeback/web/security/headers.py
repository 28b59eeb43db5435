"""Headers of every answer, errors included."""

from __future__ import annotations

from typing import Any

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from takeback.web.console import CONTENT_SECURITY_POLICY

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
CACHED: dict[str, Any] = {"cached": True}
"""`opt` of a route whose answers are nobody's secret: the handler says itself how long they may be kept."""
_A_YEAR = 31_536_000


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Litestar's `before_send` hook. What belongs to somebody is never cached; files named by digest always."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders(message)
    for name, value in HEADERS.items():
        headers[name] = value
    if scope.get("scheme") == "https":
        headers["strict-transport-security"] = f"max-age={_A_YEAR}"
    if not (_says_itself(scope) and message["status"] == 200 and "cache-control" in headers):
        headers["cache-control"] = _caching(scope, message["status"])


def _says_itself(scope: Scope) -> bool:
    handler = scope.get("route_handler")
    return handler is not None and bool(handler.opt.get("cached"))


def _caching(scope: Scope, status: int) -> str:
    if not scope["path"].startswith("/static/") or status not in {200, 206, 304}:
        return "no-store"
    by_digest = scope.get("query_string", b"").startswith(b"v=")
    return f"public, max-age={_A_YEAR}, immutable" if by_digest else "no-cache"
