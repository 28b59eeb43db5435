"""Collecting: things pass from customer or partner to the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.items import item_key
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import object_event
from takeback.operate.spine.items import locked
from takeback.store import bulk


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a route, or one handing-in at a parcel shop: which items, when, at which place (URI), by whom."""

    epcs: list[str]
    at: datetime
    place: str
    carrier: str
    plan_id: UUID | None = None


def collect(connection: sa.Connection, author: Author, collections: Sequence[Collection]) -> list[int]:
    """Record collections of ordered items; return the ids of the ledger entries."""
    author.require("spine.collect")
    locked(connection, [epc for c in collections for epc in c.epcs], stages=("ordered",))
    return record(connection, author, [_event(c) for c in collections])


def _event(c: Collection) -> prove.Entry:
    plan = [("po", f"urn:takeback:plan:{c.plan_id}")] if c.plan_id else []
    return object_event(
        step="collected",
        at=c.at,
        epcs=c.epcs,
        biz_step="collecting",
        disposition="in_transit",
        place=c.place,
        transactions=plan,
        facts={"carrier": c.carrier},
    )


@projects("collected")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows = [
        (org, item_key(epc), "collected", fact.event_time, "carrier") for fact in facts for epc in fact.body["epcList"]
    ]
    bulk.update(connection, "item", ("org_id", "key"), ("stage", "stage_since", "custody"), rows)
