"""What a record said over time: each step with the entry of the ledger that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.prove.bodies import load
from takeback.share.centre.days import zone_of
from takeback.share.centre.kinds import kind_named
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


def came_in(connection: sa.Connection, found: Iterable[Record], states: Sequence[str], year: int) -> list[Record]:
    """Return those records that first came to one of `states` in a year, each as it stood with that step.

    What is said of a record later (a plan that is changed, a further decision) moves it to no other year.
    """
    zone = zone_of(connection)

    def year_of(moment: datetime) -> int:
        return moment.astimezone(zone).year

    maybe = [one for one in found if year_of(one.created_at) <= year <= year_of(one.changed_at)]
    told = steps_of(connection, [one for one in maybe if not _stays(one, states)], states)
    came = [one if _stays(one, states) else next(iter(told[one.id]), None) for one in maybe]
    return [one for one in came if one and year_of(one.changed_at) == year]


def steps_of(
    connection: sa.Connection, found: Sequence[Record], states: Sequence[str] | None = None
) -> dict[UUID, list[Record]]:
    """Return each record as it stood with each of its steps, the first one first; only those to `states`, if given."""
    of = {str(one.id): one for one in found}
    told: dict[UUID, list[Record]] = {one.id: [] for one in found}
    rows = connection.execute(_STEPS, {"keys": [record_key(one.id) for one in found]}) if found else ()
    for row in rows:
        said = load(row.body)["takeback:facts"]
        one = of.get(said["id"])
        if one is not None and (states is None or said["state"] in states):
            told[one.id].append(_as_it_stood(one, row, said))
    return told


def _stays(one: Record, states: Sequence[str]) -> bool:
    """Whether a record came to `states` by its last step, as follows from its kind alone: it is there to stay."""
    what = kind_named(one.kind)
    return {*states} == {one.state} and one.state in what.fixed_in and not what.states[one.state]


def _as_it_stood(one: Record, row: sa.Row[Any], said: dict[str, Any]) -> Record:
    facts = msgspec.convert(said["facts"], kind_named(one.kind).facts, strict=False)
    return msgspec.structs.replace(
        one, version=said["version"], state=said["state"], title=said["title"], facts=facts,
        changed_at=row.event_time, entry_id=row.id,
    )  # fmt: skip


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


_STEPS = sa.text("""
    select e.id, e.event_time, e.body from entry_item i join entry e on e.id = i.entry_id and e.org_id = i.org_id
    where i.org_id = (select nullif(current_setting('takeback.org', true), '')::uuid) and i.item_key = any(:keys)
      and e.kind = 'takeback:CentreRecord'
    order by e.id
""")
