"""Appending to the ledger: entries first, and at the very end of the transaction the party's numbers and the leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.prove import directory
from takeback.prove.entry import VERSION, Appended, Entry, Leaf
from takeback.prove.genealogy import parts
from takeback.prove.rows import Rows
from takeback.store import bulk
from takeback.store.arrays import Hashes, Int2s, Int8s

_ALLOCATE = "select clock_timestamp(), array_agg(nextval('entry_id_seq')) from generate_series(1, %s)"
_TAKE_NUMBERS = sa.text(
    """
    insert into party_counter (org_id, next_number) values (:org, :count + 1)
    on conflict (org_id) do update set next_number = party_counter.next_number + :count
    returning next_number - :count
    """
)
_ITEM = "insert into entry_item (org_id, item_key, entry_id, roles) select %s, unnest(%s), unnest(%s), unnest(%s)"
_TRANSFORMED = "TransformationEvent"
_NUMBER = "insert into entry_number (org_id, number, entry_id) select %s, unnest(%s), unnest(%s)"
_QUEUE = "insert into leaf_queue (entry_id, leaf_hash) select unnest(%s), unnest(%s)"


def append(
    connection: sa.Connection, org: UUID, entries: Sequence[Entry], *, actor: str, rows: Rows | None = None
) -> list[Appended]:
    """Write ``entries`` in order; they become part of the log only by :func:`seal` in the same transaction.

    ``rows`` are theirs, where they were made before the locks of the transaction.
    """
    if not entries:
        return []
    rows = rows or Rows.of(entries)
    now, ids = bulk.driver(connection).execute(_ALLOCATE, (len(entries),)).fetchall()[0]
    rows.insert(connection, org, actor, now, ids)
    _link(connection, org, ids, rows.roles)
    made = [(one, entry) for one, entry in zip(ids, rows.prepared, strict=True) if entry]
    directory.remember(connection, org, made)
    parts.remember(connection, org, [(a, e.body) for a, e in zip(ids, entries, strict=True) if e.kind == _TRANSFORMED])
    return [rows.appended(place, one, actor, now) for place, one in enumerate(ids)]


def seal(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> range:
    """Give the entries the party's next numbers and queue their leaves; return the numbers.

    Call it last: the party's counter stays locked until the transaction ends.
    """
    return sealed(connection, org, appended)[0]


def sealed(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> tuple[range, list[bytes]]:
    """Do what `seal` does; return the numbers and the leaves' hashes, as a receipt needs them."""
    if not appended:
        return range(0), []
    first = connection.execute(_TAKE_NUMBERS, {"org": org, "count": len(appended)}).scalar_one()
    numbers = range(first, first + len(appended))
    leaves = [_leaf(org, number, a).hash() for number, a in zip(numbers, appended, strict=True)]
    run = bulk.driver(connection).execute
    ids = Int8s([a.id for a in appended])
    run(_NUMBER, (org, Int8s(numbers), ids))
    run(_QUEUE, (ids, Hashes(leaves)))
    return numbers, leaves


def _link(connection: sa.Connection, org: UUID, ids: Sequence[int], roles: Sequence[Mapping[int, int]]) -> None:
    keys = [key for one in roles for key in one]
    values = [role for one in roles for role in one.values()]
    entries = [number for number, one in zip(ids, roles, strict=True) for _ in one]
    bulk.driver(connection).execute(_ITEM, (org, Int8s(keys), Int8s(entries), Int2s(values)))


def _leaf(org: UUID, number: int, a: Appended) -> Leaf:
    return Leaf(
        version=VERSION,
        party=org,
        number=number,
        kind=a.kind,
        event_time=a.entry.event_time,
        record_time=a.record_time,
        actor=a.actor,
        captured=a.entry.captured,
        things=a.things,
        event_hash=a.event_hash,
        digest=a.digest,
    )
