"""Captured events: each once, whole, in the log, with what the life cycle of their things says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.events import events
from takeback import store
from takeback.core.items import item_key
from takeback.prove.bodies import load
from takeback.prove.checkpoint import LogKey
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.capture import Captured, capture
from takeback.prove.epcis.hashing import event_hash
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import verify_log, verify_party

PACK, MODULE = "urn:epc:id:giai:6901234.P1", "urn:epc:id:sgtin:6901234.010001.7"


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


def taken(org: UUID, *batch: dict[str, Any]) -> Captured:
    with store.transaction(org) as connection:
        return capture(connection, org, list(batch), actor="test")


def event(kind: str = "ObjectEvent", minute: int = 0, **more: Any) -> dict[str, Any]:
    at = {"eventTime": f"2026-03-01T08:{minute:02d}:00.000Z", "eventTimeZoneOffset": "+08:00"}
    what = {"action": "OBSERVE", "epcList": [MODULE]} if kind == "ObjectEvent" else {}
    return {"type": kind, **at, "bizStep": "inspecting", **what, **more}


def association(action: str, minute: int, parent: str = PACK) -> dict[str, Any]:
    step = "installing" if action == "ADD" else "removing"
    return event("AssociationEvent", minute, action=action, bizStep=step, parentID=parent, childEPCs=[MODULE])


def ask(org: UUID, query: str) -> list[Any]:
    with store.transaction(org) as connection:
        return list(connection.execute(sa.text(query)))


def rules(captured: Captured) -> list[str]:
    return [finding.rule for finding in captured.findings]


def test_what_is_captured_is_in_the_log_and_verifies(org: UUID, tmp_path: Path) -> None:
    """Documents of the generator: all bodies come back, all are sequenced, nothing is found against them."""
    batch = list(events(400, seed=1, items=300))
    captured = [taken(org, *batch[:250]), taken(org, *batch[250:])]
    assert [rules(one) for one in captured] == [[], []]
    bodies = [load(row.body) for row in ask(org, "select body from entry order by id")]
    assert bodies == batch
    key = LogKey.kept_in(tmp_path)
    assert sequence_all(key) == 400
    with store.transaction(org) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, org, result)
    assert (result.findings, result.entries, result.leaves) == ([], 400, 400)


def test_the_same_event_twice_is_once(org: UUID) -> None:
    """In one document, in two, and in another spelling of the same identifiers."""
    first = event()
    again = {**first, "epcList": [canonical_uri(MODULE)], "recordTime": "2026-04-01T00:00:00Z"}
    captured = taken(org, first, first, again)
    assert len(captured.appended) == 1
    assert len(set(captured.entries)) == 1
    assert taken(org, again).entries == captured.entries[:1]
    assert ask(org, "select count(*) from entry")[0][0] == 1


def test_the_same_document_from_many_at_once_is_once(org: UUID) -> None:
    """Captures of one party wait for each other."""
    batch = list(events(60, seed=2, items=100))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: taken(org, *batch), range(4)))
    assert sorted(len(one.appended) for one in found) == [0, 0, 0, 60]
    assert all(one.entries == found[0].entries for one in found)


def test_another_event_under_a_known_id_is_refused_and_its_neighbours_are_not(org: UUID) -> None:
    """The event's id names one event for ever (EPCIS 2.0, 7.4.1.1)."""
    named = event(eventID="urn:uuid:0a1b2c3d-0000-4000-8000-000000000001")
    captured = taken(org, named, {**named, "bizStep": "shipping"}, event(minute=1))
    assert captured.conflicts == [1]
    assert [entry is None for entry in captured.entries] == [False, True, False]


def test_an_error_declaration_withdraws_the_event_it_copies(org: UUID) -> None:
    """Whichever of the two comes first; what the event had put together comes apart again."""
    declaration = {"declarationTime": "2026-03-02T00:00:00Z", "reason": "incorrect_data"}
    for n, order in enumerate((0, 1)):
        mistaken = association("ADD", 10 + n, parent=f"{PACK}{n}")
        pair = [mistaken, {**mistaken, "errorDeclaration": declaration}]
        taken(org, pair[order])
        taken(org, pair[1 - order])
    assert ask(org, "select count(*) from voided")[0][0] == 2
    assert ask(org, "select count(*) from containment where entry_id in (select entry_id from voided)")[0][0] == 0


def test_the_life_of_a_thing_is_remembered_across_documents(org: UUID) -> None:
    """In two parents, taken out of where it never was, used after its end: found, stored, and not refused."""
    taken(org, association("ADD", 1))
    second = taken(org, association("ADD", 2, parent=PACK + "-2"))
    third = taken(org, association("DELETE", 3, parent=PACK + "-9"))
    taken(org, event(minute=4, action="DELETE", bizStep="destroying"))
    fourth = taken(org, event(minute=5))
    assert all(rules(captured) for captured in (second, third, fourth))
    assert ask(org, "select count(*) from entry")[0][0] == 5
    stored = ask(org, "select entry_id, rule from finding order by entry_id, place")
    found = [(c.entries[0], rule) for c in (second, third, fourth) for rule in rules(c)]
    assert sorted(map(tuple, stored)) == sorted(found)


