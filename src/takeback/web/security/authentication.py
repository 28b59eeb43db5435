"""The middleware that finds out who calls, before any handler runs. What a route does not open is closed."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import rate
from takeback.web.security.caller import Caller, must_sign_in, provide_actor
from takeback.web.security.cookies import session_name, visitor_name
from takeback.web.security.csrf import check_meant

_BEARER = "bearer "


class Authentication(ASGIMiddleware):
    """Puts a `Caller` into `scope["user"]`, checks CSRF for cookies, and refuses who may not enter the route."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let the request through or raise a `Problem`."""
        access = scope["route_handler"].opt.get("access", "actor")
        if access == "static" or scope["route_handler"].opt.get("exclude_from_auth"):
            await next_app(scope, receive, send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive=receive)
        caller = await sync_to_thread(find_caller, request)
        scope["user"] = caller
        _admit(access, request, caller)
        if caller.actor is None or caller.actor.key_id is None:
            streamed = bool(scope["route_handler"].opt.get("streamed"))
            await check_meant(request, session=caller.secret, visitor=caller.visitor, streamed=streamed)
        await next_app(scope, receive, send)


def find_caller(request: Request[Any, Any, Any]) -> Caller:
    """Return who calls; a wrong API key is refused at once, a session that has ended is a visitor.

    Raises
    ------
    Problem
        `identity.sign-in` (401), `identity.too-many-requests` (429).
    """
    address = request.client.host if request.client else ""
    authorization = request.headers.get("authorization", "")
    if authorization:
        return _with_key(authorization, address)
    visitor = request.cookies.get(visitor_name(request))
    token = request.cookies.get(session_name(request))
    found = identity.signed_in(token) if token else None
    if found is None:
        return Caller(address=address, visitor=visitor)
    _count(rate.API_BY_SESSION, str(found.session.id))
    return Caller(address=address, secret=token, visitor=visitor, signed_in=found, actor=found.actor)


def _with_key(authorization: str, address: str) -> Caller:
    scheme, text = authorization[: len(_BEARER)].lower(), authorization[len(_BEARER) :].strip()
    actor = identity.actor_of_key(text) if scheme == _BEARER else None
    if actor is None:
        _count(rate.TOKEN_BY_ADDRESS, address)
        raise must_sign_in()
    _count(rate.API_BY_KEY, str(actor.key_id))
    return Caller(address=address, actor=actor)


def _count(limit: rate.Limit, subject: str) -> None:
    with store.admin() as connection:
        rate.take(connection, limit, subject)


def _admit(access: str, request: Request[Any, Any, Any], caller: Caller) -> None:
    if access == "public" or (access == "known" and caller.actor is not None):
        return
    if access in {"person", "known"}:
        caller.person()
    else:
        provide_actor(request)
