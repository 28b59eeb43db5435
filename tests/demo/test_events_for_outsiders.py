"""The spine's own events are EPCIS 2.0: outsiders' tools can read what leaves a ledger that the demo world filled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.demo.world_job import fill
from takeback.operate.spine.events import object_event, transformation_event
from takeback.prove import bodies
from takeback.prove.epcis.hashing import event_hash
from takeback.prove.epcis.prepare import EVENT_TYPES
from takeback.prove.epcis.reading import read
from takeback.prove.epcis.validation import schema, semantics
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.writing import json_document, json_event, xml_document
from takeback.prove.personal import NAMESPACE

NOW = datetime.now(UTC) + timedelta(days=1)
STEPS = {"collected", "received", "graded", "recovered"}
EACH = 25  # events of one step, type and business step that are looked at


def _silent(*_: object) -> None:
    return None


@pytest.fixture
def events(database: store.Database, tmp_path: Path) -> list[dict[str, Any]]:
    """Some of each kind of physical event of a small driven world."""
    fill(tmp_path, _silent, seed=3, packs=60, parcels=300, days=40)
    with store.admin() as connection:
        orgs = [row.id for row in connection.execute(sa.text("select id from organisation"))]
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for org in orgs:
        with store.transaction(org) as connection:
            for row in connection.execute(sa.text("select kind, body from entry order by id")):
                if row.kind in EVENT_TYPES:
                    body = bodies.load(row.body)
                    kept = found.setdefault((row.kind, body["takeback:step"], body["bizStep"]), [])
                    if len(kept) < EACH:
                        kept.append(body)
    assert {step for _, step, _ in found} == STEPS
    assert {kind for kind, _, _ in found} == {"ObjectEvent", "TransformationEvent"}
    return [event for kept in found.values() for event in kept]


def _errors(events: list[dict[str, Any]]) -> list[tuple[str, str, object]]:
    document = json_document(events)
    findings: list[Finding] = list(schema.check_document(document))
    read_again = read(msgspec.json.encode(document), "application/json").events
    for index, event in enumerate(read_again):
        findings += semantics.check_event(event, index, now=NOW)
    return [
        (f.rule, f.where, f.found) for f in findings if f.severity == "error" or f.rule.startswith(("extension", "own"))
    ]


def test_every_physical_event_is_valid_and_comes_back(events: list[dict[str, Any]]) -> None:
    """Stages 1 and 2 find no error in any, our prefix is declared, and JSON and XML give the same events and hashes."""
    assert _errors(events) == []
    assert all(event["@context"] == {"takeback": NAMESPACE} for event in events)
    as_json = read(msgspec.json.encode(json_document(events)), "application/json").events
    assert as_json == events
    as_xml = read(xml_document(events), "application/xml").events
    assert [event_hash(event) for event in as_xml] == [event_hash(event) for event in events]


def test_events_of_the_first_ledgers_leave_with_the_prefix_declared() -> None:
    """Bodies that were written without `@context` cannot be changed; the writers declare the prefix for them."""
    at, place, epcs = NOW - timedelta(days=2), "https://id.gs1.org/414/9521008001512", ["urn:takeback:unit:A1"]
    made = [
        object_event(
            step="graded", at=at, epcs=epcs, biz_step="inspecting", disposition="in_progress", place=place, facts={}
        ),
        transformation_event(
            step="recovered", at=at, epcs=epcs, outputs={"black mass, wet": 1}, place=place, facts={"mass_g": 1}
        ),
    ]
    events = [dict(one.body) for one in made]
    old = [{name: value for name, value in event.items() if name != "@context"} for event in events]
    assert json_document(old)["@context"][1:] == [{"takeback": NAMESPACE}]
    assert json_event(old[0])["@context"][1:] == [{"takeback": NAMESPACE}]
    assert read(msgspec.json.encode(json_document(old)), "application/json").events == events
    assert f'xmlns:takeback="{NAMESPACE}"'.encode() in xml_document(old)
    assert _errors(old) == []
