"""Grading: what an inspection or a test says of an item, with its uncertainty and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback import prove
from takeback.core.canonical import canonical_json
from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.events import object_event
from takeback.operate.spine.gate import Gate
from takeback.operate.spine.items import Item
from takeback.operate.values import LONGEST_TEXT
from takeback.operate.words import LARGEST, Minor, Moment, Provenance
from takeback.store import bulk

SMALLEST_SOH, LARGEST_SOH = 1e-6, 1.5
ROUNDED = 0.01  # by which the probabilities of a belief may miss 1: the unlikely are left out, the rest is rounded
_OWN = {"grade", "soh"}  # properties that a grading states itself


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
    at: Moment
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
    """Record gradings of received items (or new gradings of graded ones); return the ids of the ledger entries.

    Raises
    ------
    Problem
        ``spine.refused`` with one error for each value or item that cannot be taken, among them ``spine.repeated`` for
        a grading that stands in the ledger already; nothing is changed then.
    """
    author.require("spine.grade")
    gate = Gate(connection, author)
    items = gate.items([g.epc for g in gradings], stages=("received", "graded"))
    for number, g in enumerate(gradings):
        _check(gate, f"/{number}", g, items.get(g.epc))
    _refuse_repeats(gate, connection, gradings, items)
    gate.close()
    return record(connection, author, [_event(g, items[g.epc]) for g in gradings])


def _check(gate: Gate, at: str, g: Grading, item: Item | None) -> None:
    gate.moment(at, "at", g.at, item)
    for name, text in (("place", g.place), ("grade", g.grade), ("method", g.method), ("originator", g.originator)):
        gate.text(at, name, text)
    gate.within(at, "value_minor", g.value_minor, -LARGEST, LARGEST)
    _check_soh(gate, at, g)
    if g.belief:
        _check_belief(gate, at, g.belief)
    names = [s.property for s in g.statements]
    for number, s in enumerate(g.statements):
        _check_statement(gate, f"{at}/statements/{number}", s, names)


def _check_soh(gate: Gate, at: str, g: Grading) -> None:
    ends = (g.soh_low, g.soh, g.soh_high)
    if ends == (None, None, None):
        return
    if None in ends:
        title = msg("A state of health is told with its interval.")
        gate.refuse(f"{at}/soh", title, found=list(ends), expected=msg("soh, soh_low and soh_high, or none of them"))
        return
    gate.within(at, "soh", g.soh, SMALLEST_SOH, LARGEST_SOH)
    gate.within(at, "soh_low", g.soh_low, -LARGEST_SOH, LARGEST_SOH)
    gate.within(at, "soh_high", g.soh_high, 0, 2 * LARGEST_SOH)
    gate.ordered(f"{at}/soh", *ends)


def _check_belief(gate: Gate, at: str, belief: dict[str, float]) -> None:
    total = sum(belief.values())
    for name, probability in belief.items():
        gate.text(at, "belief", name)
        gate.within(f"{at}/belief", name, probability, 0, 1)
    if not abs(total - 1) <= ROUNDED:
        title = msg("The probabilities of a belief do not add up to 1.")
        gate.refuse(f"{at}/belief", title, found=total, expected="1")


def _check_statement(gate: Gate, at: str, s: Statement, names: Sequence[str]) -> None:
    for name, text in (("property", s.property), ("method", s.method), ("originator", s.originator), ("unit", s.unit)):
        gate.text(at, name, text)
    gate.text(at, "text", s.text, LONGEST_TEXT)
    if s.property in _OWN or names.count(s.property) > 1:
        title = msg("This property is stated twice in one grading.")
        gate.refuse(f"{at}/property", title, found=s.property, expected=msg("one statement a property"))
    if (s.value is None) == (s.text is None):
        gate.refuse(at, msg("A statement says a value or a text."), expected=msg("one of value and text"))
    gate.ordered(at, s.low, s.value, s.high)


def _refuse_repeats(
    gate: Gate, connection: sa.Connection, gradings: Sequence[Grading], items: Mapping[str, Item]
) -> None:
    """Refuse what the ledger says word for word already: the same was sent twice, or by two stations at once."""
    for number, g in enumerate(gradings):
        item = items.get(g.epc)
        if item is None or item["stage"] != "graded" or item["stage_since"] != g.at:
            continue
        facts = msgspec.to_builtins(g)
        said = {row[3:11] + row[12:] for row in _rows(UUID(int=0), 0, item["key"], facts, g.at)}
        stored = bulk.driver(connection).execute(_SAID, (item["key"], g.at)).fetchall()
        same = (item["value_minor"], item["belief"] or {}) == (g.value_minor, g.belief)
        if same and said == set(stored):
            gate.errors.append(
                Problem(
                    "spine.repeated",
                    msg("This was recorded already."),
                    where=f"/{number}",
                    found=g.epc,
                    remedy=msg("There is nothing more to do; a new grading has a time of its own."),
                    status=409,
                )
            )


_SAID = """
    select property, value, text, unit, low, high, method, originator, provenance from statement
    where item_key = %s and at = %s and entry_id = (
        select max(entry_id) from statement x where x.item_key = statement.item_key and x.property = 'grade'
    )
"""


def _event(g: Grading, item: Item) -> prove.Entry:
    facts = msgspec.to_builtins(g)
    for name in ("epc", "at", "place"):
        del facts[name]
    return object_event(
        step="graded",
        at=g.at,
        epcs=[item["epc"]],
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
    key = item_key(fact.body["epcList"][0])
    return _rows(org, fact.id, key, fact.body["takeback:facts"], fact.event_time)


def _rows(org: UUID, entry: int, key: int, g: dict[str, Any], at: datetime) -> list[tuple[object, ...]]:
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
            entry,
            key,
            s["property"],
            s.get("value"),
            s.get("text"),
            s.get("unit"),
            s.get("low"),
            s.get("high"),
            s.get("method", g["method"]),
            s.get("originator", g["originator"]),
            at,
            s.get("provenance", g["provenance"]),
        )
        for s in said
    ]
