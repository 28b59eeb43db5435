"""What of a query the tables can answer, as SQL.

Each condition gives clauses that are true of every event that meets it, and perhaps of more: the events that come
are looked at once more by the plain evaluator. Values are parameters always. Under row-level security an index is
used for leakproof operators only (=, <, >= on numbers, times and text collated "C").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from takeback.core.items import item_key
from takeback.prove.epcis.prepare import ACTIONS, EVENT_TYPES, mark
from takeback.prove.epcis.query.conditions import Condition
from takeback.prove.epcis.query.conditions.items import QUANTITIES, ThingIs
from takeback.prove.epcis.query.conditions.links import CorrectedBy, EventIdIs, LinkIs, TransformationIs
from takeback.prove.epcis.query.conditions.moments import (
    DeclarationTimeIs,
    EventTimeIs,
    HasDeclaration,
    RecordTimeIs,
    Sign,
)
from takeback.prove.epcis.query.conditions.terms import ActionIs, PlaceIs, ReasonIs, TermIs, TypeIs
from takeback.prove.epcis.query.master import MasterData
from takeback.prove.epcis.roles import CHILD, CLASS, EPC, INPUT, OUTPUT, PARENT

_COLUMNS = {
    "bizStep": "biz_step",
    "disposition": "disposition",
    "readPoint": "read_point",
    "bizLocation": "biz_location",
}
_SIGNS: dict[Sign, str] = {"EQ": "=", "GT": ">", "GE": ">=", "LT": "<", "LE": "<="}
_ROLES = {
    "epcList": EPC, "quantityList": EPC, "parentID": PARENT, "childEPCs": CHILD, "childQuantityList": CHILD,
    "inputEPCList": INPUT, "inputQuantityList": INPUT, "outputEPCList": OUTPUT, "outputQuantityList": OUTPUT,
}  # fmt: skip
_MARKS = {"bizTransaction": "transaction"}  # sources and destinations are few and repeat: no marks are kept for them
_HASH = re.compile(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0")


@dataclass(slots=True)
class Values:
    """The parameters of a statement, named as they come."""

    org: UUID
    given: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.given["org"] = self.org

    def add(self, value: object, kind: str) -> str:
        """Return the place of a value of a PostgreSQL type in the statement's text."""
        name = f"v{len(self.given)}"
        self.given[name] = value
        return f"cast(:{name} as {kind})"


@dataclass(frozen=True, slots=True)
class Finder:
    """A way to entries by an index: ``ids`` selects the entry ids, ``test`` is the same as a condition on ``e``.

    The test serves where there are many; its `limit 1` keeps PostgreSQL from joining all of them for one page.
    """

    ids: str
    test: str


def clauses(condition: Condition, values: Values, master: MasterData) -> Iterator[str]:
    """Return conditions on the columns of ``entry e``."""
    match condition:
        case EventTimeIs(sign=sign, bound=bound):
            yield f"e.event_time {_SIGNS[sign]} {values.add(bound, 'timestamptz')}"
        case RecordTimeIs(sign=sign, bound=bound):
            yield f"e.record_time {_SIGNS[sign]} {values.add(bound, 'timestamptz')}"
        case DeclarationTimeIs(sign=sign, bound=bound):
            yield f"e.error_declared_at {_SIGNS[sign]} {values.add(bound, 'timestamptz')}"
        case HasDeclaration() | ReasonIs() | CorrectedBy():
            yield "e.error_declared_at is not null"
        case TypeIs(names=names, extensions=extensions):
            yield _kinds(names, bool(extensions), values)
        case ActionIs(actions=actions):
            yield f"e.action = any({values.add(sorted(ACTIONS[one] for one in actions), 'smallint[]')})"
        case TermIs(field=name, values=found):
            yield f"e.{_COLUMNS[name]} = any({_keys(found, values)})"
        case PlaceIs(field=name, uris=uris, below=below):
            found = uris.union(*(master.descendants(uri) for uri in uris)) if below else uris
            yield f"e.{_COLUMNS[name]} = any({_keys(found, values)})"
        case _:
            return


def finder(condition: Condition, values: Values) -> Finder | None:
    """Return how the entries that may meet a condition are found by things, marks or event ids."""
    match condition:
        case ThingIs():
            return _things(condition, values)
        case LinkIs(kind=kind, type=type_, uris=uris) if kind in _MARKS:
            return _marked([mark(_MARKS[kind], type_, uri) for uri in uris], values)
        case TransformationIs(uris=uris):
            return _marked([mark("transformation", uri) for uri in uris], values)
        case EventIdIs(ids=ids):
            return _identified(ids, values)
    return None


def _kinds(names: frozenset[str], extended: bool, values: Values) -> str:
    clause = f"e.kind = any({values.add(sorted(names), 'text[]')})"
    # The name of an extension type may stand in an event with any prefix.
    return f"({clause} or e.kind <> all({values.add(sorted(EVENT_TYPES), 'text[]')}))" if extended else clause


def _keys(uris: frozenset[str], values: Values) -> str:
    return values.add(sorted(map(item_key, uris)), "bigint[]")


def _things(asked: ThingIs, values: Values) -> Finder:
    roles = _roles(asked.places, values)
    ids, ways = [], []
    if asked.uris:
        ways.append(f"i.item_key = any({_keys(asked.uris, values)})")
        ids.append(f"select i.entry_id from entry_item i where i.org_id = :org and {ways[0]} and {roles}")
    if asked.patterns:
        spans = _spans(asked, values)
        named = f"i.item_key in (select f.key from identifier f where f.org_id = :org and ({spans}))"
        ids.append(f"select i.entry_id from entry_item i where i.org_id = :org and {named} and {roles}")
        ways.append(f"exists (select from identifier f where f.org_id = :org and f.key = i.item_key and ({spans}))")
    things = "unnest(e.thing_keys, e.thing_roles) as i(item_key, roles)"
    test = f"(select true from {things} where {roles} and ({' or '.join(ways)}) limit 1)"
    return Finder(" union all ".join(ids), test)


def _roles(places: tuple[str, ...], values: Values) -> str:
    wanted = 0
    for place in places:
        wanted |= _ROLES[place]
    classes = f" and i.roles & {CLASS} <> 0" if all(place in QUANTITIES for place in places) else ""
    return f"i.roles & {values.add(wanted, 'smallint')} <> 0{classes}"


def _spans(asked: ThingIs, values: Values) -> str:
    """Return the text ranges of the patterns: one index scan each, which a join with an array would not be."""
    spans = [span for pattern in asked.patterns for span in pattern.ranges]
    return " or ".join(
        f"(f.uri >= {values.add(first, 'text')} and f.uri < {values.add(last, 'text')})" for first, last in spans
    )


def _marked(marks: list[int], values: Values) -> Finder:
    clause = f"m.org_id = :org and m.mark = any({values.add(sorted(marks), 'bigint[]')})"
    return Finder(
        f"select m.entry_id from entry_mark m where {clause}",
        f"(select true from entry_mark m where {clause} and m.entry_id = e.id limit 1)",
    )


def _identified(ids: frozenset[str], values: Values) -> Finder:
    hashes = [mark("hash", found[1]) for one in ids if (found := _HASH.fullmatch(one))]
    marked = _marked([mark("event", one) for one in ids], values)
    clause = f"event_key = any({values.add(hashes, 'bigint[]')})"
    return Finder(
        f"{marked.ids} union all select h.id from entry h where h.org_id = :org and h.{clause}",
        f"(e.{clause} or {marked.test})",
    )
