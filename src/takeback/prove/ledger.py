"""Appending to the ledger: entries first, and at the very end of the transaction the party's numbers and the leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove import directory
from takeback.prove.entry import VERSION, Appended, Entry, Leaf, Stored
from takeback.prove.epcis.prepare import EVENT_TYPES, Prepared, prepare
from takeback.prove.epcis.roles import EPC
from takeback.prove.genealogy import parts
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
_ENTRY = (
    "id",
    "org_id",
    "kind",
    "event_time",
    "record_time",
    "actor",
    "salt",
    "body",
    "version",
    "captured",
    "action",
    "biz_step",
    "disposition",
    "read_point",
    "biz_location",
    "event_hash",
    "event_key",
    "error_declared_at",
)
_ITEM = "insert into entry_item (org_id, item_key, entry_id, roles) select %s, unnest(%s), unnest(%s), unnest(%s)"
_NUMBER = "insert into entry_number (org_id, number, entry_id) select %s, unnest(%s), unnest(%s)"
_QUEUE = "insert into leaf_queue (entry_id, leaf_hash) select unnest(%s), unnest(%s)"
_DOMAIN = (None,) * 8  # of a commercial fact the EPCIS columns are empty


def append(connection: sa.Connection, org: UUID, entries: Sequence[Entry], *, actor: str) -> list[Appended]:
    """Write ``entries`` in order; they become part of the log only by :func:`seal` in the same transaction."""
    if not entries:
        return []
    now, numbers = bulk.driver(connection).execute(_ALLOCATE, (len(entries),)).fetchall()[0]
    prepared = [_prepared(entry) for entry in entries]
    appended, rows = [], []
    for entry, made, number in zip(entries, prepared, numbers, strict=True):
        one, row = _entry(entry, made, number, now, org, actor)
        appended.append(one)
        rows.append(row)
    bulk.insert(connection, "entry", _ENTRY, rows)
    _link(connection, org, appended)
    directory.remember(connection, org, [(a.id, made) for a, made in zip(appended, prepared, strict=True) if made])
    parts.remember(connection, org, [(a.id, a.body) for a in appended if a.kind == "TransformationEvent"])
    return appended


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


def _link(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> None:
    keys = [key for a in appended for key in a.roles]
    roles = [role for a in appended for role in a.roles.values()]
    ids = [a.id for a in appended for _ in a.roles]
    bulk.driver(connection).execute(_ITEM, (org, Int8s(keys), Int8s(ids), Int2s(roles)))


def _prepared(entry: Entry) -> Prepared | None:
    if entry.kind not in EVENT_TYPES:
        return None
    return entry.prepared or prepare(dict(entry.body))


def _entry(
    entry: Entry, made: Prepared | None, number: int, now: datetime, org: UUID, actor: str
) -> tuple[Appended, tuple[Any, ...]]:
    stored, roles = entry.stored or Stored.of(entry.body), _roles(entry, made)
    one = Appended(number, entry, actor, now, stored.digest, roles, made.hash if made else None)
    event = (*made.columns, made.hash, made.key, made.declared_at) if made else _DOMAIN
    head = (number, org, entry.kind, entry.event_time, now, actor, stored.salt, stored.body, VERSION, entry.captured)
    return one, (*head, *event)


def _roles(entry: Entry, made: Prepared | None) -> Mapping[int, int]:
    if made is None:
        return dict.fromkeys(entry.items, EPC)
    beyond = [key for key in entry.items if key not in made.roles]
    return {**made.roles, **dict.fromkeys(beyond, EPC)} if beyond else made.roles


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
        roles=a.roles,
        event_hash=a.event_hash,
        digest=a.digest,
    )
