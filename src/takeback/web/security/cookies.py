"""The two cookies of the console: a session, and a visitor before there is one."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from takeback.operate.identity.sessions import ABSOLUTE

Connection = ASGIConnection[Any, Any, Any, Any]


def is_https(connection: Connection) -> bool:
    """Whether the browser came by https; a proxy in front says so by `X-Forwarded-Proto` (see serve)."""
    return connection.scope.get("scheme") == "https"


def session_name(connection: Connection) -> str:
    """Return the session cookie's name. Over https its prefix binds it to this very host (RFC 6265bis)."""
    return _name(connection, "session")


def visitor_name(connection: Connection) -> str:
    """Return the name of the cookie that tells visitors apart who have not signed in."""
    return _name(connection, "visitor")


def session_cookie(connection: Connection, token: str) -> Cookie:
    """Return the cookie that carries a session's token."""
    return _cookie(connection, session_name(connection), token, int(ABSOLUTE.total_seconds()))


def visitor_cookie(connection: Connection, token: str) -> Cookie:
    """Return the cookie from which the sign-in form's CSRF token is made; it ends with the browser."""
    return _cookie(connection, visitor_name(connection), token, None)


def expire_session(connection: Connection) -> Cookie:
    """Return the cookie that takes the session's away."""
    return _cookie(connection, session_name(connection), "", 0)


def _name(connection: Connection, name: str) -> str:
    return f"__Host-takeback_{name}" if is_https(connection) else f"takeback_{name}"


def _cookie(connection: Connection, name: str, value: str, max_age: int | None) -> Cookie:
    return Cookie(key=name, value=value, max_age=max_age, httponly=True, samesite="lax", secure=is_https(connection))