def test_a_thing_is_found_by_its_roles(org: UUID) -> None:
    """Each key of an event stands once, with all that it is there."""
    taken(org, association("ADD", 1))
    rows = {row.item_key: row.roles for row in ask(org, "select item_key, roles from entry_item")}
    assert rows == {item_key(canonical_uri(PACK)): 2 | 64, item_key(canonical_uri(MODULE)): 4 | 64}
    uris = {row.uri for row in ask(org, "select uri from identifier")}
    assert uris == {canonical_uri(PACK), canonical_uri(MODULE)}


def test_personal_data_stays_out_of_the_log_and_a_replay_with_it_is_once(org: UUID) -> None:
    """The hash is that of the event without it."""
    told = event(**{"takeback:personal": {"name": "Li Wei"}})
    first, second = taken(org, told), taken(org, told)
    assert first.entries == second.entries
    body = load(ask(org, "select body from entry")[0].body)
    assert "Li Wei" not in str(body)
    assert ask(org, "select event_hash from entry")[0].event_hash == event_hash(event())


def test_nothing_of_a_capture_that_fails_stays(org: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not an entry, not a name, not a number: the next one begins where the last whole one ended."""
    taken(org, event())
    monkeypatch.setattr("takeback.prove.epcis.capture.sealed", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken(org, event(minute=1, epcList=["urn:epc:id:sgtin:6901234.010001.8"]))
    monkeypatch.undo()
    captured = taken(org, event(minute=2))
    assert ask(org, "select count(*) from identifier")[0][0] == 1
    assert [tuple(row) for row in ask(org, "select number, count from number_run order by number")] == [(1, 1), (2, 1)]
    assert len(captured.appended) == 1


def test_events_of_another_party_are_not_seen(org: UUID) -> None:
    """Bob's capture of Alice's event is his own entry; he sees nothing of hers."""
    bob = uuid4()
    mine, his = taken(org, event()), taken(bob, event())
    assert mine.entries != his.entries
    assert [row.id for row in ask(bob, "select id from entry")] == his.entries


@given(
    st.lists(
        st.tuples(st.sampled_from(["ADD", "DELETE"]), st.booleans(), st.integers(0, 2), st.sets(st.integers(0, 4))),
        min_size=1, max_size=14,
    ),
    st.data(),
)  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_inside_what_does_not_depend_on_how_events_are_batched(
    database: store.Database, steps: list[tuple[str, bool, int, set[int]]], data: st.DataObject
) -> None:
    """Put in, taken out, emptied, in any order: one document or many leave the same containments."""
    batch = []
    for minute, (action, associates, parent, chosen) in enumerate(steps):
        children = chosen or ({0} if action == "ADD" else chosen)
        kind = "AssociationEvent" if associates else "AggregationEvent"
        inside = {"childEPCs": [f"{MODULE}{child}" for child in sorted(children)]} if children else {}
        batch.append(event(kind, minute, action=action, parentID=f"{PACK}{parent}", **inside))
    cut = data.draw(st.integers(0, len(batch)))
    one, many, two = uuid4(), uuid4(), uuid4()
    taken(one, *batch)
    for each in batch:
        taken(many, each)
    for part in (batch[:cut], batch[cut:]):
        taken(two, *part)
    query = "select child_key, parent_key, kind, since from containment order by 1, 2, 3"
    found = [[tuple(row) for row in ask(org, query)] for org in (one, many, two)]
    assert found[0] == found[1] == found[2]


def test_only_what_was_seen_later_is_late(org: UUID) -> None:
    """A document may begin before things were last seen; told is what came before the ledger's time of a thing."""
    other, third = MODULE + "1", MODULE + "2"
    taken(org, event(minute=30), event(minute=10, epcList=[other]))
    late = event(minute=20, disposition="damaged")
    captured = taken(org, event(minute=15, epcList=[other]), event(minute=5, epcList=[third]), late)
    assert [(finding.rule, finding.event) for finding in captured.findings] == [("lifecycle.time-backwards", 2)]
    assert "2026-03-01T08:30:00+00:00" in str(captured.findings[0].message)
    gone = taken(org, event(minute=50, action="DELETE", bizStep="destroying", epcList=[MODULE, third, MODULE + "3"]))
    assert [(finding.rule, finding.found) for finding in gone.findings] == [("lifecycle.unknown-item", MODULE + "3")]
