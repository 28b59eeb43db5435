"""The fields of each event type in the order that the XML binding gives them: EPCIS 2.0, 9.5; EPCIS 1.2, 9.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Fields = Sequence[tuple[str, str, int]]
"""Name, type (see `xml_types`) and least number of each field."""


def _some(*names: str) -> list[tuple[str, str, int]]:
    return [(name, _TYPES[name], 0) for name in names]


def _one(name: str, kind: str = "") -> tuple[str, str, int]:
    return name, kind or _TYPES[name], 1


_TYPES = {
    "eventTime": "Moment",
    "recordTime": "Moment",
    "eventTimeZoneOffset": "x:string",
    "eventID": "x:anyURI",
    "errorDeclaration": "ErrorDeclaration",
    "certificationInfo": "x:anyURI",
    "action": "Action",
    "parentID": "x:anyURI",
    "transformationID": "x:anyURI",
    "bizStep": "x:anyURI",
    "disposition": "x:anyURI",
    "readPoint": "Place",
    "bizLocation": "Place",
    "bizTransactionList": "BizTransactions",
    "sourceList": "Sources",
    "destinationList": "Destinations",
    "sensorElementList": "Sensors",
    "persistentDisposition": "Dispositions",
    "ilmd": "Master",
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), "EPCs"),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), "Quantities"),
}
_WHEN_1 = [_one("eventTime"), *_some("recordTime"), _one("eventTimeZoneOffset")]
_BASE_1 = ("baseExtension", "BaseExtension", 0)
_WHEN_2 = [*_WHEN_1, *_some("eventID", "errorDeclaration", "certificationInfo"), ("baseExtension", "Own", 0)]
_WHY = _some("bizStep", "disposition", "readPoint", "bizLocation", "bizTransactionList")
_PARTIES = _some("sourceList", "destinationList")
_HOW = _some("sensorElementList", "persistentDisposition")

EVENTS_2: Mapping[str, Sequence[Fields]] = {
    "ObjectEvent": (
        [
            *_WHEN_2,
            *_some("epcList"),
            _one("action"),
            *_WHY,
            *_some("quantityList"),
            *_PARTIES,
            *_HOW,
            *_some("ilmd"),
        ],
    ),
    "AggregationEvent": (
        [
            *_WHEN_2,
            *_some("parentID", "childEPCs"),
            _one("action"),
            *_WHY,
            *_some("childQuantityList"),
            *_PARTIES,
            *_HOW,
        ],
    ),
    "TransactionEvent": (
        [
            *_WHEN_2,
            _one("bizTransactionList"),
            *_some("parentID", "epcList"),
            _one("action"),
            *_WHY[:-1],
            *_some("quantityList"),
            *_PARTIES,
            *_HOW,
        ],
    ),
    "TransformationEvent": (
        [
            *_WHEN_2,
            *_some("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID"),
            *_WHY,
            *_PARTIES,
            *_HOW,
            *_some("ilmd"),
        ],
    ),
    "AssociationEvent": (
        [
            *_WHEN_2,
            _one("parentID"),
            *_some("childEPCs", "childQuantityList"),
            _one("action"),
            *_WHY,
            *_PARTIES,
            *_HOW,
        ],
    ),
}
"""EPCIS 2.0: all fields stand in the event."""

EVENTS_1: Mapping[str, Sequence[Fields]] = {
    "BaseExtension": (_some("eventID", "errorDeclaration"),),
    "ObjectEvent": (
        [*_WHEN_1, _BASE_1, _one("epcList"), _one("action"), *_WHY],
        [*_some("quantityList"), *_PARTIES, *_some("ilmd")],
    ),
    "AggregationEvent": (
        [*_WHEN_1, _BASE_1, *_some("parentID"), _one("childEPCs"), _one("action"), *_WHY],
        [*_some("childQuantityList"), *_PARTIES],
    ),
    "QuantityEvent": ([*_WHEN_1, _BASE_1, ("epcClass", "x:anyURI", 1), ("quantity", "x:int", 1), *_WHY],),
    "TransactionEvent": (
        [
            *_WHEN_1,
            _BASE_1,
            _one("bizTransactionList"),
            *_some("parentID"),
            _one("epcList"),
            _one("action"),
            *_WHY[:-1],
        ],
        [*_some("quantityList"), *_PARTIES],
    ),
    "TransformationEvent": (
        [
            *_WHEN_1,
            _BASE_1,
            *_some("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID"),
            *_WHY,
            *_PARTIES,
            *_some("ilmd"),
        ],
    ),
}
"""EPCIS 1.2: the event, and what version 1.1 added in `extension`."""
