"""Two organisations with the same things at the same places never see each other's events, by no resource."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback.prove.epcis.query.families import FIXED
from tests.drill import count
from tests.web.conftest import Client
from tests.web.epcis.documents import PACK, document, event, listed

PLACE = "urn:epc:id:sgln:6901234.00001.7"
HASH = "ni:///sha-256;{:064x}?ver=CBV2.0"
MINE, HERS = "https://ns.example.com/charlie", "https://ns.example.com/alice"
VALUES = {
    "eventType": ["ObjectEvent", "TransformationEvent"],
    "EQ_action": ["OBSERVE", "ADD"],
    "EQ_bizStep": ["inspecting", "shipping"],
    "EQ_disposition": ["in_progress"],
    "EQ_readPoint": [PLACE],
    "WD_readPoint": [PLACE],
    "EQ_bizLocation": [PLACE],
    "MATCH_epc": [f"{PACK}1", "urn:epc:idpat:sgtin:6901234.010001.*"],
    "MATCH_anyEPC": [f"{PACK}1", "urn:epc:idpat:sgtin:*.*.*"],
    "MATCH_anyEPCClass": ["urn:epc:class:lgtin:6901234.010001.L"],
    "EQ_eventID": ["urn:uuid:11111111-1111-4111-8111-111111111111"],
    "GE_eventTime": ["2020-01-01T00:00:00Z"],
    "LT_eventTime": ["2030-01-01T00:00:00Z"],
    "GE_recordTime": ["2020-01-01T00:00:00Z"],
    "EXISTS_errorDeclaration": [""],
    "EXISTS_sensorElementList": [""],
    "GE_quantity": ["0"],
    "EQ_bizTransaction_po": ["https://example.com/po/1"],
    "EQ_source_owning_party": ["urn:epc:id:pgln:6901234.00000"],
    "EQ_INNER_ours:note": [HERS, MINE],
    "EQ_ours:note": [HERS, MINE],
    "EXISTS_ours:note": [""],
    "HASATTR_readPoint": ["x"],
    "orderBy": ["eventTime", "recordTime", "ours:note"],
    "orderDirection": ["ASC", "DESC"],
    "perPage": ["1", "3", "100"],
}


def _events(note: str) -> list[dict[str, Any]]:
    one = {"ours:note": note, "bizLocation": {"id": PLACE}}
    owner = [{"type": "owning_party", "source": "urn:epc:id:pgln:6901234.00000"}]
    po = [{"type": "po", "bizTransaction": "https://example.com/po/1"}]
    lot = [{"epcClass": "urn:epc:class:lgtin:6901234.010001.L", "quantity": 3, "uom": "KGM"}]
    name = "urn:uuid:11111111-1111-4111-8111-111111111111"
    return [
        event(1, **one, eventID=name, bizTransactionList=po),
        event(2, **one, sourceList=owner),
        event(3, **one, quantityList=lot, bizStep="shipping"),
    ]


def _fill(client: Client, note: str) -> None:
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ours": "https://ns.example.com/x/"}]
    answer = client.post("/epcis/capture", json=document(*_events(note), **{"@context": context}))
    assert answer.status_code == 202, answer.text


def _of(client: Client, note: str, path: str) -> int:
    """Ask, page by page; return how many events came, all of them the asker's own."""
    seen = 0
    while True:
        answer = client.get(path, headers={"GS1-Extensions": "ours=https://ns.example.com/x/"})
        if answer.status_code != 200:
            assert answer.status_code in {400, 404, 413}, answer.text
            return seen
        events = listed(answer)
        assert {e["ours:note"] for e in events} <= {note}
        seen += len(events)
        if "next" not in answer.links:
            return seen
        path = answer.links["next"]["url"]


def test_no_parameter_shows_events_of_others(alice: Client, charlie: Client) -> None:
    """Random queries over all families, each put to both: each gets its own only, and as many."""
    _fill(alice, HERS)
    _fill(charlie, MINE)
    pairs = st.lists(
        st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]))),
        max_size=4,
        unique_by=lambda pair: pair[0],
    )

    @settings(
        max_examples=count(40, 2000),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(pairs)
    def ask(asked: list[tuple[str, str]]) -> None:
        path = f"/epcis/events?{urlencode(asked)}"
        hers, his = _of(alice, HERS, path), _of(charlie, MINE, path)
        assert hers == his or any(value in {HERS, MINE} for _, value in asked)

    ask()
    assert len(FIXED) > 40


@pytest.mark.parametrize("note", [HERS, MINE])
def test_no_resource_shows_events_of_others(alice: Client, charlie: Client, note: str) -> None:
    """Items of collections, events by their ID, named queries of one name."""
    _fill(alice, HERS)
    _fill(charlie, MINE)
    client = alice if note == HERS else charlie
    for one in (alice, charlie):
        one.post("/epcis/queries", json={"name": "same", "query": {"EQ_action": ["OBSERVE"]}})
    values = {
        "epcs": f"{PACK}1",
        "bizSteps": "inspecting",
        "readPoints": PLACE,
        "bizLocations": PLACE,
        "dispositions": "in_progress",
        "eventTypes": "ObjectEvent",
    }
    paths = [f"/epcis/{name}/{quote(value, safe='')}/events" for name, value in values.items()]
    paths += ["/epcis/queries/same/events", f"/epcis/events/{quote(VALUES['EQ_eventID'][0], safe='')}"]
    assert [_of(client, note, path) > 0 for path in paths] == [True] * len(paths)
