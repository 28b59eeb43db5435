"""The programming interface: handlers of a few lines, described by OpenAPI 3.1 at /api/openapi.json."""

from __future__ import annotations

from litestar import Router

from takeback.web.api import health, invitations, keys, me, members, organisations, sessions

V1 = Router(
    "/api/v1",
    route_handlers=[
        *sessions.HANDLERS,
        *me.HANDLERS,
        *organisations.HANDLERS,
        *members.HANDLERS,
        *invitations.HANDLERS,
        *keys.HANDLERS,
    ],
)

API = [V1, *health.HANDLERS]

__all__ = ["API", "V1"]
