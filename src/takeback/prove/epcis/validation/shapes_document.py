"""The form of documents around events: EPCIS 2.0, 10.1 and 8.2.7 (query documents), 7.2 (master data)."""

from __future__ import annotations

from takeback.prove.epcis.validation.shapes import CONTEXT, TEXT, TIME, URI, Schema, listed, open_, record

_VERSION: Schema = {"type": "string", "pattern": r"^\d+(?:\.\d+)*$", "$comment": "schema.version"}
# A document may have a URI, or a blank node's name that holds inside the document only (JSON-LD 1.1, 3.3).
_ID: Schema = {
    "type": "string",
    "anyOf": [{"format": "uri"}, {"pattern": r"^_:[A-Za-z0-9_][A-Za-z0-9_.\-]*$"}],
    "$comment": "schema.document-id",
}
_EVENT_LIST: Schema = {"type": "array", "$comment": "schema.event-list"}
_ATTRIBUTE = record(
    {"id": URI, "attribute": {"type": ["number", "string", "object"], "$comment": "schema.attribute"}},
    "schema.attribute",
    ["id"],
)
_ELEMENT = record(
    {
        "id": URI,
        "attributes": listed(_ATTRIBUTE, "schema.attributes"),
        "children": listed(URI, "schema.children"),
    },
    "schema.vocabulary-element",
    ["id"],
)
_VOCABULARIES = listed(
    record(
        {"type": URI, "vocabularyElementList": listed(_ELEMENT, "schema.vocabulary-elements")},
        "schema.vocabulary",
        ["type"],
    ),
    "schema.vocabulary-list",
)
_HEADER = open_({"epcisMasterData": record({"vocabularyList": _VOCABULARIES}, "schema.master-data")}, "schema.header")
DOCUMENT: Schema = open_(
    {
        "@context": CONTEXT,
        "id": _ID,
        "type": {"const": "EPCISDocument"},
        "schemaVersion": _VERSION,
        "creationDate": TIME,
        "instanceIdentifier": TEXT,
        "sender": TEXT,
        "receiver": TEXT,
        "epcisHeader": _HEADER,
        "epcisBody": record({"eventList": _EVENT_LIST}, "schema.body", ["eventList"]),
    },
    "schema.document",
    ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
)
_RESULTS_BODY = open_({"eventList": _EVENT_LIST, "vocabularyList": _VOCABULARIES}, "schema.results-body", ["eventList"])
_RESULTS = open_(
    {"queryName": TEXT, "subscriptionID": TEXT, "resultsBody": _RESULTS_BODY},
    "schema.query-results",
    ["queryName", "resultsBody"],
)
QUERY_DOCUMENT: Schema = open_(
    {
        "@context": CONTEXT,
        "id": _ID,
        "type": {"const": "EPCISQueryDocument"},
        "schemaVersion": _VERSION,
        "creationDate": TIME,
        "epcisBody": open_({"queryResults": _RESULTS}, "schema.query-body", ["queryResults"]),
    },
    "schema.query-document",
    ["@context", "type", "epcisBody"],
)
