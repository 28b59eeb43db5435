"""Receiving: things are counted and weighed at a site; from here on they stand in its mass account."""

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
from takeback.operate.spine.posting import Line, post
from takeback.operate.words import MOST, Grams, Moment, Provenance
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
    at: Moment
    lines: list[Received]
    station: str = "dock"


def receive(connection: sa.Connection, author: Author, receipts: Sequence[Receipt]) -> list[int]:
    """Record receipts of ordered or collected items; return the ids of the ledger entries.

    Raises
    ------
    Problem
        ``spine.refused`` with one error for each value or item that cannot be taken; nothing is changed then.
    """
    author.require("spine.receive")
    gate = Gate(connection, author)
    items = gate.items([line.epc for r in receipts for line in r.lines], stages=("ordered", "collected"))
    for number, receipt in enumerate(receipts):
        _check(gate, f"/{number}", receipt, items)
    gate.known("site", first_named([(r.site_id, f"/{number}/site_id") for number, r in enumerate(receipts)]))
    gate.close()
    return record(connection, author, [_event(receipt, items) for receipt in receipts])


def _check(gate: Gate, at: str, receipt: Receipt, items: Mapping[str, Item]) -> None:
    gate.some(at, "lines", receipt.lines)
    gate.text(at, "place", receipt.place)
    gate.text(at, "station", receipt.station)
    gate.moment(at, "at", receipt.at, latest_of(items.get(line.epc) for line in receipt.lines))
    for number, line in enumerate(receipt.lines):
        gate.within(f"{at}/lines/{number}", "mass_g", line.mass_g, 0, MOST)


def _event(receipt: Receipt, items: Mapping[str, Item]) -> prove.Entry:
    returns = any(items[line.epc]["vertical"] == "returns" for line in receipt.lines)
    return object_event(
        step="received",
        at=receipt.at,
        epcs=[items[line.epc]["epc"] for line in receipt.lines],
        biz_step="receiving",
        disposition="returned",
        place=receipt.place,
        facts={
            "site_id": str(receipt.site_id),
            "station": receipt.station,
            "settlement": "owed" if returns else "none",
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
