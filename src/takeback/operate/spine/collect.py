"""Collecting: things pass from customer or partner to the carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.items import item_key
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import object_event
from takeback.operate.spine.gate import Gate, first_named, latest_of
from takeback.operate.spine.items import Item
from takeback.operate.words import Moment
from takeback.store import bulk


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a route, or one handing-in at a parcel shop: which items, when, at which place (URI), by whom."""

    epcs: list[str]
    at: Moment
    place: str
    carrier: str
    plan_id: UUID | None = None


def collect(connection: sa.Connection, author: Author, collections: Sequence[Collection]) -> list[int]:
    """Record collections of ordered items; return the ids of the ledger entries.

    Raises
    ------
    Problem
        ``spine.refused`` with one error for each value or item that cannot be taken; nothing is changed then.
    """
    author.require("spine.collect")
    gate = Gate(connection, author)
    items = gate.items([epc for c in collections for epc in c.epcs], stages=("ordered",))
    for number, c in enumerate(collections):
        _check(gate, f"/{number}", c, items)
    gate.known("plan", first_named([(c.plan_id, f"/{number}/plan_id") for number, c in enumerate(collections)]))
    gate.close()
    return record(connection, author, [_event(c, items) for c in collections])


def _check(gate: Gate, at: str, c: Collection, items: Mapping[str, Item]) -> None:
    gate.some(at, "epcs", c.epcs)
    gate.text(at, "place", c.place)
    gate.text(at, "carrier", c.carrier)
    gate.moment(at, "at", c.at, latest_of(items.get(epc) for epc in c.epcs))


def _event(c: Collection, items: Mapping[str, Item]) -> prove.Entry:
    plan = [("po", f"urn:takeback:plan:{c.plan_id}")] if c.plan_id else []
    return object_event(
        step="collected",
        at=c.at,
        epcs=[items[epc]["epc"] for epc in c.epcs],
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
