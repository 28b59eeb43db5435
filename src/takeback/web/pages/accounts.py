"""GET /balance: kilograms by site and by material."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response, get

from takeback import store
from takeback.operate import accounts
from takeback.operate.identity import Actor
from takeback.web.console.views import (
    BalancePage,
    MaterialBalance,
    SiteBalance,
)
from takeback.web.console.vocabulary import word
from takeback.web.frame import frame
from takeback.web.pages.answers import page
from takeback.web.preferences import AnyRequest


@get("/balance", sync_to_thread=True, include_in_schema=False)
def balance(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        since = around.now - timedelta(days=around.scope.days)
        windowed = {b.site_id: b for b in accounts.balances(connection, since=since, until=around.now)}
        running = accounts.balances(connection)
        flows = accounts.materials(connection)
    view = BalancePage(
        sites=tuple(
            SiteBalance(
                site=around.name(b.name, b.name_zh),
                role=word("site", b.kind),
                opening_kg=w.opening_g / 1000,
                received_kg=w.inbound_g / 1000,
                sent_kg=w.outbound_g / 1000,
                products_kg=w.products_g / 1000,
                losses_kg=w.losses_g / 1000,
                stock_kg=(b.counted_g if b.counted_g is not None else b.stock_g) / 1000,
                items=b.items,
            )
            for b in running
            if (w := windowed.get(b.site_id)) is not None
        ),
        since=since,
        until=around.now,
        materials=_materials({flow.account: flow.grams for flow in flows}),
    )
    return page(view, around.shell)


def _materials(grams: dict[str, int]) -> tuple[MaterialBalance, ...]:
    """Return what was contained and what was won of each material: a loss of the same name is the difference."""
    won = {account.removeprefix("product:"): g for account, g in grams.items() if account.startswith("product:")}
    return tuple(
        MaterialBalance(
            material=name,
            contained_kg=(amount + grams.get(f"loss:{name}", 0)) / 1000,
            recovered_kg=amount / 1000,
        )
        for name, amount in sorted(won.items())
    )


HANDLERS = [balance]
