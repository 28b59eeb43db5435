"""A small organisation for tests of the spine: one site, one product, prices, and items on order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from takeback import store
from takeback.operate import master
from takeback.operate.identity import Actor, system_actor
from takeback.operate.spine.order import NewItem, NewOrder

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """An organisation that takes shoes back."""

    actor: Actor
    site: UUID
    product: UUID

    @property
    def org(self) -> UUID:
        return self.actor.org_id

    def order(self, number: int, *, mass_g: int = 500, value_minor: int = 9_900) -> NewOrder:
        item = NewItem(
            epc=epc(number),
            code=f"S{number:05d}",
            product_id=self.product,
            vertical="returns",
            level="unit",
            category="shoes",
            size=float(value_minor),
            mass_g=mass_g,
            value_minor=value_minor,
            currency="EUR",
            decay_per_day=0.01,
            provenance={"mass": "real"},
        )
        return NewOrder(
            id=uuid4(), number=f"RO{number:05d}", kind="return", site_id=self.site, ordered_at=at(number), items=[item]
        )


def epc(number: int) -> str:
    return f"https://id.gs1.org/01/09506000134352/21/{number}"


def at(step: int) -> datetime:
    return START + timedelta(minutes=step)


def new_shop() -> Shop:
    """Create a shop in the open database: shoes in grades A and C, to restock, refurbish (2 places a day) or
    destroy."""
    shop = Shop(system_actor(uuid4()), uuid4(), uuid4())
    rows: list[master.Row] = [
        master.Site(id=shop.site, code="RC", name="Return centre", name_zh="退货中心", kind="return_centre"),
        master.Product(
            id=shop.product,
            code="SHOE",
            name="Shoe",
            name_zh="鞋",
            vertical="returns",
            level="unit",
            category="shoes",
            mass_g=500,
            value_minor=9_900,
            currency="EUR",
            decay_per_day=0.01,
            provenance={},
        ),
        *(master.Condition(vertical="returns", name=g, place=n) for n, g in enumerate("AC")),
        master.Outlet(vertical="returns", disposition="restock", place=0),
        master.Outlet(vertical="returns", disposition="refurbish", place=1, resource="bench"),
        master.Outlet(vertical="returns", disposition="destroy", place=2),
        master.Resource(vertical="returns", name="bench", per_day=2, unit="items", source="test"),
        master.Holding(vertical="returns", cost_per_day=5, longest_days=3),
    ]
    prices = {("A", "restock"): 0.9, ("A", "refurbish"): 0.92, ("C", "restock"): 0.1, ("C", "refurbish"): 0.7}
    for grade in "AC":
        for disposition in ("restock", "refurbish", "destroy"):
            rows.append(
                master.Price(
                    vertical="returns",
                    category="shoes",
                    condition=grade,
                    disposition=disposition,
                    price=prices.get((grade, disposition), 0.0),
                    price_sd=0.1,
                    decay_per_day=0.01,
                    days=5,
                    cost=200,
                    currency="EUR",
                    source="test",
                )
            )
    with store.transaction(shop.org) as connection:
        master.register(connection, shop.actor, rows, at=START)
    return shop


def column(org: UUID, query: str) -> list[object]:
    """Return the first column of a query as the organisation sees it."""
    with store.transaction(org) as connection:
        return list(connection.scalars(sa.text(query)))
