"""Stage 1 for XML: the schema of the XML binding, then the rules of JSON's schema on each event (EPCIS 2.0, 9.5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at, mend_of
from takeback.prove.epcis.validation.schema_event import EVENT_LIST, check_event
from takeback.prove.epcis.validation.xml_explain import explained
from takeback.prove.epcis.validation.xml_header import check_header
from takeback.prove.epcis.validation.xml_shapes import schema_text
from takeback.prove.epcis.validation.xml_words import check_words
from takeback.prove.epcis.xml_names import children, parted
from takeback.prove.epcis.xml_reading import EVENTS, document_of
from takeback.prove.epcis.xml_tree import Element, etree

NAMESPACES = {
    f"urn:epcglobal:{name}:xsd:{version}": version
    for name in ("epcis", "epcis-query", "epcis-masterdata")
    for version in (1, 2)
}
_ROOTS = EVENTS | {"EPCISDocument", "EPCISQueryDocument"}
# What only the JSON binding asks for; stage 2 warns of it.
_JSON_ONLY = frozenset({"schema.measurement-type", "schema.alert-type", "schema.unique"})
_BY_FIELDS = frozenset({"schema.required", "schema.event-type"})


def check_xml(root: Element) -> list[Finding]:
    """Return what is wrong in an XML document, query document, master data document or single event."""
    tag = etree.QName(root)
    version = NAMESPACES.get(tag.namespace or "", 2)
    if tag.namespace is not None and tag.namespace not in NAMESPACES:
        return [_unknown_root(root)]
    schema = xml_schema(version, tag.namespace or "")
    errors = [] if schema.validate(root) else list(schema.error_log)
    path_of = root.getroottree().getpath
    places = {path_of(event): number for number, event in enumerate(event_elements(root))} if errors else {}
    formal = [explained(error, places) for error in errors]
    if tag.localname not in _ROOTS:  # a message of the query interface, or an answer: there are no events to look at
        return formal
    return [*check_header(root), *_kinder(formal, _event_findings(root, version))]


def _kinder(formal: list[Finding], told: list[Finding]) -> Iterator[Finding]:
    """Yield one view of each event's mistakes: what its fields say of missing ones, what the grammar says of order."""
    misplaced = {finding.event for finding in formal if finding.found is None and finding.event is not None}
    by_fields = {finding.event for finding in told if finding.rule in _BY_FIELDS}
    by_fields |= {finding.event for finding in told} - misplaced
    yield from (finding for finding in formal if finding.event is None or finding.event not in by_fields)
    yield from (finding for finding in told if finding.event in by_fields or finding.event is None)


@cache
def xml_schema(version: int, namespace: str) -> etree.XMLSchema:
    """Return the compiled schema for roots in a namespace."""
    return etree.XMLSchema(etree.fromstring(schema_text(version, namespace)))


def event_elements(root: Element) -> list[Element]:
    """Return the elements of the events in a document, in the order in which they are read."""
    if etree.QName(root).localname in EVENTS:
        return [root]
    lists = [found for found in root.iter() if isinstance(found.tag, str) and parted(found) == ("", "EventList")]
    return [event for found in lists[:1] for event in children(found)]


def _event_findings(root: Element, version: int) -> list[Finding]:
    try:
        events = document_of(root).events
    except Problem as problem:
        return [_unreadable(problem)]
    return [
        finding
        for index, (event, element) in enumerate(zip(events, event_elements(root), strict=True))
        for finding in _of_event(event, element, index, version)
    ]


def _of_event(event: dict[str, Any], element: Element, index: int, version: int) -> Iterator[Finding]:
    base = f"{EVENT_LIST}/{index}"
    yield from check_words(element, index, base)
    if not (version == 1 and event["type"] == "QuantityEvent"):  # deprecated, but of version 1
        yield from _binding(check_event(event, index, base))


def _binding(findings: list[Finding]) -> Iterator[Finding]:
    """Leave out what the XML binding allows: any type of measurement, a thing named twice."""
    return (finding for finding in findings if finding.rule not in _JSON_ONLY)


def _unknown_root(root: Element) -> Finding:
    return found_at(
        "xml.form",
        f"line {root.sourceline}",
        None,
        root.tag,
        msg("<{name}> is not an element of EPCIS", name=etree.QName(root).localname),
        msg("Write the root in the namespace {namespace}.", namespace="urn:epcglobal:epcis:xsd:2"),
    )


def _unreadable(problem: Problem) -> Finding:
    return found_at("xml.unreadable", problem.where or "", None, problem.found, problem.title, mend_of(problem))
