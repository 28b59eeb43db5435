"""The form of EPCIS 2.0 in JSON as JSON Schema (draft 2020-12), built from the standard field by field.

Sources: EPCIS 2.0, 7.3 (building blocks), 7.4 (event types), 10 (JSON binding) and 14.7 (conformance of JSON data);
CBV 2.0, 7 (closed vocabularies). Each definition carries the rule it stands for in `$comment`: what a violation is
called. Definitions are plain dicts that are put in place of references, so that a schema path leads back to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from takeback.prove.epcis.vocabulary import (
    ALERT_TYPES,
    BIZ_STEPS,
    BIZ_TRANSACTION_TYPES,
    COMPONENTS,
    DISPOSITIONS,
    ERROR_REASONS,
    MEASUREMENT_TYPES,
    SOURCE_DEST_TYPES,
)

Schema = Mapping[str, Any]

ACTIONS = ("ADD", "OBSERVE", "DELETE")
OFFSET = r"^[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)$"
# In JSON the CBV is written bare (EPCIS 2.0, 10.2); these prefixes are its other spellings.
_CBV_ELSEWHERE = r"^(?!urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/)"
_GS1_VOC_ELSEWHERE = r"^(?!https?://(?:www\.)?gs1\.org/voc/)"


def _text(rule: str, **keywords: object) -> Schema:
    return {"type": "string", "$comment": rule, **keywords}


def listed(item: Schema, rule: str, **keywords: object) -> Schema:
    """Return an array of items."""
    return {"type": "array", "items": item, "$comment": rule, **keywords}


def record(fields: Mapping[str, Schema], rule: str, required: Iterable[str] = (), **keywords: object) -> Schema:
    """Return an object whose fields have these forms; further fields are allowed."""
    return {"type": "object", "properties": dict(fields), "required": list(required), "$comment": rule, **keywords}


def closed(fields: Mapping[str, Schema], rule: str, required: Iterable[str] = ()) -> Schema:
    """Return an object that has no other fields."""
    return record(fields, rule, required, additionalProperties=False)


def open_(fields: Mapping[str, Schema], rule: str, required: Iterable[str] = (), **keywords: object) -> Schema:
    """Return an object whose further fields are extensions: named by a URI or `prefix:name` (EPCIS 2.0, 10.4)."""
    names = {"anyOf": [{"enum": list(fields)}, {"type": "string", "format": "uri"}]}
    return record(fields, rule, required, propertyNames=names, **keywords)


def _vocabulary(rule: str, names: Iterable[str], elsewhere: str = _CBV_ELSEWHERE) -> Schema:
    """Return a value of a CBV list, or the full URI of one's own value."""
    own = {"format": "uri", "pattern": elsewhere}
    return {"type": "string", "anyOf": [{"enum": sorted(names)}, own], "$comment": rule}


URI = _text("schema.uri", format="uri")
TIME = _text("schema.time", format="date-time")
NUMBER: Schema = {"type": "number", "$comment": "schema.number"}
TEXT = _text("schema.text")
CONTEXT: Schema = {
    "$comment": "schema.context",
    "anyOf": [
        {"type": "string", "format": "uri"},
        {"type": "object"},
        {
            "type": "array",
            "uniqueItems": True,
            "items": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "object"}]},
        },
    ],
}
BIZ_STEP = _vocabulary("schema.biz-step", BIZ_STEPS)
DISPOSITION = _vocabulary("schema.disposition", DISPOSITIONS)
BIZ_TRANSACTION_TYPE = _vocabulary("schema.biz-transaction-type", BIZ_TRANSACTION_TYPES)
SOURCE_DEST_TYPE = _vocabulary("schema.source-dest-type", SOURCE_DEST_TYPES)
ERROR_REASON = _vocabulary("schema.error-reason", ERROR_REASONS)
COMPONENT = _vocabulary("schema.component", COMPONENTS)
MEASUREMENT_TYPE = _vocabulary("schema.measurement-type", MEASUREMENT_TYPES, _GS1_VOC_ELSEWHERE)
ALERT_TYPE = _vocabulary("schema.alert-type", ALERT_TYPES, _GS1_VOC_ELSEWHERE)

VOCABULARIES: Mapping[str, tuple[str, frozenset[str]]] = {
    "schema.biz-step": ("bizStep", frozenset(BIZ_STEPS)),
    "schema.disposition": ("disposition", frozenset(DISPOSITIONS)),
    "schema.biz-transaction-type": ("bizTransaction", frozenset(BIZ_TRANSACTION_TYPES)),
    "schema.source-dest-type": ("sourceDest", frozenset(SOURCE_DEST_TYPES)),
    "schema.error-reason": ("error", frozenset(ERROR_REASONS)),
    "schema.component": ("component", frozenset(COMPONENTS)),
    "schema.measurement-type": ("measurement", frozenset(MEASUREMENT_TYPES)),
    "schema.alert-type": ("alert", frozenset(ALERT_TYPES)),
}
"""By rule: the kind as `vocabulary.bare` takes it, and the list's names."""

EPC_LIST = listed(URI, "schema.epc-list")
EPC_SET = listed(URI, "schema.epc-list", uniqueItems=True)
QUANTITY = closed(
    {"epcClass": URI, "quantity": NUMBER, "uom": _text("schema.uom", pattern="^[A-Z0-9]{2,3}$")},
    "schema.quantity",
    ["epcClass"],
)
QUANTITIES = listed(QUANTITY, "schema.quantity-list")
PLACE = record({"id": URI}, "schema.place", ["id"])
BIZ_TRANSACTION = closed(
    {"type": BIZ_TRANSACTION_TYPE, "bizTransaction": URI}, "schema.biz-transaction", ["bizTransaction"]
)
SOURCE = closed({"type": SOURCE_DEST_TYPE, "source": URI}, "schema.source", ["type", "source"])
DESTINATION = closed({"type": SOURCE_DEST_TYPE, "destination": URI}, "schema.destination", ["type", "destination"])
_DISPOSITIONS = listed(DISPOSITION, "schema.dispositions", minItems=1, uniqueItems=True)
PERSISTENT_DISPOSITION: Schema = {
    **closed({"set": _DISPOSITIONS, "unset": _DISPOSITIONS}, "schema.persistent-disposition"),
    "anyOf": [{"required": ["set"]}, {"required": ["unset"]}],
}
ERROR_DECLARATION = open_(
    {
        "declarationTime": TIME,
        "reason": ERROR_REASON,
        "correctiveEventIDs": listed(URI, "schema.event-ids"),
    },
    "schema.error-declaration",
    ["declarationTime"],
)
ILMD: Schema = {"type": "object", "propertyNames": {"format": "uri"}, "$comment": "schema.ilmd"}
CERTIFICATION: Schema = {
    "anyOf": [{"type": "array", "items": URI}, {"type": "string", "format": "uri"}],
    "$comment": "schema.certification",
}
