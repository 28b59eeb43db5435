"""Each exception of the standard, each bad input: a problem document that says what and where."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from lxml import etree

from takeback.operate.identity import rate
from takeback.prove.epcis import reading
from takeback.prove.epcis.query.page import page
from takeback.prove.epcis.validation import schema
from takeback.web.epcis.discovery import discovered
from takeback.web.epcis.exceptions import EXCEPTIONS
from takeback.web.epcis.versions import DISCOVERED
from tests.web.conftest import Client
from tests.web.epcis.documents import document, event, listed, refused, some

JSON = {"content-type": "application/json"}
XML = {"content-type": "application/xml"}


def test_every_exception_of_the_standard_is_told(
    alice: Client, bob: Client, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All fifteen types, with the status that the standard gives each."""
    named = f"urn:uuid:{'1' * 8}-1111-4111-8111-{'1' * 12}"
    one = {"@context": document()["@context"], **event(1, eventID=named)}
    assert alice.post("/epcis/events", json=one).status_code == 201
    alice.post("/epcis/capture", json=some(range(3)))
    alice.post("/epcis/queries", json={"name": "q", "query": {}})
    told = {
        "CaptureLimitExceededException": (413, lambda: _too_large(alice, monkeypatch)),
        "NoSuchNameException": (404, lambda: alice.get("/epcis/queries/none/events")),
        "NoSuchResourceException": (404, lambda: alice.get("/epcis/bizSteps/none")),
        "NotAcceptableException": (406, lambda: alice.get("/epcis/events", headers={"accept": "text/plain"})),
        "QueryParameterException": (400, lambda: alice.get("/epcis/events?GE_eventTime=soon")),
        "QueryTooComplexException": (413, lambda: _too_complex(alice, monkeypatch)),
        "QueryTooLargeException": (413, lambda: alice.get("/epcis/events?maxEventCount=1")),
        "QueryValidationException": (400, lambda: alice.post("/epcis/queries", json={"name": "x"})),
        "ResourceAlreadyExistsException": (409, lambda: alice.post("/epcis/events", json={**one, "action": "ADD"})),
        "SubscriptionControlsException": (400, lambda: alice.post("/epcis/queries/q/subscriptions", json={})),
        "URITooLongException": (414, lambda: alice.get(f"/epcis/events?EQ_bizStep={'x' * 20_000}")),
        "UnsupportedMediaTypeException": (415, lambda: alice.post("/epcis/capture", content=b"a,b")),
        "ValidationException": (400, lambda: alice.post("/epcis/capture", json={"type": "EPCISDocument"})),
        "ImplementationException": (500, lambda: _failing(alice, monkeypatch)),
    }
    for exception, (status, ask) in told.items():
        body = refused(ask(), status, exception)
        assert body["title"]
        assert body["kind"]
    refused(visitor.get("/epcis/events"), 401, "SecurityException")
    refused(bob.delete("/epcis/queries/q"), 403, "SecurityException")
    assert set(EXCEPTIONS) == {*told, "SecurityException"}
    assert len(EXCEPTIONS) == 15


