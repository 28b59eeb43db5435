"""Graded items that no price is known for: they wait until the price is entered, and the others are decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from takeback.operate.decisions.market import Market, find

_ITEMS = sa.text(
    """
    select key, category, grade, belief from item
    where stage = 'graded' and vertical = :vertical and (cast(:site as uuid) is null or site_id = :site)
    order by stage_since, key
    """
)


class Missing(NamedTuple):
    """A category and its conditions that prices are missing for; `key` is the item that has waited longest for them."""

    category: str
    conditions: tuple[str, ...]
    items: int
    key: str


def is_priced(item: Any, market: Market) -> bool:
    """Whether prices are known for an item: for its category and for each condition that it may be in."""
    return item.category in market.categories and _conditions(item) <= market.conditions.keys()


def unpriced(connection: sa.Connection, vertical: str, *, site: str | None = None) -> list[Missing]:
    """Return what prices are missing for the graded items of a vertical, most items first."""
    market = find(connection, vertical)
    items = connection.execute(_ITEMS, {"vertical": vertical, "site": site}).all()
    return _gathered([item for item in items if market is None or not is_priced(item, market)], market)


def _gathered(items: Sequence[Any], market: Market | None) -> list[Missing]:
    found: dict[tuple[str, tuple[str, ...]], Missing] = {}
    for item in items:
        known = market is not None and item.category in market.categories
        lacking = _conditions(item) - market.conditions.keys() if known and market else _conditions(item)
        name = (item.category, tuple(sorted(lacking)))
        before = found.get(name)
        key = before.key if before else f"{item.key:016x}"
        found[name] = Missing(*name, items=before.items + 1 if before else 1, key=key)
    return sorted(found.values(), key=lambda missing: -missing.items)


def _conditions(item: Any) -> set[str]:
    return set(item.belief or {item.grade: 1.0})
