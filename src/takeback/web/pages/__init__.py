"""The console's handlers: they read the request, call a command or a query, and hand a view to the console."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from takeback.web.pages import (
    accounts,
    centre,
    comparing,
    dispatching,
    driving,
    genealogy,
    home,
    imports,
    invitation,
    items,
    ledger,
    planning,
    plans,
    preferences,
    progress,
    public_board,
    queues,
    running,
    settings,
    sign_in,
    verify,
)

PAGES: list[ControllerRouterHandler] = [
    *sign_in.HANDLERS,
    *invitation.HANDLERS,
    *public_board.HANDLERS,
    *preferences.HANDLERS,
    *home.HANDLERS,
    *queues.HANDLERS,
    *items.HANDLERS,
    *genealogy.HANDLERS,
    *plans.HANDLERS,
    *planning.HANDLERS,
    *comparing.HANDLERS,
    *dispatching.HANDLERS,
    *running.HANDLERS,
    *driving.HANDLERS,
    *accounts.HANDLERS,
    *centre.HANDLERS,
    *ledger.HANDLERS,
    *imports.HANDLERS,
    *progress.HANDLERS,
    *settings.HANDLERS,
    *verify.HANDLERS,
]

__all__ = ["PAGES"]
