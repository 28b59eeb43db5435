"""The rules of the validator: slug, stage, severity and the clause that each comes from."""

from __future__ import annotations

from typing import NamedTuple

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.finding import Finding, Severity


class Rule(NamedTuple):
    """A rule: the clause, and whether breaking it refuses (the standard says SHALL) or warns."""

    clause: str
    severity: Severity = "error"


_JSON = "EPCIS 2.0, 14.7 and 10 (JSON binding)"
_WHEN = "EPCIS 2.0, 7.3.4 (when)"
_WHAT = "EPCIS 2.0, 7.3.3 (what)"
_QUANTITY = "EPCIS 2.0, 7.3.3.3 (QuantityElement)"
_WHERE = "EPCIS 2.0, 7.3.5 (where)"
_WHY = "EPCIS 2.0, 7.3.6 (why)"
_REPORT = "EPCIS 2.0, 7.3.7.1.2 (SensorReport)"
_METADATA = "EPCIS 2.0, 7.3.7.1.1 (SensorMetadata)"
_ILMD = "EPCIS 2.0, 7.3.8 (ILMD)"
_EVENT = "EPCIS 2.0, 7.4.1 (EPCISEvent)"
_DECLARATION = "EPCIS 2.0, 7.4.1.2 (ErrorDeclaration)"
_OBJECT = "EPCIS 2.0, 7.4 (ObjectEvent)"
_CONTAINER = "EPCIS 2.0, 7.4 (AggregationEvent, AssociationEvent)"
_AGGREGATION = "EPCIS 2.0, 7.4 (AggregationEvent)"
_ASSOCIATION = "EPCIS 2.0, 7.4 (AssociationEvent)"
_TRANSFORMATION = "EPCIS 2.0, 7.4 (TransformationEvent)"
_TRANSACTION = "EPCIS 2.0, 7.4 (TransactionEvent)"
_DOCUMENT = "EPCIS 2.0, 10 (JSON binding of documents)"
_XML = "EPCIS 2.0, 9.5 (XML schema) and 14.1"
_OWN = "Takeback: extension of the CBV for reverse logistics (docs/reference/cbv-extension.md)"

