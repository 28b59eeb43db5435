"""Calls: what a vehicle would fetch at one place for one order, as the live orders say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.operate.words import BATTERIES, DAMAGED, PARCELS
from takeback.plan.collection.parts import Location

KG_PER_PLACE = 500  # of goods that stand on pallets (assumption); a battery pack takes a place of its own

UNSOUND = ("damaged", "defective", "critical", "leaking", "swollen", "burnt", "deformed", "arrived damaged")
"""Words of a statement on `fault`, `damage` or `safety`, or of an order's reason, that make a battery a damaged one."""


@dataclass(frozen=True, slots=True)
class Call:
    """What one order has at its partner's place, of one kind: damaged batteries of an order are a call of their own.

    ``task`` names the call in plans: the order's number, with ``/damaged`` behind it for damaged batteries. ``partner``
    is the code of the partner whose place it is.
    """

    task: str
    number: str
    id: UUID
    partner_id: UUID
    partner: str
    name: str
    name_zh: str
    gln: str | None
    lat: float
    lon: float
    window_begin: datetime | None
    window_end: datetime | None
    items: int
    mass_g: int
    places: int
    epcs: list[str]
    goods: str

    @property
    def place(self) -> Location:
        """Return where it is, as sources of distances know it."""
        return Location(self.partner, self.lat, self.lon)


_CALLS = sa.text(
    f"""
    with piece as (
        select o.id, o.number, o.window_begin, o.window_end, o.partner_id, i.epc, i.key, i.mass_g, i.vertical,
               case when i.level = 'pack' then 1.0 else i.mass_g / {1000.0 * KG_PER_PLACE} end as places,
               i.vertical = 'batteries' and (coalesce(lower(o.reason) = any(:unsound), false) or exists (
                   select from statement s where s.item_key = i.key and s.property in ('fault', 'damage', 'safety')
                       and lower(s.text) = any(:unsound))) as damaged
        from takeback_order o join item i on i.order_number = o.number
        where o.site_id = :site and o.kind = 'collection' and i.stage = 'ordered' and o.ordered_at < :end
          and (o.window_begin is null or o.window_begin < :end or o.number = any(:numbers))
          and (cast(:numbers as text[]) is null or o.number = any(:numbers))
    )
    select c.id, c.number, c.window_begin, c.window_end, c.damaged, p.id as partner_id, p.code as partner,
           p.name, p.name_zh, p.gln, p.lat, p.lon, count(*) as items, sum(c.mass_g) as mass_g,
           ceil(sum(c.places)) as places, array_agg(c.epc order by c.key) as epcs,
           bool_or(c.vertical = 'batteries') as batteries
    from piece c join partner p on p.id = c.partner_id where p.lat is not null
    group by c.id, c.number, c.window_begin, c.window_end, c.damaged, p.org_id, p.id
    order by c.window_end nulls last, c.number, c.damaged
    """
)


def calls_of(
    connection: sa.Connection, site: UUID, end: datetime, *, numbers: Collection[str] | None = None
) -> list[Call]:
    """Return what may be fetched for a site before ``end``: all orders whose window has begun, or those of ``numbers``.

    Only things that are still to be fetched count, and only orders of partners of whom one knows where they are.
    """
    wanted = None if numbers is None else list(numbers)
    rows = connection.execute(_CALLS, {"site": site, "end": end, "unsound": list(UNSOUND), "numbers": wanted})
    return [_call(row) for row in rows]


def _call(row: sa.Row[tuple[object, ...]]) -> Call:
    goods = DAMAGED if row.damaged else BATTERIES if row.batteries else PARCELS
    return Call(
        task=f"{row.number}/damaged" if row.damaged else row.number,
        number=row.number,
        id=row.id,
        partner_id=row.partner_id,
        partner=row.partner,
        name=row.name,
        name_zh=row.name_zh,
        gln=row.gln,
        lat=row.lat,
        lon=row.lon,
        window_begin=row.window_begin,
        window_end=row.window_end,
        items=row.items,
        mass_g=int(row.mass_g),
        places=int(row.places),
        epcs=list(row.epcs),
        goods=goods,
    )
