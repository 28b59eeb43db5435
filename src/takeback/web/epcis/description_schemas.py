"""Schemas of what `/epcis` takes and answers. Documents are checked by the validator, whose schemas say more."""

from __future__ import annotations

from typing import Any

from takeback.operate.epcis.schedule import FIELDS
from takeback.web.epcis.exceptions import EXCEPTIONS, PREFIX

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_CONTEXT = {"anyOf": [{"type": "string"}, {"type": "array"}, {"type": "object"}]}
_SCHEDULE = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {name: {"type": "string", "examples": ["5", "1,15", "[9-17]"]} for name in FIELDS},
}


def ref(name: str) -> dict[str, str]:
    """Return the reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


SCHEMAS: dict[str, Any] = {
    "EPCISProblem": {
        **_object(
            ["type", "title", "status", "kind"],
            type={"type": "string", "enum": [PREFIX + name for name in EXCEPTIONS]},
            title=_TEXT,
            status={"type": "integer"},
            kind={"type": "string", "description": "Our own kind of problem, finer than the exception."},
            detail=_TEXT,
            where=_TEXT,
            found={},
            expected=_TEXT,
            remedy=_TEXT,
            errors={"type": "array", "items": {"type": "object", "required": ["type", "title"]}},
        ),
        "description": "An exception of EPCIS 2.0 as a problem document (RFC 9457).",
    },
    "EPCISEvent": _object(
        ["type", "eventTime", "eventTimeZoneOffset"],
        **{"@context": _CONTEXT},
        type=_TEXT,
        eventTime=_TIME,
        eventTimeZoneOffset={"type": "string", "pattern": r"^[+-](0\d|1[0-4]):[0-5]\d$"},
        eventID=_TEXT,
        recordTime=_TIME,
    ),
    "EPCISDocument": _object(
        ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        **{"@context": _CONTEXT},
        type={"type": "string", "enum": ["EPCISDocument", "EPCISQueryDocument"]},
        schemaVersion=_TEXT,
        creationDate=_TIME,
        epcisBody={"type": "object", "properties": {"eventList": {"type": "array", "items": ref("EPCISEvent")}}},
    ),
    "EPCISQueryDocument": _object(
        ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        **{"@context": _CONTEXT},
        type={"type": "string", "enum": ["EPCISQueryDocument"]},
        schemaVersion=_TEXT,
        creationDate=_TIME,
        epcisBody=_object(
            ["queryResults"],
            queryResults=_object(
                ["queryName", "resultsBody"],
                queryName=_TEXT,
                subscriptionID=_TEXT,
                resultsBody=_object(["eventList"], eventList={"type": "array", "items": ref("EPCISEvent")}),
            ),
        ),
    ),
    "EPCISCaptureJob": _object(
        ["captureID", "createdAt", "running", "success", "captureErrorBehaviour", "errors"],
        captureID=_TEXT,
        createdAt=_TIME,
        finishedAt=_TIME,
        running={"type": "boolean"},
        success={"type": "boolean"},
        captureErrorBehaviour={"type": "string", "enum": ["rollback", "proceed"]},
        errors={"type": "array", "items": {"type": "object", "required": ["type", "title"]}},
        eventsReceived={"type": "integer"},
        eventsCaptured={"type": "integer"},
    ),
    "EPCISCollection": _object(
        ["@context", "type", "member"],
        **{"@context": _CONTEXT},
        type={"type": "string", "enum": ["Collection"]},
        member={"type": "array", "items": _TEXT, "uniqueItems": True},
    ),
    "EPCISNamedQuery": _object(
        ["name", "query"],
        name={"type": "string", "minLength": 1, "maxLength": 200},
        query={"type": "object", "description": "Parameters of the query language by their names."},
    ),
    "EPCISNewSubscription": {
        **_object(
            ["dest"],
            dest={"type": "string", "format": "uri"},
            signatureToken={"type": "string", "minLength": 1, "maxLength": 1000},
            stream={"type": "boolean", "enum": [True]},
            schedule=_SCHEDULE,
            reportIfEmpty={"type": "boolean"},
            initialRecordTime=_TIME,
        ),
        "additionalProperties": False,
        "description": "Either a schedule or a stream.",
    },
    "EPCISSubscription": _object(
        ["subscriptionID", "queryName", "dest", "createdAt", "epcFormat"],
        subscriptionID=_TEXT,
        queryName=_TEXT,
        dest=_TEXT,
        createdAt=_TIME,
        schedule={"type": "object"},
        stream={"type": "boolean"},
        reportIfEmpty={"type": "boolean"},
        initialRecordTime=_TIME,
        minRecordTime=_TIME,
        epcFormat=_TEXT,
        lastNotifiedAt=_TIME,
        nextRunAt=_TIME,
        rests={"type": "string", "description": "Why nothing is sent any more; a replay wakes the subscription."},
    ),
    "EPCISDelivery": _object(
        ["deliveryID", "events", "createdAt", "state", "attempts"],
        deliveryID=_TEXT,
        events={"type": "integer"},
        createdAt=_TIME,
        state={"type": "string", "enum": ["waiting", "delivered", "failed"]},
        attempts={"type": "integer"},
        nextTryAt=_TIME,
        deliveredAt=_TIME,
        status={"type": "integer"},
        reason=_TEXT,
    ),
}