RULES: dict[str, Rule] = {
    # Stage 1
    "schema.object": Rule(_DOCUMENT),
    "schema.depth": Rule("Takeback: limits of the capture interface (EPCIS 2.0, 12.6)"),
    "schema.required": Rule(_JSON),
    "schema.unknown-field": Rule("EPCIS 2.0, 10.4 (extensions in JSON)"),
    "schema.form": Rule(_JSON),
    "schema.unique": Rule(_JSON),
    "schema.certification": Rule("EPCIS 2.0, 7.4.1 (certificationInfo)"),
    "schema.uri": Rule("EPCIS 2.0, 6.4 (identifiers are URIs); RFC 3986"),
    "schema.time": Rule(_WHEN),
    "schema.offset": Rule(_EVENT),
    "schema.context": Rule("EPCIS 2.0, 10.3 (JSON-LD context)"),
    "schema.version": Rule(_DOCUMENT),
    "schema.document-id": Rule(_DOCUMENT),
    "schema.event-type": Rule("EPCIS 2.0, 7.4 (event types)"),
    "schema.action": Rule("EPCIS 2.0, 7.3.2 (action)"),
    "schema.biz-step": Rule("CBV 2.0, 7.1 (business steps)"),
    "schema.disposition": Rule("CBV 2.0, 7.2 (dispositions)"),
    "schema.biz-transaction-type": Rule("CBV 2.0, 7.3 (business transaction types)"),
    "schema.source-dest-type": Rule("CBV 2.0, 7.4 (source and destination types)"),
    "schema.error-reason": Rule("CBV 2.0, 7.5 (error reasons)"),
    "schema.component": Rule("CBV 2.0, 7.6 (sensor properties: components)"),
    "schema.measurement-type": Rule("CBV 2.0, 7.6 (sensor properties: measurement types)"),
    "schema.alert-type": Rule("CBV 2.0, 7.6.3 (sensor alert types)"),
    "schema.uom": Rule(_QUANTITY),
    "schema.hex-binary": Rule(_REPORT),
    "schema.ilmd": Rule(_ILMD),
    "schema.ilmd-action": Rule(_ILMD),
    "schema.no-objects": Rule("EPCIS 2.0, 7.4 (ObjectEvent, TransactionEvent)"),
    "schema.no-children": Rule(_CONTAINER),
    "schema.transformation": Rule(_TRANSFORMATION),
    "schema.sensor-report": Rule(_REPORT),
    "schema.persistent-disposition": Rule("EPCIS 2.0, 7.3.6 (persistentDisposition)"),
    "xml.form": Rule(_XML),
    "xml.unreadable": Rule(_XML),
    "xml.vocabulary": Rule("CBV 2.0, 7 (vocabularies in XML)"),
    "json.unreadable": Rule("EPCIS 2.0, 9 and 10 (XML 1.0, RFC 8259)"),
    "json.query": Rule("EPCIS 2.0, 8.2.7 (query parameters)"),
    # Stage 2
    "what.epc": Rule("EPC Tag Data Standard 2.0, 6 (EPC URI); GS1 Digital Link 1.3"),
    "what.check-digit": Rule("GS1 General Specifications, 7.9 (check digits)"),
    "what.check-digit-elsewhere": Rule("GS1 General Specifications, 7.9; GS1 Digital Link 1.3", "warning"),
    "what.class-as-instance": Rule(_WHAT),
    "what.class-link-as-instance": Rule(_WHAT, "warning"),
    "what.instance-as-class": Rule(_QUANTITY),
    "what.instance-link-as-class": Rule(_QUANTITY, "warning"),
    "what.not-a-thing": Rule(_WHAT, "warning"),
    "what.repeated": Rule(_WHAT, "warning"),
    "what.no-parent": Rule(_AGGREGATION),
    "what.own-child": Rule(_CONTAINER),
    "what.empty": Rule(_OBJECT),
    "quantity.negative": Rule(_QUANTITY),
    "quantity.not-whole": Rule(_QUANTITY),
    "quantity.count-unit": Rule(_QUANTITY, "warning"),
    "quantity.unit": Rule("EPCIS 2.0, 7.3.3.3 (uom: UN/ECE Recommendation 20)", "warning"),
    "quantity.unit-without-quantity": Rule(_QUANTITY),
    "where.not-a-place": Rule(_WHERE, "warning"),
    "when.future": Rule(_WHEN),
    "when.ahead": Rule(_WHEN, "warning"),
    "when.range": Rule(_WHEN),
    "when.offset-differs": Rule(_EVENT, "warning"),
    "when.declared-before": Rule(_DECLARATION, "warning"),
    "why.not-in-cbv": Rule("CBV 2.0, 5.1 and 7 (GS1's own namespace)"),
    "why.source-kind": Rule("CBV 2.0, 7.4 (source and destination types)", "warning"),
    "why.declaration-corrects": Rule("CBV 2.0, 7.5.3 (did_not_occur)", "warning"),
    "why.set-and-unset": Rule(_WHY),
    "why.near-cbv": Rule("CBV 2.0, 5.1 (GS1's own namespace)", "warning"),
    "why.action": Rule("CBV 2.0, 7.1.3 (business steps)", "warning"),
    "how.type": Rule("CBV 2.0, 7.6 (sensor properties: measurement types)", "warning"),
    "how.no-value": Rule(_REPORT, "warning"),
    "how.order": Rule(_REPORT, "warning"),
    "how.percentile": Rule(_REPORT),
    "how.deviation": Rule(_REPORT),
    "how.unit": Rule("CBV 2.0, 7.6 and GS1 Web Vocabulary (units by measurement type)", "warning"),
    "how.no-unit": Rule(_REPORT, "warning"),
    "how.substance": Rule(_REPORT, "warning"),
    "how.twice": Rule(_METADATA, "warning"),
    "how.period": Rule(_METADATA),
    "how.outside-period": Rule(_METADATA, "warning"),
    "extension.unknown-prefix": Rule("EPCIS 2.0, 10.3 and 10.4 (prefixes are declared in @context)", "warning"),
    "extension.reserved": Rule("Takeback: events of its own ledger (docs/reference/events.md)"),
    "own.unknown-word": Rule(_OWN, "warning"),
    "own.unknown-field": Rule(_OWN, "warning"),
    "own.step-needs": Rule(_OWN, "warning"),
    # Stage 3
    "lifecycle.after-end": Rule("CBV 2.0, 7.1.3 (decommissioning, destroying); EPCIS 2.0, 7.4 (ObjectEvent DELETE)"),
    "lifecycle.two-parents": Rule(_CONTAINER),
    "lifecycle.elsewhere": Rule(_CONTAINER),
    "lifecycle.not-inside": Rule(_CONTAINER, "warning"),
    "lifecycle.commissioned-twice": Rule("EPCIS 2.0, 7.4 (ObjectEvent ADD); CBV 2.0, 7.1.3 (commissioning)"),
    "lifecycle.unknown-item": Rule(_OBJECT, "warning"),
    "lifecycle.time-backwards": Rule(_WHEN, "warning"),
    "lifecycle.mass": Rule(_TRANSFORMATION),
    "lifecycle.no-inputs": Rule(_TRANSFORMATION, "warning"),
    "lifecycle.cycle": Rule(_CONTAINER),
}
_STAGES = {"schema": 1, "xml": 1, "json": 1, "lifecycle": 3}


def stage_of(rule: str) -> int:
    """Return the stage that a rule belongs to: 1 schema, 2 semantics, 3 life cycle."""
    return _STAGES.get(rule.partition(".")[0], 2)


def found_at(rule: str, where: str, event: int | None, found: object, message: Message, mend: Message) -> Finding:
    """Return a finding of a rule of the table."""
    clause, severity = RULES[rule]
    return Finding(stage_of(rule), rule, severity, event, where, clause, found, message, mend)


def mend_of(problem: Problem) -> Message:
    """Return what to write instead of what a reader stumbled over."""
    if problem.remedy is not None:
        return problem.remedy
    if problem.expected is not None:
        return msg("Expected: {what}", what=problem.expected)
    return msg("Look at the text at this place: something is missing, left over or misspelt.")
