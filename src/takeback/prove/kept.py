"""From what the tables keep of an entry back to the leaf that committed to it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from takeback.prove.entry import Leaf, items_digest
from takeback.prove.numbers import number_of
from takeback.prove.salted import body_digest

COLUMNS = f"""
    e.org_id, e.kind, e.event_time, e.record_time, e.actor, e.salt, e.body, e.version, e.captured, e.event_hash,
    e.thing_keys, e.thing_roles, {number_of()} as number
"""
"""Select these of `entry e` for `leaf_of`."""


def things_of(row: sa.Row[Any]) -> dict[int, int]:
    """Return the roles of an entry's things by their keys; arrays of unequal length are told by their digest."""
    pairs = zip(row.thing_keys, row.thing_roles, strict=False)
    return {key: role or 0 for key, role in pairs if key is not None}


def leaf_of(row: sa.Row[Any], canonical: bytes) -> Leaf:
    """Return the leaf of a row with `COLUMNS`, whose body is ``canonical`` when it is unpacked."""
    return Leaf(
        version=row.version,
        party=row.org_id,
        number=row.number,
        kind=row.kind,
        event_time=row.event_time,
        record_time=row.record_time,
        actor=row.actor,
        captured=row.captured,
        things=items_digest(things_of(row)),
        event_hash=row.event_hash,
        digest=body_digest(row.salt, canonical),
    )
