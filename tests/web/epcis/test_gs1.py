"""Our answers held against the schemas of GS1's own OpenAPI file, and GS1's example documents through the binding."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.reference import reference_data
from tests.web.conftest import Client
from tests.web.epcis.documents import CONTEXT, event, some

# Where the file contradicts itself. GET /queries/{queryName}: its schema is an array, its example one object, which is
# the sense. CaptureJob: "oneOf" of two objects that require nothing, so that no job can be of one of them alone.


@cache
def _openapi() -> dict[str, Any]:
    path = reference_data("prove/gs1-epcis") / "REST Bindings" / "openapi.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for schema in found["components"]["schemas"].values():
        if "\\g<" in schema.get("pattern", ""):  # of an engine that JSON Schema does not know
            del schema["pattern"]
    alternatives = found["components"]["schemas"]["CaptureJob"]["allOf"][1]
    alternatives["anyOf"] = alternatives.pop("oneOf")
    return found


def _schema(method: str, path: str, status: str, media: str = "application/json") -> dict[str, Any]:
    answer = _openapi()["paths"][path][method]["responses"][status]
    if "$ref" in answer:
        answer = _openapi()["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    schema: dict[str, Any] = answer["content"][media]["schema"]
    return schema


def _mistakes(schema: dict[str, Any], body: Any) -> list[str]:
    whole = {**schema, "components": _openapi()["components"]}
    validator = jsonschema_rs.Draft7Validator(whole)
    return [f"{error.instance_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


def test_answers_have_the_form_of_the_standard(alice: Client) -> None:
    """Collections, jobs, events, queries and subscriptions."""
    answer = alice.post("/epcis/capture", json=some(range(3), bizLocation={"id": "urn:epc:id:sgln:6901234.00001.0"}))
    job = answer.headers["location"].rsplit("/")[-1]
    name = alice.get("/epcis/events").json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["eventID"]
    alice.post("/epcis/queries", json={"name": "q", "query": {"EQ_bizStep": ["inspecting"]}})
    wanted = {"dest": "http://localhost:9/x", "stream": True, "signatureToken": "x"}
    subscription = alice.post("/epcis/queries/q/subscriptions", json=wanted)
    hourly = {"dest": "http://localhost:9/x", "schedule": {"minute": "5"}}
    alice.post("/epcis/queries/q/subscriptions", json=hourly)
    asked = {
        "/": "/epcis",
        "/capture": "/epcis/capture",
        "/capture/{captureID}": f"/epcis/capture/{job}",
        "/events": "/epcis/events",
        "/events/{eventID}": f"/epcis/events/{name}",
        "/queries": "/epcis/queries",
        "/queries/{queryName}/events": "/epcis/queries/q/events",
        "/queries/{queryName}/subscriptions": "/epcis/queries/q/subscriptions",
        "/queries/{queryName}/subscriptions/{subscriptionID}": subscription.headers["location"],
        **{f"/{name}": f"/epcis/{name}" for name in ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints")},
        "/dispositions": "/epcis/dispositions",
        "/bizSteps/{bizStep}": "/epcis/bizSteps/inspecting",
        "/bizSteps/{bizStep}/events": "/epcis/bizSteps/inspecting/events",
        "/eventTypes/{eventType}": "/epcis/eventTypes/ObjectEvent",
    }
    found = {path: _mistakes(_schema("get", path, "200"), alice.get(ours).json()) for path, ours in asked.items()}
    assert {path: mistakes for path, mistakes in found.items() if mistakes} == {}
    made = _schema("post", "/queries/{queryName}/subscriptions", "201")
    assert _mistakes(made, subscription.json()) == []
    single = alice.post("/epcis/events", json={"@context": [CONTEXT], **event(9)})
    assert _mistakes(_schema("post", "/events", "201"), single.json()) == []
    problem = _openapi()["components"]["schemas"]["RFC7807ProblemResponseBody"]
    assert _mistakes(problem, alice.get("/epcis/queries/none").json()) == []


def test_every_operation_of_the_standard_is_there(alice: Client) -> None:
    """29 paths, 63 operations: each has its route here, or is answered by HEAD and GET of one."""
    ours = alice.get("/api/openapi.json").json()["paths"]

    def plain(path: str) -> str:
        return "/".join("{}" if part.startswith("{") else part for part in path.split("/")).rstrip("/")

    known = {(plain(path.removeprefix("/epcis")), method) for path, item in ours.items() for method in item}
    theirs = {
        (plain(path), method)
        for path, item in _openapi()["paths"].items()
        for method in item
        if method in {"get", "post", "delete", "options"}
    }
    assert len(theirs) == 63
    assert theirs - known == set()


def _examples() -> list[Path]:
    folder = Path(__file__).resolve().parents[4] / "shared/data/prove/gs1-epcis/JSON"
    return sorted(folder.rglob("*.json*")) if folder.is_dir() else []


@pytest.mark.parametrize("media", ["application/json", "application/xml"])
def test_the_examples_of_gs1_go_in_and_come_out(alice: Client, media: str) -> None:
    """Each document is captured; asked for again as JSON or XML and captured once more, nothing is new."""
    reference_data("prove/gs1-epcis")
    for path in _examples():
        answer = alice.post("/epcis/capture", content=path.read_bytes(), headers={"content-type": "application/json"})
        if answer.status_code == 400 and json.loads(path.read_bytes()).get("type") not in {
            "EPCISDocument",
            "EPCISQueryDocument",
        }:
            continue
        assert answer.status_code in {202, 400}, path.name
    headers = {"accept": media, "GS1-EPC-Format": "Never_Translates"}
    out = alice.get("/epcis/events?perPage=1000", headers=headers)
    count = len(out.content)
    again = alice.post("/epcis/capture", content=out.content, headers={"content-type": media})
    assert again.status_code == 202, again.text[:2000]
    job = alice.get(again.headers["location"]).json()
    assert job["eventsReceived"] > 40, count
    assert job["eventsCaptured"] == 0
