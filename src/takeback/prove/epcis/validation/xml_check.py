"""Stage 1 for XML: the schema of the XML binding, then the rules of JSON's schema on each event (EPCIS 2.0, 9.5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.validation.schema_event import EVENT_LIST, check_event
from takeback.prove.epcis.validation.xml_explain import explained
from takeback.prove.epcis.validation.xml_header import check_header
from takeback.prove.epcis.validation.xml_shapes import schema_text
from takeback.prove.epcis.xml_reading import EVENTS, document_of
from takeback.prove.epcis.xml_tree import Element, etree

NAMESPACES = {
    f"urn:epcglobal:{name}:xsd:{version}": version
    for name in ("epcis", "epcis-query", "epcis-masterdata")
    for version in (1, 2)
}
_ROOTS = EVENTS | {"EPCISDocument", "EPCISQueryDocument"}
_WITHOUT_EVENTS = frozenset({"EPCISMasterDataDocument", "EPCISCaptureJob", "EPCISException"})
MOST = 100  # findings of the schema that are told


def check_xml(root: Element) -> list[Finding]:
    """Return what is wrong in an XML document, query document, master data document or single event."""
    tag = etree.QName(root)
    version = NAMESPACES.get(tag.namespace or "", 2)
    if tag.namespace is not None and tag.namespace not in NAMESPACES:
        return [_unknown_root(root)]
    schema = _schema(version, tag.namespace or "")
    errors = [] if schema.validate(root) else list(schema.error_log)[:MOST]
    places = [root.getroottree().getpath(event) for event in event_elements(root)]
    formal = [explained(error, places) for error in errors]
    if formal and etree.QName(root).localname not in _ROOTS:
        return formal
    events, told = _event_findings(root, version)
    # What an event's own fields say is kinder than the grammar's view of the same mistake.
    return [*check_header(root), *(one for one in formal if one.event is None or one.event not in told), *events]


@cache
def _schema(version: int, namespace: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema_text(version, namespace)))


def event_elements(root: Element) -> list[Element]:
    """Return the elements of the events in a document, in their order."""
    if etree.QName(root).localname in EVENTS:
        return [root]
    return [event for event in root.iter(*EVENTS, "QuantityEvent") if event.getparent() is not None]


def _event_findings(root: Element, version: int) -> tuple[list[Finding], set[int]]:
    if etree.QName(root).localname in _WITHOUT_EVENTS:
        return [], set()
    try:
        events = document_of(root).events
    except Problem as problem:
        return [_unreadable(problem)], set()
    findings = [
        finding
        for index, event in enumerate(events)
        if not (version == 1 and event["type"] == "QuantityEvent")  # deprecated, but of version 1
        for finding in _binding(check_event(event, index, f"{EVENT_LIST}/{index}"))
    ]
    return findings, {finding.event for finding in findings if finding.event is not None}


def _binding(findings: list[Finding]) -> Iterator[Finding]:
    """Leave out what the XML binding allows: a persistent disposition in every event type, any type of measurement."""
    for finding in findings:
        persistent = finding.rule == "schema.unknown-field" and finding.found == "persistentDisposition"
        if not persistent and finding.rule not in ("schema.measurement-type", "schema.alert-type"):
            yield finding


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
    mend = problem.remedy or msg("Expected: {what}", what=problem.expected or "-")
    return found_at("xml.unreadable", problem.where or "", None, problem.found, problem.title, mend)
