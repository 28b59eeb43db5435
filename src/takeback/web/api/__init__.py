"""The programming interface: handlers of a few lines, described by OpenAPI 3.1 at /api/openapi.json."""

from __future__ import annotations

from litestar import Router
from litestar.types import ControllerRouterHandler

from takeback.web.api import (
    centre,
    collection,
    genealogy,
    health,
    imports,
    invitations,
    items,
    keys,
    ledger,
    ledger_proofs,
    ledger_tiles,
    master,
    me,
    members,
    organisations,
    overview,
    quality,
    sessions,
    spine,
    vocabulary,
)

V1 = Router(
    "/api/v1",
    route_handlers=[
        *sessions.HANDLERS,
        *me.HANDLERS,
        *organisations.HANDLERS,
        *members.HANDLERS,
        *invitations.HANDLERS,
        *keys.HANDLERS,
        *overview.HANDLERS,
        *items.HANDLERS,
        *genealogy.HANDLERS,
        *quality.HANDLERS,
        *spine.HANDLERS,
        *collection.HANDLERS,
        *centre.HANDLERS,
        *master.HANDLERS,
        *ledger.HANDLERS,
        *ledger_proofs.HANDLERS,
        Router("/ledger", route_handlers=ledger_tiles.BESIDE),
        *imports.HANDLERS,
    ],
)

LOG = Router("/log", route_handlers=ledger_tiles.HANDLERS, include_in_schema=False)
"""Where a witness or any other client of C2SP tlog-tiles finds the log."""

API: list[ControllerRouterHandler] = [V1, LOG, *health.HANDLERS, *vocabulary.HANDLERS]

__all__ = ["API", "V1"]
