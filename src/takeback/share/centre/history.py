"""What a record said over time: each step with the entry of the ledger that holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.prove.bodies import load
from takeback.share.centre.records import Record

_STEPS = sa.text("""
    select id, event_time, record_time, actor, body from entry
    where org_id = :org and id between :first and :last and kind = 'takeback:CentreRecord' order by id
""")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a record. `actor`: an id, never a name; `entry_id`: the entry, by which it is proven."""

    entry_id: int
    version: int
    state: str
    at: datetime
    recorded_at: datetime
    actor: str
    why: str
    facts: dict[str, Any]


def history(connection: sa.Connection, org: UUID, record: Record) -> list[Step]:
    """Return the steps of a record, the first one first; the ledger is read from its first to its last entry."""
    rows = connection.execute(_STEPS, {"org": org, "first": record.first_entry, "last": record.entry_id})
    told = ((row, load(row.body)["takeback:facts"]) for row in rows)
    return [_step(row, said) for row, said in told if said["id"] == str(record.id)]


def _step(row: sa.Row[Any], said: dict[str, Any]) -> Step:
    return Step(
        entry_id=row.id,
        version=said["version"],
        state=said["state"],
        at=row.event_time,
        recorded_at=row.record_time,
        actor=row.actor,
        why=said["why"],
        facts=said["facts"],
    )
