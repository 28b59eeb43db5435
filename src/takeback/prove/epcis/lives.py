"""What new entries do to the lives of things: what ends, and what is inside what now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.entry import Appended
from takeback.prove.epcis.roles import CHILD, CLASS, DECLARED, EPC, INPUT, PARENT
from takeback.prove.epcis.validation.known import AGGREGATION, ASSOCIATION
from takeback.store import bulk
from takeback.store.arrays import Int2s, Int8s, Times

ENDING = frozenset({"destroying", "decommissioning"})
KINDS = {"AggregationEvent": AGGREGATION, "AssociationEvent": ASSOCIATION}
Pair = tuple[int, int, int]
"""Child, parent and kind of a containment."""

_END = "insert into item_end (org_id, item_key, entry_id, at) select %s, unnest(%s), unnest(%s), unnest(%s)"
# A table of few and ever other rows has statistics that mislead: so each row is looked up, then all go by their place.
_OUT = """
    delete from containment where ctid = any(array(
        select c.ctid from unnest(%s, %s, %s) as gone(child, parent, kind) cross join lateral (
            select ctid from containment
            where org_id = %s and child_key = gone.child and parent_key = gone.parent and kind = gone.kind
            order by org_id, child_key, parent_key, kind offset 0  -- so that only the index by child fits
        ) c
    ))
"""
_ALL_OUT = """
    delete from containment where ctid = any(array(
        select c.ctid from unnest(%s, %s) as gone(parent, kind) cross join lateral (
            select ctid from containment
            where org_id = %s and parent_key = gone.parent and kind = gone.kind
            order by org_id, parent_key offset 0  -- so that only the index by parent fits
        ) c
    ))
"""
_IN = """
    insert into containment (org_id, child_key, parent_key, kind, since, entry_id)
    select %s, unnest(%s), unnest(%s), unnest(%s), unnest(%s), unnest(%s)
    on conflict (org_id, child_key, parent_key, kind) do update set since = excluded.since, entry_id = excluded.entry_id
"""


def record(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> None:
    """Write the ends and the containments of new physical events, in their order. Declared errors do nothing."""
    happened = [a for a in appended if "errorDeclaration" not in a.entry.body]
    if ends := [(key, a.id, a.entry.event_time) for a in happened for key in ended(a)]:
        keys, entries, times = zip(*ends, strict=True)
        bulk.driver(connection).execute(_END, (org, Int8s(keys), Int8s(entries), Times(times)))
    contained = [a for a in happened if a.entry.kind in KINDS and a.entry.body.get("action") in ("ADD", "DELETE")]
    if contained:
        _contain(connection, org, contained)


def ended(a: Appended) -> list[int]:
    """Return the things that an event ends: destroyed, decommissioned, deleted, or consumed by a transformation."""
    kind, body = a.entry.kind, a.entry.body  # read once: each new event passes here
    if kind == "TransformationEvent":
        return [key for key, role in a.roles.items() if role & INPUT and not role & CLASS]
    deleted = kind == "ObjectEvent" and body.get("action") == "DELETE"
    if not deleted and body.get("bizStep") not in ENDING:
        return []
    return [key for key, role in a.roles.items() if role & EPC and not role & CLASS]


def _contain(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> None:
    """Work out what the events come to, in their order, and bring the table there in three statements at most."""
    inside: dict[Pair, tuple[datetime, int] | None] = {}
    emptied: set[tuple[int, int]] = set()
    for a in appended:
        kind = KINDS[a.kind]
        if empties(a):
            gone = {(parent, kind) for parent in things_as(a, PARENT)}
            emptied |= gone
            inside.update(dict.fromkeys((pair for pair in inside if pair[1:] in gone), None))
        since = (a.entry.event_time, a.id) if a.body["action"] == "ADD" else None
        inside.update({(child, parent, kind): since for child, parent in pairs(a)})
    run = bulk.driver(connection).execute
    if emptied:
        parents, kinds = zip(*emptied, strict=True)
        run(_ALL_OUT, (Int8s(parents), Int2s(kinds), org))
    if out := [pair for pair, since in inside.items() if since is None]:
        children, parents, kinds = zip(*out, strict=True)
        run(_OUT, (Int8s(children), Int8s(parents), Int2s(kinds), org))
    if rows := [(*pair, *since) for pair, since in inside.items() if since is not None]:
        children, parents, kinds, times, entries = zip(*sorted(rows), strict=True)
        run(_IN, (org, Int8s(children), Int8s(parents), Int2s(kinds), Times(times), Int8s(entries)))


def empties(a: Appended) -> bool:
    """Whether an event takes out all that its parent holds: a DELETE that names no children (EPCIS 2.0, 7.4.3)."""
    return a.body.get("action") == "DELETE" and not any(role & CHILD for role in a.roles.values())


def pairs(a: Appended) -> list[tuple[int, int]]:
    """Return (child, parent) of what an event puts together or takes apart."""
    return [(child, parent) for parent in things_as(a, PARENT) for child in things_as(a, CHILD)]


def things_as(a: Appended, role: int) -> list[int]:
    """Return the single things that have a role in an event."""
    return [key for key, roles in a.roles.items() if roles & role and not roles & (CLASS | DECLARED)]
