"""What a record said over time: each step with the entry of the ledger that holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.share.centre.records import Record, record_key


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
    """Return the steps of a record, the first one first, each found by the record's key in the ledger."""
    told = sorted(prove.trace(connection, org, record_key(record.id)), key=lambda one: one.id)
    steps = ((one, one.body["takeback:facts"]) for one in told if one.kind == "takeback:CentreRecord")
    return [_step(one, said) for one, said in steps if said["id"] == str(record.id)]


def _step(row: prove.Traced, said: dict[str, Any]) -> Step:
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
