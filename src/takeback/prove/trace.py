"""The history of one item: its entries in order, with their places in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove import bodies
from takeback.prove.numbers import number_of

_TRACE = sa.text(
    f"""
    select e.id, e.kind, e.event_time, e.record_time, e.actor, e.body, {number_of()} as number, l.leaf_index
    from entry_item i join entry e on e.id = i.entry_id and e.org_id = i.org_id
    left join leaf l on l.entry_id = e.id
    where i.org_id = :org and i.item_key = :key
    order by e.event_time, e.id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """An entry about an item; ``leaf_index`` is None until the entry is sequenced."""

    id: int
    kind: str
    event_time: datetime
    record_time: datetime
    actor: str
    body: dict[str, Any]
    number: int
    leaf_index: int | None


def trace(connection: sa.Connection, org: UUID, item_key: int) -> list[Traced]:
    """Return the party's entries about an item, oldest first."""
    rows = connection.execute(_TRACE, {"org": org, "key": item_key})
    return [Traced(**{**row._mapping, "body": bodies.load(row.body)}) for row in rows]
