"""Receiving: things are counted and weighed at a site; from here on they stand in its mass account."""

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
from takeback.operate.spine.posting import Line, post
from takeback.operate.words import Grams, Provenance
from takeback.store import bulk


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One item on the dock and its mass in grams; ``provenance`` says whether the mass was really weighed."""

    epc: str
    mass_g: Grams
    provenance: Provenance = "real"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What arrived together at a site; ``place`` is the site's URI."""

    site_id: UUID
    place: str
    at: datetime
    lines: list[Received]
    station: str = "dock"


def receive(connection: sa.Connection, author: Author, receipts: Sequence[Receipt]) -> list[int]:
    """Record receipts of ordered or collected items; return the ids of the ledger entries."""
    author.require("spine.receive")
    items = locked(connection, [line.epc for r in receipts for line in r.lines], stages=("ordered", "collected"))
    entries = []
    for receipt in receipts:
        returns = any(items[line.epc]["vertical"] == "returns" for line in receipt.lines)
        entries.append(_event(receipt, "owed" if returns else "none"))
    return record(connection, author, entries)


def _event(receipt: Receipt, settlement: str) -> prove.Entry:
    return object_event(
        step="received",
        at=receipt.at,
        epcs=[line.epc for line in receipt.lines],
        biz_step="receiving",
        disposition="returned",
        place=receipt.place,
        facts={
            "site_id": str(receipt.site_id),
            "station": receipt.station,
            "settlement": settlement,
            "lines": [{"mass_g": line.mass_g, "provenance": line.provenance} for line in receipt.lines],
        },
    )


@projects("received")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    rows, statements, lines = [], [], []
    for fact in facts:
        data, at = fact.body["takeback:facts"], fact.event_time
        site = UUID(data["site_id"])
        for epc, line in zip(fact.body["epcList"], data["lines"], strict=True):
            key, mass = item_key(epc), line["mass_g"]
            rows.append((org, key, "received", at, "site", site, mass, data["settlement"]))
            statements.append(
                (
                    org,
                    fact.id,
                    key,
                    "mass",
                    mass / 1000,
                    "kg",
                    "weighing",
                    data["station"],
                    at,
                    line["provenance"],
                )
            )
            lines += [
                Line(fact.id, "mass", "inbound", site, key, -mass, "g", at),
                Line(fact.id, "mass", "stock", site, key, mass, "g", at),
            ]
    columns = ("stage", "stage_since", "custody", "site_id", "mass_g", "settlement")
    bulk.update(connection, "item", ("org_id", "key"), columns, rows)
    stated = (
        "org_id",
        "entry_id",
        "item_key",
        "property",
        "value",
        "unit",
        "method",
        "originator",
        "at",
        "provenance",
    )
    bulk.insert(connection, "statement", stated, statements)
    post(connection, org, lines)
