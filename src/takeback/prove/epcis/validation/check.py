"""All three stages for the content of one file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from takeback.core.problem import Problem
from takeback.prove.epcis import json_reading, reading, xml_reading
from takeback.prove.epcis.query import parse_json
from takeback.prove.epcis.validation import lifecycle, semantics
from takeback.prove.epcis.validation.finding import Finding, has_errors
from takeback.prove.epcis.validation.known import NOTHING, Known
from takeback.prove.epcis.validation.rules import found_at, mend_of
from takeback.prove.epcis.validation.schema import EVENT_LIST, QUERY_EVENT_LIST, check_document
from takeback.prove.epcis.xml_tree import etree

_PLACES = {"document": EVENT_LIST, "query": QUERY_EVENT_LIST}


def check_content(content: bytes, media_type: str, *, now: datetime, known: Known = NOTHING) -> list[Finding]:
    """Return what is wrong in a document, query document, event, query, or JSON array of such.

    Stage 2 follows where an event passed stage 1, stage 3 where the document passed both.
    """
    try:
        decoded = reading.decode(content, media_type)
    except Problem as problem:
        return [unreadable(problem)]
    if not isinstance(decoded, list):
        return _checked(decoded, now, known)
    if all(isinstance(one, dict) and one.get("type") not in _DOCUMENTS and _query(one) is None for one in decoded):
        return [finding.at(below(finding, "/{number}")) for finding in check_events(decoded, now=now, known=known)]
    return [
        finding.at(f"/{number}{finding.where}", number)
        for number, one in enumerate(decoded)
        for finding in _checked(one, now, known)
    ]


def check_events(events: list[Any], *, now: datetime, known: Known = NOTHING) -> list[Finding]:
    """Return what is wrong in events that stand together without a document; it is put around them."""
    return _checked({**_AROUND, "creationDate": now.isoformat(), "epcisBody": {"eventList": events}}, now, known)


def below(finding: Finding, place: str) -> str:
    """Return where a finding of `check_events` is, with `place` in place of the event's; `{number}` is its number."""
    return place.format(number=finding.event or 0) + finding.where.removeprefix(f"{EVENT_LIST}/{finding.event}")


_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_AROUND = {"@context": [_CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0"}
_DOCUMENTS = ("EPCISDocument", "EPCISQueryDocument")


def _checked(decoded: Any, now: datetime, known: Known) -> list[Finding]:
    if (query := _query(decoded)) is not None:
        return _query_findings(query)
    findings = check_document(decoded)
    if not _has_events(decoded):
        return findings
    refused = {finding.event for finding in findings}
    if None in refused:
        return findings
    try:
        document = (xml_reading if isinstance(decoded, etree._Element) else json_reading).document_of(decoded)
    except Problem as problem:
        return [*findings, unreadable(problem)]
    place = _PLACES.get(document.kind)
    for index, event in enumerate(document.events):
        if index not in refused and event["type"] != "QuantityEvent":
            findings += semantics.check_event(event, index, now=now, base="" if place is None else f"{place}/{index}")
    if has_errors(findings):
        return findings
    lived = lifecycle.check([event for event in document.events if event["type"] != "QuantityEvent"], known)
    return findings + [finding.at(finding.where.replace(EVENT_LIST, place or "", 1)) for finding in lived]


def _has_events(decoded: Any) -> bool:
    """Whether there is anything to read: master data and answers of a repository have no events."""
    return not isinstance(decoded, etree._Element) or etree.QName(decoded).localname in (
        *xml_reading.ROOTS,
        *xml_reading.EVENTS,
    )


def _query(decoded: Any) -> dict[str, Any] | None:
    """Return the query where the JSON is one, named or not: an object that is no document and no event."""
    if not isinstance(decoded, dict) or "type" in decoded or "epcisBody" in decoded:
        return None
    if isinstance(decoded.get("query"), dict):
        return dict(decoded["query"])
    return decoded if any(_is_parameter(name) for name in decoded) else None


def _is_parameter(name: str) -> bool:
    return name.startswith(("EQ_", "GE_", "LT_", "GT_", "LE_", "MATCH_", "EXISTS_", "WD_", "HASATTR_")) or (
        name in ("eventType", "eventTypes", "perPage", "orderBy", "eventCountLimit", "maxEventCount")
    )


def _query_findings(query: dict[str, Any]) -> list[Finding]:
    try:
        parse_json(query)
    except Problem as problem:
        return list(_told(problem))
    return []


def _told(problem: Problem) -> Iterator[Finding]:
    for one in problem.errors or (problem,):
        yield found_at("json.query", one.where or "", None, one.found, one.title, mend_of(one))


def unreadable(problem: Problem) -> Finding:
    """Return the finding that a reader's problem is."""
    return found_at("json.unreadable", problem.where or "", None, problem.found, problem.title, mend_of(problem))
