"""What is new for a subscription becomes deliveries: each event in one of them, in the order of the ledger.

The cursor is the party's own running number, which has no gaps and grows in the order of commits (ids of entries do
not: a slow transaction shows its smaller ids late). It moves in the transaction that writes the deliveries, so a crash
neither loses an event nor takes one twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.problem import Problem
from takeback.operate.epcis.schedule import read_schedule
from takeback.prove import bodies
from takeback.prove.epcis.hashing import hash_uri
from takeback.prove.epcis.query import Query, StoredMaster, matches, parse_json
from takeback.prove.numbers import numbered

PIECE = 2000  # entries looked at in one transaction
_LOCKED = sa.text(
    """
    select s.id, s.schedule, s.report_if_empty, s.initial_record_time, s.cursor, s.batch, s.next_run, q.query
    from epcis_subscription s join epcis_query q on q.org_id = s.org_id and q.name = s.query_name
    where s.org_id = :org and s.id = :id and s.rests is null
    for update of s skip locked
    """
)
_ENTRIES = sa.text(
    f"""
    select n.number, e.id, e.record_time, e.event_hash, e.body
    from {numbered(":org", ":cursor + 1", ":cursor + :piece")} n
    cross join lateral (select * from entry where id = n.entry_id offset 0) e  -- by its key, one after the other
    order by n.number
    """
)
_MOVE = sa.text("update epcis_subscription set cursor = :cursor, next_run = :next_run where org_id = :org and id = :id")
_REST = sa.text("update epcis_subscription set rests = :reason where org_id = :org and id = :id")
_DELIVERY = sa.text(
    """
    insert into epcis_delivery (org_id, id, subscription_id, number, entries, created_at, state, next_try_at)
    values (:org, :delivery, :id, :number, :entries, :now, 'waiting', :now)
    """
)


def cut(connection: sa.Connection, org: UUID, subscription: UUID, *, now: datetime | None = None) -> bool:
    """Write what is new for a subscription, if it is due, as deliveries; return whether there may be more at once.

    A subscription that another worker is at is left to that one.
    """
    now = now or datetime.now(UTC)
    row = connection.execute(_LOCKED, {"org": org, "id": subscription}).one_or_none()
    if row is None or (row.next_run is not None and row.next_run > now):
        return False
    try:
        query = replace(parse_json(row.query), limit=None, most=None).recorded(since=row.initial_record_time)
        next_run = read_schedule(row.schedule).next(now) if row.schedule else None
    except Problem as problem:  # a query of an older program that this one does not understand
        connection.execute(_REST, {"org": org, "id": subscription, "reason": str(problem.title)})
        return False
    cursor, empty, more = row.cursor, True, True
    while more:
        entries = connection.execute(_ENTRIES, {"org": org, "cursor": cursor, "piece": PIECE}).all()
        found = _matching(connection, org, query, entries)
        _write(connection, org, row, found, now)
        empty, cursor = empty and not found, entries[-1].number if entries else cursor
        more = len(entries) == PIECE
        if not row.schedule:  # what is streamed goes out piece by piece; a scheduled run is one transaction
            break
    if empty and row.schedule and row.report_if_empty:
        _deliver(connection, org, subscription, cursor, [], now)
    connection.execute(_MOVE, {"org": org, "id": subscription, "cursor": cursor, "next_run": next_run})
    return more


def _matching(
    connection: sa.Connection, org: UUID, query: Query, entries: Sequence[sa.Row[Any]]
) -> list[tuple[int, int]]:
    """Return number and id of the entries that answer the query."""
    master = StoredMaster(connection, org)
    return [
        (row.number, row.id)
        for row in entries
        if row.event_hash is not None
        and matches(
            query,
            bodies.load(row.body),
            record_time=row.record_time,
            event_id=hash_uri(row.event_hash),
            master=master,
        )
    ]


def _write(
    connection: sa.Connection, org: UUID, row: sa.Row[Any], found: Sequence[tuple[int, int]], now: datetime
) -> None:
    for begin in range(0, len(found), row.batch):
        batch = found[begin : begin + row.batch]
        _deliver(connection, org, row.id, batch[0][0], [entry for _, entry in batch], now)


def _deliver(
    connection: sa.Connection, org: UUID, subscription: UUID, number: int, entries: list[int], now: datetime
) -> None:
    values = {"org": org, "id": subscription, "delivery": uuid7(), "number": number, "entries": entries, "now": now}
    connection.execute(_DELIVERY, values)
