"""Grading: what an inspection or a test says of an item, with its uncertainty and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.core.items import item_key
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import object_event
from takeback.operate.spine.items import locked
from takeback.operate.words import Minor, Provenance
from takeback.store import bulk


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measured or declared property: a number with its unit and interval, or a text."""

    property: str
    method: str
    originator: str
    provenance: Provenance
    value: float | None = None
    text: str | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None


class Grading(msgspec.Struct, frozen=True, kw_only=True):
    """The grade of one item. ``soh`` is the state of health as a share of rated capacity, with its interval.

    ``belief`` gives the probability of each condition class that prices are known for. ``value_minor`` is what the
    item is worth in the state found; ``place`` the station's URI.
    """

    epc: str
    at: datetime
    place: str
    grade: str
    method: str
    originator: str
    provenance: Provenance
    value_minor: Minor
    soh: Annotated[float, Meta(gt=0, le=1.5)] | None = None
    soh_low: float | None = None
    soh_high: float | None = None
    belief: dict[str, float] = {}
    statements: list[Statement] = []


def grade(connection: sa.Connection, author: Author, gradings: Sequence[Grading]) -> list[int]:
    """Record gradings of received items (or new gradings of graded ones); return the ids of the ledger entries."""
    author.require("spine.grade")
    locked(connection, [g.epc for g in gradings], stages=("received", "graded"))
    return record(connection, author, [_event(g) for g in gradings])


def _event(g: Grading) -> prove.Entry:
    facts = msgspec.to_builtins(g)
    for name in ("epc", "at", "place"):
        del facts[name]
    return object_event(
        step="graded",
        at=g.at,
        epcs=[g.epc],
        biz_step="inspecting",
        disposition="in_progress",
        place=g.place,
        facts=facts,
    )


@projects("graded")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    latest = {fact.body["epcList"][0]: fact for fact in facts}
    rows = []
    for epc, fact in latest.items():
        g = fact.body["takeback:facts"]
        belief = canonical_json(g["belief"]).decode()
        rows.append(
            (
                org,
                item_key(epc),
                "graded",
                fact.event_time,
                g["grade"],
                g["soh"],
                g["soh_low"],
                g["soh_high"],
                belief,
                g["value_minor"],
            )
        )
    columns = ("stage", "stage_since", "grade", "soh", "soh_low", "soh_high", "belief", "value_minor")
    bulk.update(connection, "item", ("org_id", "key"), columns, rows)
    bulk.insert(connection, "statement", _STATEMENT, [row for fact in facts for row in _statements(org, fact)])


_STATEMENT = (
    "org_id",
    "entry_id",
    "item_key",
    "property",
    "value",
    "text",
    "unit",
    "low",
    "high",
    "method",
    "originator",
    "at",
    "provenance",
)


def _statements(org: UUID, fact: Fact) -> list[tuple[object, ...]]:
    g, key = fact.body["takeback:facts"], item_key(fact.body["epcList"][0])
    said = [{"property": "grade", "text": g["grade"]}, *g["statements"]]
    if g["soh"] is not None:
        said.append(
            {
                "property": "soh",
                "value": g["soh"] * 100,
                "unit": "%",
                "low": g["soh_low"] * 100,
                "high": g["soh_high"] * 100,
            }
        )
    return [
        (
            org,
            fact.id,
            key,
            s["property"],
            s.get("value"),
            s.get("text"),
            s.get("unit"),
            s.get("low"),
            s.get("high"),
            s.get("method", g["method"]),
            s.get("originator", g["originator"]),
            fact.event_time,
            s.get("provenance", g["provenance"]),
        )
        for s in said
    ]
