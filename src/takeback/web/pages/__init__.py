"""The console's handlers: they read the request, call a command or a query, and hand a view to the console."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from takeback.web.pages import accounts, home, imports, items, plans, preferences, progress, queues, sign_in

PAGES: list[ControllerRouterHandler] = [
    *sign_in.HANDLERS,
    *preferences.HANDLERS,
    *home.HANDLERS,
    *queues.HANDLERS,
    *items.HANDLERS,
    *plans.HANDLERS,
    *accounts.HANDLERS,
    *imports.HANDLERS,
    *progress.HANDLERS,
]

__all__ = ["PAGES"]
