"""Finding items: one, a page of many, by what is typed or scanned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.items import item_key, item_key_of_hex
from takeback.core.message import msg
from takeback.core.problem import Problem


class ItemSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An item in a list. Money in minor units, masses in grams; ``soh`` is a share of rated capacity."""

    key: str
    epc: str
    code: str
    vertical: str
    level: str
    product: str
    product_zh: str
    category: str
    stage: str
    stage_since: datetime
    ordered_at: datetime
    custody: str
    site_id: UUID
    site: str
    site_zh: str
    partner: str | None
    partner_zh: str | None
    grade: str | None
    soh: float | None
    soh_low: float | None
    soh_high: float | None
    disposition: str | None
    settlement: str
    mass_g: int
    value_minor: int
    currency: str
    decay_per_day: float
    provenance: dict[str, str]
    order_number: str
    order_kind: str
    reason: str | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of items and how many there are in all."""

    items: tuple[ItemSummary, ...]
    total: int


_COLUMNS = """
    select i.key, i.epc, i.code, i.vertical, i.level, p.name as product, p.name_zh as product_zh, i.category, i.stage,
           i.stage_since, i.ordered_at, i.custody, i.site_id, s.name as site, s.name_zh as site_zh, r.name as partner,
           r.name_zh as partner_zh, i.grade, i.soh, i.soh_low, i.soh_high, i.disposition, i.settlement, i.mass_g,
           i.value_minor, i.currency, i.decay_per_day, i.provenance, o.number as order_number, o.kind as order_kind,
           o.reason
"""
_JOINS = """
    join product p on p.id = i.product_id join site s on s.id = i.site_id
    join takeback_order o on o.id = i.order_id left join partner r on r.id = coalesce(i.partner_id, o.partner_id)
"""
_FILTERS = {
    "stage": "i.stage = :stage",
    "vertical": "i.vertical = :vertical",
    "site": "i.site_id = cast(:site as uuid)",
    "category": "i.category = :category",
    "disposition": "i.disposition = :disposition",
    "grade": "i.grade = :grade",
    # Codes and order numbers are found by how they begin, products by any part of their names. Beginnings are asked
    # as ranges: under row-level security no index answers LIKE, which is not leakproof.
    "text": """(
        i.code >= :text and i.code < :beyond or i.order_number >= :text and i.order_number < :beyond
        or i.product_id = any(array(select id from product where name ilike :part or name_zh like :part
                                                                 or code = :text)))""",
}
_SCANNED = sa.text(
    """
    select key from item where key = :key or code = :text or order_number = :text or key = :shown
    order by key = :key desc, code = :text desc, order_number = :text desc, key limit 1
    """
)
_ADDRESS = re.compile(r"(?:\S*/items/)?([0-7][0-9a-f]{15})(?:[/?#]\S*)?")
_SORTS = {
    "loss": "i.value_minor * i.decay_per_day desc, i.key",
    "age": "i.stage_since, i.key desc",
    "new": "i.stage_since desc, i.key",
    "value": "i.value_minor desc, i.key",
    "code": "i.code",
}
SORTS = tuple(_SORTS)
LARGEST_PAGE = 200
LAST = "\U0010ffff"  # sorts behind every other character


def find(
    connection: sa.Connection, filters: Mapping[str, str], *, sort: str = "new", page: int = 1, size: int = 50
) -> Page:
    """Return a page of the tenant's items that match all ``filters`` (stage, vertical, site, category,
    disposition, grade, text)."""
    if sort not in _SORTS:
        raise Problem(
            "items.bad-sort",
            msg("Items cannot be sorted that way."),
            found=sort,
            expected=" / ".join(_SORTS),
            status=400,
        )
    wanted = {name: value for name, value in filters.items() if value}
    values = {**wanted, **_searched(wanted["text"])} if "text" in wanted else wanted
    where = " and ".join(_FILTERS[name] for name in wanted) or "true"
    size = max(1, min(size, LARGEST_PAGE))
    # The page is cut before names are joined to it: an index gives the order, whatever the number of items.
    page_of = f"select * from item i where {where} order by {_SORTS[sort]} limit :size offset :skip"
    rows = connection.execute(
        sa.text(f"{_COLUMNS} from ({page_of}) i {_JOINS} order by {_SORTS[sort]}"),
        {**values, "size": size, "skip": (max(page, 1) - 1) * size},
    )
    items = tuple(_summary(row) for row in rows)
    return Page(items=items, total=_count(connection, where, wanted, values))


def _count(connection: sa.Connection, where: str, wanted: Mapping[str, str], values: Mapping[str, str]) -> int:
    if not set(wanted) - {"stage", "vertical", "site", "disposition"}:
        quick = where.replace("i.", "t.")  # the counters answer at once
        return int(
            connection.scalar(sa.text(f"select coalesce(sum(items), 0) from stage_total t where {quick}"), values) or 0
        )
    return int(connection.scalar(sa.text(f"select count(*) from item i where {where}"), values) or 0)


def one(connection: sa.Connection, key: str) -> ItemSummary:
    """Return the item of a key as it stands in addresses (hexadecimal).

    Raises
    ------
    Problem
        ``items.unknown`` when the tenant has no such item.
    """
    row = connection.execute(
        sa.text(f"{_COLUMNS} from item i {_JOINS} where i.key = :key"), {"key": parse_key(key)}
    ).one_or_none()
    if row is None:
        raise unknown(key)
    return _summary(row)


def scanned(connection: sa.Connection, text: str) -> str | None:
    """Return the key of the item whose code, EPC, order number or address here was typed or scanned exactly, else None.

    An address is the page of an item in the console, or the key that stands in it.
    """
    address = _ADDRESS.fullmatch(text.strip())
    shown = int(address[1], 16) if address else -1
    found = connection.scalar(_SCANNED, {"text": text, "key": item_key(text), "shown": shown})
    return None if found is None else f"{found:016x}"


def parse_key(key: str) -> int:
    """Return an item key written in hexadecimal as a number."""
    try:
        return item_key_of_hex(key)
    except Problem:
        raise unknown(key) from None


def unknown(key: str) -> Problem:
    """Return the problem of an item that the tenant does not have."""
    return Problem("items.unknown", msg("There is no such item here."), found=key, status=404)


def _searched(text: str) -> dict[str, str]:
    """Return the parameters of a search: the text, what sorts behind all that begins with it, and a pattern."""
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"text": text, "beyond": text + LAST, "part": f"%{literal}%"}


def _summary(row: sa.Row[Any]) -> ItemSummary:
    values = dict(row._mapping)
    return ItemSummary(**{**values, "key": f"{row.key:016x}"})
