"""Captures over the REST binding: what lands, what is refused, and what the jobs tell of it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from takeback.operate.epcis import limits
from tests.web.conftest import Client
from tests.web.epcis.documents import CONTEXT, PACK, document, event, listed, refused, some


def test_a_document_lands_and_its_job_says_so(alice: Client) -> None:
    """202 with the job's address; the events are there, with an eventID and a recordTime of our own."""
    answer = alice.post("/epcis/capture", json=some(range(3)))
    assert answer.status_code == 202, answer.text
    assert answer.content == b""
    job = alice.get(answer.headers["location"]).json()
    assert job["captureID"] == answer.headers["location"].rsplit("/")[-1]
    assert (job["running"], job["success"], job["captureErrorBehaviour"], job["errors"]) == (
        False,
        True,
        "rollback",
        [],
    )
    events = listed(alice.get("/epcis/events", headers={"GS1-EPC-Format": "Never_Translates"}))
    assert [e["epcList"] for e in events] == [[f"{PACK}{n}"] for n in (2, 1, 0)]
    assert all(e["eventID"].startswith("ni:///sha-256;") and e["recordTime"] for e in events)


def test_rollback_keeps_nothing_of_a_document_with_a_mistake(alice: Client) -> None:
    """400 with every finding, each with its place and its mend; no event is there afterwards."""
    bad = event(2, bizStep="urn:epcglobal:cbv:bizstep:inspecting", eventTime="yesterday")
    body = refused(alice.post("/epcis/capture", json=document(event(1), bad, event(3))), 400, "ValidationException")
    assert len(body["errors"]) >= 2
    assert all(e["where"].startswith("/epcisBody/eventList/1") and e["remedy"] and e["clause"] for e in body["errors"])
    assert listed(alice.get("/epcis/events")) == []


def test_proceed_lands_the_rest(alice: Client) -> None:
    """202; the good events are there, and the job tells what was wrong with the other."""
    bad = document(event(1), event(2, action="NEVER"), event(3))
    answer = alice.post("/epcis/capture", json=bad, headers={"GS1-Capture-Error-Behaviour": "proceed"})
    assert answer.status_code == 202, answer.text
    job = alice.get(answer.headers["location"]).json()
    assert (job["success"], job["captureErrorBehaviour"], job["eventsReceived"], job["eventsCaptured"]) == (
        False,
        "proceed",
        3,
        2,
    )
    assert job["errors"][0]["type"] == "epcisException:ValidationException"
    assert job["errors"][0]["where"].startswith("/epcisBody/eventList/1")
    assert len(listed(alice.get("/epcis/events"))) == 2


def test_the_same_document_twice_is_there_once(alice: Client) -> None:
    """Both captures are well; nothing is doubled."""
    for captured in (5, 0):
        job = alice.get(alice.post("/epcis/capture", json=some(range(5))).headers["location"]).json()
        assert (job["success"], job["eventsCaptured"]) == (True, captured)
    assert len(listed(alice.get("/epcis/events"))) == 5


def test_an_event_id_of_another_event_is_a_conflict(alice: Client) -> None:
    """Rollback refuses the document, proceed the event; `/events` answers 409, and 201 again for the same event."""
    name = f"urn:uuid:{uuid4()}"
    first, other = event(1, eventID=name), event(2, eventID=name)
    context = {"@context": [document()["@context"][0]]}
    for _ in range(2):
        made = alice.post("/epcis/events", json={**context, **first})
        assert made.status_code == 201, made.text
        assert listed(alice.get(made.headers["location"]))[0]["eventID"] == name
    refused(alice.post("/epcis/events", json={**context, **other}), 409, "ResourceAlreadyExistsException")
    body = refused(alice.post("/epcis/capture", json=document(event(3), other)), 400, "ValidationException")
    assert body["errors"][0]["where"] == "/epcisBody/eventList/1/eventID"
    proceed = {"GS1-Capture-Error-Behaviour": "proceed"}
    job = alice.get(alice.post("/epcis/capture", json=document(event(3), other), headers=proceed).headers["location"])
    assert (job.json()["success"], job.json()["eventsCaptured"]) == (False, 1)
    assert len(listed(alice.get("/epcis/events"))) == 2


