"""Mass balance: kilograms in = out + products + losses + stock, for each site, in any window of time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa


class SiteBalance(msgspec.Struct, frozen=True, kw_only=True):
    """One site's grams in a window. ``stock_g`` is the account, ``counted_g`` the items that are there by the item
    list.

    Closed means: what came in is accounted for, and the account agrees with the items one by one.
    """

    site_id: UUID
    code: str
    name: str
    name_zh: str
    kind: str
    opening_g: int
    inbound_g: int
    outbound_g: int
    products_g: int
    losses_g: int
    stock_g: int
    counted_g: int | None
    items: int

    @property
    def gap_g(self) -> int:
        """What is missing (positive) or too much (negative)."""
        return self.opening_g + self.inbound_g - self.outbound_g - self.products_g - self.losses_g - self.stock_g

    @property
    def closed(self) -> bool:
        """True when nothing is missing and the stock is what the items weigh."""
        return self.gap_g == 0 and self.counted_g in (None, self.stock_g)


class MaterialFlow(msgspec.Struct, frozen=True, kw_only=True):
    """Grams of one material won (account product:...) or lost (loss:...)."""

    account: str
    grams: int


_BALANCE = sa.text(
    """
    with flow as (
        select site_id, -sum(amount) filter (where account = 'inbound' and at <= :until) as inbound,
               sum(amount) filter (where account = 'outbound' and at <= :until) as outbound,
               sum(amount) filter (where account like 'product:%' and at <= :until) as products,
               sum(amount) filter (where account like 'loss:%' and at <= :until) as losses,
               sum(amount) filter (where account = 'stock' and at <= :until) as gained,
               sum(amount) filter (where account = 'stock' and at > :until) as later
        from posting where book = 'mass' and at >= :since group by site_id
    ), stock as (
        select site_id, sum(amount) as amount from balance where book = 'mass' and account = 'stock' group by site_id
    )
    select s.id as site_id, s.code, s.name, s.name_zh, s.kind,
           stock.amount - coalesce(later, 0) - coalesce(gained, 0) as opening_g, coalesce(inbound, 0) as inbound_g,
           coalesce(outbound, 0) as outbound_g, coalesce(products, 0) as products_g, coalesce(losses, 0) as losses_g,
           stock.amount - coalesce(later, 0) as stock_g, 0 as counted_g, 0 as items
    from site s join stock on stock.site_id = s.id left join flow on flow.site_id = s.id order by s.code
    """
)
_ALL_TIME = sa.text(
    """
    with flow as (
        select site_id, -sum(amount) filter (where account = 'inbound') as inbound,
               sum(amount) filter (where account = 'outbound') as outbound,
               sum(amount) filter (where account like 'product:%') as products,
               sum(amount) filter (where account like 'loss:%') as losses,
               sum(amount) filter (where account = 'stock') as stock
        from balance where book = 'mass' group by site_id
    ), there as (
        select site_id, sum(items) as items, sum(mass_g) as counted from stage_total
        where stage not in ('ordered', 'collected', 'recovered') group by site_id
    )
    select s.id as site_id, s.code, s.name, s.name_zh, s.kind, 0 as opening_g, coalesce(inbound, 0) as inbound_g,
           coalesce(outbound, 0) as outbound_g, coalesce(products, 0) as products_g, coalesce(losses, 0) as losses_g,
           coalesce(stock, 0) as stock_g, coalesce(counted, 0) as counted_g, coalesce(items, 0) as items
    from site s left join flow on flow.site_id = s.id left join there on there.site_id = s.id
    where flow.site_id is not null or there.site_id is not null order by s.code
    """
)
_MATERIALS = sa.text(
    """
    select account, sum(amount) as grams from balance
    where book = 'mass' and (account like 'product:%' or account like 'loss:%') group by account order by account
    """
)


def balances(
    connection: sa.Connection, *, since: datetime | None = None, until: datetime | None = None
) -> list[SiteBalance]:
    """Return the mass balance of each site of the tenant; without a window the running balance, which is quick."""
    if since is None or until is None:
        rows = connection.execute(_ALL_TIME)
        return [SiteBalance(**_whole(dict(row._mapping))) for row in rows]
    rows = connection.execute(_BALANCE, {"since": since, "until": until})
    return [SiteBalance(**{**_whole(dict(row._mapping)), "counted_g": None}) for row in rows]


def materials(connection: sa.Connection) -> list[MaterialFlow]:
    """Return what was won and lost of each material."""
    return [MaterialFlow(account=row.account, grams=int(row.grams)) for row in connection.execute(_MATERIALS)]


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    return {name: int(value) if name.endswith("_g") or name == "items" else value for name, value in values.items()}
