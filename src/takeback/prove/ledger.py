"""Appending to the ledger: entries first, and at the very end of the transaction the party's numbers and the leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from takeback.prove import directory
from takeback.prove.entry import Appended, Entry, leaves_of
from takeback.prove.genealogy import parts
from takeback.prove.numbers import Run, runs
from takeback.prove.rows import Rows
from takeback.store import bulk
from takeback.store.arrays import Hashes, Int8s

_ALLOCATE = "select clock_timestamp(), array_agg(nextval('entry_id_seq')) from generate_series(1, %s)"
_TAKE_NUMBERS = sa.text(
    """
    insert into party_counter (org_id, next_number) values (:org, :count + 1)
    on conflict (org_id) do update set next_number = party_counter.next_number + :count
    returning next_number - :count
    """
)
_TRANSFORMED = "TransformationEvent"
_NUMBER = "insert into number_run (org_id, number, entry_id, count) select %s, unnest(%s), unnest(%s), unnest(%s)"
_QUEUE = "insert into leaf_queue (entry_id, leaf_hash) select unnest(%s), unnest(%s)"


class Allocated(NamedTuple):
    """When entries are recorded, and their ids."""

    at: datetime
    ids: Sequence[int]


def append(
    connection: sa.Connection, org: UUID, entries: Sequence[Entry], *, actor: str, rows: Rows | None = None
) -> list[Appended]:
    """Write ``entries`` in order; they become part of the log only by :func:`seal` in the same transaction.

    ``rows`` are theirs, where they were made before the locks of the transaction.
    """
    if not entries:
        return []
    rows = rows or Rows.of(entries)
    directory.remember(connection, org, [made for made in rows.prepared if made])
    return write(connection, org, rows, allocate(connection, len(entries)), actor=actor)


def allocate(connection: sa.Connection, count: int) -> Allocated:
    """Return the time and ids for so many entries."""
    return Allocated(*bulk.driver(connection).execute(_ALLOCATE, (count,)).fetchall()[0])


def write(connection: sa.Connection, org: UUID, rows: Rows, given: Allocated, *, actor: str) -> list[Appended]:
    """Write entries and what finds them, all of it rows that are nobody else's: so it waits for no other transaction.

    What transactions share, things and values by their keys, is `takeback.prove.directory.remember`'s.
    """
    now, ids = given
    with bulk.driver(connection).pipeline():  # the database writes while the next rows are put together
        rows.insert(connection, org, actor, now, ids)
        directory.mark(connection, org, [(one, made) for one, made in zip(ids, rows.prepared, strict=True) if made])
        bodies = [(one, entry.body) for one, entry in zip(ids, rows.entries, strict=True) if entry.kind == _TRANSFORMED]
        parts.remember(connection, org, bodies)
        return rows.appended(ids, actor, now)


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
    run = bulk.driver(connection).execute
    ids = [a.id for a in appended]
    found = list(runs(ids))
    with bulk.driver(connection).pipeline():  # the database writes the numbers while the leaves are made
        run(_NUMBER, (org, *_columns(found, first)))
        leaves = leaves_of(org, numbers, appended)
        run(_QUEUE, (Int8s(ids), Hashes(leaves)))
    return numbers, leaves


def _columns(found: Sequence[Run], first: int) -> tuple[Int8s, Int8s, Int8s]:
    """Return the first number, the first entry and the count of each run."""
    numbers = [first + one.place for one in found]
    return Int8s(numbers), Int8s([one.entry for one in found]), Int8s([one.length for one in found])