def test_large_documents_are_streamed(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the size that is read at once a document goes through a file, and all is as with a small one."""
    monkeypatch.setattr("takeback.web.epcis.receiving.IN_MEMORY", 1000)
    monkeypatch.setattr("takeback.operate.epcis.pieces.PIECE", 10)
    assert alice.post("/epcis/capture", json=some(range(35))).status_code == 202
    assert len(listed(alice.get("/epcis/events?perPage=100"))) == 35
    bad = [event(n, **({"action": "NEVER"} if n in (52, 61) else {})) for n in range(40, 70)]
    body = refused(alice.post("/epcis/capture", json=document(*bad)), 400, "ValidationException")
    assert {e["where"].split("/")[3] for e in body["errors"]} == {"12", "21"}
    assert len(listed(alice.get("/epcis/events?perPage=100"))) == 35
    proceed = {"GS1-Capture-Error-Behaviour": "proceed"}
    assert alice.post("/epcis/capture", json=document(*bad), headers=proceed).status_code == 202
    assert len(listed(alice.get("/epcis/events?perPage=100"))) == 63


def test_large_documents_in_xml_are_streamed_as_well(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came out as XML comes in again as XML through a file: nothing is new."""
    alice.post("/epcis/capture", json=some(range(25)))
    xml = alice.get("/epcis/events?perPage=100", headers={"accept": "application/xml"})
    assert xml.headers["content-type"].startswith("application/xml")
    monkeypatch.setattr("takeback.web.epcis.receiving.IN_MEMORY", 1000)
    monkeypatch.setattr("takeback.operate.epcis.pieces.PIECE", 10)
    answer = alice.post("/epcis/capture", content=xml.content, headers={"content-type": "application/xml"})
    assert answer.status_code == 202, answer.text
    job = alice.get(answer.headers["location"]).json()
    assert (job["eventsReceived"], job["eventsCaptured"]) == (25, 0)


def test_what_is_too_large_is_refused_before_it_is_read(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its length or by its events; OPTIONS announces both limits."""
    monkeypatch.setenv("TAKEBACK_CAPTURE_EVENTS", "3")
    monkeypatch.setenv("TAKEBACK_CAPTURE_LIMIT", "5000")
    told = alice.options("/epcis/capture").headers
    assert (told["gs1-epcis-capture-limit"], told["gs1-epcis-capture-file-size-limit"]) == ("3", "5000")
    refusal = alice.post("/epcis/capture", json=some(range(4)))
    refused(refusal, 413, "CaptureLimitExceededException")
    assert refusal.headers["gs1-epcis-capture-limit"] == "3"
    long = json.dumps(some(range(20)))
    refused(
        alice.post("/epcis/capture", content=long, headers={"content-type": "application/json"}),
        413,
        "CaptureLimitExceededException",
    )
    assert limits.IN_MEMORY < 10**8


def test_query_documents_and_empty_ones_are_captured_too(alice: Client, charlie: Client) -> None:
    """What one repository answers another one captures; a document without events is a capture of nothing."""
    alice.post("/epcis/capture", json=some(range(4)))
    answer = alice.get("/epcis/events")
    for document_of, count in ((answer.json(), 4), (document(), 0)):
        taken = charlie.post("/epcis/capture", json=document_of)
        assert taken.status_code == 202, taken.text
        assert charlie.get(taken.headers["location"]).json()["eventsCaptured"] == count
    bad = answer.json()
    bad["epcisBody"]["queryResults"]["resultsBody"]["eventList"][1]["action"] = "NEVER"
    bad["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["eventTime"] = "2026-04-01T00:00:00Z"
    proceed = {"GS1-Capture-Error-Behaviour": "proceed"}
    job = charlie.get(charlie.post("/epcis/capture", json=bad, headers=proceed).headers["location"]).json()
    assert (job["success"], job["eventsReceived"]) == (False, 4)
    assert CONTEXT in answer.json()["@context"]


def test_what_is_rolled_back_in_pieces_is_forgotten_wholly(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Things and values that only a refused document named are written when a later one names them."""
    monkeypatch.setattr("takeback.web.epcis.receiving.IN_MEMORY", 1000)
    monkeypatch.setattr("takeback.operate.epcis.pieces.PIECE", 5)
    place = {"readPoint": {"id": "urn:epc:id:sgln:6901234.00077.0"}}
    same = [event(n, epcList=[f"{PACK}R1"], **place) for n in range(20)]
    assert alice.post("/epcis/capture", json=document(*same, event(30, action="NEVER"))).status_code == 400
    assert alice.get("/epcis/epcs").json()["member"] == []
    assert alice.post("/epcis/capture", json=document(*same)).status_code == 202
    assert alice.get("/epcis/epcs").json()["member"] == ["https://id.gs1.org/01/06901234100013/21/R1"]
    assert len(alice.get("/epcis/readPoints").json()["member"]) == 1
