"""What new entries do to the lives of things: what ends, and what is inside what now."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.entry import Appended
from takeback.prove.epcis.roles import CHILD, CLASS, DECLARED, EPC, INPUT, PARENT
from takeback.prove.epcis.validation.known import AGGREGATION, ASSOCIATION
from takeback.store import bulk

ENDING = frozenset({"destroying", "decommissioning"})
KINDS = {"AggregationEvent": AGGREGATION, "AssociationEvent": ASSOCIATION}
_OUT = "delete from containment where child_key = %s and parent_key = %s and kind = %s"
_ALL_OUT = "delete from containment where parent_key = %s and kind = %s"
_RENEWED = """
    (org_id, child_key, parent_key, kind) do update set since = excluded.since, entry_id = excluded.entry_id
"""
_IN = f"""
    insert into containment (org_id, child_key, parent_key, kind, since, entry_id) values (%s, %s, %s, %s, %s, %s)
    on conflict {_RENEWED}
"""


def record(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> None:
    """Write the ends and the containments of new physical events, in their order. Declared errors do nothing."""
    happened = [a for a in appended if "errorDeclaration" not in a.body]
    ends = [(org, key, a.id, a.entry.event_time) for a in happened for key in ended(a)]
    bulk.insert(connection, "item_end", ("org_id", "item_key", "entry_id", "at"), ends)
    contained = [a for a in happened if a.kind in KINDS and a.body.get("action") in ("ADD", "DELETE")]
    if contained:
        _contain(connection, org, contained)


def ended(a: Appended) -> list[int]:
    """Return the things that an event ends: destroyed, decommissioned, deleted, or consumed by a transformation."""
    if a.kind == "TransformationEvent":
        return [key for key, role in a.roles.items() if role & INPUT and not role & CLASS]
    deleted = a.kind == "ObjectEvent" and a.body.get("action") == "DELETE"
    if not deleted and a.body.get("bizStep") not in ENDING:
        return []
    return [key for key, role in a.roles.items() if role & EPC and not role & CLASS]


def _contain(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> None:
    """Pairs that are put in and never taken out within these events go in one statement; the rest one by one."""
    if any(a.body["action"] == "DELETE" for a in appended):
        for a in appended:
            _one_by_one(connection, org, a)
        return
    rows = {(c, p, KINDS[a.kind]): (a.entry.event_time, a.id) for a in appended for c, p in pairs(a)}
    columns = ("org_id", "child_key", "parent_key", "kind", "since", "entry_id")
    values = [(org, *pair, *since) for pair, since in rows.items()]
    bulk.insert(connection, "containment", columns, values, on_conflict=_RENEWED)


def _one_by_one(connection: sa.Connection, org: UUID, a: Appended) -> None:
    kind, of = KINDS[a.kind], pairs(a)
    with bulk.driver(connection).cursor() as cursor:
        if a.body["action"] == "ADD":
            cursor.executemany(_IN, [(org, c, p, kind, a.entry.event_time, a.id) for c, p in of])
        elif of:
            cursor.executemany(_OUT, [(c, p, kind) for c, p in of])
        else:
            cursor.executemany(_ALL_OUT, [(p, kind) for p in things_as(a, PARENT)])


def pairs(a: Appended) -> list[tuple[int, int]]:
    """Return (child, parent) of what an event puts together or takes apart."""
    return [(child, parent) for parent in things_as(a, PARENT) for child in things_as(a, CHILD)]


def things_as(a: Appended, role: int) -> list[int]:
    """Return the single things that have a role in an event."""
    return [key for key, roles in a.roles.items() if roles & role and not roles & (CLASS | DECLARED)]