def _too_large(alice: Client, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        patch.setenv("TAKEBACK_CAPTURE_EVENTS", "2")
        return alice.post("/epcis/capture", json=some(range(3)))


def _too_complex(alice: Client, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        patch.setitem(_defaults(), "scanned", 1)
        return alice.get("/epcis/events?EQ_ext:field=x")


def _defaults() -> dict[str, object]:
    assert page.__kwdefaults__ is not None
    return page.__kwdefaults__


def _failing(alice: Client, monkeypatch: pytest.MonkeyPatch) -> object:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("takeback.web.epcis.events.answered", fail)
        return alice.get("/epcis/events")


def test_a_problem_comes_as_xml_to_who_reads_xml_only(alice: Client) -> None:
    """The standard's element, in its namespace."""
    answer = alice.get("/epcis/events?perPage=0", headers={"accept": "application/xml"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+xml")
    root = etree.fromstring(answer.content)
    assert root.tag == "{urn:epcglobal:epcis:xsd:2}EPCISException"
    assert root.findtext("type") == "epcisException:QueryParameterException"


def test_problems_and_jobs_in_xml_are_valid(alice: Client) -> None:
    """By the standard's own schema, errors and all."""
    headers = {"GS1-Capture-Error-Behaviour": "proceed"}
    bad = document(event(1), event(2, action="NEVER"))
    job = alice.post("/epcis/capture", json=bad, headers=headers).headers["location"]
    asked = [job, "/epcis/events?perPage=0", "/epcis/queries/none", "/epcis/events?EQ_a=%3C%26%00"]
    for path in asked:
        answer = alice.get(path, headers={"accept": "application/xml"})
        assert "xml" in answer.headers["content-type"]
        found = schema.check_document(reading.decode(answer.content, "application/xml"))
        assert [str(finding.message) for finding in found] == [], answer.text
    root = etree.fromstring(alice.get(job, headers={"accept": "application/xml"}).content)
    assert (root.get("success"), root.findtext("errors/error/type")) == ("false", "epcisException:ValidationException")


def test_sentences_come_in_the_language_of_the_caller(alice: Client) -> None:
    """Types and places stay."""
    headers = {"accept-language": "zh-CN", "accept": "application/json"}
    alice.cookies.set("takeback_locale", "zh_Hans")
    body = refused(alice.get("/epcis/queries/none/events", headers=headers), 404, "NoSuchNameException")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in body["title"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"type": 3}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"\xff\xfe",
        json.dumps(some([1])).replace("{", "{ // a comment\n", 1).encode(),
        json.dumps(some([1])).replace("{", "{ /* a comment */", 1).encode(),
        json.dumps(document(event(1, **{"x:deep": None}))).replace("null", "[" * 5000 + "]" * 5000).encode(),
        json.dumps(document(event(1, eventTime="2026-02-30T00:00:00Z"))).encode(),
        json.dumps(document(event(1, eventTime="2026-03-01T08:00:00"))).encode(),
        json.dumps(document(event(1, bizStep="urn:epcglobal:cbv:bizstep:nonsense"))).encode(),
        json.dumps(document(event(1, action="TELEPORT"))).encode(),
        json.dumps(document({"type": "NoSuchEvent"})).encode(),
        json.dumps({**document(event(1)), "epcisBody": {"eventList": {"type": "ObjectEvent"}}}).encode(),
        b'{"type":"EPCISDocument","epcisBody":{"eventList":[{"eventTime":1e400}]}}',
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_bad_json_is_told_and_nothing_of_it_lands(
    alice: Client, monkeypatch: pytest.MonkeyPatch, content: bytes, at_once: bool
) -> None:
    """Small documents and streamed ones, with the place; nothing is captured, whatever the behaviour."""
    if not at_once:
        monkeypatch.setattr("takeback.web.epcis.receiving.IN_MEMORY", 0)
    body = refused(alice.post("/epcis/capture", content=content, headers=JSON), 400, "ValidationException")
    assert body["title"]
    proceed = {**JSON, "GS1-Capture-Error-Behaviour": "proceed"}
    assert alice.post("/epcis/capture", content=content, headers=proceed).status_code in {202, 400}
    assert listed(alice.get("/epcis/events")) == []


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" creationDate="2026-03-01T00:00:00Z">
<EPCISBody><EventList><ObjectEvent><eventTime>&f;</eventTime></ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>"""


@pytest.mark.parametrize("content", [BOMB, "<a>", "<a/>", "<a xmlns='urn:x'/>", "no xml at all", "<" * 1000])
@pytest.mark.parametrize("at_once", [True, False])
def test_bad_xml_is_told_and_entities_are_never_expanded(
    alice: Client, monkeypatch: pytest.MonkeyPatch, content: str, at_once: bool
) -> None:
    """What stands in a file of the server, or a bomb of entities, never gets anywhere."""
    if not at_once:
        monkeypatch.setattr("takeback.web.epcis.receiving.IN_MEMORY", 0)
    answer = alice.post("/epcis/capture", content=content.encode(), headers=XML)
    refused(answer, 400, "ValidationException")
    assert "root:" not in answer.text
    assert listed(alice.get("/epcis/events")) == []


@pytest.mark.parametrize("path", ["/epcis/events", "/epcis/capture"])
def test_a_bad_event_by_itself_is_told(alice: Client, path: str) -> None:
    """In JSON and XML, also to who would have the rest captured."""
    headers = {"GS1-Capture-Error-Behaviour": "proceed"}
    bare = {"@context": document()["@context"], **event(1, action="NEVER", eventTime=7)}
    answer = alice.post(path, json=bare, headers=headers)
    assert answer.status_code in ({202} if path.endswith("capture") else {400}), answer.text
    xml = "<ObjectEvent><eventTime>soon</eventTime><action>NEVER</action></ObjectEvent>"
    answer = alice.post(path, content=xml, headers={**headers, **XML})
    assert answer.status_code in {202, 400}, answer.text
    assert listed(alice.get("/epcis/events")) == []


def test_other_methods_and_addresses_are_problems_too(alice: Client) -> None:
    """Also what no route knows."""
    assert alice.put("/epcis/events").json()["type"].startswith("epcisException:")
    assert alice.put("/epcis/events").status_code == 405
    told = alice.put("/epcis/events").headers["allow"].split(", ")
    assert sorted(told) == ["GET", "HEAD", "OPTIONS", "POST"]
    refused(alice.get("/epcis/nothing/here"), 404, "NoSuchResourceException")
    refused(
        alice.post("/epcis/capture", json=some([1]), headers={"GS1-Capture-Error-Behaviour": "all"}),
        400,
        "ValidationException",
    )


def test_packed_bodies_are_refused_by_name(alice: Client) -> None:
    """415 for a content coding, not a riddle about bytes."""
    packed = {**JSON, "content-encoding": "gzip"}
    answer = alice.post("/epcis/capture", content=gzip.compress(b"{}"), headers=packed)
    assert refused(answer, 415, "UnsupportedMediaTypeException")["found"] == "gzip"


def test_too_many_requests_say_when_to_try_again(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """429 with Retry-After."""

    def take(*_: object, **__: object) -> None:
        raise rate.TooManyRequests(rate.API_BY_SESSION, 3)

    monkeypatch.setattr(rate, "take", take)
    answer = alice.get("/epcis/events")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.json()["type"] == "epcisException:SecurityException"


def test_the_page_explains_each_exception_header_and_resource() -> None:
    """docs/reference/epcis.md leaves nothing out."""
    page = (Path(__file__).resolve().parents[3] / "docs/reference/epcis.md").read_text("utf-8")
    assert [name for name in (*EXCEPTIONS, *DISCOVERED) if name not in page and name[-4:] not in ("-Min", "-Max")] == []
    paths = {part for path in discovered() for part in path.split("/") if part and not part.startswith("{")}
    assert [part for part in paths if part not in page] == []
