"""Documents for the tests of the REST binding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PACK = "urn:epc:id:sgtin:6901234.010001."


def event(number: int = 1, **more: Any) -> dict[str, Any]:
    """Return an ObjectEvent about one thing; `number` makes it another event and another thing."""
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-03-01T08:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
        "eventTimeZoneOffset": "+08:00",
        "epcList": [f"{PACK}{number}"],
        "action": "OBSERVE",
        "bizStep": "inspecting",
        "disposition": "in_progress",
        "readPoint": {"id": "urn:epc:id:sgln:6901234.00001.7"},
        **more,
    }


def document(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an EPCISDocument of events."""
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T09:00:00.000Z",
        "epcisBody": {"eventList": list(events)},
        **more,
    }


def some(numbers: Iterable[int], **more: Any) -> dict[str, Any]:
    """Return a document of the events with these numbers."""
    return document(*(event(number, **more) for number in numbers))


def listed(answer: Any) -> list[dict[str, Any]]:
    """Return the events of a query document."""
    assert answer.status_code == 200, answer.text
    events: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return events


def refused(answer: Any, status: int, exception: str) -> dict[str, Any]:
    """Assert that an answer is this exception of the standard, and return its body."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"epcisException:{exception}", body
    assert body["status"] == status
    return body
