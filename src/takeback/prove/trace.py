"""The history of one item: its entries in order, with their places in the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

_TRACE = sa.text(
    """
    select e.id, e.kind, e.event_time, e.record_time, e.actor, e.body, n.number, l.leaf_index
    from entry_item i join entry e on e.id = i.entry_id and e.org_id = i.org_id
    join entry_number n on n.entry_id = e.id left join leaf l on l.entry_id = e.id
    where i.org_id = :org and i.item_key = :key
    order by e.event_time, e.id
    """
)


def trace(connection: sa.Connection, org: UUID, item_key: int) -> list[sa.Row[Any]]:
    """Return the party's entries about an item, oldest first; ``leaf_index`` is None until the entry is sequenced."""
    return list(connection.execute(_TRACE, {"org": org, "key": item_key}))
