"""Named queries over the REST binding."""

from __future__ import annotations

from tests.web.conftest import Client
from tests.web.epcis.documents import document, event, listed, refused, some

SHIPPED = {"name": "what left/the house?", "query": {"eventType": ["ObjectEvent"], "EQ_bizStep": ["shipping"]}}
AT = "/epcis/queries/what%20left%2Fthe%20house%3F"


def test_a_named_query_is_made_listed_asked_and_deleted(alice: Client, charlie: Client) -> None:
    """Its name may hold anything; its events are those that match; nobody else has it."""
    alice.post("/epcis/capture", json=document(event(1), event(2, bizStep="shipping"), event(3, bizStep="shipping")))
    made = alice.post("/epcis/queries", json=SHIPPED)
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith(AT)
    assert alice.get("/epcis/queries").json() == [SHIPPED]
    assert alice.get(AT).json() == SHIPPED
    first = alice.get(f"{AT}/events?perPage=1")
    assert len(listed(first)) == 1
    assert first.json()["epcisBody"]["queryResults"]["queryName"] == SHIPPED["name"]
    (second,) = listed(alice.get(first.links["next"]["url"]))
    assert second["eventTime"] < listed(first)[0]["eventTime"]
    assert charlie.get("/epcis/queries").json() == []
    for path in (AT, f"{AT}/events", f"{AT}/subscriptions"):
        refused(charlie.get(path), 404, "NoSuchNameException")
    refused(charlie.delete(AT), 404, "NoSuchNameException")
    assert alice.delete(AT).status_code == 204
    refused(alice.get(f"{AT}/events"), 404, "NoSuchNameException")


def test_a_name_is_taken_once(alice: Client) -> None:
    """A second query of the name, or one of the standard's own names, is refused."""
    assert alice.post("/epcis/queries", json=SHIPPED).status_code == 201
    refused(alice.post("/epcis/queries", json=SHIPPED), 409, "ResourceAlreadyExistsException")
    reserved = {**SHIPPED, "name": "SimpleEventQuery"}
    refused(alice.post("/epcis/queries", json=reserved), 409, "ResourceAlreadyExistsException")


def test_bad_queries_are_told(alice: Client) -> None:
    """What has not the form of a query, and what has it and means nothing."""
    for body in ([], {"name": "x"}, {"name": 1, "query": {}}, {**SHIPPED, "more": 1}, {"name": "", "query": {}}):
        refused(alice.post("/epcis/queries", json=body), 400, "QueryValidationException")
    refused(alice.post("/epcis/queries", json={"name": "x", "query": {"perPage": 3}}), 400, "QueryValidationException")
    unknown = {"name": "x", "query": {"EQ_nothing": ["x"]}}
    assert alice.post("/epcis/queries", json=unknown).status_code == 400
    broken = alice.post("/epcis/queries", content=b"{", headers={"content-type": "application/json"})
    refused(broken, 400, "ValidationException")
    text = alice.post("/epcis/queries", content=b"{}", headers={"content-type": "text/plain"})
    refused(text, 415, "UnsupportedMediaTypeException")


def test_a_result_that_is_too_large_is_refused(alice: Client) -> None:
    """maxEventCount refuses, eventCountLimit cuts (EPCIS 2.0, 8.2.7)."""
    alice.post("/epcis/capture", json=some(range(5)))
    alice.post("/epcis/queries", json={"name": "most", "query": {"maxEventCount": 4}})
    alice.post("/epcis/queries", json={"name": "some", "query": {"eventCountLimit": 4, "orderBy": "eventTime"}})
    refused(alice.get("/epcis/queries/most/events"), 413, "QueryTooLargeException")
    refused(alice.get("/epcis/events?maxEventCount=4"), 413, "QueryTooLargeException")
    assert len(listed(alice.get("/epcis/queries/some/events"))) == 4


def test_websockets_are_refused_with_a_word(alice: Client) -> None:
    """The standard leaves them open; the answer says what to do instead."""
    alice.post("/epcis/queries", json=SHIPPED)
    for query, headers in (("?stream=true", {}), ("", {"upgrade": "websocket", "connection": "upgrade"})):
        body = refused(alice.get(f"{AT}/events{query}", headers=headers), 400, "SubscriptionControlsException")
        assert "subscriptions" in body["remedy"]


def test_who_may_not_subscribe_defines_no_queries(bob: Client) -> None:
    """An operator captures and reads."""
    refused(bob.post("/epcis/queries", json=SHIPPED), 403, "SecurityException")
    refused(bob.delete(AT), 403, "SecurityException")
    assert bob.get("/epcis/queries").json() == []
