"""Appending to the ledger: entries first, and at the very end of the transaction the party's numbers and the leaves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.canonical import canonical_json
from takeback.prove.entry import Appended, Entry, body_digest, leaf_of
from takeback.store import bulk

_ALLOCATE = sa.text("select nextval('entry_id_seq'), now() from generate_series(1, :count)")
_TAKE_NUMBERS = sa.text(
    """
    insert into party_counter (org_id, next_number) values (:org, :count + 1)
    on conflict (org_id) do update set next_number = party_counter.next_number + :count
    returning next_number - :count
    """
)
_ENTRY = ("id", "org_id", "kind", "event_time", "record_time", "actor", "salt", "body")


def append(connection: sa.Connection, org: UUID, entries: Sequence[Entry], *, actor: str) -> list[Appended]:
    """Write ``entries`` in order; they become part of the log only by :func:`seal` in the same transaction."""
    if not entries:
        return []
    appended, rows = [], []
    for entry, (number, now) in zip(entries, connection.execute(_ALLOCATE, {"count": len(entries)}), strict=True):
        salt, canonical = os.urandom(16), canonical_json(entry.body)
        appended.append(Appended(number, entry, now, body_digest(salt, canonical)))
        rows.append((number, org, entry.kind, entry.event_time, now, actor, salt, canonical.decode()))
    bulk.insert(connection, "entry", _ENTRY, rows)
    links = [(org, key, a.id) for a in appended for key in dict.fromkeys(a.entry.items)]
    bulk.insert(connection, "entry_item", ("org_id", "item_key", "entry_id"), links)
    return appended


def seal(connection: sa.Connection, org: UUID, appended: Sequence[Appended]) -> range:
    """Give the entries the party's next numbers and queue their leaves; return the numbers.

    Call it last: the party's counter stays locked until the transaction ends.
    """
    if not appended:
        return range(0)
    first = connection.execute(_TAKE_NUMBERS, {"org": org, "count": len(appended)}).scalar_one()
    numbers = range(first, first + len(appended))
    leaves = [
        (a.id, leaf_of(org, number, a.kind, a.entry.event_time, a.record_time, a.digest))
        for number, a in zip(numbers, appended, strict=True)
    ]
    numbered = [(org, number, a.id) for number, a in zip(numbers, appended, strict=True)]
    bulk.insert(connection, "entry_number", ("org_id", "number", "entry_id"), numbered)
    bulk.copy(connection, "leaf_queue", ("entry_id", "leaf_hash"), leaves)
    return numbers
