"""The rows of an organisation's genealogy, as they stand or those since a number of the party's own count."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from takeback.prove.epcis.roles import INPUT, OUTPUT
from takeback.prove.genealogy.graph.keys import Longs
from takeback.prove.genealogy.graph.rows import fetch
from takeback.prove.numbers import numbered

_KINDS = "case e.kind when 'AggregationEvent' then 0 when 'AssociationEvent' then 1 else 2 end::smallint"
_ENTRIES = f"""
    select e.id, e.event_time, {_KINDS} from entry e
    where e.org_id = %(org)s and e.kind in ('AggregationEvent', 'AssociationEvent', 'TransformationEvent') {{since}}
"""
# PARENT 2, CHILD 4, INPUT 8, OUTPUT 16, ADD 64, DELETE 128, DECLARED 256: OBSERVE joins nothing.
_JOINS = "i.roles & 256 = 0 and (i.roles & 24 <> 0 or i.roles & 6 <> 0 and i.roles & 192 <> 0)"
_ALL_ITEMS = f"select i.item_key, i.entry_id, i.roles from entry_item i where i.org_id = %(org)s and {_JOINS}"
_ITEMS = f"""
    select i.item_key, e.id, i.roles
    from entry e cross join lateral unnest(e.thing_keys, e.thing_roles) as i(item_key, roles)
    where e.org_id = %(org)s and {_JOINS} {{since}}
"""
_PARTS = "select e.mark, e.entry_id from transformation_part e where e.org_id = %(org)s {since}"
_SINCE = f"and e.{{id}} = any(array(select n.entry_id from {numbered('%(org)s', '%(after)s + 1')} n))"
_VOIDED = "select distinct entry_id from voided where org_id = %(org)s"
_NUMBER = sa.text("select next_number - 1 from party_counter where org_id = :org")


class Read(NamedTuple):
    """``number``: the party's count that the rows reach at least; entries in the order of their ids.

    ``item`` are keys of things, and for a transformationID its mark as -1 - mark.
    """

    number: int
    id: Longs
    time: Longs
    kind: NDArray[np.int8]
    item: Longs
    entry: Longs
    roles: NDArray[np.int16]


def last_number(connection: sa.Connection, org: UUID) -> int:
    """Return the party's last number: it grows with each entry, in the order in which they are committed."""
    return int(connection.scalar(_NUMBER, {"org": org}) or 0)


def read(connection: sa.Connection, org: UUID, *, after: int | None = None) -> Read:
    """Return the rows; ``after``: of entries with a greater number only.

    Entries are read before their things: an entry committed between the two statements is left to the next time.
    """
    number = last_number(connection, org)
    values = {"org": org, "after": after}
    entries = fetch(connection, _since(_ENTRIES, after, "id"), values, {"id": "i8", "time": "i8", "kind": "i2"})
    named = _ALL_ITEMS if after is None else _since(_ITEMS, after, "id")
    items = fetch(connection, named, values, {"item": "i8", "entry": "i8", "roles": "i2"})
    parts = fetch(connection, _since(_PARTS, after, "entry_id"), values, {"mark": "i8", "entry": "i8"})
    order = np.argsort(entries["id"])
    return Read(
        number=number,
        id=entries["id"][order],
        time=entries["time"][order],
        kind=entries["kind"][order].astype(np.int8),
        item=_joined(items["item"], -1 - parts["mark"]),
        entry=_joined(items["entry"], parts["entry"]),
        roles=_joined(items["roles"], np.full(len(parts["mark"]), INPUT | OUTPUT)).astype(np.int16),
    )


def voided(connection: sa.Connection, org: UUID) -> Longs:
    """Return the ids of all entries that were declared not to have happened, ascending."""
    return np.sort(fetch(connection, _VOIDED, {"org": org}, {"id": "i8"})["id"])


def _since(query: str, after: int | None, key: str) -> str:
    return query.replace("{since}", "" if after is None else _SINCE.replace("{id}", key))


def _joined(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([first, second]) if len(second) else first
