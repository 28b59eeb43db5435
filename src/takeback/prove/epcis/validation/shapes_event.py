"""The form of the event types: EPCIS 2.0, 7.4."""

from __future__ import annotations

from collections.abc import Mapping

from takeback.prove.epcis.validation.shapes import (
    ACTIONS,
    BIZ_STEP,
    BIZ_TRANSACTION,
    CERTIFICATION,
    CONTEXT,
    DESTINATION,
    DISPOSITION,
    EPC_LIST,
    EPC_SET,
    ERROR_DECLARATION,
    ILMD,
    OFFSET,
    PERSISTENT_DISPOSITION,
    PLACE,
    QUANTITIES,
    SOURCE,
    TIME,
    URI,
    Schema,
    listed,
    open_,
    record,
)
from takeback.prove.epcis.validation.shapes_sensor import ELEMENTS

_COMMON: dict[str, Schema] = {
    "@context": CONTEXT,
    "eventTime": TIME,
    "recordTime": TIME,
    "eventTimeZoneOffset": {"type": "string", "pattern": OFFSET, "$comment": "schema.offset"},
    "eventID": URI,
    "certificationInfo": CERTIFICATION,
    "errorDeclaration": ERROR_DECLARATION,
}
_WHEN = ["eventTime", "eventTimeZoneOffset", "type"]
_WHY_WHERE_HOW: dict[str, Schema] = {
    "bizStep": BIZ_STEP,
    "disposition": DISPOSITION,
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": listed(BIZ_TRANSACTION, "schema.biz-transaction-list"),
    "sourceList": listed(SOURCE, "schema.source-list"),
    "destinationList": listed(DESTINATION, "schema.destination-list"),
    "sensorElementList": ELEMENTS,
}
_ACTION: Schema = {"type": "string", "enum": list(ACTIONS), "$comment": "schema.action"}
_CHILDREN: dict[str, Schema] = {"parentID": URI, "childEPCs": EPC_LIST, "childQuantityList": QUANTITIES}


def _event(kind: str, fields: Mapping[str, Schema], required: list[str], what: Schema, **keywords: object) -> Schema:
    name: Schema = {"type": "string", "const": kind, "$comment": "schema.event-type"}
    every = {**_COMMON, "type": name, **fields}
    return open_(every, "schema.event", [*_WHEN, *required], allOf=[what], **keywords)


def _filled(name: str) -> Schema:
    return {"required": [name], "properties": {name: {"minItems": 1}}}


def _is(action: str) -> Schema:
    return {"properties": {"action": {"const": action}}}


def _any(rule: str, *shapes: Schema) -> Schema:
    return {"anyOf": list(shapes), "$comment": rule}


_NO_CHILDREN_ONLY_WHEN_ALL_GO = _any(
    "schema.no-children", _filled("childEPCs"), _filled("childQuantityList"), _is("DELETE")
)
_INPUTS = _any("schema.transformation", _filled("inputEPCList"), _filled("inputQuantityList"))
_OUTPUTS = _any("schema.transformation", _filled("outputEPCList"), _filled("outputQuantityList"))

EVENTS: Mapping[str, Schema] = {
    "ObjectEvent": _event(
        "ObjectEvent",
        {
            **_WHY_WHERE_HOW,
            "action": _ACTION,
            "epcList": EPC_SET,
            "quantityList": QUANTITIES,
            "persistentDisposition": PERSISTENT_DISPOSITION,
            "ilmd": ILMD,
        },
        ["action"],
        _any(
            "schema.no-objects",
            {"required": ["epcList"]},
            _filled("quantityList"),
            {**_filled("sensorElementList"), "required": ["sensorElementList", "readPoint"]},
        ),
        # Master data of instances and lots come with their first event only (7.3.8).
        dependentSchemas={"ilmd": {**_is("ADD"), "$comment": "schema.ilmd-action"}},
    ),
    "AggregationEvent": _event(
        "AggregationEvent",
        {**_WHY_WHERE_HOW, "action": _ACTION, **_CHILDREN, "persistentDisposition": PERSISTENT_DISPOSITION},
        ["action"],
        _NO_CHILDREN_ONLY_WHEN_ALL_GO,
    ),
    "AssociationEvent": _event(
        "AssociationEvent",
        {**_WHY_WHERE_HOW, "action": _ACTION, **_CHILDREN, "persistentDisposition": PERSISTENT_DISPOSITION},
        ["action", "parentID"],
        _NO_CHILDREN_ONLY_WHEN_ALL_GO,
    ),
    "TransactionEvent": _event(
        "TransactionEvent",
        {
            **_WHY_WHERE_HOW,
            "action": _ACTION,
            "bizTransactionList": listed(BIZ_TRANSACTION, "schema.biz-transaction-list", minItems=1),
            "parentID": URI,
            "epcList": EPC_LIST,
            "quantityList": QUANTITIES,
            "persistentDisposition": PERSISTENT_DISPOSITION,
        },
        ["action", "bizTransactionList"],
        _any("schema.no-objects", {"required": ["epcList"]}, _filled("quantityList"), _is("DELETE")),
    ),
    "TransformationEvent": _event(
        "TransformationEvent",
        {
            **_WHY_WHERE_HOW,
            "inputEPCList": EPC_SET,
            "inputQuantityList": QUANTITIES,
            "outputEPCList": EPC_SET,
            "outputQuantityList": QUANTITIES,
            "transformationID": URI,
            "persistentDisposition": PERSISTENT_DISPOSITION,
            "ilmd": ILMD,
        },
        [],
        _any(
            "schema.transformation",
            {"allOf": [_INPUTS, _OUTPUTS]},
            {"required": ["transformationID"], "anyOf": [*_INPUTS["anyOf"], *_OUTPUTS["anyOf"]]},
        ),
    ),
}
"""The schema of each event type of the standard."""

EXTENDED: Schema = record({**_COMMON, "type": {**URI, "$comment": "schema.event-type"}}, "schema.event", _WHEN)
"""An event type of one's own is named by a URI; nothing more than time and zone is known of it (7.4.1)."""

EXTENDED_FIELDS: Schema = record(
    {name: shape for event in EVENTS.values() for name, shape in event["properties"].items() if name != "type"},
    "schema.event",
)
"""Fields of the standard in an event type of one's own: names without a prefix mean the same everywhere (7.1, 10.4)."""
