"""Stage 1: has a document the form that EPCIS 2.0 gives it? Formats (URI, date and time) are asserted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.validation.schema_event import (
    EVENT_LIST,
    check_event,
    is_fine,
    no_object,
    violations,
)
from takeback.prove.epcis.validation.shapes import Schema
from takeback.prove.epcis.validation.shapes_document import DOCUMENT, QUERY_DOCUMENT
from takeback.prove.epcis.validation.xml_check import check_xml
from takeback.prove.epcis.xml_tree import etree

__all__ = ["EVENT_LIST", "QUERY_EVENT_LIST", "check_document", "check_event"]

QUERY_EVENT_LIST = "/epcisBody/queryResults/resultsBody/eventList"
_ENVELOPES: Mapping[str, tuple[Schema, str]] = {
    "EPCISDocument": (DOCUMENT, EVENT_LIST),
    "EPCISQueryDocument": (QUERY_DOCUMENT, QUERY_EVENT_LIST),
}


def check_document(decoded: object) -> list[Finding]:
    """Return what is wrong in a document, query document or single event; nothing where all is right.

    `decoded` is what `reading.decode` gives: a JSON value or an XML element. A single event in JSON carries its own
    `@context` (EPCIS 2.0, 10.3).
    """
    if isinstance(decoded, etree._Element):
        return check_xml(decoded)
    if not isinstance(decoded, dict):
        return [no_object(decoded, "", None)]
    kind = decoded.get("type")
    if isinstance(kind, str) and kind in _ENVELOPES:
        shape, at = _ENVELOPES[kind]
        findings = violations(shape, _without_events(decoded, at), "", None)
        for index, event in enumerate(_events(decoded, at)):
            if not is_fine(event):
                findings += check_event(event, index, f"{at}/{index}")
        return findings
    findings = check_event(decoded, 0, "")
    return findings if "@context" in decoded else [_no_context(), *findings]


def _events(document: Mapping[str, Any], at: str) -> list[object]:
    """Return the event list, empty where the way to it is barred (the envelope's findings tell that)."""
    node: object = document
    for step in at.split("/")[1:]:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, list) else []


def _without_events(document: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Return the document with an empty event list: each event is checked by the schema of its own type."""
    step, _, rest = at[1:].partition("/")
    inner = document.get(step)
    if rest:
        return {**document, step: _without_events(inner, f"/{rest}")} if isinstance(inner, dict) else dict(document)
    return {**document, step: []} if isinstance(inner, list) else dict(document)


def _no_context() -> Finding:
    return found_at(
        "schema.required",
        "",
        None,
        None,
        msg('The field "{field}" is missing', field="@context"),
        msg('Add "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld".'),
    )
