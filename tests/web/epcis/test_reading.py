"""Events and collections asked for over the REST binding."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from lxml import etree

from tests.web.conftest import Client
from tests.web.epcis.documents import PACK, document, event, listed, refused, some

LINK = "https://id.gs1.org/01/06901234100013/21/1"
PLACE = "urn:epc:id:sgln:6901234.00001.7"
COLLECTIONS = {
    "eventTypes": "ObjectEvent",
    "epcs": LINK,
    "bizSteps": "inspecting",
    "bizLocations": PLACE,
    "readPoints": PLACE,
    "dispositions": "in_progress",
}


@pytest.fixture
def filled(alice: Client) -> Client:
    """Alice with three events."""
    answer = alice.post("/epcis/capture", json=some(range(1, 4), bizLocation={"id": PLACE}))
    assert answer.status_code == 202, answer.text
    return alice


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_leads_to_its_events(filled: Client, charlie: Client, name: str) -> None:
    """Collection, item and events, found under each spelling, encoded or not; a stranger sees nothing of them."""
    value = COLLECTIONS[name]
    body = filled.get(f"/epcis/{name}").json()
    assert body["type"] == "Collection"
    spellings = {
        "epcs": [LINK, f"{PACK}1", "http://example.com/01/06901234100013/21/1"],
        "bizSteps": [
            "inspecting",
            "urn:epcglobal:cbv:bizstep:inspecting",
            "https://ref.gs1.org/cbv/BizStep-inspecting",
        ],
        "dispositions": ["in_progress", "https://ref.gs1.org/cbv/Disp-in_progress"],
    }.get(name, [value])
    for spelling in spellings:
        for written in (spelling, quote(spelling, safe="")):
            one = filled.get(f"/epcis/{name}/{written}")
            assert one.status_code == 200, (written, one.text)
            assert one.json()["member"] == ["events"]
            assert len(listed(filled.get(f"/epcis/{name}/{written}/events"))) == (1 if name == "epcs" else 3)
    written = quote(value, safe="")
    assert len(listed(filled.get(f"/epcis/{name}/{written}/events?EQ_action=ADD"))) == 0
    if name == "eventTypes":
        assert listed(charlie.get(f"/epcis/{name}/{written}/events")) == []
    else:
        assert charlie.get(f"/epcis/{name}").json()["member"] == []
        refused(charlie.get(f"/epcis/{name}/{written}"), 404, "NoSuchResourceException")
        refused(charlie.get(f"/epcis/{name}/{written}/events"), 404, "NoSuchResourceException")


def test_one_event_is_found_by_its_id_however_it_is_written(filled: Client, charlie: Client) -> None:
    """The event hash as URI, with its `?` encoded or not."""
    name = listed(filled.get("/epcis/events"))[0]["eventID"]
    for written in (name, quote(name, safe=""), quote(name)):
        (found,) = listed(filled.get(f"/epcis/events/{written}"))
        assert found["eventID"] == name
    refused(charlie.get(f"/epcis/events/{quote(name, safe='')}"), 404, "NoSuchResourceException")
    refused(filled.get("/epcis/events/nothing"), 404, "NoSuchResourceException")


def test_pages_hold_while_others_capture(alice: Client) -> None:
    """Whoever follows the links gets each event of the first moment once, whatever is captured in between."""
    alice.post("/epcis/capture", json=some(range(20)))
    answer, seen = alice.get("/epcis/events?perPage=3&orderBy=eventTime&orderDirection=ASC"), []
    for number in range(30, 60):
        seen += [e["epcList"][0].rsplit("/")[-1] for e in listed(answer)]
        if "next" not in answer.links:
            break
        assert answer.headers["gs1-next-page-token-expires"]
        alice.post("/epcis/capture", json=document(event(number)))
        answer = alice.get(answer.links["next"]["url"])
    assert [s for s in seen if int(s) < 20] == [str(n) for n in range(20)]
    assert len(seen) == len(set(seen))


def test_a_token_that_was_given_back_opens_no_page(filled: Client) -> None:
    """And it is of one query, of one organisation."""
    url = filled.get("/epcis/events?perPage=1").links["next"]["url"]
    token = url.partition("nextPageToken=")[2]
    assert filled.get(url).status_code == 200
    refused(filled.get(f"/epcis/events?perPage=1&EQ_action=ADD&nextPageToken={token}"), 400, "QueryParameterException")
    assert filled.delete(f"/epcis/nextPageToken/{token}").status_code == 204
    refused(filled.get(url), 400, "QueryParameterException")


@pytest.mark.parametrize("path", ["epcs", "readPoints", "capture", "queries"])
def test_lists_come_in_pages(filled: Client, path: str) -> None:
    """Each member once."""
    for number in range(3):
        filled.post("/epcis/queries", json={"name": f"q{number}", "query": {}})
        filled.post("/epcis/capture", json=some([70 + number], readPoint={"id": f"https://example.com/{number}"}))
    key = {"capture": "captureID", "queries": "name"}.get(path)

    def members(body: object) -> list[str]:
        return [one[key] for one in body] if key else list(body["member"])  # type: ignore[index, attr-defined]

    whole = members(filled.get(f"/epcis/{path}").json())
    answer, seen = filled.get(f"/epcis/{path}?perPage=2"), []
    while True:
        seen += members(answer.json())
        if "next" not in answer.links:
            break
        answer = filled.get(answer.links["next"]["url"])
    assert seen == whole
    assert len(seen) >= 3


def test_identifiers_are_spelled_as_asked(filled: Client) -> None:
    """Digital Links by default, URNs, or as they came; in JSON and XML."""
    for wanted, start in (
        (None, "https://id.gs1.org/01/"),
        ("Always_GS1_Digital_Link", "https://id.gs1.org/01/"),
        ("Always_EPC_URN", "urn:epc:id:sgtin:"),
        ("Never_Translates", "urn:epc:id:sgtin:"),
        ("No_Preference", "urn:epc:id:sgtin:"),
    ):
        headers = {"GS1-EPC-Format": wanted} if wanted else {}
        events = listed(filled.get("/epcis/events", headers=headers))
        assert all(e["epcList"][0].startswith(start) for e in events)
    for wanted, start in (("Always_Web_URI", "https://ref.gs1.org/"), ("Always_URN", "urn:epcglobal:cbv:")):
        headers = {"accept": "application/xml", "GS1-CBV-XML-Format": wanted}
        answer = filled.get("/epcis/events", headers=headers)
        assert answer.headers["content-type"].startswith("application/xml")
        assert {step.text.startswith(start) for step in etree.fromstring(answer.content).iter("bizStep")} == {True}


def test_the_answer_has_the_media_type_that_is_liked_best(filled: Client) -> None:
    """RFC 9110: the narrowest range counts, then its weight."""
    for accept, media in (
        ("*/*", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/xml", "application/xml"),
        ("application/json;q=0.1, application/xml", "application/xml"),
        ("application/*, application/json;q=0", "application/ld+json"),
    ):
        answer = filled.get("/epcis/events", headers={"accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == media, accept
    body = filled.get("/epcis/events", headers={"accept": "image/png"})
    refused(body, 406, "NotAcceptableException")


def test_every_path_tells_what_it_can(filled: Client) -> None:
    """OPTIONS: 204 with Allow and the versions; HEAD where there is GET."""
    paths = filled.get("/api/openapi.json").json()["paths"]
    ours = {path: item for path, item in paths.items() if path.startswith("/epcis")}
    assert len(ours) > 28
    for path, item in ours.items():
        answer = filled.options(path.replace("{", "").replace("}", ""))
        assert answer.status_code == 204, path
        told = {method.strip() for method in answer.headers["allow"].split(",")}
        assert told - {"HEAD"} == {method.upper() for method in item}, path
        for name in ("Version", "Min", "Max"):
            assert answer.headers[f"gs1-epcis-{name}"] == answer.headers[f"gs1-cbv-{name}"] == "2.0.0"
        assert answer.headers["gs1-vendor-version"]
        assert "takeback=" in answer.headers["gs1-extensions"]
    assert filled.head("/epcis/events").status_code == 200
    assert filled.head("/epcis/events").content == b""
    assert filled.get("/epcis").json()["member"][:2] == ["events", "eventTypes"]


@pytest.mark.parametrize(
    ("header", "good", "bad"),
    [
        ("GS1-EPCIS-Version", ["2.0", "2.0.0", "2"], ["1.2", "3.0", "2.1", "two"]),
        ("GS1-EPCIS-Min", ["1.2", "2.0.0"], ["2.0.1", "2.1", "3"]),
        ("GS1-EPCIS-Max", ["2.0", "2.0.0", "3.1"], ["1.2", "1.9.9"]),
        ("GS1-CBV-Max", ["2.0"], ["1.2"]),
    ],
)
def test_versions_are_agreed_on(alice: Client, header: str, good: list[str], bad: list[str]) -> None:
    """Another version than ours cannot be had."""
    for version in good:
        assert alice.get("/epcis/events", headers={header: version}).status_code == 200, version
    for version in bad:
        refused(alice.get("/epcis/events", headers={header: version}), 406, "NotAcceptableException")


def test_prefixes_of_a_query_come_with_the_request(alice: Client) -> None:
    """GS1-Extensions says which namespace a prefix of a field's name means."""
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ours": "https://ns.example.com/x/"}]
    alice.post("/epcis/capture", json=document(event(1, **{"ours:colour": "red"}), event(2), **{"@context": context}))
    headers = {"GS1-Extensions": "theirs=https://ns.example.com/x/"}
    assert len(listed(alice.get("/epcis/events?EQ_theirs:colour=red", headers=headers))) == 1
    headers = {"GS1-Extensions": "theirs=https://ns.example.com/other/"}
    assert len(listed(alice.get("/epcis/events?EQ_theirs:colour=red", headers=headers))) == 0
